"""When will it be ready? Foretold against what came, on random plants that age: precool by the model alone, by one earlier precool, re-cool."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import NamedTuple

from bench.regulation.commissioning import Commissioned
from bench.regulation.plant import STEP_S, Parameters, Plant
from bench.regulation.scenario import PERIOD_S
from control import observer
from control.forecast import SETTLES_S, cool, load
from control.ready_time import LOOK_S, learned, precool_s
from control.room_model import ZERO_C_K, Room
from control.state import Loop, ReadyTime
from cryochamber.config import load_profile

SETPOINT_C, BAND_K = -110.0, 2.0
GOOD_S, FROM_S = 60.0, 600.0
REST_S = 5400.0


class Foretold(NamedTuple):
    """``worst_s``: largest error from FROM_S on (a re-cool: from its begin); ``good_from_s``: since when it stayed within GOOD_S."""

    took_s: float
    worst_s: float
    good_from_s: float


class Outcome(NamedTuple):
    """Precool by the model alone; the next one, by the first; one with 10 % less nitrogen and 15 % less heat exchange; a re-cool after 90 min."""

    first: Foretold
    next: Foretold
    aged: Foretold
    recool: Foretold


def play(c: Commissioned) -> Outcome:
    p = c.parameters
    aged = replace(p, feed_kg_s=0.9 * p.feed_kg_s, gas_liner_w_k=0.85 * p.gas_liner_w_k)
    first, r, _, _ = _precool(c, p, ReadyTime(), 1)
    after, _, _, _ = _precool(c, p, r, 2)
    old, _, plant, o = _precool(c, aged, r, 3)
    return Outcome(first, after, old, _recool(c, plant, o))


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


def _recool(c: Commissioned, plant: Plant, o: observer.Observed) -> Foretold:
    """``plant`` is cold: it rests, then the valve is full open."""
    m, steps = c.identified.model, round(PERIOD_S / STEP_S)
    first: Room | None = None
    for second in range(round(REST_S)):
        first = o.room if second == SETTLES_S else first
        o = observer.observe(m, o, plant.measured_c(), 0.0, 0, door=False)
        plant.drive(0.0, steps, door=False, people_w=0.0, pressure=1.0)
    load_w_k = 0.0 if first is None else load(first, o.room, 0.0)
    told: list[tuple[float, float]] = []
    t = 0.0
    while plant.true_c > SETPOINT_C + BAND_K and t < 7200.0:
        if t % LOOK_S == 0.0:
            told.append((t, t + cool(m, o.room, SETPOINT_C + BAND_K + ZERO_C_K, 1.0, load_w_k).s))
        plant.drive(100.0, steps, door=False, people_w=0.0, pressure=1.0)
        o = observer.observe(m, o, plant.measured_c(), 100.0, 0, door=False)
        t += PERIOD_S
    return _judged(told, t, 0.0)


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
    }
    out = ["| foretold | takes, min | worst error from 10 min on (re-cool: all along), s | within 1 min from, min |", "|---|---|---|---|"]
    for field, name in names.items():
        found: list[Foretold] = [getattr(o, field) for o in outcomes]
        took, worst, good = [f.took_s / 60.0 for f in found], [f.worst_s for f in found], [f.good_from_s / 60.0 for f in found]
        cells = " | ".join(f"{statistics.median(x):.{d}f} / {max(x):.{d}f}" for x, d in ((took, 1), (worst, 0), (good, 1)))
        out.append(f"| {name} | {cells} |")
    return out
