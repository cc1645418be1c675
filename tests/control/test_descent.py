"""The way down of a room: foretold when it begins, corrected by what it does, learned for the next time."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bench.regulation.plant import NOMINAL, STEP_S, Parameters, Plant
from control import descent
from control.descent import Belief, Body
from control.ready_time import learned_data, read_learned, tracked
from control.room_model import ZERO_C_K, RoomModel
from control.state import ReadyTime

# what identification finds on the nominal reference plant
M = RoomModel(2.885e6, 352.3, 117.5e3, 7.0, 0.060, 5.65, 7.14, 7.93, 0.255)
COIL = RoomModel(2.978e6, 359.4, 195.4e3, 6.5, 133.0 / 3600.0, 4.0, 171.9, 8.2, -0.07)
TO_C = -108.0
GOOD_S = 60.0
OTHER = replace(NOMINAL, feed_kg_s=0.85 * NOMINAL.feed_kg_s, gas_liner_w_k=0.85 * NOMINAL.gas_liner_w_k)


class Room:
    """A reference plant, what is followed of it, and what ways down have taught."""

    def __init__(self, p: Parameters) -> None:
        self.plant = Plant(p, 3)
        self.belief: Belief = descent.unknown(M)
        self.body: Body = descent.standing(self.plant.gas_k)
        self.now = 0.0

    def second(self, pct: float) -> None:
        self.plant.drive(pct, round(1.0 / STEP_S), door=False, people_w=0.0, pressure=1.0)
        self.now += 1.0
        if self.now % descent.FOLLOW_S == 0.0:
            self.body = descent.follow(self.belief, self.body, self.plant.sensor_k, descent.FOLLOW_S)

    def rest(self, seconds: int) -> None:
        for _ in range(seconds):
            self.second(0.0)

    def down(self, shut: range = range(0)) -> list[tuple[float, float]]:
        """The valve open, but not in the seconds ``shut``. Returns (what was left, error of what was foretold), s."""
        began, told = self.now, list[tuple[float, float]]()
        d = descent.begin(self.belief, self.body, self.plant.sensor_k, TO_C + ZERO_C_K, 1.0, 0.0, began)
        pct = 0.0
        while self.plant.sensor_k > TO_C + ZERO_C_K:
            if self.now % 5.0 == 0.0:
                d = descent.look(d, self.now, self.plant.sensor_k, pct / 100.0)
                told.append((self.now, descent.left_s(d, self.plant.sensor_k, self.now)))
            pct = 0.0 if round(self.now - began) in shut else 100.0
            self.second(pct)
        self.belief = descent.over(d, self.now - began)
        return [(self.now - t, t + left - self.now) for t, left in told]


def off_s(told: list[tuple[float, float]], last_s: float = 1e9) -> float:
    return max(abs(error) for left, error in told if left <= last_s)


def test_a_chamber_never_seen_is_known_in_the_end_and_the_next_time_from_the_begin() -> None:
    room = Room(OTHER)
    first = room.down()
    assert abs(first[0][1]) > GOOD_S  # or this test proves nothing
    assert off_s(first, 360.0) <= GOOD_S
    room.rest(5400)
    assert off_s(room.down()) <= GOOD_S  # a re-cool out of a rest
    room.plant.p = replace(OTHER, feed_kg_s=0.95 * OTHER.feed_kg_s)  # and a little less nitrogen from now on
    room.rest(1800)
    assert off_s(room.down()) <= GOOD_S


def test_nitrogen_that_fails_on_the_way_is_in_the_sum_when_it_is_back() -> None:
    told = Room(NOMINAL).down(shut=range(200, 500))
    assert off_s(told[:40]) > GOOD_S  # nobody can know
    after = [x for x in told if x[0] <= told[0][0] - 530.0]
    assert off_s(after) <= GOOD_S


def test_a_short_way_teaches_nothing_and_one_stopped_early_ends() -> None:
    b = descent.unknown(COIL)
    body = descent.standing(165.0)
    d = descent.begin(b, body, 165.0, 165.15, 1.0, 0.5, 0.0)
    assert (len(d.path), descent.left_s(d, 165.0, 0.0)) == (1, 0.0)
    assert descent.over(descent.look(d, 30.0, 164.9, 0.4), 30.0) == b
    never = descent.begin(b, body, 300.0, 165.15, 0.0, 0.0, 0.0)  # the valve may not open at all
    assert descent.left_s(never, 300.0, 0.0) == descent.LONGEST_S


def test_what_stands_for_long_is_what_standing_says() -> None:
    b = descent.unknown(COIL)
    body = descent.standing(293.15)
    for _ in range(3000):
        body = descent.follow(b, body, 163.15, 60.0)
    assert body.liner_k == pytest.approx(166.0, abs=3.0)
    assert body.fittings_k == pytest.approx(163.15, abs=0.01)
    assert body.wall_k == pytest.approx(descent.standing(163.15).wall_k, abs=4.0)


def test_a_cold_line_and_coil_save_minutes() -> None:
    b, body = descent.unknown(COIL), descent.standing(200.0)
    warm, cold = (descent.takes_s(b, body, 200.0, 165.15, 1.0, feed) for feed in (0.0, 1.0))
    assert warm - cold > 100.0


def test_it_is_kept_over_a_restart_and_forgotten_with_the_model() -> None:
    b = Belief(COIL, (0.1, -0.05, 0.2, 0.01), descent.unknown(COIL).cov, -0.1)
    r = read_learned(learned_data(ReadyTime(belief=b)))
    assert r.belief == b
    same = tracked(r, COIL, 20.0, 100.0)
    assert (same.belief, same.body, same.body_s) == (b, descent.standing(20.0 + ZERO_C_K), 100.0)
    assert tracked(same, COIL, -20.0, 105.0) is same
    other = tracked(same, M, -20.0, 115.0)
    assert (other.belief, other.body) == (descent.unknown(M), descent.standing(-20.0 + ZERO_C_K))
    assert tracked(ReadyTime(), None, 20.0, 0.0) == ReadyTime()
    assert tracked(same, COIL, None, 200.0) is same
    assert descent.taught(b)
    assert not descent.taught(descent.unknown(COIL))


def test_out_of_a_rest_it_is_as_quick_as_the_last_time() -> None:
    """The network says too much: what the four numbers do not take up is learned as a pace, for rests alone."""
    b, body = descent.unknown(COIL), descent.standing(205.0)
    d = descent.begin(b, body, 205.0, 165.15, 1.0, 0.0, 0.0)
    said_s = descent.left_s(d, 205.0, 0.0)
    for n in range(1, 60):
        d = descent.look(d, 5.0 * n, d.path[n], 1.0)
    after = descent.over(d, 0.8 * said_s)
    again_s = descent.takes_s(after, body, 205.0, 165.15, 1.0, 0.0)
    assert after.pace < -0.1
    assert abs(again_s - 0.8 * said_s) < 0.4 * abs(said_s - 0.8 * said_s)
    assert descent.over(d, 0.001 * said_s).pace == b.pace  # an impossible one teaches nothing
    warm = descent.standing(290.0)
    assert descent.takes_s(after, warm, 290.0, 165.15, 1.0, 0.0) == descent.takes_s(after._replace(pace=0.0), warm, 290.0, 165.15, 1.0, 0.0)


@pytest.mark.parametrize("kelvin", [0.5, 77.0, 163.0, 400.0, 1e9, float("inf"), float("nan")])
def test_whatever_the_thermometer_says_the_belief_stays_finite(kelvin: float) -> None:
    d = descent.begin(descent.unknown(COIL), descent.standing(290.0), 290.0, 165.0, 1.0, 0.0, 0.0)
    for n in range(1, 61):
        d = descent.look(d, 5.0 * n, kelvin if n % 12 else 280.0 - n, (n % 3) / 2.0)
        assert all(abs(v) <= 3.0 for v in d.belief.mean)
        assert all(math.isfinite(v) for row in d.belief.cov for v in row)
        assert all(math.isfinite(v) for v in d.path)
