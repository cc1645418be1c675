"""Seconds gathered to minutes: means and slopes of what was measured, and whether the minute was quiet.

The only input of the twin. Everything in it is measured or proven by a contact; nothing is what was merely asked for, except the
valve demands, which are there to be compared with the positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MINUTE = 60  # looks to a window, one a second
MEASURED = 16
MAIN_C, PRE_C, ROOM_C, OUTLET_MAIN_C, OUTLET_PRE_C, MAIN_PCT, PRE_PCT, FLOW_KG_H, SUPPLY_BAR = range(9)
MAIN_SHUT, PRE_SHUT, MAIN_OFF_PCT, PRE_OFF_PCT, FRESH, MAIN_JUDGED, PRE_JUDGED = range(9, 16)
FOLLOWS_S, REMEMBERS = 8, 16
_SLOPES = 5  # the first so many also get a slope
_SHUT_PCT = 0.05
STEADY_PCT = 10.0  # a demand that has moved by no more lets a drive keep up with it
_MIDDLE = 0.5 * (MINUTE - 1)
_SPREAD = sum((n - _MIDDLE) ** 2 for n in range(MINUTE))


class Look(NamedTuple):
    """One second. Temperatures °C, valves % (``asked``: the demand, ``main_pct``: the measured position), flow kg/h, pressure bar(a),
    content of the tank kg. None: not known. ``cooling``: nitrogen may flow, the main valve is open."""

    main_c: float | None
    pre_c: float | None
    room_c: float | None
    outlet_main_c: float | None
    outlet_pre_c: float | None
    main_pct: float | None
    pre_pct: float | None
    flow_kg_h: float | None
    supply_bar: float | None
    tank_kg: float | None
    asked_main_pct: float
    asked_pre_pct: float
    cooling: bool
    fresh: bool
    drying: bool
    doors_shut: bool
    persons: int


class Gathering(NamedTuple):
    """A minute under way. ``recent``: the valve demands of the last looks, oldest first."""

    seconds: int = 0
    sums: tuple[float, ...] = (0.0,) * MEASURED
    leaning: tuple[float, ...] = (0.0,) * _SLOPES
    cooling: int = 0
    shut: int = 0
    drying: int = 0
    person_s: int = 0
    tank_kg: float | None = None
    recent: tuple[tuple[float, float], ...] = ()
    whole: bool = True


class Minute(NamedTuple):
    """A minute as means; slopes in K/s. ``None`` in ``means``: something was not known for a part of it."""

    means: tuple[float, ...] | None
    slopes: tuple[float, ...]
    cooling: bool  # all the time
    shut: bool  # both doors, all the time
    drying: bool
    person_s: int
    tank_kg: float | None


def gather(g: Gathering, look: Look) -> tuple[Gathering, Minute | None]:
    """Take in one look; the minute when it is full."""
    recent = (*g.recent[1 - REMEMBERS :], (look.asked_main_pct, look.asked_pre_pct))
    off = (_off([a for a, _ in recent], look.main_pct), _off([a for _, a in recent], look.pre_pct))
    row = (
        look.main_c,
        look.pre_c,
        look.room_c,
        look.outlet_main_c,
        look.outlet_pre_c,
        look.main_pct,
        look.pre_pct,
        look.flow_kg_h,
        look.supply_bar,
    )
    known = [v for v in row if v is not None]
    whole = g.whole and len(known) == len(row)
    sums, leaning = g.sums, g.leaning
    if whole:
        main_shut, pre_shut = float(look.asked_main_pct <= _SHUT_PCT), float(look.asked_pre_pct <= _SHUT_PCT)
        added = (*known, main_shut, pre_shut)
        n = g.seconds - _MIDDLE
        sums = (
            *[s + v for s, v in zip(sums[:MAIN_OFF_PCT], added, strict=True)],
            max(sums[MAIN_OFF_PCT], off[0] or 0.0),
            max(sums[PRE_OFF_PCT], off[1] or 0.0),
            sums[FRESH] + look.fresh,
            sums[MAIN_JUDGED] + (off[0] is not None),
            sums[PRE_JUDGED] + (off[1] is not None),
        )
        leaning = tuple([s + n * v for s, v in zip(leaning, known[:_SLOPES], strict=True)])
    g = Gathering(
        g.seconds + 1,
        sums,
        leaning,
        g.cooling + look.cooling,
        g.shut + look.doors_shut,
        g.drying + look.drying,
        g.person_s + look.persons,
        look.tank_kg,
        recent,
        whole,
    )
    if g.seconds < MINUTE:
        return g, None
    means = None
    if g.whole:
        means = tuple([s if i in (MAIN_OFF_PCT, PRE_OFF_PCT) else s / MINUTE for i, s in enumerate(g.sums)])
    minute = Minute(
        means,
        tuple([s / _SPREAD for s in g.leaning]),
        g.cooling == MINUTE,
        g.shut == MINUTE,
        g.drying > 0,
        g.person_s,
        g.tank_kg,
    )
    return Gathering(recent=g.recent), minute


def _off(asked: Sequence[float], at_pct: float | None) -> float | None:
    """How far a valve stands outside all that was asked of it in the last seconds, % of the stroke; None: nobody can say.

    A drive that follows is somewhere between those demands; one that sticks lets them go by.
    """
    if at_pct is None or len(asked) < REMEMBERS or min(asked) < 1.0 or max(asked) - min(asked) > STEADY_PCT:
        return None
    last = asked[-FOLLOWS_S:]
    return max(0.0, at_pct - max(last), min(last) - at_pct)
