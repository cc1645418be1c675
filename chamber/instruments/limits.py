"""Limits of the instrument checks, one row per kind of instrument (safety reference, 4.2 and 3.3; proposed unless measured).

Samples are one second apart unless a name says otherwise. Every number names its hazard.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from chamber.tags import ANALOG_TAGS, AnalogTag, Unit


class Kind(StrEnum):
    ROOM = "room"  # gas of a room: PT100 in air, lag about 15 s
    AIR = "air"  # of the treatment room: nothing that the chamber does must move it
    COIL = "coil"  # behind a coil: PT100 on the pipe, lag about 4 s; liquid nitrogen may reach it
    OXYGEN = "oxygen"
    OTHER = "other"  # range and quality only


class Limits(NamedTuple):
    """``low``/``high``: beyond them the value is impossible. None: the check does not fit this kind.

    ``resolution``: one step on the wire. ``noise``: standard deviation of a healthy instrument, unless commissioning found
    another one. ``still_s``: unchanged for so long although something moved. ``silent_s``: unchanged for so long, whatever moved.
    """

    low: float | None
    high: float | None
    fall_per_s: float | None
    rise_per_s: float | None
    resolution: float
    noise: float | None
    still_s: int | None
    silent_s: int | None


LIMITS: dict[Kind, Limits] = {
    # H-09: nothing in a room is colder than boiling nitrogen; a shorted RTD (-240 °C) is bad, not cold. Gas fronts: 3 K/s at most.
    Kind.ROOM: Limits(-196.0, 60.0, 5.0, 10.0, 0.1, 0.06, 120, None),
    Kind.AIR: Limits(-196.0, 60.0, 5.0, 10.0, 0.1, 0.06, None, None),  # H-32
    # H-08: liquid at the sensor reads -196 °C within class B (1.3 K); a fast fall there is the hazard itself, no reason to disbelieve it.
    Kind.COIL: Limits(-200.0, 60.0, None, 10.0, 0.1, 0.06, 120, None),
    # H-05: a living analyser moves by a hundredth within ten minutes. H-01: however fast it falls, it is believed.
    Kind.OXYGEN: Limits(0.0, 25.0, None, None, 0.01, 0.025, None, 600),
    Kind.OTHER: Limits(None, None, None, None, 0.0, None, None, None),
}

IMPOSSIBLE_SCANS = 3  # H-09: scans in a row out of range: UNCERTAIN at once, BAD at the third
JUMP_MIN_K = 2.0  # H-09: within one scan smaller changes are noise and resolution
DISTRUST_S = 6.0  # H-09: after a jump a sensor must behave for this long; by then its fellows have judged it
STUCK_BAD_S = 300.0  # H-09: UNCERTAIN before, BAD from here on
EXCITED_PCT = 20.0  # H-09: a valve that moved by more must show at coil and room ...
EXCITED_K = 20.0  # H-09: ... as must a door that moved while the room was colder than the next by more ...
EXCITED_S = 60  # H-09: ... within four time constants of a room sensor
FELLOWS_MOVED_K = 1.0  # H-09: the others of the room moved by ten steps ...
FELLOWS_STILL_S = 30  # H-09: ... while this one gave the same number 30 times
NOISE_HIGH = 5.0  # H-05, H-09: times the noise of a healthy instrument: UNCERTAIN
NOISE_LOW = 0.2  # H-05, H-09: maintenance; only where that is more than one step on the wire, else stillness decides
NOISE_MEMORY_S = 10.0
DISAGREE_K = 6.0  # H-09: from the median of the room, offset of the place taken off
DISAGREE_S = 5  # H-09: for this long; and as long in agreement again
SIGMA_K = 1.5  # H-09: of the difference between a sensor and the median of its room
CUSUM_SLACK = 0.5 * SIGMA_K  # H-09: drift smaller than this is never counted
CUSUM_LIMIT = 5.0 * SIGMA_K  # H-09
CUSUM_SAMPLE_S = 10  # differences follow doors and guests for some ten seconds: only so far apart are they news
CUSUM_BAD_S = 60.0  # H-09: above the limit for so long: BAD
SETTLE_S = 30.0  # H-09: after a door was open, and after the fan started, its places differ, simulated by up to 7 K: no cross-check ...
DRIFT_SETTLE_S = 60.0  # H-09: ... and no sum of differences; nor with somebody inside, whose warmth makes layers of 1 to 2 K


COIL_OUTLETS = ("TT-111", "TT-211")
ROOM_AIR = "TT-301"


def _kind(tag: AnalogTag) -> Kind:
    if tag.unit is Unit.OXYGEN:
        return Kind.OXYGEN
    if tag.unit is not Unit.CELSIUS:
        return Kind.OTHER
    return Kind.COIL if tag.tag in COIL_OUTLETS else Kind.AIR if tag.tag == ROOM_AIR else Kind.ROOM


KINDS: dict[str, Kind] = {t.tag: _kind(t) for t in ANALOG_TAGS}


def _range(tag: AnalogTag) -> tuple[float, float]:
    lim = LIMITS[KINDS[tag.tag]]
    return tag.low if lim.low is None else max(tag.low, lim.low), tag.high if lim.high is None else min(tag.high, lim.high)


RANGES: dict[str, tuple[float, float]] = {t.tag: _range(t) for t in ANALOG_TAGS}
"""Tag -> (lowest, highest) possible value."""
