"""Nitrogen used against what the valves account for, over five minutes.

Model: flow = sum over the rooms of (valve driven by the PLC) x (flow of that valve fully open, as commissioned at the nominal
line pressure). A leak behind the meter, a valve that passes, or a meter that is wrong shows as more than that; high use was
the forerunner of a known fatality (safety reference, 10). A lower pressure makes the real use smaller, never larger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MINUTES = 5
MINUTE_S = 60.0
TOO_MUCH = 1.5  # H-02, H-07: times the expected use
AT_LEAST_KG = 1.0  # H-02, H-07: more than expected in five minutes; below it meter and model are not that exact
_LATE_S = 2.5


class Used(NamedTuple):
    """Nitrogen in kg."""

    measured_kg: float
    expected_kg: float

    @property
    def too_much(self) -> bool:
        over = self.measured_kg - self.expected_kg
        return self.measured_kg > TOO_MUCH * self.expected_kg and over > AT_LEAST_KG


class Meter(NamedTuple):
    """Whole minutes, oldest first, and the one that runs. A gap in the readings begins anew."""

    at_s: float | None = None
    minute_s: float = 0.0
    measured_kg: float = 0.0
    expected_kg: float = 0.0
    minutes: tuple[Used, ...] = ()
    used: Used | None = None  # over the last five whole minutes; None until they are known


def meter(old: Meter, now_s: float, flow_kg_h: float | None, valves_pct: Sequence[float], full_kg_h: Sequence[float]) -> Meter:
    """Take in one look, about one a second. ``valves_pct`` driven, 0 while the main valve is shut."""
    if flow_kg_h is None:
        return Meter()
    if old.at_s is None or not 0.0 < now_s - old.at_s <= _LATE_S:
        return Meter(now_s)
    hours = (now_s - old.at_s) / 3600.0
    expected = sum(p / 100.0 * full for p, full in zip(valves_pct, full_kg_h, strict=True))
    new = Meter(
        now_s,
        old.minute_s + now_s - old.at_s,
        old.measured_kg + flow_kg_h * hours,
        old.expected_kg + expected * hours,
        old.minutes,
        old.used,
    )
    if new.minute_s < MINUTE_S:
        return new
    minutes = (*new.minutes[-(MINUTES - 1) :], Used(new.measured_kg, new.expected_kg))
    return Meter(now_s, minutes=minutes, used=_over(minutes))


def _over(minutes: tuple[Used, ...]) -> Used | None:
    return Used(sum(m.measured_kg for m in minutes), sum(m.expected_kg for m in minutes)) if len(minutes) == MINUTES else None
