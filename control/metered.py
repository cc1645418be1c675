"""The flow meter on a way down: nitrogen that flows against what the valves should let through, a mark at a time.

A meter shows nonsense while vapour passes it, may fail, and may read some per cent wrong for ever. So a mark counts only if its
readings stand still and the mark before says the same, and what counts is the change since the last way down. All shares are logarithms.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

Marks = tuple[float | None, ...]
LEAST_OPEN = 0.3  # of the full feed: below it the meter's zero and the valve's characteristic say more than the nitrogen
_POSSIBLE = (0.5, 1.6)  # of what the valves should let through; anything else is a meter that does not work
_LEAST_READINGS = 4
_STILL, _SAME = 0.05, 0.02  # readings of a mark lie within so much; so does it against the mark before
_NEAR = 2  # a mark is judged with so many on either side


def share(flow_kg_h: float | None, main_kg_h: float, pre_kg_h: float, least_kg_h: float) -> float | None:
    """Metered against expected through both valves; None: not known, or the main room gets less than ``least_kg_h``."""
    if flow_kg_h is None or main_kg_h < least_kg_h:
        return None
    found = flow_kg_h / (main_kg_h + pre_kg_h)
    return math.log(found) if _POSSIBLE[0] <= found <= _POSSIBLE[1] else None


def mark(readings: Sequence[float]) -> float | None:
    """The readings of one mark as one; None: too few, or they do not stand still."""
    if len(readings) < _LEAST_READINGS or max(readings) - min(readings) > _STILL:
        return None
    return sum(readings) / len(readings)


def settled(marks: Marks) -> Marks:
    """Without those that the mark before does not confirm: a line that is getting cold, an instrument that wanders."""
    return tuple(
        [
            now if now is not None and was is not None and abs(now - was) <= _SAME else None
            for was, now in zip((None, *marks), marks, strict=False)
        ]
    )


def whole(marks: Marks) -> float | None:
    """Of the way down as a whole; None: nothing of it counts."""
    known = [x for x in settled(marks) if x is not None]
    return statistics.median(known) if known else None


def levels(marks: Marks, reference: float | None, least: float) -> tuple[float, ...]:
    """Nitrogen of each mark against ``reference``, as factors; the last holds from now on. Changes of less than ``least`` do not count.

    Before the first that counts it was as in the first, after the last it stays. No reference: all of them 1.
    """
    seen = settled(marks)
    last = next((x for x in seen if x is not None), None)
    if reference is None or last is None:
        return (1.0,) * len(marks)
    out: list[float] = []
    for k in range(len(seen)):
        near = [x for x in seen[max(0, k - _NEAR) : k + _NEAR + 1] if x is not None]
        last = statistics.median(near) if near else last
        out.append(math.exp(last - reference) if abs(last - reference) >= least else 1.0)
    return tuple(out)
