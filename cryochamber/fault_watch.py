"""What is seen of a fault, and when: by the supervisor, by the PLC, and in truth."""

from __future__ import annotations

from collections.abc import Sequence

from chamber.commands import CommandKind
from chamber.events import Event, EventKind
from chamber.readings import Quality
from chamber.states import COOLING, CycleState
from control.outlook import outlook
from cryochamber.fault_books import Books, FirstOut, heard
from cryochamber.fault_case import Case, oxygen_mark
from cryochamber.virtual import VirtualChamber
from plc_bridge.contract import Output, Trip, Voice
from simulator.people import Place

_STATES = {s.name.lower(): s for s in CycleState}
_LATCHED = frozenset({CycleState.FAULT, CycleState.EVACUATE, CycleState.ESTOP})
_WAY_BACK = frozenset({CommandKind.RESET, CommandKind.START_UP, CommandKind.PRECOOL})
_WAY_FROM_RECOVERY = frozenset({CommandKind.CONFIRM_EMPTY, CommandKind.START_UP, CommandKind.PRECOOL})
FLOWS_KG_H = 1.0  # through the coils; below this nothing flows
SHUT_FOR_S = 1.0  # the spring of the main valve needs this; after it a flow is a reopening


class Seen:
    """``times``: mark -> seconds after the injection when it was first seen. ``violations``: what must never be, in any case."""

    def __init__(self, chamber: VirtualChamber, case: Case) -> None:
        self._chamber = chamber
        self.times: dict[str, float] = {}
        self.violations: list[str] = []
        self.face_o2_min_pct: float | None = None
        marks = [m for e in case.expect for m in (*e.seen, *e.after)] + list(case.never)
        self._oxygen = {m: found for m in marks if m.startswith("true:") and (found := oxygen_mark(m[5:])) is not None}
        self._guided = any(m.startswith("guidance:") for m in marks)
        self._tags = [m[4:] for m in marks if m.startswith("bad:")]
        self._had_guests = self._inside() > 0
        self._closed_s: float | None = None
        self._reopening = False
        self._owed: set[CommandKind] = set()  # commands still missing before it may cool again
        self._books = Books(chamber.state)
        self._first_out = FirstOut()

    def look(self, t_s: float, events: Sequence[Event]) -> None:
        """Once a scan; ``t_s`` after the injection, ``events`` of this scan."""
        for event in sorted(events, key=lambda e: e.kind is not EventKind.COMMAND):  # the command before what it does
            self._event(event, t_s)
        state = self._chamber.state
        world = self._chamber.world
        for complaint in (*self._books.check(state, events), *self._first_out.check(world.plc, world.boots), *heard(state)):
            self._violation(complaint, t_s)
        self._supervisor(t_s)
        self._plc(t_s)
        self._truth(t_s)

    def _mark(self, mark: str, t_s: float) -> None:
        self.times.setdefault(mark, t_s)

    def _event(self, e: Event, t_s: float) -> None:
        data = e.data
        if e.kind is EventKind.CAUSE and data["change"] == "set":
            self._mark(f"cause:{data['cause']}", t_s)
        elif e.kind is EventKind.ALARM and data["to"] == "unack":
            self._mark(f"alarm:{data['alarm']}", t_s)
        elif e.kind is EventKind.COMMAND:
            accepted = str(data["outcome"]) == "accepted"
            self._mark(f"{'accepted' if accepted else 'refused'}:{data['command']}", t_s)
            for reason in data["reasons"]:
                self._mark(f"reason:{reason['code']}", t_s)
                if reason["code"] == "action_active":
                    self._mark(f"blocked:{reason['cause']}", t_s)
            if accepted:
                self._owed.discard(CommandKind(data["command"]))
        elif e.kind is EventKind.STATE:
            self._moved(_STATES[data["from"]], _STATES[data["to"]], str(data["cause"]), t_s)

    def _moved(self, old: CycleState, new: CycleState, cause: str, t_s: float) -> None:
        """Nothing cold restarts by itself: the way back leads over commands, after a latch over reset, start-up and precool."""
        if new in _LATCHED:
            self._owed |= _WAY_BACK
        if new in COOLING and old not in COOLING:
            if not cause.startswith("command:"):
                self.violations.append(f"{t_s:.1f} s: {old.name} to {new.name} by {cause}: cooling without a command")
            if self._owed:
                missing = ", ".join(sorted(k.value for k in self._owed))
                self.violations.append(f"{t_s:.1f} s: {new.name} after a latched state without {missing}")
            self._closed_s, self._reopening = None, True

    def restarted(self, t_s: float) -> None:
        """The control process has just begun anew."""
        self._mark(f"state:{self._chamber.state.cycle.state.name.lower()}", t_s)
        self._owed = set(_WAY_FROM_RECOVERY)
        self._books.begin(self._chamber.state)

    def _supervisor(self, t_s: float) -> None:
        state = self._chamber.state
        self._mark(f"state:{state.cycle.state.name.lower()}", t_s)
        if state.verdict.first_out is not None and not any(m.startswith("first_cause:") for m in self.times):
            self._mark(f"first_cause:{state.verdict.first_out}", t_s)
        if self._guided and state.facts is not None:
            told = outlook(state, state.facts._replace(state=state.cycle.state), durable=True, ready_in_s=None)
            self._mark(f"guidance:{told.guidance.code}", t_s)
        for tag in self._tags:
            reading = state.perception.analog.get(tag)
            if reading is not None and reading.quality is Quality.BAD:
                self._mark(f"bad:{tag}", t_s)

    def _plc(self, t_s: float) -> None:
        world = self._chamber.world
        plc = world.plc
        self._mark(f"voice:{Voice(world.voice).name}", t_s)
        self._mark(f"plc:{plc.state.name.lower()}", t_s)
        for trip in Trip:
            if plc.trips >> trip & 1:
                self._mark(f"trip:{trip.name}", t_s)
        if plc.first_out > 0 and not any(m.startswith("first_out:") for m in self.times):
            self._mark(f"first_out:{Trip(plc.first_out - 1).name}", t_s)
        powered = any(world.status)  # a PLC that is off drives nothing
        for output in Output:
            if powered and plc.outputs >> output & 1:
                self._mark(f"output:{output.name}", t_s)
        if plc.trips and world.actuators.xv_401:
            self._violation(f"main nitrogen valve driven open with {plc.trips:#x} latched", t_s)

    def _truth(self, t_s: float) -> None:
        world, truth = self._chamber.world, self._chamber.world.truth()
        oxygen = {"main": truth.o2_main_pct, "pre": truth.o2_pre_pct, "room": truth.o2_room_pct, "floor": truth.o2_floor_pct}
        for mark, (place, below) in self._oxygen.items():
            if oxygen[place] < below:
                self._mark(mark, t_s)
        crowd = world.plant.crowd
        faces = [oxygen[name] for name, place in (("main", Place.MAIN), ("pre", Place.PRE)) if crowd.count(place) > 0]
        if faces:
            self.face_o2_min_pct = min(faces) if self.face_o2_min_pct is None else min(self.face_o2_min_pct, *faces)
            self._had_guests = True
            self._mark("true:somebody_inside", t_s)
        elif self._had_guests:
            self._mark("true:everybody_out", t_s)
        for name, door in (("inner", world.plant.inner), ("outer", world.plant.outer)):
            if not door.shut:
                self._mark(f"true:{name}_open", t_s)
        self._nitrogen(t_s)

    def _nitrogen(self, t_s: float) -> None:
        world = self._chamber.world
        flows = 3600.0 * world.plant.flow_kg_s >= FLOWS_KG_H
        closed = not flows and not world.actuators.xv_401
        if self._reopening and closed:
            return
        self._reopening = False
        if closed:
            self._mark("true:nitrogen_closed", t_s)
            self._closed_s = t_s if self._closed_s is None else self._closed_s
        elif self._closed_s is not None and t_s - self._closed_s > SHUT_FOR_S:
            self._violation("nitrogen flows again without a start", t_s)

    def _violation(self, text: str, t_s: float) -> None:
        """Told once."""
        if not any(v.endswith(text) for v in self.violations):
            self.violations.append(f"{t_s:.1f} s: {text}")

    def _inside(self) -> int:
        crowd = self._chamber.world.plant.crowd
        return crowd.count(Place.PRE) + crowd.count(Place.MAIN)
