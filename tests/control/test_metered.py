"""What counts of a flow meter: readings that stand still, said twice, against the last way down."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bench.regulation.plant import NOMINAL, STEP_S, Parameters, Plant
from chamber.profile import Regulator
from control import descent, metered
from control.descent import Belief
from control.ready_time import flow_share, learned_data, new_meter, read_learned
from control.room_model import ZERO_C_K, RoomModel
from control.state import ReadyTime

M = RoomModel(2.885e6, 352.3, 117.5e3, 7.0, 0.060, 5.65, 7.14, 7.93, 0.255)  # of the nominal reference plant
FULL_KG_H, TO_K, GOOD_S = 216.0, -108.0 + ZERO_C_K, 60.0
LESS = replace(NOMINAL, feed_kg_s=0.9 * NOMINAL.feed_kg_s)
NEVER_S = 10**9


class Meter:
    """Reads ``scale`` of the true flow; from ``fails_s`` of a way down on it shows ``then``."""

    def __init__(self, scale: float = 1.0, fails_s: int = NEVER_S, then: float | None = None) -> None:
        self._scale, self._fails_s, self._then = scale, fails_s, then

    def kg_h(self, true: float, since_s: int) -> float | None:
        if since_s >= self._fails_s:
            return self._then
        return self._scale * true * (0.5 + 0.05 * (since_s % 9) if since_s < 60 else 1.0)  # vapour first


def down(b: Belief, p: Parameters, meter: Meter | None, drops_s: int = NEVER_S) -> tuple[Belief, list[tuple[int, float]]]:
    """Out of the warm; from ``drops_s`` on with 80 % of the pressure. Returns (s since the begin, s foretold too late)."""
    plant, now, pct = Plant(p, 3), 0, 0.0
    d = descent.begin(b, descent.standing(plant.gas_k), plant.sensor_k, TO_K, 1.0, 0.0, 0.0)
    told: list[tuple[int, float]] = []
    while plant.sensor_k > TO_K:
        pressure = 0.8 if now >= drops_s else 1.0
        if now % 5 == 0:
            flow = None if meter is None else meter.kg_h(3600.0 * p.feed_kg_s * pressure * plant.stem, now)
            d = descent.look(d, now, plant.sensor_k, pct / 100.0, flow_share(M, None, flow, pct / 100.0, 0.0))
            told.append((now, now + descent.left_s(d, plant.sensor_k, now)))
        pct = 100.0
        plant.drive(pct, round(1.0 / STEP_S), door=False, people_w=0.0, pressure=pressure)
        now += 1
    return descent.over(d, now), [(t, at - now) for t, at in told]


def off_s(told: list[tuple[int, float]], from_s: int = 0) -> float:
    return max(abs(e) for t, e in told if t >= from_s)


@pytest.fixture(scope="module")
def known() -> Belief:
    """One way down seen, with a meter that reads 4 % too much."""
    return down(descent.unknown(M, found_here=True), NOMINAL, Meter(1.04))[0]


def test_a_model_found_here_is_right_from_the_first_second_on() -> None:
    assert off_s(down(descent.unknown(M, found_here=True), NOMINAL, None)[1]) <= GOOD_S
    assert off_s(down(descent.unknown(M), NOMINAL, None)[1]) > GOOD_S  # or this test proves nothing
    coil = M._replace(feed_tau_s=171.9)
    assert descent.unknown(coil, found_here=True).cov == descent.unknown(coil).cov


def test_less_nitrogen_than_the_last_time_is_known_in_minutes(known: Belief) -> None:
    assert known.metered == pytest.approx(math.log(1.04), abs=0.01)
    blind, _ = down(known, LESS, None)
    assert blind.metered == known.metered
    assert off_s(down(known, LESS, None)[1], 150) > GOOD_S
    after, told = down(known, LESS, Meter(1.04))
    assert off_s(told, 150) <= 0.5 * GOOD_S
    assert after.metered == pytest.approx(math.log(1.04 * 0.9), abs=0.01)
    assert after.mean[0] - known.mean[0] == pytest.approx(math.log(0.9), abs=0.03)
    assert off_s(down(after, LESS, None)[1]) <= 0.5 * GOOD_S  # and the next time, even if the meter has failed by then


def test_pressure_that_falls_half_way_is_in_the_sum_two_minutes_later(known: Belief) -> None:
    assert off_s(down(known, NOMINAL, None, drops_s=300)[1], 420) > GOOD_S
    assert off_s(down(known, NOMINAL, Meter(1.04), drops_s=300)[1], 420) <= GOOD_S


@pytest.mark.parametrize("then", [None, 0.0, 1.04 * FULL_KG_H, 600.0], ids=["bad", "zero", "frozen", "at its end"])
def test_a_meter_that_fails_half_way_leaves_it_as_it_was(known: Belief, then: float | None) -> None:
    after, told = down(known, NOMINAL, Meter(1.04, 300, then))
    assert off_s(told) <= GOOD_S
    assert after.metered == pytest.approx(known.metered, abs=0.01)


def test_another_bias_of_the_meter_costs_one_way_down(known: Belief) -> None:
    after, told = down(known, NOMINAL, Meter(1.14))
    assert off_s(told) > GOOD_S  # nobody can tell at first
    assert after.metered == pytest.approx(math.log(1.14), abs=0.01)
    assert after.mean == known.mean
    assert off_s(down(after, NOMINAL, Meter(1.14))[1]) <= GOOD_S
    entered = new_meter(ReadyTime(belief=known)).belief  # the meter was exchanged, and it was entered
    assert entered is not None
    assert off_s(down(entered, NOMINAL, Meter(1.14))[1]) <= GOOD_S
    assert new_meter(ReadyTime()) == ReadyTime()


def test_without_a_meter_all_is_as_if_there_were_none(known: Belief) -> None:
    old = known._replace(metered=None)
    assert down(known, NOMINAL, None)[1] == down(old, NOMINAL, None)[1]
    assert flow_share(None, None, 100.0, 1.0, 1.0) is None


def test_a_belief_of_an_earlier_kind_is_read(known: Belief) -> None:
    data = learned_data(ReadyTime(belief=known))
    assert read_learned(data).belief == known
    del data["belief"]["metered"]
    assert read_learned(data).belief == known._replace(metered=None)


def test_what_counts_of_the_meter() -> None:
    pre = Regulator(full_flow_kg_h=41, gain_pct_per_k=2.0, integral_s=120.0, derivative_s=6.0)
    assert flow_share(M, pre, 0.9 * (FULL_KG_H + 20.5), 1.0, 0.5) == pytest.approx(math.log(0.9))
    assert flow_share(M, pre, None, 1.0, 0.5) is None
    assert flow_share(M, pre, 100.0, 0.1, 1.0) is None  # hardly open
    assert flow_share(M, pre, 0.4 * FULL_KG_H, 1.0, 0.0) is None
    assert flow_share(M, pre, 1.7 * FULL_KG_H, 1.0, 0.0) is None
    assert metered.mark((0.01, 0.02, 0.0)) is None
    assert metered.mark((0.01, 0.02, 0.0, 0.06)) is None
    assert metered.mark((0.01, 0.02, 0.0, 0.01)) == pytest.approx(0.01)
    assert metered.settled((-0.3, -0.1, 0.0, 0.01, None, 0.01, 0.02)) == (None, None, None, 0.01, None, None, 0.02)
    assert metered.whole((0.1, None, 0.1)) is None
    assert metered.levels((None, 0.1, 0.1), None, 0.0) == (1.0, 1.0, 1.0)
    assert metered.levels((None, 0.1, 0.1, None, None, None, None), 0.1, 0.0) == (1.0,) * 7
    assert metered.levels((0.12, 0.12), 0.1, 0.03) == (1.0, 1.0)
    assert metered.levels((0.2, 0.2), 0.1, 0.03) == pytest.approx((math.exp(0.1),) * 2)
