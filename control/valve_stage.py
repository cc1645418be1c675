"""On/off valves: pulse density with a minimum dwell; what could not be given is carried over.

A fixed time window would add half a window of dead time; switching on the carried remainder does not. The remainder swings over
one dwell of full opening, so a whole cycle never takes less than four dwells: at 2 s at most 90 in a session of 12 minutes,
whatever is demanded.
"""

from __future__ import annotations

from typing import NamedTuple

FULL_PCT = 99.9
SHUT_PCT = 0.1
_CARRY_DWELLS = 2.0  # of full opening; more would be given after the need has passed


class Stage(NamedTuple):
    """``carried_s``: opening owed, in seconds of a full valve. ``dwell_s``: since the last switch."""

    on: bool = False
    carried_s: float = 0.0
    dwell_s: float = float("inf")
    cycles: int = 0


def stage(s: Stage, demand_pct: float, dt_s: float, dwell_min_s: float) -> Stage:
    """One step of ``dt_s``; call it every scan. A demand of zero shuts at once, whatever the dwell (H-07)."""
    if not demand_pct > SHUT_PCT:  # also NaN
        return Stage(False, 0.0, s.dwell_s + dt_s if not s.on else 0.0, s.cycles)
    most = _CARRY_DWELLS * dwell_min_s
    carried = min(max(s.carried_s + (demand_pct / 100.0 - s.on) * dt_s, -most), most)
    dwell = s.dwell_s + dt_s
    if dwell < dwell_min_s - 1e-9:
        return Stage(s.on, carried, dwell, s.cycles)
    on = s.on
    if demand_pct >= FULL_PCT or (not s.on and carried > 0.5 * dwell_min_s):
        on = True
    elif s.on and carried < -0.5 * dwell_min_s:
        on = False
    if on is s.on:
        return Stage(on, carried, dwell, s.cycles)
    return Stage(on, carried, 0.0, s.cycles + on)
