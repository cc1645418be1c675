"""A sensor against the others of its room: cross-check in seconds, drift in minutes.

The model is the median of the room, each sensor corrected by the offset of its place as commissioning found it. The room is
stirred by its fan, so while nobody is inside its sensors say the same but for that offset; the model needs no heat balance, shares
nothing with the plant it watches, and cannot be wrong about valve, load or frost. Its limit is stated: what all sensors of a
room do together it cannot see; coil outlet, nitrogen use and COOL-NOGAIN watch that side (known anomaly KA-13). Two sensors
cannot outvote each other: far apart, neither counts; drifting apart, both get a work order.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from chamber.instruments.limits import CUSUM_BAD_S, CUSUM_LIMIT, CUSUM_SLACK, DISAGREE_K, DISAGREE_S
from chamber.instruments.sensor import Mark
from chamber.readings import Quality, Why
from chamber.voting import middle


class Against(NamedTuple):
    """Memory of one sensor among its fellows. ``apart``/``together``: seconds in a row beyond and within DISAGREE_K."""

    apart: int = 0
    together: int = DISAGREE_S
    out: bool = False
    above: float = 0.0  # two-sided cumulative sum of the difference, K
    below: float = 0.0
    drift_since_s: float | None = None


NEW = Against()


def compare(
    old: Mapping[str, Against],
    values: Mapping[str, float],
    now_s: float,
    *,
    drift: bool,
    doubted: Set[str] = frozenset(),
    doubted_before: Set[str] = frozenset(),
) -> tuple[dict[str, Against], dict[str, Mark]]:
    """One second of one room. ``values``: usable sensors, offset taken off. ``drift``: a sample for the cumulative sum is due.

    ``doubted``: sensors at fault by their own signal, frozen or noisy. They are no witnesses, and what was summed while one of
    them still was proves nothing: a frozen sensor stands in the middle and makes the ones that follow the room look like drifting.
    """
    memories: dict[str, Against] = {}
    marks: dict[str, Mark] = {}
    two = len(values) == 2
    trusted = {t: v for t, v in values.items() if two or not (t in doubted or _apart(old.get(t, NEW)))}
    misled = bool(values.keys() & (doubted - doubted_before))
    for tag, value in values.items():
        m = old.get(tag, NEW)
        if misled and tag not in doubted:
            m = m._replace(above=0.0, below=0.0, drift_since_s=None)
        pair = len(trusted) == 2 and tag in trusted
        difference = _difference(tag, value, values, trusted, pair=pair)
        if difference is None:
            m = m._replace(out=False, apart=0, together=DISAGREE_S)  # "in a row" begins anew; what drifted has drifted
        else:
            m = _cross(m, beyond=abs(difference) > DISAGREE_K)
            if drift and (two or not pair):
                m = _sum(m, difference, now_s)
        memories[tag] = m
        mark = _mark(m, now_s, pair=two)
        if mark is not None:
            marks[tag] = mark
    return memories, marks


def _apart(m: Against) -> bool:
    return m.out or m.drift_since_s is not None


def _difference(tag: str, value: float, values: Mapping[str, float], trusted: Mapping[str, float], *, pair: bool) -> float | None:
    """Against the median of the trusted ones, in a pair against the other, None where there is nobody to compare with."""
    if pair:
        (other,) = (v for t, v in trusted.items() if t != tag)
        return value - other
    if len(values) == 1:
        return None
    return value - middle(sorted((trusted if len(trusted) >= 2 else values).values()))


def _cross(m: Against, *, beyond: bool) -> Against:
    if beyond:
        apart = min(m.apart + 1, DISAGREE_S)
        return m._replace(apart=apart, together=0, out=m.out or apart >= DISAGREE_S)
    together = min(m.together + 1, DISAGREE_S)
    return m._replace(apart=0, together=together, out=m.out and together < DISAGREE_S)


def _sum(m: Against, difference: float, now_s: float) -> Against:
    above = min(max(0.0, m.above + difference - CUSUM_SLACK), 2.0 * CUSUM_LIMIT)  # bounded: what is over must end in finite time
    below = min(max(0.0, m.below - difference - CUSUM_SLACK), 2.0 * CUSUM_LIMIT)
    since = (now_s if m.drift_since_s is None else m.drift_since_s) if max(above, below) > CUSUM_LIMIT else None
    return m._replace(above=above, below=below, drift_since_s=since)


def _mark(m: Against, now_s: float, *, pair: bool) -> Mark | None:
    if m.out:
        return Mark(Quality.BAD, Why.DISAGREES)
    if m.drift_since_s is None:
        return None
    if pair:
        return Mark(Quality.GOOD, Why.DRIFT)  # which of two is wrong nobody can say
    return Mark(Quality.BAD if now_s - m.drift_since_s >= CUSUM_BAD_S else Quality.UNCERTAIN, Why.DRIFT)
