"""A chamber in virtual time with guests and an operator, to be stopped, spoiled and run on. One scan is 0.1 s."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

from chamber.commands import CHECKLIST, Answer, Command, CommandKind, Role
from chamber.events import Event, EventKind
from chamber.states import CycleState
from control.publish import unknown_view
from control.snapshot import UnknownView
from control.wire import command_words
from cryochamber.config import load_profile
from cryochamber.figures import Collector
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession
from cryochamber.virtual import SCAN_S, VirtualChamber
from plc_bridge.codec import decode
from plc_bridge.contract import Output, PlcState, Trip
from plc_bridge.register_map import STATUS
from simulator.people import Place
from simulator.world import Start

C = CycleState
K = CommandKind
FATAL_FREE_PCT = 18.0  # true oxygen at a face


class Day:
    """What happens is in ``events``; what must never happen is checked on every scan."""

    def __init__(self, seed: int = 1, persons: int = 3, program: str = "standard", start: Start = "precooled") -> None:
        self.chamber = VirtualChamber(load_profile(), seed, start)
        self.chamber.world.guests.autopilot = True
        plan = [PlannedSession(at_s=0, persons=persons, program=program)]
        self.operator: Operator | None = Operator("standard", plan, random.Random(f"{seed}/operator"))
        self.collector = Collector()
        self.answers: list[Answer] = []
        self.face_min_pct = 100.0
        self._count = 0

    def copy(self) -> Day:
        return copy.deepcopy(self)

    @property
    def now(self) -> float:
        return self.chamber.now_s

    @property
    def state(self) -> CycleState:
        return self.chamber.state.cycle.state

    @property
    def events(self) -> list[Event]:
        return self.collector.events

    def scan(self, *commands: Command) -> None:
        asked = list(commands)
        if self.operator is not None:
            asked += self.operator.look(self.chamber.state, self.now)
        self.collector.take(self.chamber.scan(asked))
        assert self.chamber.outputs is not None
        self.answers += self.chamber.outputs.answers
        self._look()

    def _look(self) -> None:
        """What only the truth can show: oxygen at every face."""
        truth, crowd = self.chamber.world.truth(), self.chamber.world.plant.crowd
        if crowd.count(Place.MAIN) > 0:
            self.face_min_pct = min(self.face_min_pct, truth.o2_main_pct)
        if crowd.count(Place.PRE) > 0:
            self.face_min_pct = min(self.face_min_pct, truth.o2_pre_pct)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / SCAN_S)):
            self.scan()

    def until(self, seen: Callable[[Day], object], within_s: float) -> float:
        """Run until something is so; returns how long it took. Fails if it does not come."""
        began = self.now
        while not seen(self):
            assert self.now - began < within_s, f"not seen within {within_s:g} s; state {self.state.name}, {self.acting}"
            self.scan()
        return self.now - began

    def until_state(self, state: CycleState, within_s: float) -> float:
        return self.until(lambda d: d.state is state, within_s)

    def press(self, kind: CommandKind, command_id: str | None = None, role: Role = Role.OPERATOR, **args: Any) -> Answer:
        """Press one button and wait for the answer."""
        self._count += 1
        name = command_id or f"test-{self._count}"
        self.scan(Command(name, kind, args, "anna", role, "test"))
        self.until(lambda d: any(a.id == name for a in d.answers), 5.0)
        return next(a for a in reversed(self.answers) if a.id == name)

    def press_boarding(self) -> Answer:
        return self.press(K.BEGIN_BOARDING, program="standard", persons=2, checks=list(CHECKLIST))

    def inject(self, kind: str, target: str | None = None, **params: float) -> str:
        return self.chamber.world.faults.inject(kind, target, params).id

    def mend(self, fault_id: str) -> None:
        self.chamber.world.faults.clear(fault_id)

    def frozen_scan(self, *, heartbeat: bool = False) -> None:
        """One scan of plant and PLC alone: the supervisor hangs. With ``heartbeat`` it still beats, but decides nothing."""
        words = None
        outputs = self.chamber.outputs
        if heartbeat and outputs is not None:
            nonce = int(self.status["nonce"])
            outputs = outputs._replace(heartbeat=(outputs.heartbeat + 1) & 0xFFFF, nonce=nonce)
            self.chamber.outputs = outputs
            words = command_words(outputs)
        self.chamber.world.advance_scan(words, None)
        self._look()

    def unknown(self) -> UnknownView | None:
        """What the panel shows of a session that was open when control stopped."""
        assert self.chamber.state.facts is not None
        return unknown_view(self.chamber.state, self.chamber.state.facts)

    @property
    def cool_off_left_s(self) -> float:
        assert self.chamber.state.facts is not None
        return self.chamber.state.facts.cool_off_left_s

    @property
    def acting(self) -> list[str]:
        return [c.id for c, s in self.chamber.state.verdict.acting if s.acting]

    @property
    def status(self) -> dict[str, int | float]:
        return decode(STATUS, self.chamber.world.status)

    @property
    def plc_state(self) -> PlcState:
        return PlcState(int(self.status["plc_state"]))

    @property
    def trips(self) -> set[str]:
        return {t.name for t in Trip if int(self.status["trips"]) >> t & 1}

    def driven(self, output: Output) -> bool:
        """What the PLC really drives."""
        return bool(int(self.status["outputs"]) >> output & 1)

    @property
    def inside(self) -> int:
        crowd = self.chamber.world.plant.crowd
        return crowd.count(Place.PRE) + crowd.count(Place.MAIN)

    def told(self, kind: EventKind, **data: object) -> list[Event]:
        return [e for e in self.events if e.kind is kind and all(e.data.get(k) == v for k, v in data.items())]

    def when(self, kind: EventKind, **data: object) -> float:
        found = self.told(kind, **data)
        assert found, f"no {kind.value} {data}"
        return found[0].t_s

    def closed(self) -> dict[str, Any]:
        """What was told of the one session that ended."""
        (closed,) = self.told(EventKind.SESSION_CLOSED)
        return closed.data

    def closed_by(self, within_s: float = 60.0) -> object:
        self.until(lambda d: d.told(EventKind.SESSION_CLOSED), within_s)
        return self.closed()["ended_by"]

    def entered(self, state: CycleState) -> float:
        return self.when(EventKind.STATE, to=state.name.lower())

    def assert_safe(self) -> None:
        assert self.told(EventKind.INVARIANT) == []
        assert self.collector.violations == []
        assert self.face_min_pct >= FATAL_FREE_PCT
