"""What may happen next in a world: doors, people, faults, restarts, buttons, time. Each move is a few scans, all judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from chamber.commands import CHECKLIST, Command, CommandKind, Role
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
}
STOPS = (K.STOP, K.EVACUATE)
CONFIRM_EVERY_S = 20.0
BEFORE_S = 0.05  # time jumps to just before a threshold, then scans over it
SETTLE = 3
LONGEST_SETTLE = 6
_MAY_FALL = frozenset({C.PRE_CHAMBER, C.EXPOSURE, C.EXIT, C.EVACUATE, C.ESTOP, C.FAULT})
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
    doors: bool = True
    fall: bool = True


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

    def scan(self, dt_s: float = SCAN_S, command: Command | None = None) -> Scanned:
        before, old = self.world, self.ghost
        after, result = tick(before, dt_s, command)
        self.ghost = follow(old, before, after, result, command)
        self.world = after
        self.scans += 1
        scanned = Scanned(before, after, result, command, old, self.ghost)
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


def command(world: World, kind: CommandKind, role: Role = Role.OPERATOR) -> Command:
    return Command(f"{kind}-{world.now_s:.2f}-{role}", kind, ARGS.get(kind, {}), "anna", role, "panel")


def possible(node: Node, allowed: Moves) -> Iterator[Move]:
    """Every move from here but the refusals that every node is tried for (``refused``)."""
    env = node.world.env
    if allowed.doors:
        yield Move("env", "shut inner" if env.inner_open else "open inner")
        yield Move("env", "shut outer" if env.outer_open else "open outer")
    yield from _walks(node, allowed)
    yield from (Move("mend", f) for f in sorted(env.faults))
    for f in allowed.faults:
        if f not in env.faults and (f in env.marks or len(env.marks) < allowed.meet):
            yield Move("fault", f)
    if allowed.restarts:
        yield Move("restart", "control")
        yield Move("restart", "plc")
    yield from (Move("command", k) for k in K if _honest(node, k))
    yield Move("wait", "")
    if node.world.state.session is not None:
        yield Move("wait", "attended")


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
            seen = run.scan(SCAN_S, command(run.world, K(move.name)))
            if seen.result.state.pending is not None or seen.state is not seen.was or seen.accepted(K(move.name)):
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
        run.ghost = Ghost(looked=old.looked, main_since_s=None)
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
    if not attended and jump > 0.0:
        run.scan(jump)
    for _ in range(SETTLE):
        run.scan()


def refused(node: Node) -> Run:
    """Everybody not signed in presses everything but STOP and EVACUATE, in one scan each; nothing may come of it."""
    run = Run(node, "anonymous")
    for kind in K:
        if kind not in STOPS:
            run.world, run.ghost = node
            run.scan(SCAN_S, command(node.world, kind, Role.ANONYMOUS))
    return run


def stopped(node: Node, kind: CommandKind) -> Run:
    """STOP or EVACUATE by whoever stands there."""
    run = Run(node, f"anonymous {kind.value}")
    run.scan(SCAN_S, command(node.world, kind, Role.ANONYMOUS))
    return run
