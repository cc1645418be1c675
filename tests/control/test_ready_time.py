"""When the rooms will be ready: what earlier precools teach, and how today's own pace corrects it."""

from __future__ import annotations

import pytest

from control.ready_time import (
    fall_w,
    held,
    learned,
    learned_data,
    left_then_s,
    precool_s,
    read_learned,
)
from control.state import Curve, ReadyTime

TO_C = -110.0


def precool(slower: float = 1.0) -> list[tuple[float, float]]:
    """(s, °C) every 5 s: quick at first, slower towards the cold, as a room is."""
    marks, t, temp = list[tuple[float, float]](), 0.0, 20.0
    while temp > TO_C + 2.0:
        marks.append((t, temp))
        temp -= 5.0 * (0.02 + 0.0007 * (temp - TO_C)) / slower
        t += 5.0
    return marks


def test_one_precool_foretells_the_next_however_slow_it_goes() -> None:
    first = precool()
    r = learned(ReadyTime(marks=tuple(first)), TO_C, first[-1][0] + 5.0)
    assert (r.marks, len(r.curves)) == ((), 1)
    for slower in (0.9, 1.0, 1.1):
        today = precool(slower)
        ready_s = today[-1][0] + 5.0
        for i, (t, temp) in enumerate(today):
            left = precool_s(r._replace(marks=tuple(today[: i + 1])), TO_C, temp, t)
            assert left is not None
            if t >= 600.0:
                assert abs(t + left - ready_s) <= 60.0


def test_what_is_learned_and_what_is_not() -> None:
    marks = tuple(precool())
    short = ReadyTime(marks=marks[-20:])  # begun cold: it would not teach what a precool out of the warm is
    assert learned(short, TO_C, 2000.0).curves == ()
    r = ReadyTime()
    for _ in range(5):
        r = learned(r._replace(marks=marks), TO_C, marks[-1][0] + 5.0)
    assert len(r.curves) == 3
    assert read_learned(learned_data(r)) == r
    assert read_learned(None) == ReadyTime()
    assert left_then_s(r.curves, -80.0, -20.0) is None  # another set point
    warm, cold = left_then_s(r.curves, TO_C, 25.0), left_then_s(r.curves, TO_C, -100.0)
    assert warm is not None
    assert cold is not None
    assert warm > marks[-1][0] > cold > 0.0
    assert left_then_s(r.curves, TO_C, -130.0) == 0.0


def test_without_a_precool_and_a_model_nothing_is_foretold() -> None:
    assert precool_s(ReadyTime(), TO_C, 20.0, 0.0) is None
    two = Curve(TO_C, ((-100.0, 100.0), (20.0, 2000.0)))
    assert precool_s(ReadyTime(curves=(two,)), TO_C, -40.0, 0.0) == pytest.approx(1050.0)


def test_the_heat_of_the_held_room_falls_soon_and_rises_slowly() -> None:
    r = held(ReadyTime(), 1000.0)
    assert r.held_w == 1000.0
    r = held(r, 4000.0)
    assert r.held_w is not None
    assert 1000.0 < r.held_w < 1030.0
    for _ in range(150):
        r = held(r, 500.0)
    assert r.held_w == pytest.approx(500.0, abs=5.0)


def test_what_the_still_air_keeps_out_is_foretold_with_caution() -> None:
    assert fall_w(ReadyTime()) == 0.0
    assert fall_w(ReadyTime(held_w=1000.0)) == 500.0
    assert fall_w(ReadyTime(held_w=1000.0, fall_w=600.0)) == 600.0
    assert fall_w(ReadyTime(held_w=1000.0, fall_w=1200.0)) == 750.0
    assert fall_w(ReadyTime(held_w=-50.0, fall_w=10.0)) == 0.0
