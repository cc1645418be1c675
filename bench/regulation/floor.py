"""How soon a plant can be back at its set point at all: the valve fully open from the first moment a law may know of the door.

No law can be sooner with the same notice. With any notice the limit is how far the room may be cooled beforehand; the floor then
opens as early as the true plant allows, which no law with an estimate of it can do.
"""

from __future__ import annotations

import statistics
from typing import NamedTuple

from bench.regulation.ours import ModelBased
from bench.regulation.plant import Parameters
from bench.regulation.scenario import DOOR_S, SETTLED_K, STAY_S, Conditions, Regulator, Seen, Trace, run
from control.room_model import RoomModel

PRECOOLED_K = 1.5  # the undershoot allowed


class Floor(NamedTuple):
    """Settling time in s after entry and exit; ``any_notice``: cooled to ``PRECOOLED_K`` below the set point beforehand."""

    unannounced: tuple[float, float]
    ten_seconds: tuple[float, float]
    any_notice: tuple[float, float]


class _Full:
    """A regulator that opens fully from ``early_s`` before door number ``door`` (1: entry, 2: exit) until it is told no more."""

    name = "full open"

    def __init__(self, below: Regulator, door: int, early_s: float) -> None:
        self._below, self._door, self._early_s = below, door, early_s
        self._opened, self._was = 0, False

    def step(self, seen: Seen) -> float:
        pct = self._below.step(seen._replace(door_in_s=None))
        self._opened += seen.door and not self._was
        self._was = seen.door
        soon = seen.door_in_s is not None and seen.door_in_s <= self._early_s and self._opened == self._door - 1
        return 100.0 if soon or self._opened == self._door else pct


def _once(m: RoomModel, p: Parameters, door: int, early_s: float, c: Conditions) -> tuple[float, float]:
    """Settling time, s, and how far below the set point the room was when the door opened, K."""
    tr: Trace = run(_Full(ModelBased(m), door, early_s), p, c._replace(sessions=1, notice_s=early_s))
    opens = tr.plan.starts[0] + (0.0 if door == 1 else STAY_S)
    error = tr.true_c - c.setpoint_c
    before = error[(tr.t_s > opens - early_s) & (tr.t_s <= opens)]
    after = error[tr.t_s > opens + DOOR_S]
    return float((after < SETTLED_K).argmax()), max(0.0, float(-before.min())) if before.size else 0.0


def floor(m: RoomModel, p: Parameters, c: Conditions) -> Floor:
    """The three floors of one plant; ``m`` holds the room until then."""

    def soonest(door: int) -> float:
        first = round(p.dead_s) + 1  # sooner than this no notice shows in the room before the door
        back = _once(m, p, door, float(first), c)[0]
        for early in range(first + 1, first + 16):
            settled, below = _once(m, p, door, float(early), c)
            if below > PRECOOLED_K:
                return back
            back = settled
        return back

    return Floor(
        (_once(m, p, 1, 0.0, c)[0], _once(m, p, 2, 0.0, c)[0]),
        (_once(m, p, 1, 10.0, c)[0], _once(m, p, 2, 10.0, c)[0]),
        (soonest(1), soonest(2)),
    )


def median(floors: list[Floor]) -> Floor:
    """Medians over plants, each time by itself."""
    return Floor(*((statistics.median(f[i][0] for f in floors), statistics.median(f[i][1] for f in floors)) for i in range(3)))
