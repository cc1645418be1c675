"""The single-person cabin under the supervisor, in virtual time: a session, and what must happen when something goes wrong in it."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from chamber.commands import Command, CommandKind, Outcome, Role
from chamber.events import Event, EventKind
from chamber.profile import DeviceProfile
from chamber.states import CycleState
from cryochamber.config import load_profile
from cryochamber.judge import Judge
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession, read
from cryochamber.simulate import play
from cryochamber.virtual import SCAN_S, VirtualChamber
from plc_bridge.contract import Output, Trip
from simulator.cabin.plant import CabinPlant
from simulator.faults import FaultError
from simulator.population import Physique
from simulator.world import World

C = CycleState
SCENARIOS = Path(__file__).parents[2] / "scenarios"
FLOW_KG_H = 5.0


class Session:
    """A cabin with an operator who does what the guidance says; ``events`` of the whole run."""

    def __init__(self, chamber: VirtualChamber) -> None:
        self.chamber = chamber
        self.events: list[Event] = []
        self.last: tuple[Event, ...] = ()
        self.operator = Operator("standard", (), random.Random("cabin"), name="day")

    @property
    def plant(self) -> CabinPlant:
        plant = self.chamber.world.plant
        assert isinstance(plant, CabinPlant)
        return plant

    @property
    def state(self) -> CycleState:
        return self.chamber.state.cycle.state

    @property
    def flow_kg_h(self) -> float:
        return 3600.0 * self.plant.flow_kg_s

    def scan(self, *commands: Command) -> None:
        c = self.chamber
        self.last = c.scan((*commands, *self.operator.look(c.state, c.now_s)))
        self.events += self.last

    def until(self, holds: Callable[[], bool], within_s: float, each: Callable[[], None] = lambda: None) -> float:
        """Seconds until it is so; fails if it never is."""
        for n in range(round(within_s / SCAN_S)):
            if holds():
                return n * SCAN_S
            self.scan()
            each()
        raise AssertionError(f"not within {within_s} s; state {self.state.name}, causes {self.causes}")

    def run(self, seconds: float, each: Callable[[], None] = lambda: None) -> None:
        for _ in range(round(seconds / SCAN_S)):
            self.scan()
            each()

    def driven(self, output: Output) -> bool:
        block = self.chamber.state.perception.block
        return block is not None and bool(block.outputs >> output & 1)

    @property
    def causes(self) -> set[str]:
        return {c.id for c, _ in self.chamber.state.verdict.acting}

    def inject(self, kind: str, target: str | None = None, **params: float) -> str:
        return self.chamber.world.faults.inject(kind, target, params).id

    @property
    def alarms(self) -> set[str]:
        return {str(e.data["alarm"]) for e in self.events if e.kind is EventKind.ALARM}


@pytest.fixture(scope="module")
def profile() -> DeviceProfile:
    return load_profile("cabin")


@cache
def _ready() -> VirtualChamber:
    chamber = VirtualChamber(load_profile("cabin"), 1, "precooled")
    chamber.world.guests.autopilot = True
    operator = Operator("standard", (), random.Random("ready"))
    while chamber.state.facts is None or chamber.state.cycle.state is not C.READY or chamber.state.facts.o2_entry_good_s < 61.0:
        chamber.scan(operator.look(chamber.state, chamber.now_s))
        assert chamber.now_s < 400.0
    return chamber


@pytest.fixture
def ready() -> Session:
    """Ready, a guest waiting."""
    session = Session(copy.deepcopy(_ready()))
    session.operator.expect(PlannedSession(at_s=session.chamber.now_s, persons=1))
    return session


@cache
def _exposed() -> Session:
    session = Session(copy.deepcopy(_ready()))
    session.operator.expect(PlannedSession(at_s=session.chamber.now_s, persons=1))
    session.until(lambda: session.state is C.EXPOSURE, 60.0)
    session.run(20.0)
    return session


@pytest.fixture
def exposed() -> Session:
    """Twenty seconds into an exposure."""
    return copy.deepcopy(_exposed())


# -- a session ----------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-FAC-002")
def test_a_session_to_out_again(ready: Session) -> None:
    """Board, three minutes, leave: nothing to object to, and no nitrogen while a face is not where it belongs."""
    session = ready
    judge = Judge(session.chamber)
    states: list[CycleState] = []
    blown_low: list[float] = []
    face_min = 100.0

    def watch() -> None:
        nonlocal face_min
        judge.look(session.last, True)
        if not states or states[-1] is not session.state:
            states.append(session.state)
        mouth = session.plant.mouth_above_rim_m
        if mouth is not None:
            face_min = min(face_min, session.chamber.world.truth().o2_main_pct)
            if mouth < session.plant.p.device.chin_m and session.flow_kg_h > FLOW_KG_H:
                blown_low.append(session.chamber.now_s)

    session.until(lambda: session.state is C.RECOOL, 600.0, watch)
    session.run(20.0, watch)
    wanted = [C.READY, C.BOARDING, C.PRE_CHAMBER, C.EXPOSURE, C.EXIT, C.RECOOL]
    assert states[: len(wanted)] == wanted
    closed = next(e.data for e in session.events if e.kind is EventKind.SESSION_CLOSED)
    assert closed["ended_by"] == "cause:TIME-LIMIT"
    assert 180.0 <= closed["elapsed_s"] <= 190.0  # from the step into the cabin until out of it
    assert session.alarms == set()
    assert judge.violations == []
    assert blown_low == []
    assert face_min > 19.5
    assert -134.0 < closed["main_mean_c"] < -126.0


@pytest.mark.long
@pytest.mark.parametrize("name", ["cabin-session", "cabin-cold", "direct-nitrogen"])
def test_the_scenario_meets_what_it_expects(name: str) -> None:
    run = play(read(SCENARIOS / f"{name}.toml"))
    assert run.ok, run.unmet


def test_nothing_of_a_pre_chamber_is_read(exposed: Session, profile: DeviceProfile) -> None:
    facts = exposed.chamber.state.facts
    assert facts is not None
    assert facts.o2_pre_readings == ()
    assert facts.one_room
    assert exposed.chamber.state.perception.bits["YS-201"] is None
    assert exposed.chamber.state.perception.analog["AT-201A"].value is None
    assert facts.pre.total == len(profile.zones)
    demand = exposed.chamber.outputs
    assert demand is not None
    assert demand.demand.valve_pre_pct == 0.0


# -- what goes wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-FAC-001")
def test_a_guest_who_slumps_is_seen_and_the_cabin_purged(exposed: Session) -> None:
    exposed.inject("guest_faints")
    sunk_s = exposed.until(lambda: (exposed.plant.mouth_above_rim_m or 0.0) < exposed.plant.p.device.chin_m, 5.0)
    shut_s = exposed.until(lambda: exposed.flow_kg_h < FLOW_KG_H, 3.0)
    assert sunk_s < 3.0
    assert shut_s <= 2.5  # 1 s delay, the scans, the valve's spring
    exposed.run(1.0)
    assert exposed.state is C.EVACUATE
    assert "FACE-LOW" in exposed.causes
    assert "FACE-LOW" in exposed.alarms
    assert exposed.chamber.world.plc.trips >> Trip.FACE_LOW & 1
    assert all(exposed.driven(o) for o in (Output.PURGE_FAN, Output.EXTRACT_BOOST, Output.SOUNDER))
    lowest = exposed.chamber.world.truth().o2_main_pct
    exposed.run(45.0)
    assert exposed.plant.guest is not None
    assert exposed.plant.guest.fainted
    assert exposed.chamber.world.truth().o2_main_pct > max(19.0, lowest)


@pytest.mark.req("SRS-FAC-001")
def test_the_plc_alone_does_the_same(exposed: Session) -> None:
    """The supervisor hangs as the guest sinks."""
    exposed.inject("guest_faints")
    for _ in range(38):  # 2 s to sink, 1 s delay, less than the lease lasts longer than the row needs
        exposed.chamber.hang()
    assert exposed.chamber.world.plc.first_out in (Trip.FACE_LOW + 1, Trip.LEASE_LOST + 1)
    assert not exposed.chamber.world.actuators.xv_401


@pytest.mark.req("SRS-FAC-002")
def test_a_lift_too_low_lets_no_session_begin(ready: Session) -> None:
    small = Physique(height_m=1.60)
    ready.chamber.world.plant.crowd.draw = lambda: small
    ready.inject("lift_low", "lift", height=0.0)
    ready.until(lambda: ready.plant.guest is not None and ready.plant.inner.shut, 60.0)
    ready.run(1.0)
    flows: list[float] = []
    ready.run(20.0, lambda: flows.append(ready.flow_kg_h))
    assert ready.state is C.BOARDING
    assert max(flows) < FLOW_KG_H
    press = Command("hand-1", CommandKind.START_SESSION, {"persons": 1}, "operator", Role.OPERATOR, "test")
    ready.events.clear()
    ready.scan(press)
    answer = next(e.data for e in ready.events if e.kind is EventKind.COMMAND)
    assert answer["outcome"] == Outcome.REJECTED
    assert "face_not_above_rim" in [r["code"] for r in answer["reasons"]]
    ready.chamber.world.faults.clear(next(iter(ready.chamber.world.faults.active)))
    ready.until(lambda: ready.state is C.EXPOSURE, 30.0)  # the lift goes up, the operator goes on


@pytest.mark.req("SRS-DOR-003")
def test_a_door_opened_in_the_exposure_ends_it(exposed: Session) -> None:
    exposed.chamber.world.hold_door("outer", True)
    exposed.until(lambda: exposed.flow_kg_h < FLOW_KG_H, 4.0)
    exposed.run(1.0)
    assert exposed.state is C.EXIT
    assert "DOOR-OPENED" in exposed.alarms
    assert exposed.driven(Output.PURGE_FAN)
    exposed.run(8.0)
    truth = exposed.chamber.world.truth()
    assert truth.o2_floor_pct > 19.2  # the purge took what would have fallen out


def test_extract_lost_and_oxygen_falling_in_the_room_ends_it(exposed: Session) -> None:
    exposed.inject("extract_fan_lost", "room")
    exposed.until(lambda: exposed.state in (C.EXIT, C.EVACUATE), 15.0)
    assert exposed.flow_kg_h < FLOW_KG_H or exposed.until(lambda: exposed.flow_kg_h < FLOW_KG_H, 3.0) < 3.0
    assert "FAN-EXTRACT" in exposed.alarms
    assert exposed.driven(Output.STANDBY_EXTRACT)


@pytest.mark.long
def test_nitrogen_into_the_room_evacuates_it(exposed: Session) -> None:
    judge = Judge(exposed.chamber)
    judge.broken = True
    exposed.inject("nitrogen_leak", "supply", rate=600.0, ramp_s=5.0)
    exposed.until(lambda: exposed.state is C.EVACUATE, 120.0, lambda: judge.look(exposed.last, True))
    assert {"O2-FL-LL", "O2-RM-LL", "O2-RM-EVAC", "O2-CH-LL", "O2-CH-LLL", "O2-CH-DROP"} & exposed.causes
    assert [v for v in judge.violations if v.claim == "face-oxygen"] == []


def test_low_oxygen_at_the_face_is_voted_two_of_three(exposed: Session) -> None:
    exposed.inject("sensor_offset", "AT-101A", offset=-1.1)
    exposed.run(2.0)
    assert exposed.state in (C.EXPOSURE, C.EXIT)  # one of three: the pre-alarm at most
    exposed.inject("sensor_offset", "AT-101B", offset=-1.1)
    exposed.until(lambda: exposed.state is C.EVACUATE, 5.0)
    assert {"O2-CH-LL", "O2-CH-LLL", "PLC-TRIP"} & exposed.causes


@pytest.mark.long
def test_a_supply_valve_stuck_open_is_shut_by_the_main_valve(exposed: Session) -> None:
    exposed.inject("valve_stuck", "TCV-101", position=100.0)
    exposed.until(lambda: exposed.state is not C.EXPOSURE, 200.0)
    exposed.until(lambda: exposed.flow_kg_h < FLOW_KG_H, 6.0)
    exposed.run(15.0)
    assert exposed.flow_kg_h < FLOW_KG_H
    assert exposed.alarms & {"OVERCOLD", "VALVE-STUCK", "PLC-TRIP"}


def test_leave_now_by_hand(exposed: Session) -> None:
    exposed.scan(Command("hand-1", CommandKind.STOP, {}, "operator", Role.OPERATOR, "test"))
    assert exposed.state is C.EXIT
    exposed.until(lambda: exposed.plant.guest is None, 15.0)
    exposed.until(lambda: exposed.state is C.STOPPED or exposed.state is C.RECOOL, 60.0)


# -- profile and plant --------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_drying_warms_the_zones() -> None:
    session = Session(VirtualChamber(load_profile("cabin"), 1, "warm"))
    session.until(lambda: session.state is C.IDLE, 60.0)
    session.operator.present = False
    session.scan(Command("hand-1", CommandKind.DRY, {}, "operator", Role.OPERATOR, "test"))
    assert session.state is C.DRYING
    session.until(lambda: session.state is C.STOPPED, 1800.0)
    assert session.chamber.world.truth().t_pre_c > 29.0


def test_what_the_device_lacks_cannot_break(ready: Session) -> None:
    for kind, target in (("valve_stuck", "TCV-201"), ("sensor_open", "AT-201A"), ("contact_stuck", "ZS-201A")):
        with pytest.raises(FaultError, match="has no"):
            ready.inject(kind, target)
    with pytest.raises(FaultError, match="has no lift"):
        World(1, "precooled").faults.inject("lift_low", "lift")


def test_one_switch_of_the_door_is_both_inputs_of_it(ready: Session) -> None:
    ready.inject("contact_stuck", "ZS-101B", closed=0.0)
    ready.chamber.world.hold_door("inner", True)
    ready.run(3.0)
    assert ready.alarms == {"DOOR-FAULT", "PLC-TRIP"}
