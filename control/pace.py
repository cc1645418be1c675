"""When the next scan begins: ten times a second, and a moment after the PLC has filled a new block.

Two clocks of nearly the same period slide through each other. Left alone, a block waits for its scan anything between nothing
and a whole period, and where the two meet, scans find nothing new. The counter of the block shows where its moment is: a read
that finds a new block moves the next scan a little earlier, a read that comes too soon waits for the block and moves the scans
after it behind that moment. So a change is read within some ten milliseconds of being there.

The supervisor's own duties do not hang on it: a scan is begun at most ``SLEW_S`` nearer to or further from the last than
``PERIOD_S``, whatever the PLC does, and waits for a block at most ``WAIT_S`` within the time a read may take anyway. A PLC that
fills blocks much faster or slower, stands still, starts anew or answers slowly is read at the plain period.
"""

from __future__ import annotations

from typing import NamedTuple

PERIOD_S = 0.1
SLEW_S = 0.002
EARLIER_S = 0.0002  # a scan, once the moment is known: more than clocks differ, and one read in some thirty comes too soon
MARGIN_S = 0.005
WAIT_S = 0.02
STEADY = 10  # scans in a row with one new block each, before anything is moved
SLOW_S = 0.03  # a PLC that takes so long to answer serves its line once a cycle: its answer is new whenever one asks


class Seen(NamedTuple):
    """What the read of one scan found. ``blocks``: filled since the last one used; None: no block, or none to compare with.

    ``waited_s``: between the first request and the one that brought it, 0 if it was there at once. ``took_s``: that answer's way.
    """

    blocks: int | None = None
    waited_s: float = 0.0
    took_s: float = 0.0


class Pace(NamedTuple):
    """``shift_s`` is added to the period up to the next scan."""

    shift_s: float = 0.0
    steady: int = 0
    found: bool = False
    later_s: float = 0.0  # still to be moved

    @property
    def wait_s(self) -> float:
        """How long the next read may wait for a block that is due."""
        return WAIT_S if self.steady >= STEADY else 0.0


def follow(pace: Pace, seen: Seen) -> Pace:
    """The pace after a scan."""
    if seen.blocks != 1 or seen.took_s > SLOW_S:
        return Pace()
    if pace.steady < STEADY:
        return Pace(steady=pace.steady + 1)
    later = seen.waited_s + MARGIN_S if seen.waited_s > 0.0 else pace.later_s
    if later > 0.0:
        shift = min(later, SLEW_S)
        return Pace(shift, STEADY, found=True, later_s=later - shift)
    return Pace(-EARLIER_S if pace.found else -SLEW_S, STEADY, pace.found)
