"""DRYING and SERVICE in virtual time, with plant and PLC."""

from __future__ import annotations

import pytest

from chamber.commands import CommandKind, Outcome, Role
from chamber.events import EventKind
from chamber.states import CycleState
from plc_bridge.contract import Output, PlcState
from simulator.sensors import BIT_INDEX
from simulator.thermal import FROST_MAIN, FROST_PRE
from tests.control.day import Day

C = CycleState
K = CommandKind


def begun(day: Day) -> Day:
    day.operator = None
    day.run(1.0)
    assert day.press(K.CONFIRM_EMPTY).outcome is Outcome.ACCEPTED
    return day


def start_up(day: Day) -> None:
    assert day.press(K.START_UP).outcome is Outcome.ACCEPTED
    day.until_state(C.IDLE, 20.0)


@pytest.fixture
def stopped() -> Day:
    return begun(Day())


@pytest.fixture
def idle(stopped: Day) -> Day:
    start_up(stopped)
    return stopped


@pytest.fixture
def service(stopped: Day) -> Day:
    stopped.until(lambda d: d.chamber.state.facts is not None and d.chamber.state.facts.o2_entry_good_s > 61.0, 90.0)
    stopped.inject("service_key", "cabinet")
    stopped.run(0.3)
    assert stopped.press(K.SERVICE, role=Role.OPERATOR).outcome is Outcome.REJECTED
    assert stopped.press(K.SERVICE, role=Role.SERVICE).outcome is Outcome.ACCEPTED
    assert stopped.state is C.SERVICE
    return stopped


def force(day: Day, output: str, value: float = 1, seconds: float = 60) -> None:
    answer = day.press(K.FORCE, role=Role.SERVICE, output=output, value=value, seconds=seconds)
    assert answer.outcome is Outcome.ACCEPTED, answer.reasons


def turn_key_back(day: Day) -> None:
    day.mend(next(iter(day.chamber.world.faults.active)))


@pytest.mark.req("SRS-DOR-006")
def test_drying_heats_with_the_fan_and_without_nitrogen(idle: Day) -> None:
    assert idle.press(K.DRY).outcome is Outcome.ACCEPTED
    idle.run(1.0)
    assert idle.driven(Output.DRY_HEATER)
    assert idle.driven(Output.RECIRC_FAN)
    assert not idle.driven(Output.XV_401)
    began = idle.chamber.world.truth().t_main_c
    idle.run(120.0)
    assert idle.chamber.world.truth().t_main_c > began + 10.0
    idle.assert_safe()


def narrowed(day: Day, **limits: float) -> None:
    state = day.chamber.state
    profile = state.profile.model_copy(update={"limits": state.profile.limits.model_copy(update=limits)})
    day.chamber.state = state._replace(profile=profile)


def test_drying_ends_by_itself_when_both_rooms_are_warm() -> None:
    day = begun(Day(start="warm"))
    start_up(day)
    narrowed(day, drying_to_c=25.0)
    day.press(K.DRY)
    day.until_state(C.STOPPED, 900.0)
    facts = day.chamber.state.facts
    assert facts is not None
    for vote in (facts.main, facts.pre):
        assert vote.lowest is not None
        assert vote.highest is not None
        assert vote.lowest >= 24.9
        assert vote.highest < 34.0
    day.run(1.0)
    assert not day.driven(Output.DRY_HEATER)
    day.assert_safe()


def test_the_heater_rests_where_it_is_hot(idle: Day) -> None:
    """The fan goes on: one sensor 8 K over the end of drying is enough."""
    narrowed(idle, drying_to_c=20.0)
    idle.press(K.DRY)
    fault = idle.inject("sensor_offset", "TT-201", offset=95.0)
    idle.run(8.0)  # after a jump a sensor is distrusted for a while
    assert not idle.driven(Output.DRY_HEATER)
    assert idle.driven(Output.RECIRC_FAN)
    assert idle.state is C.DRYING
    idle.mend(fault)
    idle.run(8.0)
    assert idle.driven(Output.DRY_HEATER)


@pytest.mark.req("SRS-DOR-006")
def test_drying_ends_after_its_longest_time_even_if_it_is_still_cold(idle: Day) -> None:
    narrowed(idle, drying_max_s=60.0)
    idle.press(K.DRY)
    assert idle.until_state(C.STOPPED, 62.0) == pytest.approx(60.0, abs=0.3)


@pytest.mark.long
def test_drying_of_a_frozen_chamber_takes_the_frost(idle: Day) -> None:
    """From -110 °C; about an hour."""
    plant = idle.chamber.world.plant
    assert plant.y[FROST_MAIN] > 0.01
    idle.press(K.DRY)
    idle.until_state(C.STOPPED, 5400.0)
    truth = idle.chamber.world.truth()
    assert truth.t_main_c >= 39.0
    assert truth.t_pre_c >= 37.0
    assert plant.y[FROST_MAIN] < 1e-3
    assert plant.y[FROST_PRE] < 1e-3
    idle.assert_safe()


@pytest.mark.req("SRS-DOR-006")
def test_drying_is_stopped_at_any_time_and_by_anybody(idle: Day) -> None:
    idle.press(K.DRY)
    idle.run(5.0)
    assert idle.press(K.STOP, role=Role.ANONYMOUS).outcome is Outcome.ACCEPTED
    assert idle.state is C.STOPPED
    idle.run(0.5)
    assert not idle.driven(Output.DRY_HEATER)


@pytest.mark.req("SRS-DOR-006", "SRS-PPL-002")
def test_somebody_comes_in_while_it_dries(idle: Day) -> None:
    idle.press(K.DRY)
    idle.run(5.0)
    idle.chamber.world.walk("pre", 1)
    idle.until_state(C.EVACUATE, 20.0)
    idle.run(0.5)
    assert not idle.driven(Output.DRY_HEATER)
    idle.assert_safe()


def test_drying_has_nothing_to_resume(idle: Day) -> None:
    idle.press(K.DRY)
    fault = idle.inject("plc_silent", "plc")
    idle.until_state(C.STOPPED, 5.0)
    idle.mend(fault)
    idle.run(2.0)
    assert idle.state in (C.STOPPED, C.FAULT)
    assert not idle.driven(Output.DRY_HEATER)


@pytest.mark.req("SRS-SVC-004")
def test_every_output_follows_its_forcing_and_falls_back(service: Day) -> None:
    quiet = [Output.RECIRC_FAN, Output.PURGE_FAN, Output.EXTRACT_BOOST, Output.LIGHT_MAIN, Output.DOOR_HEATER, Output.DRY_HEATER]
    for output in quiet:
        assert not service.driven(output)
        force(service, output.name, seconds=5)
        service.run(0.3)
        assert service.driven(output), output
    service.run(6.0)
    assert not any(service.driven(output) for output in quiet)
    service.assert_safe()


@pytest.mark.req("SRS-SVC-004")
def test_nitrogen_is_forced_a_fifth_open_at_most(service: Day) -> None:
    assert service.press(K.FORCE, role=Role.SERVICE, output="TCV-101", value=30, seconds=10).outcome is Outcome.REJECTED
    force(service, "TCV-101", 20)
    service.run(1.0)
    assert service.plc_state is PlcState.SAFE  # a control valve behind a shut main valve
    assert service.status["valve_main_out"] == 0.0
    force(service, "XV_401", seconds=20)
    service.run(1.5)
    assert service.plc_state is PlcState.RUN
    assert service.driven(Output.XV_401)
    assert service.status["valve_main_out"] == 20.0
    service.run(20.0)
    assert not service.driven(Output.XV_401)
    assert service.plc_state is PlcState.SAFE
    service.assert_safe()


@pytest.mark.req("SRS-SVC-004")
@pytest.mark.parametrize("how", ["key", "door", "person", "oxygen", "attempt", "stop", "command"])
def test_what_ends_a_forced_flow(service: Day, how: str) -> None:
    force(service, "TCV-101", 20)
    force(service, "XV_401")
    service.run(1.5)
    assert service.driven(Output.XV_401)
    expected = C.SERVICE
    match how:
        case "key":
            turn_key_back(service)
            expected = C.SELF_TEST
        case "door":
            service.chamber.world.hold_door("outer", True)
            service.until(lambda d: not d.chamber.world.plant.outer.shut, 5.0)
        case "person":
            service.chamber.world.walk("pre", 1)
            service.until(lambda d: d.inside > 0, 10.0)
            expected = C.EVACUATE
        case "oxygen":
            service.inject("sensor_offset", "AT-301", offset=-1.0)
        case "attempt":
            refused = service.press(K.PRECOOL, program="standard")
            assert [r.code for r in refused.reasons] == ["not_in_this_state", "service_ended"]
            expected = C.STOPPED
        case "stop":
            service.press(K.STOP, role=Role.ANONYMOUS)
            expected = C.STOPPED
        case _:
            service.press(K.SHUT_DOWN)
            expected = C.STOPPED
    service.run(1.0)
    assert not service.driven(Output.XV_401)
    assert service.status["valve_main_out"] == 0.0
    assert service.state is expected
    if expected is not C.SERVICE:
        assert service.chamber.state.cycle.forced == {}
    service.assert_safe()


@pytest.mark.req("SRS-SVC-004")
def test_the_key_back_leads_through_the_self_test(service: Day) -> None:
    turn_key_back(service)
    service.until_state(C.IDLE, 20.0)
    order = [e.data["to"] for e in service.told(EventKind.STATE)]
    assert order[-3:] == ["service", "self_test", "idle"]


@pytest.mark.req("SRS-ALM-005")
def test_a_dead_loudspeaker_is_found_by_the_self_test_and_blocks_sessions(stopped: Day) -> None:
    fault = stopped.inject("loudspeaker_lost", "chamber")
    start_up(stopped)
    stopped.run(0.2)
    assert "VOICE-FAIL" in stopped.acting
    assert stopped.chamber.state.alarms["VOICE-FAIL"].active
    assert "SELF-TEST" not in stopped.acting  # everything else is in order
    assert stopped.press(K.PRECOOL, program="standard").outcome is Outcome.ACCEPTED
    stopped.until_state(C.READY, 60.0)
    assert ("action_active", {"cause": "VOICE-FAIL"}) in [tuple(r) for r in stopped.press_boarding().reasons]
    stopped.mend(fault)
    stopped.run(5.0)
    assert "VOICE-FAIL" in stopped.acting  # mended is not proven
    stopped.press(K.SHUT_DOWN)
    start_up(stopped)
    stopped.run(0.2)
    assert "VOICE-FAIL" not in stopped.acting


def test_a_loopback_that_is_always_on_proves_nothing(stopped: Day) -> None:
    plant = stopped.chamber.world.plant
    silent = plant.contacts
    stopped.press(K.START_UP)
    plant.contacts = lambda: silent() | 1 << BIT_INDEX["YS-102"]  # type: ignore[method-assign]
    stopped.until_state(C.IDLE, 20.0)
    stopped.run(0.2)
    assert "VOICE-FAIL" in stopped.acting


def test_the_voice_is_proven_again_every_day(idle: Day) -> None:
    s = idle.chamber.state
    heard = s.cycle.voice_heard_s
    assert heard is not None
    idle.chamber.state = s._replace(cycle=s.cycle._replace(voice_heard_s=heard - 86_400.0))
    idle.run(0.2)
    assert "VOICE-FAIL" in idle.acting
