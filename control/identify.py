"""Fit the room model to a recording: the precool, a relay test and one door opening. ``control.gate`` decides whether it may regulate.

Output-error fit by least squares. Without a known heat load the balance fixes ratios only; the full nitrogen feed sets the
scale (data sheet or flow meter), and every power below is relative to it.

Between valve and room the fit has two lags, the valve's own and that of pipe and evaporator: with one of them only, the other is found
as dead time (1.4 s too long with a valve of 2 s). Where a recording does not tell them apart, what is known of valves does, as a prior.
The law's model has one lag, so the shorter is shared between the longer and the dead time by the half rule (Skogestad, J. Process
Control 13 (2003) 291).
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import optimize, signal

from control.linear import Matrix
from control.room_model import AMBIENT_K, ZERO_C_K, Room, RoomModel, advance, delayed, opening_to_feed
from control.tuning_state import Sample

RESIDUAL_MAX_K = 1.0
DEAD_STD_MAX_S = 3.0  # how much of it the law can bear is for control.gate to find out
TOLD_APART_S = 1.0  # the goal of the dead time
LEAST_S = 600.0
_PERIOD_S = 1.0
# A valve of this size takes 1 to 3 s to 63 % of its way: mean, and one standard deviation as a factor (proposed)
VALVE_S, VALVE_FACTOR = 1.5, 1.6
_SLOW = 1.0 / 40.0  # per s
_SLOW_WEIGHT = 0.1


class Identified(NamedTuple):
    """``pure_dead_s``: dead time without any lag, as found; the law's model has ``model.dead_s``, with half of the valve's lag in it. Both
    with their standard deviations. ``refused``: why the model may not be used for control; None: it may."""

    model: RoomModel
    dead_std_s: float
    pure_dead_s: float
    pure_dead_std_s: float
    residual_k: float
    refused: str | None


Rows = tuple[tuple[str, float, float, float], ...]
# name, first guess, lower and upper bound; fitted as logarithms where the lower bound is positive
_FREE: Rows = (
    ("gas_j", 2.5e6, 0.3e6, 60e6),
    ("liner_w_k", 300.0, 20.0, 3000.0),
    ("liner_j_k", 120e3, 10e3, 3000e3),
    ("dead_s", 5.0, 0.5, 40.0),
    ("feed_tau_s", 8.0, 2.0, 300.0),
    ("sensor_tau_s", 8.0, 2.0, 25.0),
    ("quick_opening", 0.1, -0.3, 0.6),
    ("door_w_k", 200.0, 0.0, 3000.0),
)
_OF_THE_ROOM = frozenset(name for name, *_ in _FREE)
_VALVE = ("valve_tau_s", 1.0, 0.1, 6.0)
_START = (("fixed_w", 500.0, -5e3, 10e3), ("leak_w_k", 12.0, 0.0, 200.0), ("liner_off_k", 0.0, -50.0, 100.0))


def identify(record: Sequence[Sample], feed_kg_s: float, *, person_w: float = 650.0, loss_w_k: float = 7.0) -> Identified:
    """Fit to a recording sampled once a second.

    Raises ValueError if it is shorter than LEAST_S or the valve never moved: nothing can be learned from it.
    """
    if len(record) < LEAST_S:
        raise ValueError(f"recording of {len(record)} s: at least {LEAST_S:.0f} s are needed")
    opened = [s.actual_pct for s in record]
    if max(opened) - min(opened) < 20.0:
        raise ValueError("the valve hardly moved in this recording: record a precool or a relay test")
    alone = _fit(record, feed_kg_s, person_w, loss_w_k, known=False)
    # lags that this recording cannot tell apart: what is known of valves does
    return alone if alone.pure_dead_std_s <= TOLD_APART_S else _fit(record, feed_kg_s, person_w, loss_w_k, known=True)


def _fit(record: Sequence[Sample], feed_kg_s: float, person_w: float, loss_w_k: float, *, known: bool) -> Identified:
    """``known``: with the prior of the valve's lag, which counts the more the worse the recording is met."""
    rows = (*_FREE, *_START, _VALVE)
    measured = np.array([s.measured_c for s in record])
    start = np.array([_pack(low, first) for _, first, low, _ in rows])
    lows = np.array([_pack(low, low) for _, _, low, _ in rows])
    highs = np.array([_pack(low, high) for _, _, low, high in rows])

    def values_of(z: Matrix) -> dict[str, float]:
        return {name: _unpack(low, float(v)) for (name, _, low, _), v in zip(rows, z, strict=True)}

    def model_of(values: dict[str, float]) -> RoomModel:
        return RoomModel(feed_kg_s=feed_kg_s, loss_w_k=loss_w_k, person_w=person_w, **{k: values[k] for k in _OF_THE_ROOM})

    def residual(z: Matrix) -> Matrix:
        values = values_of(z)
        apart = {name: v for name, v in values.items() if name not in _OF_THE_ROOM}
        return _weighed(np.array(_simulate(model_of(values), record, **apart)) - measured)

    best = optimize.least_squares(residual, start, bounds=(lows, highs), x_scale="jac", max_nfev=40)
    if known:
        one_std = math.sqrt(_inflated(residual(best.x)[: len(record)]))

        def with_valve(z: Matrix) -> Matrix:
            return np.append(residual(z), one_std * (z[-1] - math.log(VALVE_S)) / math.log(VALVE_FACTOR))

        best = optimize.least_squares(with_valve, best.x, bounds=(lows, highs), x_scale="jac", max_nfev=40)
    values = values_of(best.x)
    pure, half = values["dead_s"], 0.5 * values["valve_tau_s"]
    model = model_of(values | {"dead_s": pure + half, "feed_tau_s": values["feed_tau_s"] + half})
    errors = residual(best.x)[: len(record)]
    rms = float(np.sqrt(np.mean(errors**2)))
    names = [r[0] for r in rows]
    covariance = _covariance(best.jac, errors)
    on_pure = np.array([pure * (name == "dead_s") for name in names])  # of parameters fitted as logarithms
    on_dead = on_pure + np.array([half * (name == "valve_tau_s") for name in names])
    pure_std, std = (math.sqrt(max(0.0, float(g @ covariance @ g))) for g in (on_pure, on_dead))
    refused = None
    if rms > RESIDUAL_MAX_K:
        refused = f"the model misses the recording by {rms:.1f} K"
    elif not std <= DEAD_STD_MAX_S:
        refused = f"the dead time is known to ±{std:.1f} s only"
    return Identified(model, std, pure, pure_std, rms, refused)


def _weighed(error: Matrix) -> Matrix:
    """Fast part first, then the slow one with less weight: lags are read from the fast part, and what the model has no node for
    (insulation, humidity) drifts slowly and must not bend them."""
    slow: Matrix = np.asarray(signal.lfilter([_SLOW], [1.0, _SLOW - 1.0], error), dtype=np.float64)
    return np.concatenate([error - slow, _SLOW_WEIGHT * slow])


def _pack(low: float, value: float) -> float:
    return math.log(value) if low > 0.0 else value / 100.0 if abs(low) >= 1.0 else value


def _unpack(low: float, z: float) -> float:
    return math.exp(z) if low > 0.0 else z * 100.0 if abs(low) >= 1.0 else z


def _simulate(
    m: RoomModel, record: Sequence[Sample], fixed_w: float, leak_w_k: float, liner_off_k: float, valve_tau_s: float = 0.0
) -> list[float]:
    t = record[0].measured_c + ZERO_C_K
    stem = opening_to_feed(m, record[0].actual_pct / 100.0)
    room = Room(t, t + liner_off_k, stem, t, 0.0)
    sent = (stem,) * (int(m.dead_s / _PERIOD_S) + 2)
    stays = math.exp(-_PERIOD_S / valve_tau_s) if valve_tau_s > 0.0 else 0.0
    mean = valve_tau_s / _PERIOD_S * (1.0 - stays)  # over a period, of what is still to go
    out: list[float] = []
    for s in record:
        out.append(room.sensor_k - ZERO_C_K)
        asked = opening_to_feed(m, s.actual_pct / 100.0)
        sent = (*sent[1:], asked + (stem - asked) * mean)
        stem = asked + (stem - asked) * stays
        told = delayed(sent, m.dead_s, _PERIOD_S)
        known = fixed_w + (leak_w_k + (m.door_w_k if s.door else 0.0)) * (AMBIENT_K - room.gas_k)
        room = advance(m, advance(m, room, told, known, 0.5), told, known, 0.5)
    return out


def _covariance(jacobian: Matrix, errors: Matrix) -> Matrix:
    """Of the fitted parameters, with the residuals' correlation counted against them."""
    return np.asarray(np.linalg.pinv(jacobian.T @ jacobian) * _inflated(errors), dtype=np.float64)


def _inflated(errors: Matrix) -> float:
    """Variance that one of them would have if they were independent."""
    lag = float(np.corrcoef(errors[:-1], errors[1:])[0, 1]) if float(np.std(errors)) > 0.0 else 0.0
    return float(np.mean(errors**2)) * (1.0 + max(0.0, lag)) / max(1e-3, 1.0 - max(0.0, lag))
