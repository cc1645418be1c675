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
from tests.explore.moves import STOPS, Broken, Move, Moves, Node, Run, command, make, possible, refused, stopped
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
        for run in (refused(node), *(stopped(node, k) for k in STOPS)):
            self._judge(at, run)
        for move in possible(node, self.allowed):
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

    def lead_to_stopped(self) -> list[Key]:
        """Nodes from which neither the explored edges nor a helpful hand lead to STOPPED (I13). LOCKED_OUT is left by a restart."""
        good = self._backwards()
        for name, node in self.nodes.items():
            if name not in good and node.world.state.cycle.state is not C.LOCKED_OUT:
                self.walked += 1
                if helped(node):
                    good |= self._backwards({name})
                else:
                    self.stuck.append(name)
        return self.stuck

    def _backwards(self, seeds: set[Key] | None = None) -> set[Key]:
        seeds = {k for k, n in self.nodes.items() if n.world.state.cycle.state is C.STOPPED} if seeds is None else seeds
        good, todo = set(seeds), list(seeds)
        while todo:
            for source in self.back.get(todo.pop(), ()):
                if source not in good:
                    good.add(source)
                    todo.append(source)
        return good

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


def explore(allowed: Moves | None = None, *, depth: int = 10_000, nodes: int = 10_000_000, seconds: float | None = None, stop_at_first: bool = False) -> Explored:
    """From the three starts: ordinary, with a session that was open, and after too many starts."""
    roots = (Node(start(), Ghost()), Node(start(unknown_session=True), Ghost()), Node(start(locked_out=True), Ghost()))
    return Explored(allowed or Moves(), depth=depth, nodes=nodes, stop_at_first=stop_at_first).run(roots, seconds)
