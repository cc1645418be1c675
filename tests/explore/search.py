"""Breadth-first search over abstract worlds; every scan of every edge is judged. Then: does every node lead to STOPPED?"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Hashable, Iterable
from typing import NamedTuple

from chamber.commands import CommandKind
from chamber.states import CycleState
from tests.explore.abstraction import key
from tests.explore.claims import Ghost
from tests.explore.moves import Broken, Move, Moves, Node, Run, command, make, not_here, possible, refused
from tests.explore.plant import Place, World, start

C = CycleState
K = CommandKind
Key = Hashable
WALK_ROUNDS = 40
RESCUE = (K.STOP, K.CANCEL_BOARDING, K.CONFIRM_EMPTY, K.RESET, K.SHUT_DOWN)


class Found(NamedTuple):
    """A broken claim with the moves that lead there from the start."""

    broken: Broken
    path: tuple[str, ...]

    def __str__(self) -> str:
        s = self.broken.scan
        text = f"{self.broken.claim.id}: {self.broken.claim.text}; {s.was.name} -> {s.state.name}"
        return f"{text}\n  after: {' | '.join((*self.path, self.broken.move))}"


class Explored:
    """Result and, while it runs, the state of an exploration."""

    def __init__(self, allowed: Moves, *, depth: int, nodes: int, stop_at_first: bool) -> None:
        self.allowed, self.depth_limit, self.node_limit, self.stop_at_first = allowed, depth, nodes, stop_at_first
        self.nodes: dict[Key, Node] = {}
        self.depth: dict[Key, int] = {}
        self.parent: dict[Key, tuple[Key, str] | None] = {}
        self.back: dict[Key, list[Key]] = {}
        self.states: dict[CycleState, int] = {}
        self.found: dict[str, Found] = {}
        self.edges = self.scans = self.expanded = self.walked = 0
        self.closed = False  # no node was left unexpanded
        self.stuck: list[Key] = []
        self.seconds = 0.0
        self._queue: deque[Key] = deque()

    @property
    def done(self) -> bool:
        return self.stop_at_first and bool(self.found)

    def run(self, roots: Iterable[Node], seconds: float | None = None) -> Explored:
        """Explore from ``roots`` until closed, out of depth or nodes, or ``seconds`` have passed (wall clock)."""
        began = time.monotonic()
        for root in roots:
            self._meet(root, None, "")
        while self._queue and not self.done and (seconds is None or time.monotonic() - began < seconds):
            at = self._queue.popleft()
            if self.depth[at] < self.depth_limit:
                self._expand(at)
        self.closed = not self._queue and self.expanded == len(self.nodes)
        self.seconds = time.monotonic() - began
        return self

    def _expand(self, at: Key) -> None:
        node = self.nodes[at]
        self.expanded += 1
        pressed, all_refused = refused(node)
        self._judge(at, pressed)
        for move in possible(node, self.allowed, not_here(node) if all_refused else ()):
            run = make(node, move)
            self.edges += 1
            self._judge(at, run)
            if not run.found:
                self._meet(run.node, at, str(move))
            if self.done:
                return

    def _judge(self, at: Key, run: Run) -> None:
        self.scans += run.scans
        for broken in run.found:
            self.found.setdefault(broken.claim.id, Found(broken, self.path(at)))

    def _meet(self, node: Node, source: Key | None, move: str) -> None:
        name = key(node.world, node.ghost)
        if source is not None:
            self.back.setdefault(name, []).append(source)
        if name in self.nodes or len(self.nodes) >= self.node_limit:
            return
        self.nodes[name] = node
        self.parent[name] = None if source is None else (source, move)
        self.depth[name] = 0 if source is None else self.depth[source] + 1
        state = node.world.state.cycle.state
        self.states[state] = self.states.get(state, 0) + 1
        self._queue.append(name)

    def path(self, at: Key) -> tuple[str, ...]:
        moves: list[str] = []
        here = self.parent[at]
        while here is not None:
            moves.append(here[1])
            here = self.parent[here[0]]
        return tuple(reversed(moves))

    # --- liveness ------------------------------------------------------------------------------------------------------

    def lead_to_stopped(self, at_most: int = 1_000_000) -> list[Key]:
        """Nodes from which neither the explored edges nor a helpful hand lead to STOPPED (I13).

        ``at_most`` nodes are helped, spread evenly: at the rim of a cut exploration there are very many.
        """
        good: set[Key] = set()
        self._backwards(good, (k for k, n in self.nodes.items() if n.world.state.cycle.state is C.STOPPED))
        open_ends = [name for name in self.nodes if name not in good]
        for name in open_ends[:: max(1, len(open_ends) // at_most)]:
            if name in good:
                continue
            self.walked += 1
            if helped(self.nodes[name]):
                self._backwards(good, (name,))
            else:
                self.stuck.append(name)
        return self.stuck

    def _backwards(self, good: set[Key], seeds: Iterable[Key]) -> None:
        """Add to ``good`` the seeds and everything that leads to them."""
        todo = [s for s in seeds if s not in good]
        good.update(todo)
        while todo:
            for source in self.back.get(todo.pop(), ()):
                if source not in good:
                    good.add(source)
                    todo.append(source)

    def report(self) -> str:
        deepest = max(self.depth.values(), default=0)
        states = ", ".join(f"{s.name} {n}" for s, n in sorted(self.states.items()))
        kind = "closed" if self.closed else f"cut, {len(self.nodes) - self.expanded} nodes not expanded"
        return (
            f"{len(self.nodes)} nodes ({kind}), {self.edges} edges, {self.scans} scans judged, depth {deepest}, {self.seconds:.0f} s\n"
            f"nodes by state: {states}\n"
            f"helped to STOPPED: {self.walked}; stuck: {len(self.stuck)}; broken: {', '.join(self.found) or 'none'}"
        )


def helped(node: Node) -> bool:
    """Everything is mended, everybody walks out, the operator looks and presses what is offered. True if STOPPED is reached."""
    for _ in range(WALK_ROUNDS):
        for move in _help(node.world):
            node = make(node, move).node
            if node.world.state.cycle.state is C.STOPPED:
                return True
        for kind in RESCUE:
            run = Run(node, kind)
            run.scan(0.1, command(node.world, kind))
            run.settle()
            node = run.node
            if node.world.state.cycle.state is C.STOPPED:
                return True
        node = make(node, Move("wait", "")).node
    return False


def _help(world: World) -> list[Move]:
    env = world.env
    moves = [Move("mend", f) for f in sorted(env.faults)]
    moves += [Move("env", f"open {d}") for d, is_open in (("inner", env.inner_open), ("outer", env.outer_open)) if not is_open]
    out = {Place.NONE: (), Place.PRE: ("leave",), Place.MAIN: ("come back", "leave"), Place.DOWN: ("get up", "come back", "leave")}
    moves += [Move("env", step) for step in out[env.place]]
    return [*moves, Move("env", "shut inner"), Move("env", "shut outer")]


ORDINARY: tuple[str, ...] = (
    *("command confirm_empty", "command start_up", "wait * IDLE", "command precool", "wait * READY", "wait", "wait"),
    *("command begin_boarding", "env open outer", "env enter", "env shut outer", "command start_session", "wait attended"),
    *("env open inner", "env go on", "env shut inner", "wait attended", "env open inner", "env come back", "env open outer"),
    *("env leave", "env shut outer", "env shut inner", "command confirm_empty", "wait * READY"),
)
"""One session from switching on to ready again. ``wait * STATE``: wait until there."""


class AstrayError(RuntimeError):
    """The ordinary session did not take its course."""


ASIDE: tuple[tuple[CycleState, tuple[str, ...], CycleState], ...] = (
    (C.IDLE, ("fault mailbox_deaf", "command precool", "wait * HELD"), C.HELD),
    (C.READY, ("fault silence", "wait * SUSPENDED"), C.SUSPENDED),
    (C.READY, ("fault extract_lost", "wait * FAULT"), C.FAULT),
    (C.READY, ("fault extract_lost", "wait * FAULT", "mend extract_lost", "wait", "command reset"), C.PURGE),
    (C.READY, ("command evacuate", "wait"), C.EVACUATE),
    (C.READY, ("fault estop", "wait"), C.ESTOP),
    (C.IDLE, ("command dry",), C.DRYING),
    (C.STOPPED, ("env turn key", "command service"), C.SERVICE),
    (C.STOPPED, ("wait", "wait", "env turn key", "command service", "command force", "wait"), C.SERVICE),
)
"""Side ways off the ordinary session: from which state, the moves, where they end."""


def spine() -> list[Node]:
    """The nodes of an ordinary session, as roots near everything that matters."""
    first = Node(start(), Ghost())
    nodes = [first, *_walk(make(first, Move("wait", "")).node, ORDINARY)]
    visited = [n.world.state.cycle.state for n in nodes]
    if C.EXPOSURE not in visited or visited[-1] is not C.READY:
        raise AstrayError(" ".join(s.name for s in visited))
    return nodes


def aside(nodes: Iterable[Node]) -> list[Node]:
    """One node in each state off the ordinary session."""
    by_state = {n.world.state.cycle.state: n for n in nodes}
    ends: list[Node] = []
    for source, steps, to in ASIDE:
        ends.append(_walk(by_state[source], steps)[-1])
        reached = ends[-1].world.state.cycle.state
        if reached is not to:
            raise AstrayError(f"{' | '.join(steps)}: {reached.name} instead of {to.name}")
    return ends


def _walk(node: Node, steps: Iterable[str]) -> list[Node]:
    nodes = [node]
    for step in steps:
        kind, _, name = step.partition(" ")
        if name.startswith("* "):
            nodes.extend(_until(nodes[-1], C[name.removeprefix("* ")]))
            continue
        run = make(nodes[-1], Move(kind, name))
        if run.found:
            raise AstrayError(f"{step}: {run.found[0].claim.id}")
        nodes.append(run.node)
    return nodes


def _until(node: Node, state: CycleState) -> list[Node]:
    nodes: list[Node] = []
    for _ in range(12):
        node = make(node, Move("wait", "")).node
        nodes.append(node)
        if node.world.state.cycle.state is state:
            return nodes
    raise AstrayError(f"{node.world.state.cycle.state.name} instead of {state.name}")


def starts() -> list[Node]:
    """The three ways control begins: ordinary, with a session that was open, after too many starts."""
    return [Node(start(), Ghost()), Node(start(unknown_session=True), Ghost()), Node(start(locked_out=True), Ghost())]


def explore(
    allowed: Moves,
    roots: Iterable[Node] | None = None,
    *,
    depth: int = 1_000_000,
    nodes: int = 10_000_000,
    seconds: float | None = None,
    stop_at_first: bool = False,
) -> Explored:
    """Explore from ``roots`` (the three starts unless given). Depth counts moves from the nearest root."""
    search = Explored(allowed, depth=depth, nodes=nodes, stop_at_first=stop_at_first)
    return search.run(starts() if roots is None else roots, seconds)
