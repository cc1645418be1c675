"""Relay test around a steady hold (Åström & Hägglund 1984), with hysteresis, a centre that finds the balance by itself and an
amplitude that finds the excursion by itself.

It begins small and grows or shrinks from period to period until the room swings by ``TARGET_K``: a room with a steep answer must not be
taken further than a flat one. Ends by itself after ``PERIODS`` oscillations, after ``LONGEST_S``, or at once when the excursion grows
too large.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

FIRST_PCT = 4.0
LEAST_PCT, MOST_PCT = 1.0, 12.0
GROWTH = 1.5
TARGET_K = 0.8
HYSTERESIS_K = 0.3  # above sensor noise and resolution
PERIODS = 4
LONGEST_S = 360.0
EXCURSION_MAX_K = 1.5  # H-09: a test never takes the room further than this


STEADY_S = 180
STEADY_K = 0.5
DRIFT_PCT = 1.5


class Waits(NamedTuple):
    """What a relay test waits for. ``why``: "ready" the chamber is not, "record" of the room is too short (s), "room" away from its set
    point (K), "valve" moves (%). ``value`` as it is, ``limit`` what it has to come to."""

    why: Literal["ready", "record", "room", "valve"]
    value: float | None = None
    limit: float | None = None


def waits(errors_k: Sequence[float], opened_pct: Sequence[float]) -> Waits | None:
    """None: a relay test may begin. For STEADY_S the room has stood within STEADY_K of its set point, and the mean opening of the valve
    has moved by DRIFT_PCT at most from the first half of that time to the second (one value of each a second, newest last)."""
    known = min(len(errors_k), len(opened_pct))
    if known < STEADY_S:
        return Waits("record", known, STEADY_S)
    away = max(abs(e) for e in errors_k[-STEADY_S:])
    if away > STEADY_K:
        return Waits("room", away, STEADY_K)
    half = STEADY_S // 2
    drift = abs(sum(opened_pct[-half:]) - sum(opened_pct[-STEADY_S:-half])) / half
    return Waits("valve", drift, DRIFT_PCT) if drift > DRIFT_PCT else None


def first_amplitude(gain_pct_per_k: float) -> float:
    """As much as the regulator in force would move the valve for a little less than the excursion wanted."""
    return min(max(0.75 * TARGET_K * gain_pct_per_k, FIRST_PCT), MOST_PCT)


class End(StrEnum):
    DONE = "done"
    TOO_LONG = "too_long"
    TOO_FAR = "too_far"
    BLIND = "blind"  # no good measurement


class Relay(NamedTuple):
    """``centre_pct`` moves so that both halves of an oscillation last equally long. ``peak_k``: furthest since the amplitude was set."""

    centre_pct: float
    amplitude_pct: float = FIRST_PCT
    high: bool = True
    elapsed_s: float = 0.0
    half_s: float = 0.0
    last_half_s: float | None = None
    periods: float = 0.0
    peak_k: float = 0.0
    worst_k: float = 0.0
    end: End | None = None

    @property
    def output_pct(self) -> float:
        return min(max(self.centre_pct + (self.amplitude_pct if self.high else -self.amplitude_pct), 0.0), 100.0)


def relay(r: Relay, error_k: float | None, dt_s: float) -> Relay:
    """One period. ``error_k``: measured minus set point. After ``end`` is set the caller goes back to its regulator."""
    if r.end is not None:
        return r
    if error_k is None:
        return r._replace(end=End.BLIND)
    away = abs(error_k)
    if away > EXCURSION_MAX_K:
        return r._replace(worst_k=away, end=End.TOO_FAR)
    r = r._replace(elapsed_s=r.elapsed_s + dt_s, half_s=r.half_s + dt_s, peak_k=max(r.peak_k, away), worst_k=max(r.worst_k, away))
    if r.elapsed_s >= LONGEST_S:
        return r._replace(end=End.DONE if r.periods >= 1.0 else End.TOO_LONG)
    switch = error_k < -HYSTERESIS_K if r.high else error_k > HYSTERESIS_K
    if not switch:
        return r
    centre, amplitude = r.centre_pct, r.amplitude_pct
    if r.last_half_s is not None:
        longer = (r.half_s - r.last_half_s) / (r.half_s + r.last_half_s)  # positive: the half that ends now was the longer one
        centre += 0.5 * amplitude * (longer if r.high else -longer)
    periods, peak = r.periods + 0.5, r.peak_k
    if periods >= 1.5 and periods % 1.0 == 0.5:  # once a whole period: what a half does shows in the next one
        factor = TARGET_K / max(peak, HYSTERESIS_K)
        amplitude = min(max(amplitude * min(max(factor, 1.0 / GROWTH), GROWTH), LEAST_PCT), MOST_PCT)
        peak = 0.0
    end = End.DONE if periods >= PERIODS else None
    return Relay(centre, amplitude, not r.high, r.elapsed_s, 0.0, r.half_s, periods, peak, r.worst_k, end)
