"""Who may go in: one question for the treatment room, one for the chamber, each answered by a reason or by None.

Rescuers die with the first victim (H-03). Re-entry needs oxygen at ``O2_REENTRY_PCT`` or above for ``O2_REENTRY_HOLD_S``
without a break (safety reference, 3.4), in the room *and* in the chamber that exhales into it. Unknown is not good.
"""

from __future__ import annotations

from collections.abc import Set

from chamber.cause_effect import Effect
from chamber.commands import Reason
from chamber.facts import Facts
from chamber.limits import O2_REENTRY_HOLD_S, O2_REENTRY_PCT
from chamber.readings import Reading

_ROOM_EVACUATION = Effect.ROOM_EVACUATION  # looked up once: asked for in every scan


def room_refusal(f: Facts, effects: Set[Effect]) -> Reason | None:
    """Why nobody may go into the treatment room (beacon and door page outside it); None: entry is allowed."""
    if _ROOM_EVACUATION in effects:
        return Reason("room_evacuated")
    if f.o2_room.good is None or f.o2_floor.good is None:
        return Reason("oxygen_unknown")
    return None if f.room_entry_good_s >= O2_REENTRY_HOLD_S else _not_yet(f.oxygen_readings, f.room_entry_good_s)


def chamber_refusal(f: Facts, effects: Set[Effect]) -> Reason | None:
    """Why nobody may go into the chamber, as far as the air is concerned; None: the air is fit to breathe."""
    outside = room_refusal(f, effects)
    if outside is not None:
        return outside
    if any(r.good is None for r in f.oxygen_readings):
        return Reason("oxygen_unknown")
    return None if f.o2_entry_good_s >= O2_REENTRY_HOLD_S else _not_yet(f.oxygen_readings, f.o2_entry_good_s)


def _not_yet(readings: tuple[Reading[float], ...], held_s: float) -> Reason:
    lowest = min((r.good for r in readings if r.good is not None), default=None)
    if lowest is not None and lowest < O2_REENTRY_PCT:
        return Reason("oxygen_too_low", {"lowest_pct": round(lowest, 1), "needed_pct": O2_REENTRY_PCT})
    return Reason("oxygen_not_good_long_enough", {"held_s": int(held_s), "needed_s": O2_REENTRY_HOLD_S})
