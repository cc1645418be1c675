"""People in the session who do the unexpected, and the buttons for them."""

from __future__ import annotations

import pytest

from chamber.alarm_states import AlarmState
from chamber.commands import CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.states import COOLING, CycleState
from plc_bridge.contract import Output, PlcState
from simulator.people import Place
from tests.control.day import Day

C = CycleState
K = CommandKind


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


def test_operator_presence_lost(exposed: Day) -> None:
    assert exposed.chamber.state.session is not None
    confirmed = exposed.chamber.state.session.confirmed_s
    exposed.operator = None
    exposed.until_state(C.EXIT, 31.0)
    assert exposed.now - confirmed == pytest.approx(30.0, abs=0.2)
    exposed.until(lambda d: d.inside == 0, 40.0)
    assert exposed.told(EventKind.ALARM, alarm="OP-ABSENT", to="unack")
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
    assert [r.code for r in exposed.press(K.RESET).reasons] == ["not_counted_out"]
    assert [r.code for r in exposed.press(K.CONFIRM_EMPTY, count=2).reasons] == ["count_mismatch"]
    assert exposed.press(K.CONFIRM_EMPTY, count=3).outcome is Outcome.ACCEPTED
    assert exposed.press(K.RESET).outcome is Outcome.ACCEPTED
    assert exposed.state is C.PURGE
    exposed.until_state(C.STOPPED, 120.0)
    exposed.run(30.0)
    assert exposed.state is C.STOPPED  # nothing cold restarts by itself
    assert exposed.plc_state is PlcState.SAFE
    # an exposure that was broken off is followed by a pause
    assert exposed.closed()["broken_off"]
    assert 480.0 <= exposed.cool_off_left_s <= 600.0
    exposed.assert_safe()


def test_call_button_inside(exposed: Day) -> None:
    exposed.chamber.world.press_call(True)
    exposed.until_state(C.EVACUATE, 0.5)
    exposed.run(0.3)
    assert not exposed.driven(Output.XV_401)
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.assert_safe()


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


def test_guests_whom_the_sensor_of_the_main_room_overlooks_for_a_while_stay_no_longer_for_it(ready: Day) -> None:
    """Found by a random campaign: the sensor came back eleven seconds after they went in, and the clock began only then (H-10)."""
    blind = ready.inject("contact_stuck", "YS-101", closed=0.0)
    entered = ready.now + ready.until(lambda d: d.chamber.world.plant.crowd.count(Place.MAIN) > 0, 120.0)
    ready.until(lambda d: d.chamber.state.facts is not None and d.chamber.state.facts.doors_shut, 20.0)
    ready.run(7.0)
    assert ready.state is C.PRE_CHAMBER
    ready.mend(blind)
    ready.until_state(C.EXPOSURE, 3.0)
    ready.until_state(C.EXIT, 185.0)
    assert ready.now - entered <= 180.0
    assert ready.told(EventKind.CAUSE, cause="TIME-LIMIT", change="set")
    ready.assert_safe()


def test_an_oxygen_sensor_that_was_bad_at_the_reset_asks_for_no_second_one(exposed: Day) -> None:
    """Found by a random campaign: mended later it held the nitrogen shut without an alarm, and the next start ended in FAULT."""
    bad = exposed.inject("sensor_open", "AT-101A")
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.until_state(C.FAULT, 60.0)
    exposed.operator = None
    assert "O2-SENS-BAD" in exposed.chamber.state.alarms
    exposed.run(15.0)
    assert exposed.press(K.RESET).outcome is Outcome.ACCEPTED
    exposed.run(5.0)
    exposed.mend(bad)
    exposed.until_state(C.STOPPED, 180.0)
    exposed.until(lambda d: not d.acting, 60.0)
    assert exposed.press(K.START_UP).outcome is Outcome.ACCEPTED
    exposed.until_state(C.IDLE, 60.0)


def test_a_latched_row_keeps_its_alarm_until_the_reset(exposed: Day) -> None:
    bad = exposed.inject("sensor_open", "AT-101A")
    exposed.until(lambda d: d.inside == 0, 60.0)
    exposed.mend(bad)
    exposed.until_state(C.FAULT, 60.0)
    exposed.press(K.ACKNOWLEDGE)
    exposed.operator = None
    exposed.run(60.0)
    assert exposed.state is C.FAULT
    assert exposed.chamber.state.alarms["O2-SENS-BAD"].state is AlarmState.LATCHED_ACK
    assert exposed.press(K.RESET).outcome is Outcome.ACCEPTED
    exposed.run(0.2)
    assert "O2-SENS-BAD" not in exposed.chamber.state.alarms
