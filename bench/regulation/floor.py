"""Piece: how soon a plant can be back at its set point at all: the valve fully open from the first moment a law may know of the door.

No law can be sooner with the same notice. With any notice the limit is how far the room may be cooled beforehand; the floor then
opens as early as the true plant allows, which no law with an estimate of it can do.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.regulation import reference
from bench.regulation.columns import packed
from bench.regulation.ours import ModelBased
from bench.regulation.plant import Parameters
from bench.regulation.regulators import MODEL, Job
from bench.regulation.scenario import DOOR_S, PERIOD_S, SETTLED_K, STAY_S, Conditions, Regulator, Seen, Trace, run
from control.room_model import RoomModel

if TYPE_CHECKING:
    from bench.regulation.work import Work

PRECOOLED_K = 1.5  # the undershoot allowed


class Floor(NamedTuple):
    """Settling time in s after entry and exit; ``any_notice``: cooled to ``PRECOOLED_K`` below the set point beforehand."""

    unannounced: tuple[float, float]
    ten_seconds: tuple[float, float]
    any_notice: tuple[float, float]


class _Full:
    """A regulator that opens fully from ``early_s`` before each entry (or exit) until the room is measured back within SETTLED_K."""

    name = "full open"

    def __init__(self, below: Regulator, early_s: float, *, entry: bool) -> None:
        self._below, self._early_s, self._entry = below, early_s, entry
        self._on, self._was = False, False

    def step(self, seen: Seen) -> float:
        pct = self._below.step(seen._replace(door_in_s=None))
        mine = (seen.persons == 0) == self._entry  # before the door: nobody is inside yet, or somebody still is
        opened, self._was = seen.door and not self._was, seen.door
        if mine and (opened or (seen.door_in_s is not None and seen.door_in_s <= self._early_s)):
            self._on = True
        elif not seen.door and seen.measured_c < seen.setpoint_c + SETTLED_K:
            self._on = False
        return 100.0 if self._on else pct


def _played(m: RoomModel, p: Parameters, early_s: float, c: Conditions, *, entry: bool) -> tuple[float, float]:
    """Settling time, s, median over the sessions, and how far below the set point the room was before a door opened, K."""
    tr: Trace = run(_Full(ModelBased(m), early_s, entry=entry), p, c._replace(notice_s=early_s))
    error = tr.true_c - c.setpoint_c
    backs: list[float] = []
    below = 0.0
    for start in tr.plan.starts:
        opens = start if entry else start + STAY_S
        before = error[(tr.t_s > opens - early_s) & (tr.t_s <= opens)]
        below = max(below, float(-before.min())) if before.size else below
        shut = tr.t_s > opens + DOOR_S
        backs.append(float(tr.t_s[shut][(error[shut] < SETTLED_K).argmax()]) - PERIOD_S - opens - DOOR_S)  # the last instant outside
    return statistics.median(backs), below


def floor(m: RoomModel, p: Parameters, c: Conditions) -> Floor:
    """The three floors of one plant; ``m`` holds the room until then."""

    def soonest(*, entry: bool) -> float:
        once = c._replace(sessions=1)
        first = round(p.dead_s) + 1  # sooner than this no notice shows in the room before the door
        back = _played(m, p, float(first), once, entry=entry)[0]
        for early in range(first + 1, first + 16):
            settled, below = _played(m, p, float(early), once, entry=entry)
            if below > PRECOOLED_K:
                return back
            back = settled
        return back

    def pair(early_s: float) -> tuple[float, float]:
        return _played(m, p, early_s, c, entry=True)[0], _played(m, p, early_s, c, entry=False)[0]

    return Floor(pair(0.0), pair(10.0), (soonest(entry=True), soonest(entry=False)))


def of_job(job: Job) -> Floor:
    return floor(job.commissioned.identified.model, job.commissioned.parameters, job.conditions)


def play(work: Work) -> dict[str, Any]:
    """The same plants, runs and noise as those of the regulators."""
    return packed(work.map(of_job, reference.jobs(work, MODEL)))
