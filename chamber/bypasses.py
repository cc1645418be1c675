"""Bypasses: a row of the table put out of force by service, for minutes, with nobody inside and no session possible (H-19).

Which rows may be bypassed is a field of the row (``Cause.bypassable``), off by default; the engine asks the row, not the
bypass. A bypass lives in memory only: no restart keeps one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chamber.commands import Reason

DEFAULT_MIN = 30  # H-19, safety reference 2.8
MAX_MIN = 240  # H-19
REMINDER_S = 300.0  # H-19: told so long before it ends
TEXT_MIN = 10  # characters of a reason and of a compensating measure: a word is none
TEXT_MAX = 500


class Bypass(NamedTuple):
    """``until_s`` monotonic. ``measure``: what answers the hazard meanwhile."""

    cause: str
    by: str
    reason: str
    measure: str
    until_s: float


class Ended(NamedTuple):
    bypass: Bypass
    why: str


Bypasses = Mapping[str, Bypass]


def asked(args: Mapping[str, object], by: str, now_s: float, bypassable: frozenset[str]) -> Bypass | Reason:
    """The bypass these arguments ask for, or why they ask for none."""
    cause, minutes = args.get("cause"), args.get("minutes", DEFAULT_MIN)
    if not isinstance(cause, str) or cause not in bypassable:
        return Reason("not_bypassable", {"cause": str(cause)})
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= MAX_MIN:
        return Reason("minutes_range", {"low": 1, "high": MAX_MIN})
    texts: list[str] = []
    for name in ("reason", "measure"):
        given = args.get(name)
        if not isinstance(given, str) or not TEXT_MIN <= len(given.strip()) <= TEXT_MAX:
            return Reason("text_missing", {"field": name, "low": TEXT_MIN, "high": TEXT_MAX})
        texts.append(given.strip())
    return Bypass(cause, by, texts[0], texts[1], now_s + 60.0 * minutes)


def kept(bypasses: Bypasses, now_s: float, *, occupied: bool, key_turned: bool | None) -> tuple[dict[str, Bypass], tuple[Ended, ...]]:
    """What stays in force: nothing while anybody may be inside (I11), nothing without the service key, nothing past its time."""
    why = "occupied" if occupied else "" if key_turned else "key_returned"
    stay = {c: b for c, b in bypasses.items() if not why and now_s < b.until_s}
    return stay, tuple(Ended(b, why or "expired") for c, b in bypasses.items() if c not in stay)
