"""When will it be ready? Foretold against what came, on random plants that age: precool by the model alone, by one earlier precool, re-cool."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import NamedTuple

from bench.regulation.commissioning import Commissioned
from bench.regulation.plant import STEP_S, Parameters, Plant
from bench.regulation.scenario import PERIOD_S
from control import lqr, observer
from control.ready_time import LOOK_S, STEADY_S, begin_recool, held, learned, left_of_recool_s, precool_s, recooled
from control.state import Loop, ReadyTime
from cryochamber.config import load_profile

SETPOINT_C, BAND_K = -110.0, 2.0
GOOD_S, FROM_S = 60.0, 600.0
RESTS_S = (5400, 2700, 7200, 10800)
HOLD_S = 900


class Foretold(NamedTuple):
    """``worst_s``: largest error from FROM_S on (a re-cool: from its begin); ``good_from_s``: since when it stayed within GOOD_S."""

    took_s: float
    worst_s: float
    good_from_s: float


class Outcome(NamedTuple):
    """Precool by the model alone; the next one, by the first; one with 10 % less nitrogen and 15 % less heat exchange; re-cools of that
    one after RESTS_S with the valve shut."""

    first: Foretold
    next: Foretold
    aged: Foretold
    recool: Foretold
    short: Foretold
    longer: Foretold
    longest: Foretold


def play(c: Commissioned) -> Outcome:
    p = c.parameters
    aged = replace(p, feed_kg_s=0.9 * p.feed_kg_s, gas_liner_w_k=0.85 * p.gas_liner_w_k)
    first, r, _, _ = _precool(c, p, ReadyTime(), 1)
    after, _, _, _ = _precool(c, p, r, 2)
    old, r, plant, o = _precool(c, aged, r, 3)
    return Outcome(first, after, old, *_recools(c, plant, o, r))


def _precool(c: Commissioned, p: Parameters, r: ReadyTime, seed: int) -> tuple[Foretold, ReadyTime, Plant, observer.Observed]:
    m, plant, regulator = c.identified.model, Plant(p, seed), load_profile().regulator_main
    o = observer.begin(m, plant.measured_c())
    told: list[tuple[float, float]] = []
    marks: list[tuple[float, float]] = []
    t = 0.0
    while plant.true_c > SETPOINT_C + BAND_K and t < 7200.0:
        y = plant.measured_c()
        o = observer.observe(m, o, y, 100.0 if t > 0.0 else 0.0, 0, door=False)
        if t % LOOK_S == 0.0:
            marks.append((t, y))
            left = precool_s(r._replace(marks=tuple(marks)), Loop(model=m, observed=o), regulator, SETPOINT_C, BAND_K, y, t)
            told.append((t, t + (left or 0.0)))
        plant.drive(100.0, round(PERIOD_S / STEP_S), door=False, people_w=0.0, pressure=1.0)
        t += PERIOD_S
    ready_s = t + 10.0  # READY is told after ten seconds in the band
    return _judged(told, ready_s, FROM_S), learned(r._replace(marks=tuple(marks)), SETPOINT_C, ready_s), plant, o


def _recools(c: Commissioned, plant: Plant, o: observer.Observed, r: ReadyTime) -> list[Foretold]:
    """``plant`` is cold: it is held, rests, then the valve is full open; several times, as the supervisor foretells and learns it."""
    m, steps, regulator = c.identified.model, round(PERIOD_S / STEP_S), load_profile().regulator_main
    pct = 0.0
    out: list[Foretold] = []
    t = 0.0

    def second(asked: float) -> None:
        nonlocal o, pct, t
        o = observer.observe(m, o, plant.measured_c(), pct, 0, door=False)
        pct = plant.drive(asked, steps, door=False, people_w=0.0, pressure=1.0)
        t += PERIOD_S

    for rest_s in RESTS_S:
        for k in range(HOLD_S):
            second(lqr.law(m, o, SETPOINT_C, pct, 0, lqr.Ahead()))
            r = held(r, o.room.heat_w) if k >= HOLD_S / 2 and k % LOOK_S == 0.0 else r
        for _ in range(rest_s):
            second(0.0)
        began = t
        r = begin_recool(
            r, Loop(model=m, observed=o), regulator.model_copy(update={"valve_max_pct": 100.0}), SETPOINT_C + BAND_K, t, still=True
        )
        told: list[tuple[float, float]] = []
        while plant.true_c > SETPOINT_C + BAND_K and t - began < 7200.0:
            if (t - began) % LOOK_S == 0.0 and r.recool is not None:
                told.append((t - began, t - began + left_of_recool_s(r.recool, plant.measured_c(), t)))
            second(100.0)
        r = recooled(r, t + STEADY_S)
        out.append(_judged(told, t - began, 0.0))
    return out


def _judged(told: list[tuple[float, float]], ready_s: float, from_s: float) -> Foretold:
    late = [abs(at - ready_s) for t, at in told if t >= from_s]
    bad = [t for t, at in told if abs(at - ready_s) > GOOD_S]
    return Foretold(ready_s, max(late, default=0.0), bad[-1] + LOOK_S if bad else 0.0)


def rows(outcomes: list[Outcome]) -> list[str]:
    """A table: median / worst of the plants."""
    names = {
        "first": "precool, by the model alone",
        "next": "the next precool",
        "aged": "a precool with less nitrogen and frost",
        "recool": "re-cool after 90 min shut",
        "short": "the next, after 45 min",
        "longer": "the next, after 2 h",
        "longest": "the next, after 3 h",
    }
    out = ["| foretold | takes, min | worst error from 10 min on (re-cool: all along), s | within 1 min from, min |", "|---|---|---|---|"]
    for field, name in names.items():
        found: list[Foretold] = [getattr(o, field) for o in outcomes]
        took, worst, good = [f.took_s / 60.0 for f in found], [f.worst_s for f in found], [f.good_from_s / 60.0 for f in found]
        cells = " | ".join(f"{statistics.median(x):.{d}f} / {max(x):.{d}f}" for x, d in ((took, 1), (worst, 0), (good, 1)))
        out.append(f"| {name} | {cells} |")
    return out
