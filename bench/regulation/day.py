"""Piece: a day of twelve sessions, held and by the plan, on the nominal plant of the reference scenario and on the project's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.regulation import plan_day, reference_day
from bench.regulation.columns import packed
from control.state import ReadyTime

if TYPE_CHECKING:
    from bench.regulation.work import Work

REFERENCE = ("hold", "plan")
OWN = ("hold", "plan, first day", "plan, next day")


def own(policy: str) -> list[plan_day.Day]:
    """The project's plant: a day held; or two by the plan, the second with what the first has taught of the way down."""
    first, taught = plan_day.play(policy, plan_day.starts(), ReadyTime())
    if policy == "hold":
        return [first]
    return [first, plan_day.play(policy, plan_day.starts(), ReadyTime(belief=taught.belief))[0]]


def play(work: Work) -> dict[str, Any]:
    """A row for each of REFERENCE and of OWN."""
    planned, held = work.map(own, ("plan", "hold"))
    days = work.map(reference_day.play, [reference_day.Job(policy, work.nominal) for policy in REFERENCE])
    return {"reference": packed(days), "own": packed([*held, *planned])}
