"""One instrument judged by its own past, once a second: rate, stillness, noise."""

from __future__ import annotations

import math
from typing import NamedTuple

from chamber.instruments.limits import (
    EXCITED_S,
    FELLOWS_MOVED_K,
    FELLOWS_STILL_S,
    NOISE_HIGH,
    NOISE_LOW,
    NOISE_MEMORY_S,
    STUCK_BAD_S,
    Limits,
)
from chamber.readings import Quality, Why

_HYSTERESIS = 0.8
_PRIMED_S = int(2 * NOISE_MEMORY_S)  # seconds until the noise is known


class Mark(NamedTuple):
    """What a check found. GOOD with a reason: usable, but somebody should look (maintenance required)."""

    quality: Quality
    why: Why


class Track(NamedTuple):
    """Memory of one instrument. Counters count samples of one second."""

    last: float
    still: int = 0  # samples without change
    excited: int | None = None  # samples since the plant was first moved while this stood still
    fellows: float | None = None  # median of its room when it last changed
    stuck_since_s: float | None = None
    noise_sq: float = 0.0  # mean square of the change within one scan, trend taken off
    primed: int = 0
    noisy: bool = False
    quiet: bool = False


class Sample(NamedTuple):
    """One second of one instrument. ``change``: since the scan before (0.1 s); None if there was none.

    ``moved``: an actuator or a door moved. ``room``: median of its room, if it has one.
    """

    now_s: float
    value: float
    change: float | None
    moved: bool
    room: float | None


def follow(old: Track | None, s: Sample, lim: Limits, noise: float | None) -> tuple[Track, Mark | None]:
    """The next memory, and the worst finding. ``noise``: standard deviation found at commissioning."""
    if old is None:
        return Track(s.value, fellows=s.room), None
    step = s.value - old.last
    still, excited, fellows, since = 0, None, s.room, None
    if -0.5 * lim.resolution < step < 0.5 * lim.resolution:
        still, fellows = old.still + 1, old.fellows
        excited = (0 if s.moved else None) if old.excited is None else old.excited + 1
        if _stuck(still, excited, fellows, s.room, lim):
            since = s.now_s if old.stuck_since_s is None else old.stuck_since_s
    noise_sq, primed, noisy, quiet = old.noise_sq, old.primed, old.noisy, old.quiet
    baseline = lim.noise if noise is None else noise
    if baseline is not None and s.change is not None:
        d = s.change - 0.1 * step
        noise_sq += (d * d - noise_sq) / NOISE_MEMORY_S
        primed += 1
        if primed >= _PRIMED_S:
            sigma = math.sqrt(0.5 * noise_sq)
            noisy = sigma > NOISE_HIGH * baseline * (_HYSTERESIS if noisy else 1.0)
            quiet = sigma < NOISE_LOW * baseline and NOISE_LOW * baseline >= lim.resolution
    track = Track(s.value, still, excited, fellows, since, noise_sq, primed, noisy, quiet)
    if since is not None:
        return track, Mark(Quality.BAD if s.now_s - since >= STUCK_BAD_S else Quality.UNCERTAIN, Why.STUCK)
    if noisy:
        return track, Mark(Quality.UNCERTAIN, Why.NOISE)
    return track, Mark(Quality.GOOD, Why.QUIET) if quiet else None


def _stuck(still: int, excited: int | None, fellows: float | None, room: float | None, lim: Limits) -> bool:
    """The same number again and again. At 0.1 K a healthy sensor does that, too, while all is calm: something must have moved."""
    if lim.silent_s is not None and still >= lim.silent_s:
        return True
    if lim.still_s is None:
        return False
    if still >= lim.still_s and excited is not None and excited >= EXCITED_S:
        return True
    moved = fellows is not None and room is not None and abs(room - fellows) >= FELLOWS_MOVED_K
    return moved and still >= FELLOWS_STILL_S


def too_fast(step: float, lim: Limits, seconds: float) -> bool:
    """A change over ``seconds`` that the process cannot make."""
    if lim.fall_per_s is not None and step < -lim.fall_per_s * seconds:
        return True
    return lim.rise_per_s is not None and step > lim.rise_per_s * seconds
