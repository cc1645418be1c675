"""Piece: a cascade over the coil's outlet temperature beside the laws in use, on the project's own plant. It is not used; see decision 20.

Outer PID: room to wanted coil outlet; inner PID: coil outlet to valve; both are ``control.pid``. The gains are the best of a random search
of 100 over hold, a fallen supply pressure and one session with one person, which is more than either law in use was given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bench.regulation.columns import packed
from bench.regulation.own_plant import OwnPlant
from control import pid
from control.lqr import LEAST_MOVE_PCT, Ahead
from control.regulate import Seen, advance_law, begin
from cryochamber.config import load_profile
from simulator.parameters import load
from simulator.people import Place
from simulator.precool import precooled_state
from simulator.sensors import INDEX

if TYPE_CHECKING:
    from bench.regulation.work import Work

SETPOINT_C = -110.0
DROP_AT_S, DROP_FOR_S, DROP_BAR = 600, 400, 1.6
ENTER_S, PRE_S, STAY_S, END_S = 1100, 40, 180, 1800
SPAN_K = 0.6  # of the coil outlet's set point below the room's, for 1 % of the outer law
OUTER = {"gain_pct_per_k": 5.84, "integral_s": 236.0, "derivative_s": 2.9, "tracking_s": 26.0, "model": None}
INNER = {"gain_pct_per_k": 4.35, "integral_s": 371.0, "derivative_s": 12.1, "tracking_s": 67.0, "model": None}
FEEDFORWARD_PCT = 15.8
_COIL = INDEX["TT-111"]
_PROFILE = load_profile("walk-in-two-room").regulator_main

Law = Callable[[OwnPlant, float, bool], float]  # plant, opening since the last step in %, hold of the integral; returns demand in %


class Case(NamedTuple):
    law: str
    people: int


class Told(NamedTuple):
    """K, and % of travel."""

    hold_rms_k: float
    drop_worst_k: float
    occupied_rms_k: float
    after_rms_k: float
    travel_pct: float


def _in_use(*, model: bool) -> Law:
    p = _PROFILE if model else _PROFILE.model_copy(update={"model": None})
    loop = begin(p)

    def law(plant: OwnPlant, actual_pct: float, hold: bool) -> float:
        nonlocal loop
        seen = Seen(plant.measured_c(), actual_pct, plant.persons, not plant.doors_shut, 1.0, Ahead())
        loop = advance_law(loop, p, SETPOINT_C, seen, hold=hold)
        return loop.terms.output_pct

    return law


def _cascade() -> Law:
    outer, inner = _PROFILE.model_copy(update=OUTER), _PROFILE.model_copy(update=INNER)
    above = below = pid.PidState(integral_pct=20.0)
    last = 0.0

    def law(plant: OwnPlant, actual_pct: float, hold: bool) -> float:
        nonlocal above, below, last
        coil = plant.value(_COIL)
        # with the valve at a limit the outer law is told what the coil really did, as an external reset
        reached = min(max((SETPOINT_C - coil) / SPAN_K, 0.0), 100.0) if last in (0.0, 100.0) else None
        ff = plant.persons * FEEDFORWARD_PCT
        above, wanted = pid.law(outer, above, SETPOINT_C, plant.measured_c(), 1.0, actual_pct=reached, feedforward_pct=ff, hold=hold)
        wanted_c = SETPOINT_C - SPAN_K * wanted.output_pct
        below, terms = pid.law(inner, below, wanted_c, coil, 1.0, actual_pct=actual_pct, feedforward_pct=0.0, hold=hold)
        small = abs(terms.output_pct - last) < LEAST_MOVE_PCT and 0.0 < terms.output_pct < 100.0
        last = last if small else terms.output_pct
        below = below._replace(applied_pct=last)
        return last

    return law


LAWS: dict[str, Callable[[], Law]] = {
    "profile PID": lambda: _in_use(model=False),
    "profile model": lambda: _in_use(model=True),
    "cascade": _cascade,
}


def session(case: Case) -> Told:
    plant = OwnPlant(load("walk-in-two-room"), 5, precooled_state())
    law = LAWS[case.law]()
    sent = {ENTER_S: Place.PRE, ENTER_S + PRE_S: Place.MAIN, ENTER_S + PRE_S + STAY_S: Place.OUTSIDE}
    rows: list[tuple[float, float]] = []
    actual, shut_s = 0.0, 100.0
    for t in range(END_S):
        plant.plant.defects.supply_bar = DROP_BAR if DROP_AT_S <= t < DROP_AT_S + DROP_FOR_S else None
        if t in sent:
            plant.send(sent[t], case.people)
        shut_s = shut_s + 1.0 if plant.doors_shut else 0.0
        actual = plant.drive(law(plant, actual, shut_s < _PROFILE.door_hold_s), 10)
        rows.append((plant.true_c - SETPOINT_C, actual))
    e, valve = np.array(rows).T
    leave = ENTER_S + PRE_S + STAY_S

    def rms(begin_s: int, end_s: int) -> float:
        return float(np.sqrt(np.mean(e[begin_s:end_s] ** 2)))

    return Told(
        rms(200, DROP_AT_S),
        float(np.abs(e[DROP_AT_S : DROP_AT_S + DROP_FOR_S + 100]).max()),
        rms(ENTER_S + PRE_S + 60, leave),
        rms(leave + 20, END_S),
        float(np.abs(np.diff(valve[200:])).sum()),
    )


CASES = tuple(Case(law, people) for law in LAWS for people in (1, 3))


def play(work: Work) -> dict[str, Any]:
    """A row for each of CASES."""
    return packed(work.map(session, CASES))
