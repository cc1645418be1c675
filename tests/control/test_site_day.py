"""Dates of moments: the same at every asking, until somebody sets the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from control.site_day import SET_S, Wall


def test_a_date_does_not_move_with_the_moment_of_asking() -> None:
    wall = Wall()
    first = wall.epoch(100.0, 1_767_600_000.0)
    assert first == datetime.fromtimestamp(1_767_599_900.0, UTC)
    for n in range(1000):  # the clocks are read one after the other, and drift
        assert wall.epoch(100.0 + 0.1 * n, 1_767_600_000.000_02 + 0.1 * n + 0.000_05 * n) == first


@pytest.mark.parametrize("step_s", [-3600.0, -2 * SET_S, 2 * SET_S, 86_400.0])
def test_a_clock_that_is_set_moves_the_dates(step_s: float) -> None:
    wall = Wall()
    first = wall.epoch(5.0, 1_767_600_000.0)
    assert (wall.epoch(6.0, 1_767_600_001.0 + step_s) - first).total_seconds() == pytest.approx(step_s)
