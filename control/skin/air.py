"""Gas about the people, measured or not. What is not measured is never taken to be warmer than what can be expected."""

from __future__ import annotations

from typing import NamedTuple

from chamber.voting import Vote

POSSIBLE_C = (-200.0, 60.0)  # anything else is no temperature of a room
WARMS_K_S = 1.0  # unread, a zone may have warmed so fast at most (both doors held open for a minute: 50 K, simulated) ...
WARMEST_C = 25.0  # ... and not beyond this


class Zone(NamedTuple):
    """Gas of one zone, °C: as assumed, coldest and warmest it may be by its thermometers. None: not measured in this session.

    ``coldest_c``: coldest ``c`` since the session was opened. ``read``: measured now.
    """

    c: float | None = None
    low_c: float = 0.0
    high_c: float = 0.0
    coldest_c: float = 0.0
    read: bool = False


NOT_SEEN = Zone()


def seen(old: Zone, vote: Vote, regulated_c: float | None, seconds: float) -> Zone:
    """The zone after ``seconds`` more. ``regulated_c``: what it is regulated to, None if it is not.

    Unread, the gas is as cold as the coldest seen in this session, or the set point if that is colder; at the warm end it drifts away.
    """
    c = _possible(vote.value)
    if c is not None:
        low, high = _possible(vote.lowest), _possible(vote.highest)
        coldest = c if old.c is None else min(c, old.coldest_c)
        return Zone(c, c if low is None else min(low, c), c if high is None else max(high, c), coldest, True)
    if old.c is None:
        return old
    expected = _possible(regulated_c)
    c = old.coldest_c if expected is None else min(old.coldest_c, expected)
    return Zone(c, c, max(old.high_c, min(WARMEST_C, old.high_c + WARMS_K_S * seconds)), old.coldest_c, False)


def _possible(c: float | None) -> float | None:
    return c if c is not None and POSSIBLE_C[0] <= c <= POSSIBLE_C[1] else None  # False for NaN
