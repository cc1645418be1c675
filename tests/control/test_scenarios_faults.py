"""What breaks in a session: supervisor, PLC, link, nitrogen, sensors, services."""

from __future__ import annotations

import pytest

from chamber.cause_effect import Effect
from chamber.commands import CommandKind, Outcome
from chamber.events import EventKind
from chamber.states import COOLING, CycleState
from plc_bridge.contract import Output, PlcState
from tests.control.day import Day

C = CycleState
K = CommandKind
SCAN_S = 0.1


@pytest.mark.parametrize(("occupied", "lease_s"), [(True, 2.0), (False, 5.0)])
def test_supervisor_hangs_and_the_plc_closes(ready: Day, exposed: Day, occupied: bool, lease_s: float) -> None:
    day = exposed if occupied else ready
    assert day.plc_state is PlcState.RUN
    scans = 0
    while day.plc_state is PlcState.RUN:
        day.frozen_scan()
        scans += 1
        assert scans * SCAN_S <= lease_s + 0.3
    assert scans * SCAN_S >= lease_s - 0.3  # and not before: the last heartbeat may be a scan or two old
    assert "LEASE_LOST" in day.trips
    assert not day.driven(Output.XV_401)
    assert day.driven(Output.SOUNDER) is occupied
    for _ in range(100):
        day.frozen_scan()
        assert not day.driven(Output.XV_401)
    # it wakes up again: it finds a tripped plant and does not go on
    day.scan()
    day.run(1.0)
    assert day.state is (C.EVACUATE if occupied else C.FAULT)
    assert "PLC-TRIP" in day.acting
    day.until(lambda d: d.inside == 0, 60.0)
    day.assert_safe()


def test_exposure_limit_by_the_plc_alone(exposed: Day) -> None:
    """A supervisor that beats and does nothing else: the PLC's own timer ends the exposure at limit + 5 s."""
    elapsed = 0.0
    for _ in range(2000):
        exposed.frozen_scan(heartbeat=True)
        if exposed.plc_state is not PlcState.RUN:
            break
        elapsed = float(exposed.status["exposure_elapsed"])
    assert exposed.trips == {"EXPOSURE_LIMIT"}
    assert elapsed == pytest.approx(185.0, abs=0.3)
    assert not exposed.driven(Output.XV_401)
    exposed.run(40.0)  # the supervisor is back: it evacuates, and the PLC's voice has sent the guests out
    assert exposed.inside == 0
    assert exposed.face_min_pct >= 18.0


@pytest.mark.parametrize("occupied", [True, False])
def test_plc_silent(ready: Day, exposed: Day, occupied: bool) -> None:
    day = exposed if occupied else ready
    day.operator = None
    fault = day.inject("plc_silent", "plc")
    began = day.now
    day.until(lambda d: "COMM-SLOW" in d.acting, 2.0)
    assert day.now - began == pytest.approx(1.5, abs=0.2)
    assert day.chamber.outputs is not None
    assert not day.chamber.outputs.write  # nothing is written on a block that is not there
    day.until(lambda d: d.state is not (C.EXPOSURE if occupied else C.READY), 3.0)
    assert day.now - began == pytest.approx(3.0, abs=0.2)
    assert day.state is (C.EXIT if occupied else C.SUSPENDED)
    assert day.chamber.state.perception.stage == 2
    day.run(3.0)
    assert "LEASE_LOST" in day.trips
    assert not day.driven(Output.XV_401)
    day.mend(fault)
    day.run(1.0)
    assert day.state is (C.EVACUATE if occupied else C.FAULT)
    assert "COMM-PLC" not in day.acting
    day.until(lambda d: d.inside == 0, 60.0)
    day.assert_safe()


def test_a_short_silence_is_ridden_out(exposed: Day) -> None:
    fault = exposed.inject("plc_silent", "plc")
    exposed.run(1.0)
    exposed.mend(fault)
    exposed.run(1.0)
    assert exposed.state is C.EXPOSURE
    assert exposed.trips == set()
    exposed.assert_safe()


def test_plc_restarts_in_the_exposure(exposed: Day) -> None:
    exposed.inject("plc_reboot", "plc", off_s=1.0)
    exposed.until(lambda d: "PLC-RESTART" in d.acting, 3.0)
    assert exposed.state is C.EVACUATE
    assert exposed.told(EventKind.PLC, restarted=True)
    exposed.until(lambda d: d.inside == 0, 60.0)
    assert not exposed.driven(Output.XV_401)
    exposed.assert_safe()


def test_slow_leak_into_the_main_room(exposed: Day) -> None:
    """The warning ends the session before anything trips."""
    exposed.inject("nitrogen_leak", "main", rate=60.0, ramp_s=10.0)
    exposed.until_state(C.EXIT, 120.0)
    assert exposed.acting == ["O2-CH-L"]
    assert exposed.trips == set()
    assert exposed.driven(Output.EXTRACT_BOOST) or exposed.chamber.outputs is not None
    exposed.until(lambda d: d.inside == 0, 40.0)
    assert exposed.closed_by() == "cause:O2-CH-L"
    exposed.until(lambda d: d.state is C.FAULT, 300.0)  # it cools on for nobody, leaks on, and trips
    assert {"O2-CH-LL", "O2-CH-LLL", "PLC-TRIP"} & set(exposed.acting)
    exposed.assert_safe()
    assert exposed.face_min_pct >= 19.5


def test_fast_leak_into_the_main_room(exposed: Day) -> None:
    """A burst exchanger: trip, everybody out; nobody ever breathes less than 18 %."""
    exposed.inject("nitrogen_leak", "main", rate=900.0, ramp_s=1.0)
    exposed.until_state(C.EVACUATE, 60.0)
    assert {"O2-CH-LL", "O2-CH-LLL", "PLC-TRIP"} & set(exposed.acting)
    exposed.until(lambda d: not d.driven(Output.XV_401), 1.0)
    exposed.run(0.5)
    assert exposed.driven(Output.PURGE_FAN)
    assert exposed.driven(Output.EXTRACT_BOOST)
    refused = exposed.press(K.RESET)
    assert refused.outcome is Outcome.REJECTED
    exposed.until(lambda d: d.inside == 0, 40.0)
    exposed.assert_safe()


def test_leak_into_the_treatment_room(exposed: Day) -> None:
    exposed.inject("nitrogen_leak", "supply", rate=600.0, ramp_s=20.0)
    exposed.until(lambda d: "O2-RM-L" in d.acting, 300.0)
    exposed.until(lambda d: d.state is C.EVACUATE or d.inside == 0, 300.0)
    exposed.until(lambda d: {"O2-RM-LL", "O2-RM-EVAC"} & set(d.acting), 300.0)
    exposed.run(1.0)
    assert exposed.driven(Output.EXTRACT_BOOST)
    assert exposed.driven(Output.BEACON_NO_ENTRY)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 40.0)
    exposed.assert_safe()


def test_main_valve_sticks_open(exposed: Day) -> None:
    exposed.inject("valve_stuck", "TCV-101", position=100.0)
    exposed.until(lambda d: d.state not in COOLING, 240.0)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.until(lambda d: not d.driven(Output.XV_401), 20.0)
    coldest = exposed.chamber.world.truth().t_main_c
    assert coldest > -180.0
    exposed.assert_safe()


def test_one_temperature_sensor_bad_lets_the_session_finish(exposed: Day) -> None:
    exposed.inject("sensor_open", "TT-101")
    exposed.run(20.0)
    assert exposed.state is C.EXPOSURE
    assert "T-SENS-BAD" in exposed.acting
    exposed.assert_safe()


def test_a_wrong_temperature_sensor_is_outvoted(exposed: Day) -> None:
    exposed.inject("sensor_offset", "TT-102", offset=25.0)
    exposed.run(40.0)  # half a minute after the door the places of a room are compared again; the median holds out until then
    assert exposed.state is C.EXPOSURE
    reading = exposed.chamber.state.perception.analog["TT-102"]
    assert (reading.quality.value, reading.why.value) == ("bad", "disagrees")
    assert exposed.chamber.state.facts is not None
    assert exposed.chamber.state.facts.main.good == 2
    exposed.assert_safe()


@pytest.mark.parametrize("fault", ["sensor_open", "sensor_short"])
def test_temperature_unknown_ends_the_session(exposed: Day, fault: str) -> None:
    exposed.inject(fault, "TT-101")
    exposed.inject(fault, "TT-103")
    began = exposed.now
    exposed.until(lambda d: d.state is not C.EXPOSURE, 5.0)
    assert exposed.now - began == pytest.approx(3.0, abs=0.4)
    assert "OVERCOLD" not in exposed.acting  # a shorted sensor reads very cold: bad, not cold
    exposed.run(0.5)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.assert_safe()


def test_oxygen_sensor_bad_ends_the_session_and_can_be_reset(exposed: Day) -> None:
    fault = exposed.inject("sensor_open", "AT-101A")
    exposed.until(lambda d: d.state is not C.EXPOSURE, 5.0)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.mend(fault)
    exposed.until_state(C.STOPPED, 180.0)
    assert exposed.acting == []
    exposed.assert_safe()


@pytest.mark.parametrize(("fault", "target"), [("mains_lost", "supply"), ("sample_flow_lost", "chamber")])
def test_loss_of_a_service_ends_the_session(exposed: Day, fault: str, target: str) -> None:
    exposed.inject(fault, target)
    exposed.until(lambda d: d.state not in COOLING, 7.0)
    exposed.run(0.5)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.assert_safe()


def test_extract_lost_ends_the_session_and_the_standby_stays_on(exposed: Day) -> None:
    """The standby fan proves the airflow again: that must neither hide the loss nor switch it off again."""
    began = exposed.now
    exposed.inject("extract_fan_lost", "room")
    exposed.until(lambda d: d.state is not C.EXPOSURE, 10.0)
    assert exposed.now - began >= 5.0
    assert {"FAN-EXTRACT", "PLC-TRIP"} & set(exposed.acting)
    exposed.run(3.0)
    assert exposed.told(EventKind.ALARM, alarm="FAN-EXTRACT", to="unack")
    exposed.operator = None
    for _ in range(200):
        exposed.scan()
        assert exposed.driven(Output.STANDBY_EXTRACT)
        assert not exposed.driven(Output.XV_401)
    assert exposed.chamber.state.facts is not None
    assert exposed.chamber.state.facts.extract_flow is True
    exposed.assert_safe()


def test_the_purge_of_a_reset_is_no_valve_that_leaks(idle: Day) -> None:
    """What the purge brought in gives its warmth to the cold walls: the room gets colder with tight valves."""
    while idle.plc_state is PlcState.RUN:
        idle.frozen_scan()
    idle.operator = None
    idle.run(62.0)
    assert idle.press(K.RESET).outcome is Outcome.ACCEPTED
    idle.until(lambda d: not d.driven(Output.PURGE_FAN), 20.0)
    fell = 0.0
    for _ in range(900):
        idle.scan()
        facts = idle.chamber.state.facts
        assert facts is not None
        fell = min(fell, facts.main_change_30s_k or 0.0)
        assert "VALVE-STUCK" not in idle.acting
    assert fell < -1.0
    assert idle.state is C.STOPPED


def test_extract_lost_altogether_ends_the_session(exposed: Day) -> None:
    exposed.inject("contact_stuck", "FS-301", closed=0.0)
    exposed.until(lambda d: d.state is not C.EXPOSURE, 6.0)
    exposed.run(0.5)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.assert_safe()


def test_api_silent_blocks_a_new_session_only(ready: Day, exposed: Day) -> None:
    ready.operator = None
    ready.chamber.api_age_s = 6.0
    ready.run(0.2)
    assert "action_active" in [r.code for r in ready.press_boarding().reasons]
    assert ready.state is C.READY
    exposed.chamber.api_age_s = 6.0
    exposed.run(2.0)
    assert exposed.state is C.EXPOSURE
    assert Effect.CLOSE_LN2 not in exposed.chamber.state.verdict.effects
    ready.assert_safe()
    exposed.assert_safe()
