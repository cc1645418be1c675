"""How much the nitrogen valves have worked: travel and openings since they were fitted, counted from what the PLC really drove.

The counters are told to the journal when a cooling ends and once an hour while one lasts; a start reads the last line. What a
crash loses is less than an hour of work. A valve entered as replaced begins at zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

TELL_EVERY_S = 3600.0
_SHUT_PCT = 0.5


class Wear(NamedTuple):
    """``travel_pct``: sum of all moves in % of the stroke. ``cycles``: openings from shut. ``last_pct``: driven in the scan before."""

    travel_pct: float = 0.0
    cycles: int = 0
    last_pct: float | None = None


def worn(w: Wear, driven_pct: float | None) -> Wear:
    """One scan more; None: not known, counts nothing."""
    last = w.last_pct
    if driven_pct is None or driven_pct == last:
        return w
    if last is None:
        return w._replace(last_pct=driven_pct)
    return Wear(w.travel_pct + abs(driven_pct - last), w.cycles + (last <= _SHUT_PCT < driven_pct), driven_pct)


def wear_data(main: Wear, pre: Wear) -> dict[str, Any]:
    """The counters as the data of an event."""
    return {room: {"travel_pct": round(w.travel_pct), "cycles": w.cycles} for room, w in (("main", main), ("pre", pre))}


def read_wear(data: Mapping[str, Any] | None) -> tuple[Wear, Wear]:
    """The counters of main room and pre-chamber from the last event told; zero if there is none."""
    if data is None:
        return Wear(), Wear()
    main, pre = (Wear(float(data[room]["travel_pct"]), int(data[room]["cycles"])) for room in ("main", "pre"))
    return main, pre
