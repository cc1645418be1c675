"""What may happen next in a world: doors, people, faults, restarts, buttons, time. Each move is a few scans, all judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from chamber.commands import CHECKLIST, Command, CommandKind, Outcome, Role
from chamber.cycle import COMMANDED
from chamber.states import CycleState
from tests.explore.abstraction import CONFIRM, timers
from tests.explore.claims import Claim, Ghost, Scanned, broken, follow
from tests.explore.plant import FAULTS, SCAN_S, Env, Place, World, restart_control, restart_plc, tick

C = CycleState
K = CommandKind
ARGS: dict[CommandKind, dict[str, Any]] = {
    K.PRECOOL: {"program": "standard"},
    K.BEGIN_BOARDING: {"program": "standard", "persons": 2, "checks": list(CHECKLIST)},
    K.START_SESSION: {"persons": 2},
    K.CONFIRM_EMPTY: {"count": 2},
    K.BYPASS: {"cause": "PWR-MAINS", "reason": "contact is being changed", "measure": "somebody stands at the switch", "minutes": 30},
    K.END_BYPASS: {"cause": "PWR-MAINS"},
    K.FORCE: {"output": "XV_401", "value": 1, "seconds": 60},
}
STOPS = (K.STOP, K.EVACUATE)
CONFIRM_EVERY_S = 20.0
BEFORE_S = 0.05  # time jumps to just before a threshold, then scans over it
WINDOW_S = 10.5  # a value of this long ago is remembered across a jump, as scanning on would (rates over 10 s)
SETTLE = 2
LONGEST_SETTLE = 6
_MAY_FALL = frozenset({C.PRE_CHAMBER, C.EXPOSURE, C.EXIT, C.EVACUATE, C.ESTOP, C.FAULT})
_KEY_TURNED = frozenset({C.STOPPED, C.READY, C.EXPOSURE})  # where it belongs, and where it surprises most
_OWN = frozenset({K.CONFIRM_EMPTY, K.RESET})


class Node(NamedTuple):
    """A world with its judge: the representative of all that look the same."""

    world: World
    ghost: Ghost


class Broken(NamedTuple):
    """A claim that did not hold, and where."""

    claim: Claim
    move: str
    scan: Scanned


class Move(NamedTuple):
    """``kind``: env, fault, mend, restart, command, wait; ``name`` its parameter."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


class Moves(NamedTuple):
    """Which moves an exploration makes. ``meet``: how many faults may come before everything is in order again."""

    faults: tuple[str, ...] = tuple(FAULTS)
    meet: int = 1
    restarts: bool = True
    both_doors: bool = True  # both may stand open at once
    fall: bool = True
    walks: bool = True  # doors and people move


class Run:
    """One macro move: scans in order, each judged. The world and ghost at the end are the new node."""

    def __init__(self, node: Node, move: str) -> None:
        self.world, self.ghost = node
        self.move = move
        self.found: list[Broken] = []
        self.scans = 0

    @property
    def node(self) -> Node:
        return Node(_marked(self.world), self.ghost)

    def scan(self, dt_s: float = SCAN_S, *commands: Command) -> Scanned:
        before, old = self.world, self.ghost
        after, result = tick(before, dt_s, commands)
        self.ghost = follow(old, before, after, result)
        self.world = after
        self.scans += 1
        scanned = Scanned(before, after, result, commands, old, self.ghost)
        self.found.extend(Broken(claim, self.move, scanned) for claim in broken(scanned))
        return scanned

    def settle(self, at_least: int = SETTLE) -> None:
        for n in range(LONGEST_SETTLE):
            if n >= at_least and self.world.state.pending is None:
                return
            self.scan()


def _marked(world: World) -> World:
    env, s = world.env, world.state
    if not env.marks or env.faults:
        return world
    order = world.plc.trips == 0 and not any(x.latched for x in s.causes.values())
    return world._replace(env=env._replace(marks=frozenset())) if order else world


def command(world: World, kind: CommandKind, role: Role | None = None) -> Command:
    """A command of the operator, of service where only service may, or of ``role``."""
    if role is None:
        service = kind in (K.SERVICE, K.FORCE, K.BYPASS, K.END_BYPASS) or (kind is K.RESET and world.state.cycle.state is C.LOCKED_OUT)
        role = Role.SERVICE if service else Role.OPERATOR
    return Command(f"{kind}-{world.now_s:.2f}-{role}", kind, ARGS.get(kind, {}), "anna", role, "panel")


def possible(node: Node, allowed: Moves, vain: tuple[CommandKind, ...] = ()) -> Iterator[Move]:
    """Every move from here. ``vain``: commands known to be refused here."""
    env = node.world.env
    if allowed.walks:
        yield from _doors(env, allowed)
        yield from _walks(node, allowed)
    if env.key or node.world.state.cycle.state in _KEY_TURNED:
        yield Move("env", "turn key back" if env.key else "turn key")
    yield from (Move("mend", f) for f in sorted(env.faults))
    for f in allowed.faults:
        if f not in env.faults and (f in env.marks or len(env.marks) < allowed.meet) and not _same_signals(f, env):
            yield Move("fault", f)
    if allowed.restarts:
        yield Move("restart", "control")
        yield Move("restart", "plc")
    yield from (Move("command", k) for k in K if k not in vain and _honest(node, k))
    yield Move("wait", "")
    if node.world.state.session is not None:
        yield Move("wait", "attended")


def _same_signals(fault: str, env: Env) -> bool:
    """Two faults that say different values of one sensor cannot both be so."""
    mine = {tag for tag, _ in FAULTS[fault].values}
    return any(tag in mine for other in env.faults for tag, _ in FAULTS[other].values)


def _doors(env: Env, allowed: Moves) -> Iterator[Move]:
    if env.inner_open or allowed.both_doors or not env.outer_open:
        yield Move("env", "shut inner" if env.inner_open else "open inner")
    if env.outer_open or allowed.both_doors or not env.inner_open:
        yield Move("env", "shut outer" if env.outer_open else "open outer")


def _walks(node: Node, allowed: Moves) -> Iterator[Move]:
    env = node.world.env
    match env.place:
        case Place.NONE:
            if env.outer_open:
                yield Move("env", "enter")
        case Place.PRE:
            if env.outer_open:
                yield Move("env", "leave")
            if env.inner_open:
                yield Move("env", "go on")
        case Place.MAIN:
            if env.inner_open:
                yield Move("env", "come back")
            if allowed.fall and node.world.state.cycle.state in _MAY_FALL:
                yield Move("env", "fall")
        case Place.DOWN:
            yield Move("env", "get up")


def _honest(node: Node, kind: CommandKind) -> bool:
    """The operator does not call a chamber empty, nor resets it, after having looked and seen somebody."""
    return kind not in _OWN or not (node.ghost.looked and node.world.env.place is not Place.NONE)


_ENV: dict[str, dict[str, Any]] = {
    "open inner": {"inner_open": True},
    "shut inner": {"inner_open": False},
    "open outer": {"outer_open": True},
    "shut outer": {"outer_open": False},
    "enter": {"place": Place.PRE},
    "leave": {"place": Place.NONE},
    "go on": {"place": Place.MAIN},
    "come back": {"place": Place.PRE},
    "fall": {"place": Place.DOWN},
    "get up": {"place": Place.MAIN},
    "turn key": {"key": True},
    "turn key back": {"key": False},
}


def make(node: Node, move: Move) -> Run:
    """Carry out a move: change the surroundings or press a button, then scan until it has settled."""
    run = Run(node, str(move))
    env = node.world.env
    match move.kind:
        case "env":
            _change(run, env._replace(**_ENV[move.name]))
        case "fault":
            _change(run, env._replace(faults=env.faults | {move.name}, marks=env.marks | {move.name}), FAULTS[move.name].ramp_s)
        case "mend":
            _change(run, env._replace(faults=env.faults - {move.name}), FAULTS[move.name].ramp_s)
        case "restart":
            _restart(run, move.name)
        case "command":
            kind = K(move.name)
            seen = run.scan(SCAN_S, command(run.world, kind, Role.ANONYMOUS if kind in STOPS else None))
            if seen.result.state.pending is not None or seen.state is not seen.was or seen.accepted(kind):
                run.settle()
        case _:
            _wait(run, attended=move.name == "attended")
    return run


def _change(run: Run, env: Env, ramp_s: float = SCAN_S) -> None:
    run.world = run.world._replace(env=env)
    run.scan(ramp_s)
    run.settle(SETTLE - 1)


def _restart(run: Run, what: str) -> None:
    if what == "plc":
        run.world = restart_plc(run.world)
    else:
        run.world = restart_control(run.world)
        old = run.ghost
        # the new process has no latches: it stands in RECOVERY instead, and must pass the self-test
        inside = old.main_since_s is not None and run.world.state.session is None
        run.ghost = Ghost(looked=old.looked, main_since_s=None, broken_off_s=run.world.now_s if inside else old.broken_off_s)
    run.settle()


def _wait(run: Run, *, attended: bool) -> None:
    """To the next threshold of a running timer and over it. Attended: the operator confirms presence on the way."""
    left = [t.left_s for t in timers(run.world) if not (attended and t.name == CONFIRM)]
    until = min((x for x in left if x is not None), default=1.0)
    jump = until - BEFORE_S
    while attended and jump > 0.0:
        run.scan(SCAN_S, command(run.world, K.OPERATOR_PRESENT))
        jump -= SCAN_S
        part = min(CONFIRM_EVERY_S, jump)
        if part > 0.0:
            run.scan(part)
            jump -= part
    if not attended and jump > WINDOW_S:
        run.scan(jump - WINDOW_S)
        jump = WINDOW_S
    if not attended and jump > 0.0:
        run.scan(jump)
    for _ in range(SETTLE):
        run.scan()


def not_here(node: Node) -> tuple[CommandKind, ...]:
    """Commands that the present state does not know. Pressed together by ``refused``; each is a move of its own if one is taken."""
    return tuple(k for k in K if k not in STOPS and node.world.state.cycle.state not in COMMANDED[k])


def refused(node: Node) -> tuple[Run, bool]:
    """Everybody not signed in presses everything but STOP and EVACUATE, the operator what has no meaning here: nothing comes of it.

    Also returns whether the operator was refused throughout.
    """
    run = Run(node, "anonymous")
    run.scan(SCAN_S, *(command(node.world, k, Role.ANONYMOUS) for k in K if k not in STOPS))
    vain = Run(node, "in vain")
    answers = vain.scan(SCAN_S, *(command(node.world, k) for k in not_here(node))).result.outputs.answers
    run.found += vain.found
    run.scans += 1
    return run, all(a.outcome is Outcome.REJECTED for a in answers)
