"""Set-back: held warmer by the operator's order, cold again in time, and nothing that comes back by itself."""

from __future__ import annotations

import pytest

from chamber.commands import CommandKind, Outcome
from chamber.events import EventKind
from chamber.states import CycleState
from control.ready_time import recool_s
from control.set_back import NEAR_K, coasting
from control.state import SetBack
from tests.control.day import Day

C = CycleState
K = CommandKind


def order(day: Day, minutes: object) -> list[str]:
    return [r.code for r in day.press(K.SET_BACK, minutes=minutes).reasons]


def test_it_is_an_order_for_a_time_of_the_day(idle: Day) -> None:
    for minutes in (5, 481, "60", True, None):
        assert order(idle, minutes) == ["minutes_range"]
    assert order(idle, 60) == []
    assert idle.state is C.RECOOL
    assert idle.told(EventKind.SYSTEM, set_back_min=60)[0].data["user"] == "anna"
    idle.run(30.0)  # still cold: no reason to be ready again
    assert idle.state is C.RECOOL
    assert idle.chamber.state.main.terms.output_pct == 0.0
    assert idle.chamber.outputs is not None
    assert idle.chamber.outputs.demand.setpoint_main_c == -110.0  # interlocks and PLC keep theirs
    assert idle.press_boarding().outcome is Outcome.REJECTED
    assert order(idle, 0) == []
    idle.scan()
    ready = idle.chamber.state.ready  # foretold from the begin of the way down
    assert ready.descent is not None
    assert ready.at_s is not None
    idle.until_state(C.READY, 60.0)
    assert idle.chamber.state.ready.descent is None
    idle.assert_safe()


@pytest.mark.parametrize("end", ["stop", "cause", "restart"])
def test_whatever_ends_the_cooling_drops_it(idle: Day, end: str) -> None:
    assert order(idle, 60) == []
    match end:
        case "stop":
            idle.press(K.STOP)
        case "cause":
            idle.inject("extract_fan_lost")
        case _:
            idle.chamber.restart()
    idle.until(lambda d: d.state not in (C.READY, C.RECOOL, C.PRECOOL), 30.0)
    assert idle.chamber.state.cycle.set_back is None
    idle.run(10.0)
    assert idle.state not in (C.READY, C.RECOOL, C.PRECOOL)
    assert idle.chamber.outputs is not None
    assert idle.chamber.outputs.demand.valve_main_pct == 0.0
    idle.assert_safe()


def test_the_air_stands_still_until_the_law_has_to_know_the_room() -> None:
    warmer, rest = SetBack(None, 0.0, warmer_k=30.0), SetBack(None, 0.0, warmer_k=None)
    for back, at_c, still in (
        (warmer, -110.0, True),
        (warmer, -80.1 - NEAR_K, True),
        (warmer, -79.9 - NEAR_K, False),
        (warmer, None, False),
        (rest, -20.0, True),
        (rest, None, True),
    ):
        assert coasting(back, -110.0, at_c) is still


def test_without_a_model_or_a_measurement_it_cools_early(idle: Day) -> None:
    s = idle.chamber.state
    p = s.profile.regulator_main
    bare = s.main._replace(model=None, observed=None)
    assert recool_s(bare, p, -110.0, -80.0) == pytest.approx(900.0)
    assert recool_s(bare, p, -110.0, None) == 7200.0
    assert recool_s(s.main, p, -108.0, -110.0) == 0.0


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("minutes", [60, 120])
def test_ready_in_time_with_less_nitrogen(idle: Day, minutes: int) -> None:
    """Ready within the minute that was promised, not much earlier, with a tenth less nitrogen at least than holding."""
    hold = idle.copy()
    began, kg = idle.now, idle.chamber.world.truth().nitrogen_kg
    assert order(idle, minutes) == []
    took = idle.until_state(C.READY, 60.0 * minutes + 600.0)
    print(f"ready {took / 60.0:.1f} min after the order for {minutes} min")
    assert 60.0 * minutes - 300.0 <= took <= 60.0 * minutes + 60.0
    idle.run(max(0.0, 60.0 * minutes + 120.0 - took))
    hold.run(idle.now - began)
    used, held = (d.chamber.world.truth().nitrogen_kg - kg for d in (idle, hold))
    print(f"nitrogen {used:.1f} kg set back, {held:.1f} kg held: {100.0 * (used / held - 1.0):.0f} %")
    assert used <= 0.9 * held
    assert not idle.told(EventKind.ALARM)
    idle.assert_safe()
