"""Votes over redundant readings: medians for control, M-out-of-N trips that degrade in the safe direction.

A 2oo3 vote that silently drops a failed sensor becomes 2oo2, which is worse than one sensor alone. Here a sensor that
is not GOOD counts as a trip vote while people are inside, and degrades the vote to 1-out-of-the-rest while not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from chamber.readings import Quality, Reading

DISAGREE_O2_PCT = 0.7  # H-05: oxygen cells further apart than this disagree


_GOOD = Quality.GOOD


class Vote(NamedTuple):
    """Result over one group. ``value`` is the median of the good ones, None when there is none."""

    value: float | None
    lowest: float | None
    highest: float | None
    good: int
    total: int


_new: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_made: Callable[[tuple[float | None, float | None, float | None, int, int]], Vote] = partial(_new, Vote)  # the constructor in C


def vote(readings: Sequence[Reading[float]]) -> Vote:
    values = [value for value, quality, _, _ in readings if quality is _GOOD and value is not None]
    if not values:
        return Vote(None, None, None, 0, len(readings))
    values.sort()
    n = len(values)
    return _made((middle(values), values[0], values[-1], n, len(readings)))


def middle(ordered: Sequence[float]) -> float:
    """Median of values in ascending order. At least one."""
    n = len(ordered)
    return ordered[n // 2] if n % 2 == 1 else 0.5 * (ordered[n // 2 - 1] + ordered[n // 2])


def below(readings: Sequence[Reading[float]], limit: float, needed: int, *, occupied: bool) -> bool:
    """True if the low trip is voted.

    ``needed`` is M of the healthy M-out-of-N. One bad input: it counts as a vote while occupied, otherwise the rest
    votes 1-out-of-n. Two bad inputs, or all: tripped (safety reference, 2.3).
    """
    bad = low = 0
    for value, quality, _, _ in readings:
        if value is None or quality is not _GOOD:
            bad += 1
        elif value < limit:
            low += 1
    if bad == len(readings) or bad >= 2:
        return True
    if bad == 0:
        return low >= needed
    return low + bad >= needed if occupied else low >= 1
