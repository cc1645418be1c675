"""Which valve it is, when the metered flow no longer fits the positions: four single explanations, each weighed against the others.

A valve lets through more or less than it did (in proportion to its opening), or it passes while it is asked to be shut (a constant). At
one steady opening these look alike, so none is named before the flow at another opening has told them apart. Each may have begun
at any minute of the last two hours: least squares from there on, nothing before. One fault at a time is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

KEPT = 120  # minutes with the main valve open
LEAST = 20  # of them since it began: what a door or a quick change of the flow leaves over is past by then
APART = 12.0  # how much worse an explanation has to be to be put aside, as a difference of squares of standard deviations
GAINS = 2  # the first two are gains, the others flows while shut


class Left(NamedTuple):
    """A minute: what of the flow the reference does not explain, kg/h, its standard deviation, and how each fault would show in it."""

    kg_h: float
    std: float
    through: tuple[float, ...]


class Explanation(NamedTuple):
    """One fault alone, fitted: change of the gain (of the full flow) or flow while shut, kg/h; for how many minutes; ``worse``: than the
    best one."""

    change: float
    std: float
    minutes: int
    worse: float


def explain(minutes: Sequence[Left]) -> tuple[Explanation, ...]:
    """The four of them, ``minutes`` oldest first; no valve passes less than nothing."""
    found = [_since_when(minutes, i) for i in range(4)]
    most = max(explained for _, _, _, explained in found)
    return tuple([Explanation(change, std, n, most - explained) for change, std, n, explained in found])


def _since_when(minutes: Sequence[Left], i: int) -> tuple[float, float, int, float]:
    """(change, its standard deviation, minutes, squares explained) for the begin that explains most."""
    best = (0.0, math.inf, 0, 0.0)
    xx = xy = 0.0
    for n, m in enumerate(reversed(minutes), start=1):
        x, w = m.through[i], 1.0 / (m.std * m.std)
        xx += w * x * x
        xy += w * x * m.kg_h
        if xx > 0.0 and (i < GAINS or xy > 0.0) and xy * xy > best[3] * xx:
            best = (xy / xx, 1.0 / math.sqrt(xx), n, xy * xy / xx)
    return best


def alone(found: Sequence[Explanation], i: int) -> bool:
    """Fault ``i`` explains it, for long enough, and none of the others does."""
    return found[i].worse == 0.0 and found[i].minutes >= LEAST and all(e.worse > APART for n, e in enumerate(found) if n != i)
