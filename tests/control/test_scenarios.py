"""Whole sessions and what can go wrong in them, in virtual time: supervisor, PLC, plant, guests and operator together."""

from __future__ import annotations

import pytest

from chamber.cause_effect import Effect
from chamber.commands import CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.states import COOLING, CycleState
from plc_bridge.contract import Flag, Output, PlcState
from tests.control.day import Day

C = CycleState
K = CommandKind
SCAN_S = 0.1


def session_closed(day: Day) -> dict[str, object]:
    closed = day.told(EventKind.SESSION_CLOSED)
    assert len(closed) == 1
    return closed[0].data


def test_an_ordinary_session(ready: Day) -> None:
    ready.until_state(C.RECOOL, 330.0)
    order = [e.data["to"] for e in ready.told(EventKind.STATE)]
    assert order == ["stopped", "self_test", "idle", "precool", "ready", "boarding", "pre_chamber", "exposure", "exit", "recool"]
    data = session_closed(ready)
    assert data["ended_by"] == "cause:TIME-LIMIT"
    assert isinstance(data["elapsed_s"], float)
    assert 180.0 <= data["elapsed_s"] <= 195.0  # the way out counts
    assert data["persons"] == 3
    assert ready.inside == 0
    exit_s = ready.entered(C.EXIT)
    # the clock began with the first foot in the main room, before the doors were shut behind the last
    main_s = ready.when(EventKind.SESSION_PHASE, phase="main")
    assert main_s < ready.entered(C.EXPOSURE)
    assert exit_s - main_s == pytest.approx(180.0, abs=0.2)
    assert ready.trips == set()
    ready.until_state(C.READY, 180.0)
    ready.assert_safe()


def session_closed_by(day: Day) -> object:
    day.until(lambda d: d.told(EventKind.SESSION_CLOSED), 60.0)
    return session_closed(day)["ended_by"]


def test_the_chamber_is_empty_again_after_a_session(ready: Day) -> None:
    """For supervisor and PLC: neither may hold the other to 'occupied' once the guests are out and it was confirmed."""
    ready.until_state(C.RECOOL, 330.0)
    ready.run(5.0)
    assert not int(ready.status["flags"]) >> Flag.OCCUPIED & 1
    assert ready.chamber.state.facts is not None
    assert not ready.chamber.state.facts.occupied
    ready.inject("extract_fan_lost", "room")  # a later fault meets an empty chamber
    ready.inject("sensor_open", "TT-101")
    ready.inject("sensor_open", "TT-103")
    ready.until_state(C.FAULT, 5.0)
    ready.assert_safe()


def test_nothing_is_sent_into_a_room_that_is_being_left(exposed: Day) -> None:
    assert exposed.press(K.END_SESSION).outcome is Outcome.ACCEPTED
    assert exposed.state is C.EXIT
    exposed.run(0.5)
    assert not exposed.driven(Output.XV_401)
    assert exposed.status["valve_main_out"] == 0.0
    exposed.until_state(C.RECOOL, 60.0)
    assert session_closed(exposed)["ended_by"] == "end_session"
    exposed.assert_safe()


def test_door_opened_in_the_exposure(exposed: Day) -> None:
    exposed.chamber.world.hold_door("inner", True)
    began = exposed.now
    exposed.until(lambda d: d.chamber.state.facts is not None and not d.chamber.state.facts.doors_shut, 3.0)
    seen = exposed.now
    exposed.until_state(C.EXIT, 1.0)
    assert exposed.now - seen <= 0.4  # 0.2 s and a scan
    exposed.run(0.3)
    assert exposed.status["valve_main_out"] == 0.0
    assert exposed.now - began < 4.0
    exposed.chamber.world.hold_door("inner", False)
    exposed.until_state(C.RECOOL, 60.0)
    assert session_closed(exposed)["ended_by"] == "cause:DOOR-OPENED"
    assert exposed.trips == set()  # an opened door is an end of the session, not a trip
    exposed.assert_safe()


def test_door_does_not_open_at_the_exit(exposed: Day) -> None:
    exposed.inject("door_stuck", "inner")
    exposed.press(K.END_SESSION)
    left = exposed.entered(C.EXIT)
    exposed.until_state(C.EVACUATE, 20.0)
    assert exposed.when(EventKind.CAUSE, cause="DOOR-STUCK", change="set") - left == pytest.approx(10.0, abs=0.2)
    assert exposed.when(EventKind.CAUSE, cause="EXIT-EVACUATE", change="set") - left == pytest.approx(15.0, abs=0.2)
    assert exposed.when(EventKind.ALARM, alarm="DOOR-STUCK", to="unack") - left == pytest.approx(10.0, abs=0.2)
    exposed.run(1.0)
    assert exposed.driven(Output.SOUNDER)
    assert exposed.driven(Output.DOOR_HEATER)
    assert not exposed.driven(Output.XV_401)
    exposed.mend(next(iter(exposed.chamber.world.faults.active)))
    exposed.until(lambda d: d.inside == 0, 30.0)
    exposed.assert_safe()


def test_a_guest_faints(exposed: Day) -> None:
    """The others come out and the door was open: it is the one who stays that must be missed."""
    fault = exposed.inject("guest_faints", "guests")
    exposed.press(K.END_SESSION)
    left = exposed.entered(C.EXIT)
    exposed.until_state(C.EVACUATE, 60.0)
    assert exposed.now - left <= 45.5
    assert exposed.inside == 1
    confirm = exposed.press(K.CONFIRM_EMPTY)
    assert confirm.outcome is Outcome.REJECTED
    assert "somebody_inside" in [r.code for r in confirm.reasons]
    assert "DOOR-STUCK" in exposed.chamber.state.alarms
    exposed.mend(fault)
    exposed.until(lambda d: d.inside == 0, 40.0)
    exposed.assert_safe()


def test_a_door_that_stuck_and_then_opened_needs_a_reset_and_gets_one(exposed: Day) -> None:
    """Between 10 and 15 s: the alarm latched and the nitrogen stays shut, so the way must lead to where a reset is taken."""
    fault = exposed.inject("door_stuck", "inner")
    exposed.press(K.END_SESSION)
    exposed.until(lambda d: "DOOR-STUCK" in d.acting, 12.0)
    exposed.mend(fault)
    exposed.until(lambda d: d.inside == 0 and d.state is not C.EXIT, 60.0)
    exposed.until_state(C.STOPPED, 120.0)  # the operator follows the guidance: look, confirm, reset
    assert "DOOR-STUCK" not in exposed.acting
    exposed.assert_safe()


def test_operator_presence_lost(exposed: Day) -> None:
    assert exposed.chamber.state.session is not None
    confirmed = exposed.chamber.state.session.confirmed_s
    exposed.operator = None
    exposed.until_state(C.EXIT, 31.0)
    assert exposed.now - confirmed == pytest.approx(30.0, abs=0.2)
    exposed.until(lambda d: d.inside == 0, 40.0)
    assert exposed.told(EventKind.ALARM, alarm="OP-ABSENT", to="unack")
    exposed.assert_safe()


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
    assert session_closed_by(exposed) == "cause:O2-CH-L"
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


def test_estop_in_the_exposure_and_the_long_way_back(exposed: Day) -> None:
    exposed.chamber.world.press_estop(True)
    exposed.until_state(C.ESTOP, 0.5)
    exposed.run(0.2)
    assert not exposed.driven(Output.XV_401)
    assert exposed.driven(Output.PURGE_FAN)  # ventilation, light and voice live on
    assert exposed.driven(Output.LIGHT_MAIN)
    exposed.operator = None
    exposed.until(lambda d: d.inside == 0, 40.0)
    refused = exposed.press(K.RESET)
    assert refused.outcome is Outcome.REJECTED
    exposed.chamber.world.press_estop(False)
    exposed.run(5.0)
    assert exposed.state is C.ESTOP  # released is not reset
    refused = exposed.press(K.RESET)
    assert {r.code for r in refused.reasons} & {"clear_too_short", "occupied"}
    exposed.run(8.0)
    assert exposed.press(K.CONFIRM_EMPTY).outcome is Outcome.ACCEPTED
    assert exposed.press(K.RESET).outcome is Outcome.ACCEPTED
    assert exposed.state is C.PURGE
    exposed.until_state(C.STOPPED, 120.0)
    exposed.run(30.0)
    assert exposed.state is C.STOPPED  # nothing cold restarts by itself
    assert exposed.plc_state is PlcState.SAFE
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
    exposed.run(12.0)
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


def test_extract_lost_altogether_ends_the_session(exposed: Day) -> None:
    exposed.inject("contact_stuck", "FS-301", closed=0.0)
    exposed.until(lambda d: d.state is not C.EXPOSURE, 6.0)
    exposed.run(0.5)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.assert_safe()


def test_call_button_inside(exposed: Day) -> None:
    exposed.chamber.world.press_call(True)
    exposed.until_state(C.EVACUATE, 0.5)
    exposed.run(0.3)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.assert_safe()


@pytest.mark.parametrize("known", [True, False])
def test_control_restarts_with_a_session_open(exposed: Day, known: bool) -> None:
    """RECOVERY, nitrogen closed, nothing resumes; empty is believed after a door was seen shut and then open (H-16)."""
    exposed.operator = None
    exposed.restart(unknown_session=known)  # even if the journal knew nothing, the PLC remembers somebody inside
    exposed.scan()
    assert exposed.state is C.RECOVERY
    exposed.run(1.0)
    assert not exposed.driven(Output.XV_401)
    assert exposed.chamber.state.session is None
    exposed.run(4.0)
    assert {"OCC-UNKNOWN", "PLC-TRIP"} & set(exposed.acting)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.run(60.0)
    assert exposed.state not in COOLING
    assert exposed.plc_state is not PlcState.RUN
    assert all(e.data["to"] not in {s.name.lower() for s in COOLING} for e in exposed.told(EventKind.STATE) if e.t_s > exposed.now - 65.0)
    exposed.assert_safe()


def test_empty_is_not_believed_without_looking(exposed: Day) -> None:
    exposed.operator = None
    exposed.chamber.world.guests.autopilot = False
    people = exposed.chamber.world.plant.crowd.people
    people.clear()  # the presence sensors see nobody, no door has moved
    exposed.restart(unknown_session=True)
    exposed.run(5.0)
    refused = exposed.press(K.CONFIRM_EMPTY)
    assert refused.outcome is Outcome.REJECTED
    assert "door_not_opened" in [r.code for r in refused.reasons]
    exposed.chamber.world.hold_door("outer", True)
    exposed.run(3.0)
    exposed.chamber.world.hold_door("outer", False)
    exposed.run(3.0)
    assert exposed.press(K.CONFIRM_EMPTY).outcome is Outcome.ACCEPTED
    assert not exposed.chamber.state.cycle.unknown_session
    exposed.assert_safe()


def test_no_boarding_without_records(ready: Day) -> None:
    ready.operator = None
    ready.chamber.records_ok = False
    refused = ready.press_boarding()
    assert [r.code for r in refused.reasons] == ["records_not_ok"]
    ready.run(6.0)
    assert "AUDIT-FAIL" in ready.acting
    assert ready.state is C.READY  # an empty chamber may stay cold
    ready.assert_safe()


def test_boarding_lapses_when_the_record_does_not_become_durable(ready: Day) -> None:
    ready.operator = None
    ready.chamber._durable = -1
    accepted = ready.press_boarding()
    assert accepted.outcome is Outcome.ACCEPTED
    ready.chamber._durable = 0  # the opening record was handed over and never came back from the disk
    refused = ready.press(K.START_SESSION, persons=2)
    assert "record_not_durable" in [r.code for r in refused.reasons]
    ready.until_state(C.READY, 6.0)
    assert session_closed(ready)["ended_by"] == "record_not_durable"
    ready.assert_safe()


def test_guests_go_on_too_early_and_the_clock_runs(ready: Day) -> None:
    ready.until_state(C.PRE_CHAMBER, 120.0)
    began = ready.now
    ready.chamber.world.guests.autopilot = False
    ready.chamber.world.walk("main")
    ready.until(lambda d: d.chamber.state.session is not None and d.chamber.state.session.exposure_from_s is not None, 15.0)
    assert ready.now - began < 20.0  # well before the 30 s of the program
    assert ready.chamber.state.session is not None
    began = ready.chamber.state.session.exposure_from_s or 0.0
    ready.until_state(C.EXPOSURE, 20.0)
    ready.until_state(C.EXIT, 185.0)
    assert ready.now - began == pytest.approx(180.0, abs=0.3)
    ready.assert_safe()


def test_somebody_goes_in_without_a_session(ready: Day) -> None:
    ready.operator = None
    ready.chamber.world.guests.autopilot = False
    ready.chamber.world.walk("pre", 1)
    ready.until(lambda d: d.chamber.state.facts is not None and d.chamber.state.facts.somebody_seen, 15.0)
    seen = ready.now
    ready.until(lambda d: d.state not in COOLING, 2.0)
    assert ready.now - seen <= 1.0
    assert ready.state is C.EVACUATE
    ready.run(0.3)
    assert not ready.driven(Output.XV_401)
    ready.assert_safe()


@pytest.mark.parametrize("kind", [K.STOP, K.EVACUATE])
def test_stop_by_anybody(exposed: Day, kind: CommandKind) -> None:
    answer = exposed.press(kind, role=Role.ANONYMOUS)
    assert answer.outcome is Outcome.ACCEPTED
    assert exposed.state is (C.EXIT if kind is K.STOP else C.EVACUATE)
    exposed.run(0.3)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 40.0)
    exposed.run(5.0)
    assert exposed.state not in COOLING
    exposed.assert_safe()


def test_after_stop_the_chamber_does_not_cool_on(exposed: Day) -> None:
    exposed.press(K.STOP)
    exposed.until(lambda d: d.state not in (C.EXIT,), 60.0)
    assert exposed.state is C.STOPPED
    assert exposed.plc_state is PlcState.SAFE
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
