"""Whether a room swings by itself: the sign of a law whose model is wrong, in a swing too small for the observer to be surprised.

Six whole swings in a row, each leg at least ``LEAST_K`` long and soon after the last one. A step by 10 K with a dead time 43 % wrong
rings by four of them at most before it dies away, sessions on the project's own plant make none; one of a thousand plants whose dead
time is wrong by up to half swings for ever (docs/control.md).
"""

from __future__ import annotations

from typing import NamedTuple

LEAST_K = 0.8  # peak to peak, as the observer sees it: below the 1 K that counts as a limit cycle
TURNS = 12
LONGEST_S = 60.0  # from turn to turn: what takes longer comes from outside


class Swing(NamedTuple):
    """``extreme_k``: furthest since the last turn, None: nothing seen yet; ``since_s``: since that turn."""

    extreme_k: float | None = None
    rising: bool = True
    turns: int = 0
    since_s: float = 0.0


STILL = Swing()


def swung(s: Swing, gas_k: float, dt_s: float) -> Swing:
    """One period on; ``gas_k``: the room as the observer has it."""
    extreme, since = s.extreme_k, s.since_s + dt_s
    if extreme is None:
        return Swing(gas_k)
    if (gas_k >= extreme) if s.rising else (gas_k <= extreme):
        return s._replace(extreme_k=gas_k, since_s=since)
    if abs(gas_k - extreme) < LEAST_K:
        return s._replace(since_s=since)
    return Swing(gas_k, not s.rising, s.turns + 1 if since <= LONGEST_S else 1, 0.0)
