"""Whole sessions in virtual time: supervisor, PLC, plant, guests and operator together."""

from __future__ import annotations

import pytest

from chamber.commands import CommandKind, Outcome
from chamber.events import EventKind
from chamber.states import CycleState
from plc_bridge.contract import Flag, Output
from tests.control.day import Day

C = CycleState
K = CommandKind


def test_an_ordinary_session(ready: Day) -> None:
    ready.until_state(C.RECOOL, 330.0)
    order = [e.data["to"] for e in ready.told(EventKind.STATE)]
    assert order == ["stopped", "self_test", "idle", "precool", "ready", "boarding", "pre_chamber", "exposure", "exit", "recool"]
    data = ready.closed()
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
    assert exposed.closed()["ended_by"] == "end_session"
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
    assert exposed.closed()["ended_by"] == "cause:DOOR-OPENED"
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
    assert ready.closed()["ended_by"] == "record_not_durable"
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
