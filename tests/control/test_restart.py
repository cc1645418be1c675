"""Restart with a person inside: the seven steps of the safety reference, section 8. Step 7, the watchdog, is in test_watchdog."""

from __future__ import annotations

import pytest

from chamber.commands import CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.states import COOLING, CycleState
from control.step import initial
from plc_bridge.contract import Flag, Output, PlcState, Voice
from tests.control.day import Day

C = CycleState
K = CommandKind


def snapshot_elapsed(day: Day) -> float:
    view = day.unknown()
    assert view is not None
    return view.elapsed_s


@pytest.mark.req("SRS-CYC-006")
def test_step_1_the_plc_remembers_through_a_power_cut_who_is_inside(exposed: Day) -> None:
    """Session, time and OCCUPIED are retentive; that the record is on disk before anybody enters: test_scenarios, boarding."""
    session, elapsed = exposed.status["session_id"], float(exposed.status["exposure_elapsed"])
    assert session > 0
    assert elapsed > 5.0
    exposed.operator = None
    exposed.inject("plc_reboot", "plc", off_s=1.0)
    exposed.until(lambda d: any(d.chamber.world.status), 5.0)
    assert exposed.status["session_id"] == session
    assert float(exposed.status["exposure_elapsed"]) >= elapsed
    assert int(exposed.status["flags"]) >> Flag.OCCUPIED & 1


@pytest.mark.req("SRS-LNK-001")
def test_step_2_the_plc_ends_the_exposure_by_itself(exposed: Day) -> None:
    began = exposed.now
    while exposed.plc_state is PlcState.RUN:
        exposed.frozen_scan()
        assert exposed.now - began <= 2.2
    exposed.frozen_scan()
    assert not exposed.driven(Output.XV_401)
    for output in (Output.PURGE_FAN, Output.LIGHT_MAIN, Output.LIGHT_PRE, Output.DOOR_HEATER, Output.SOUNDER):
        assert exposed.driven(output), output
    assert exposed.status["voice"] == Voice.LEAVE_NOW


@pytest.mark.req("SRS-CYC-005", "SRS-CYC-006")
def test_step_3_recovery_asks_to_look_and_shows_the_longer_time(exposed: Day) -> None:
    exposed.operator = None
    exposed.chamber.world.guests.autopilot = False  # nobody hears the voice
    session = exposed.chamber.state.session
    assert session is not None
    for _ in range(10):
        exposed.frozen_scan()
    exposed.chamber.restart()
    exposed.scan()
    assert exposed.state is C.RECOVERY
    exposed.run(0.5)
    assert exposed.chamber.state.alarms["OCC-UNKNOWN"].priority.name == "HIGH"
    view = exposed.unknown()
    assert view is not None
    assert (view.session, view.persons) == (session.id, session.persons)
    assert view.elapsed_s == pytest.approx(exposed.now - session.opened_s, abs=0.2)
    exposed.run(30.0)  # the PLC has tripped meanwhile: the question stays
    assert snapshot_elapsed(exposed) == pytest.approx(exposed.now - session.opened_s, abs=0.2)
    assert snapshot_elapsed(exposed) >= float(exposed.status["exposure_elapsed"])


@pytest.mark.req("SRS-CYC-005")
@pytest.mark.parametrize("known", [True, False])
def test_step_3_nothing_resumes(exposed: Day, known: bool) -> None:
    exposed.operator = None
    if known:
        exposed.chamber.restart()
    else:  # even if the journal knew nothing, the PLC remembers somebody inside
        s = exposed.chamber.state
        exposed.chamber.state = initial(s.profile, exposed.now, mail_id=777, session_id=9, unknown_session=False, locked_out=False)
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


def empty_by_magic(day: Day) -> None:
    """The presence sensors see nobody although no door has moved."""
    day.operator = None
    day.chamber.world.guests.autopilot = False
    day.chamber.world.plant.crowd.people.clear()


def look_inside(day: Day) -> None:
    day.chamber.world.hold_door("outer", True)
    day.run(3.0)
    day.chamber.world.hold_door("outer", False)
    day.run(3.0)


@pytest.mark.req("SRS-CYC-006")
def test_step_3_empty_is_not_believed_without_looking(exposed: Day) -> None:
    empty_by_magic(exposed)
    exposed.chamber.restart()
    exposed.run(5.0)
    refused = exposed.press(K.CONFIRM_EMPTY)
    assert refused.outcome is Outcome.REJECTED
    assert "door_not_opened" in [r.code for r in refused.reasons]
    look_inside(exposed)
    assert exposed.press(K.CONFIRM_EMPTY).outcome is Outcome.ACCEPTED
    assert not exposed.chamber.state.cycle.unknown_session
    exposed.assert_safe()


@pytest.mark.req("SRS-CYC-006")
def test_step_3_a_door_that_stands_open_since_before_says_nothing(exposed: Day) -> None:
    """Only a real edge after the start counts, also once the PLC's trip has made it an evacuation."""
    empty_by_magic(exposed)
    exposed.chamber.world.hold_door("outer", True)
    exposed.until(lambda d: not d.chamber.world.plant.outer.shut, 5.0)
    exposed.chamber.restart()
    exposed.run(10.0)
    assert "door_not_opened" in [r.code for r in exposed.press(K.CONFIRM_EMPTY).reasons]
    exposed.chamber.world.hold_door("outer", False)
    exposed.run(3.0)
    assert "door_not_opened" in [r.code for r in exposed.press(K.CONFIRM_EMPTY).reasons]
    look_inside(exposed)
    assert exposed.press(K.CONFIRM_EMPTY).outcome is Outcome.ACCEPTED


@pytest.mark.req("SRS-CYC-009", "SRS-TIM-005")
def test_step_4_the_record_is_interrupted_and_boarding_locked_out(exposed: Day) -> None:
    session = exposed.chamber.state.session
    assert session is not None
    told = float(exposed.status["exposure_elapsed"])
    empty_by_magic(exposed)
    exposed.chamber.restart()
    exposed.run(2.0)
    assert not exposed.told(EventKind.SESSION_CLOSED)  # open until somebody has looked: a second crash must not forget it
    look_inside(exposed)
    exposed.press(K.CONFIRM_EMPTY)
    data = exposed.closed()
    assert (data["session"], data["ended_by"], data["reason"]) == (session.id, "interrupted", "control_restart")
    assert data["elapsed_s"] is not None
    assert told <= data["elapsed_s"] <= told + 15.0
    assert data["broken_off"]
    exposed.run(0.2)
    left = exposed.cool_off_left_s
    assert left == pytest.approx(600.0, abs=1.0)
    exposed.chamber.restart()  # it survives the next start
    exposed.run(1.0)
    assert exposed.cool_off_left_s == pytest.approx(left - 1.0, abs=0.5)


@pytest.mark.req("SRS-CYC-006")
def test_step_4_a_second_crash_before_anybody_looked_forgets_nothing(exposed: Day) -> None:
    session = exposed.chamber.state.session
    assert session is not None
    empty_by_magic(exposed)
    exposed.chamber.restart()
    exposed.run(3.0)
    exposed.chamber.restart()
    exposed.run(0.5)
    assert exposed.chamber.state.cycle.unknown_session
    view = exposed.unknown()
    assert view is not None
    assert view.session == session.id


def test_step_5_air_self_test_and_two_commands_before_it_is_cold_again(exposed: Day) -> None:
    empty_by_magic(exposed)
    exposed.chamber.restart()
    exposed.run(0.5)
    look_inside(exposed)
    began = len(exposed.events)
    exposed.press(K.CONFIRM_EMPTY)
    exposed.run(12.0)
    if exposed.state is C.FAULT:  # the PLC had tripped: reset first
        assert exposed.press(K.RESET).outcome is Outcome.ACCEPTED
    assert exposed.state is C.PURGE
    exposed.until_state(C.STOPPED, 90.0)
    exposed.run(20.0)
    assert exposed.state is C.STOPPED
    assert exposed.press(K.START_UP).outcome is Outcome.ACCEPTED
    exposed.until_state(C.IDLE, 20.0)
    states = [e.data["to"] for e in exposed.events[began:] if e.kind is EventKind.STATE]
    assert states[-4:] == ["purge", "stopped", "self_test", "idle"]


def test_step_5_without_a_trip_the_way_from_recovery_leads_through_the_purge(ready: Day) -> None:
    ready.operator = None
    s = ready.chamber.state
    ready.chamber.state = initial(s.profile, ready.now, mail_id=777, session_id=9, unknown_session=True, locked_out=False)
    ready.run(1.0)
    look_inside(ready)
    assert not ready.trips
    assert ready.press(K.CONFIRM_EMPTY).outcome is Outcome.ACCEPTED
    assert ready.state is C.PURGE


@pytest.mark.req("SRS-CYC-005")
def test_step_3_a_trip_before_the_answer_does_not_take_the_question_away(ready: Day) -> None:
    """Found by a quarter of an hour of random faults: emergency stop, restart, reset, and it cooled although nobody had looked."""
    ready.operator = None
    ready.chamber.restart()
    ready.run(1.0)
    pressed = ready.inject("estop_pressed", "cabinet")
    ready.until_state(C.ESTOP, 10.0)
    ready.mend(pressed)
    ready.run(15.0)
    assert ready.press(K.ACKNOWLEDGE, all=True).outcome is Outcome.ACCEPTED
    assert ready.press(K.RESET).outcome is Outcome.ACCEPTED
    assert ready.state is C.RECOVERY
    assert ready.press(K.START_UP).outcome is Outcome.REJECTED
    assert ready.press(K.CONFIRM_EMPTY).outcome is Outcome.ACCEPTED
    assert ready.state is C.STOPPED
    ready.assert_safe()


@pytest.mark.req("SRS-CYC-008")
def test_step_5_locked_out_until_service_has_looked(ready: Day) -> None:
    ready.operator = None
    s = ready.chamber.state
    ready.chamber.state = initial(s.profile, ready.now, mail_id=777, session_id=9, unknown_session=True, locked_out=True)
    ready.run(1.0)
    assert ready.state is C.LOCKED_OUT
    for kind in (K.CONFIRM_EMPTY, K.START_UP, K.PRECOOL, K.RESUME, K.RESET):
        assert ready.press(kind, program="standard").outcome is Outcome.REJECTED
    assert ready.press(K.RESET, role=Role.SERVICE).outcome is Outcome.ACCEPTED
    assert ready.state is C.RECOVERY
    assert ready.chamber.state.cycle.unknown_session  # service unlocks; the question of who is inside stays


@pytest.mark.req("SRS-PWR-001")
def test_step_6_power_cut_of_everything(exposed: Day) -> None:
    """Valves shut by spring, nothing starts when the power is back."""
    exposed.operator = None
    exposed.inject("mains_lost", "supply")
    exposed.inject("plc_reboot", "plc", off_s=3.0)
    for _ in range(30):
        exposed.chamber.hang()
    assert exposed.chamber.world.plant.main_valve < 0.02
    exposed.chamber.restart()
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.run(30.0)
    assert exposed.state not in COOLING
    assert exposed.plc_state is not PlcState.RUN
    assert not exposed.driven(Output.XV_401)
