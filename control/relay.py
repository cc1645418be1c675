"""Relay test around a steady hold (Åström & Hägglund 1984), with hysteresis and a centre that finds the balance by itself.

Ends by itself after ``PERIODS`` oscillations, after ``LONGEST_S``, or at once when the excursion grows too large.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

AMPLITUDE_PCT = 6.0
HYSTERESIS_K = 0.2  # above sensor noise and resolution
PERIODS = 4
LONGEST_S = 360.0
EXCURSION_MAX_K = 3.0  # H-09: a test never takes the room further than this


class End(StrEnum):
    DONE = "done"
    TOO_LONG = "too_long"
    TOO_FAR = "too_far"
    BLIND = "blind"  # no good measurement


class Relay(NamedTuple):
    """``centre_pct`` moves so that both halves of an oscillation last equally long."""

    centre_pct: float
    amplitude_pct: float = AMPLITUDE_PCT
    high: bool = True
    elapsed_s: float = 0.0
    half_s: float = 0.0
    last_half_s: float | None = None
    periods: float = 0.0
    end: End | None = None

    @property
    def output_pct(self) -> float:
        return min(max(self.centre_pct + (self.amplitude_pct if self.high else -self.amplitude_pct), 0.0), 100.0)


def relay(r: Relay, error_k: float | None, dt_s: float) -> Relay:
    """One period. ``error_k``: measured minus set point. After ``end`` is set the caller goes back to its regulator."""
    if r.end is not None:
        return r
    elapsed, half = r.elapsed_s + dt_s, r.half_s + dt_s
    if error_k is None:
        return r._replace(end=End.BLIND)
    if abs(error_k) > EXCURSION_MAX_K:
        return r._replace(end=End.TOO_FAR)
    if elapsed >= LONGEST_S:
        return r._replace(elapsed_s=elapsed, end=End.DONE if r.periods >= 2.0 else End.TOO_LONG)
    switch = error_k < -HYSTERESIS_K if r.high else error_k > HYSTERESIS_K
    if not switch:
        return r._replace(elapsed_s=elapsed, half_s=half)
    centre = r.centre_pct
    if r.last_half_s is not None:
        longer = (half - r.last_half_s) / (half + r.last_half_s)  # positive: the half that ends now was the longer one
        centre += 0.5 * r.amplitude_pct * (longer if r.high else -longer)
    periods = r.periods + 0.5
    end = End.DONE if periods >= PERIODS else None
    return Relay(centre, r.amplitude_pct, not r.high, elapsed, 0.0, half, periods, end)
