"""The scan follows the PLC's cycle: found from any phase, held while clocks drift, and never at the price of the plain 10 Hz."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from control.pace import MARGIN_S, PERIOD_S, SLEW_S, SLOW_S, STEADY, WAIT_S, Pace, Seen, follow
from control.plc_link import AGAIN_S


@dataclass
class Line:
    """A PLC that fills a block every ``cycle_s`` and a supervisor that reads it, in virtual time."""

    cycle_s: float = PERIOD_S
    phase_s: float = 0.0
    late_s: Callable[[], float] = lambda: 0.0  # of a wake-up of the supervisor
    took_s: float = 0.001
    stopped_at_s: float = float("inf")
    reset_at_s: float = float("inf")
    now_s: float = 0.0
    pace: Pace = field(default_factory=Pace)
    begun_s: list[float] = field(default_factory=list)
    ages_s: list[float] = field(default_factory=list)  # of the block, when it was asked for
    found: list[bool] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)
    _last: int | None = None

    def counter(self, at_s: float) -> int:
        at = min(at_s, self.stopped_at_s)
        count = int((at + self.phase_s) / self.cycle_s + 1e-9) + 65_500  # it passes its end on the way
        return (count if at < self.reset_at_s else count - 65_000) & 0xFFFF

    def run(self, scans: int) -> None:
        deadline = self.now_s
        for _ in range(scans):
            deadline += PERIOD_S + self.pace.shift_s
            begun = asked = deadline + self.late_s()
            while self.counter(asked) == self._last and asked + self.took_s + AGAIN_S <= begun + self.pace.wait_s:
                asked += self.took_s + AGAIN_S
            counter = self.counter(asked)
            new = counter != self._last
            seen = Seen()
            if new and self._last is not None:
                seen = Seen((counter - self._last) % 65536, asked - begun, self.took_s)
            self._last = counter
            self.begun_s.append(begun)
            self.ages_s.append(((asked + self.phase_s) / self.cycle_s + 1e-9) % 1.0 * self.cycle_s)
            self.found.append(new)
            self.waited_s.append(asked - begun)
            self.pace = follow(self.pace, seen)
        self.now_s = deadline

    def gaps(self) -> list[float]:
        return [b - a for a, b in pairwise(self.begun_s)]


@pytest.mark.parametrize("cycle_s", [0.09985, 0.0999, 0.1, 0.1003, 0.1015])
@pytest.mark.parametrize("phase_s", [0.0, 0.001, 0.03, 0.05, 0.099])
def test_a_block_is_read_soon_after_it_is_there_whatever_the_phase_and_the_drift(cycle_s: float, phase_s: float) -> None:
    line = Line(cycle_s, phase_s)
    line.run(100)
    line.run(3000)
    assert all(line.found[100:])  # left alone, the clocks would pass each other and scans would find nothing
    assert max(line.ages_s[100:]) <= 2 * MARGIN_S + line.took_s + AGAIN_S
    assert sum(w > 0.0 for w in line.waited_s[100:]) <= (0.05 if cycle_s <= PERIOD_S else 0.5) * 3000  # few reads are asked twice
    assert max(line.waited_s[100:]) <= 0.008


@given(
    cycle_s=st.one_of(st.floats(0.098, 0.103), st.sampled_from([0.01, 0.05, 0.08, 0.11, 0.15, 0.2, 0.5])),
    phase_s=st.floats(0.0, 0.1),
    seed=st.integers(0, 1000),
    stops_s=st.floats(0.0, 40.0),
)
@settings(max_examples=60, deadline=None)
def test_whatever_the_plc_does_the_scan_keeps_its_period(cycle_s: float, phase_s: float, seed: int, stops_s: float) -> None:
    """No gap is longer or shorter than the period by more than the slew, and the wait stays small."""
    rng = random.Random(seed)
    line = Line(cycle_s, phase_s, took_s=rng.choice([0.001, 0.01, 0.05]), stopped_at_s=stops_s, reset_at_s=rng.uniform(0.0, 60.0))
    line.run(400)
    assert all(abs(gap - PERIOD_S) <= SLEW_S + 1e-9 for gap in line.gaps())
    assert max(line.waited_s) <= WAIT_S + 1e-9


def test_left_alone_two_clocks_lose_blocks_and_age() -> None:
    """What the pace is for: the same line without it."""
    line = Line(0.1003)
    for _ in range(1000):
        line.pace = Pace()
        line.run(1)
    assert max(line.ages_s) > 0.095
    assert not all(line.found[1:])


def test_a_busy_machine_that_wakes_late_stays_locked() -> None:
    rng = random.Random(4)
    line = Line(0.1001, 0.06, late_s=lambda: rng.choice([0.0, 0.0, 0.0005, 0.001, 0.004]))
    line.run(100)
    line.run(2000)
    assert all(line.found[100:])
    assert max(line.ages_s[100:]) <= 0.02


def test_a_plc_that_stops_costs_one_wait_and_one_that_starts_anew_is_found_again() -> None:
    line = Line(PERIOD_S, 0.04, stopped_at_s=20.0)
    line.run(190)
    line.run(30)
    stopped = next(n for n, found in enumerate(line.found) if n > 0 and not found)
    assert sum(w > WAIT_S / 2 for w in line.waited_s[stopped:]) == 1
    assert line.pace == Pace()
    again = Line(PERIOD_S, 0.04, reset_at_s=20.0)
    again.run(600)
    assert max(again.ages_s[300:]) <= 2 * MARGIN_S + again.took_s + AGAIN_S
    assert all(again.found)


@pytest.mark.parametrize("cycle_s", [0.01, 0.02, 0.05, 0.15, 0.2])
def test_a_plc_of_another_cycle_is_read_at_the_plain_period(cycle_s: float) -> None:
    line = Line(cycle_s, 0.003)
    line.run(300)
    assert all(gap == pytest.approx(PERIOD_S) for gap in line.gaps())
    assert set(line.waited_s) == {0.0}


def test_a_plc_that_answers_slowly_is_not_moved() -> None:
    pace = Pace(steady=STEADY, found=True)
    assert follow(pace, Seen(1, 0.0, SLOW_S + 0.001)) == Pace()
    assert follow(pace, Seen(1, 0.0, SLOW_S)).shift_s < 0.0


def test_a_lost_block_is_no_reason_to_move() -> None:
    pace = Pace(steady=STEADY, found=True, later_s=0.01)
    for seen in (Seen(), Seen(2), Seen(0), Seen(65_000)):
        assert follow(pace, seen) == Pace()
