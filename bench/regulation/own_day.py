"""Piece: sessions on the project's own plant: the profile's PID against the profile's model-based law, through the same code as in the scan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bench.regulation.columns import packed
from bench.regulation.own_plant import OwnPlant
from bench.regulation.scenario import GAP_S, PERIOD_S, SETTLED_K
from control.lqr import Ahead
from control.regulate import DOOR_FOR_S, NOTICE_S, Seen, advance_law, begin
from cryochamber.config import load_profile
from simulator.parameters import load
from simulator.people import Place
from simulator.precool import precooled_state

if TYPE_CHECKING:
    from bench.regulation.work import Work

SETPOINT_C = -110.0
HOLD_S, PRE_S, STAY_S = 900, 40, 180
SESSIONS = 3


class Own(NamedTuple):
    law: str  # "profile PID" or "profile model"
    people: int
    notice_s: float = 0.0  # the inner door is known so long before it is used


class OwnFigures(NamedTuple):
    """Of one of CASES. ``back_s``: last instant outside ±2 K after an exit, the worst of the sessions."""

    hold_rms_k: float
    occupied_rms_k: float
    worst_k: float
    back_s: float
    travel_pct: float
    session_kg: float


def _announced(t: int, own: Own) -> Ahead:
    """What the supervisor knows of the inner door: guests are let in after the pre-chamber and called out at the end of their stay."""
    for i in range(SESSIONS):
        enter = HOLD_S + i * round(GAP_S) + PRE_S
        for at, inside in ((enter, own.people), (enter + STAY_S, 0)):
            if 0.0 < at - t <= own.notice_s:
                return Ahead(0.0, float(at - t), DOOR_FOR_S, inside)
    return Ahead()


def sessions(own: Own) -> OwnFigures:
    """Three sessions. Temperatures K, times s."""
    p = load_profile("walk-in-two-room").regulator_main
    if own.law == "profile PID":
        p = p.model_copy(update={"model": None})
    plant = OwnPlant(load("walk-in-two-room"), 5, precooled_state())
    loop = begin(p)
    gap = round(GAP_S)
    sent: dict[int, Place] = {}
    for i in range(SESSIONS):
        start = HOLD_S + i * gap
        sent |= {start: Place.PRE, start + PRE_S: Place.MAIN, start + PRE_S + STAY_S: Place.OUTSIDE}
    rows: list[tuple[float, float, float]] = []
    actual, shut_s = 0.0, 100.0
    for t in range(HOLD_S + SESSIONS * gap):
        if t in sent:
            plant.send(sent[t], own.people)
        shut_s = shut_s + PERIOD_S if plant.doors_shut else 0.0
        seen = Seen(plant.measured_c(), actual, plant.persons, not plant.doors_shut, PERIOD_S, _announced(t, own))
        loop = advance_law(loop, p, SETPOINT_C, seen, hold=shut_s < p.door_hold_s)
        actual = plant.drive(loop.terms.output_pct, 10)
        rows.append((plant.true_c - SETPOINT_C, actual, plant.used_kg))
    e, valve, kg = np.array(rows).T
    stays = [e[HOLD_S + i * gap + PRE_S + 60 : HOLD_S + i * gap + PRE_S + STAY_S] for i in range(SESSIONS)]
    backs: list[float] = []
    for i in range(SESSIONS):
        after = np.abs(e[HOLD_S + i * gap + PRE_S + STAY_S + 15 : HOLD_S + (i + 1) * gap]) > SETTLED_K
        backs.append(float(after.nonzero()[0][-1]) if after.any() else 0.0)
    return OwnFigures(
        float(np.sqrt(np.mean(e[300:HOLD_S] ** 2))),
        float(np.sqrt(np.mean(np.concatenate(stays) ** 2))),
        float(np.abs(np.concatenate(stays)).max()),
        max(backs),
        float(np.abs(np.diff(valve[HOLD_S:])).sum()) / SESSIONS,
        float(kg[-1] - kg[HOLD_S]) / SESSIONS,
    )


CASES = tuple(
    Own(law, people, notice)
    for law, notice in (("profile PID", 0.0), ("profile model", 0.0), ("profile model", NOTICE_S))
    for people in (1, 3)
)


def play(work: Work) -> dict[str, Any]:
    """A row for each of CASES."""
    return packed(work.map(sessions, CASES))
