"""A measured value together with how far it may be trusted and when it was taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial
from itertools import repeat
from typing import Any, Generic, NamedTuple, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Quality(StrEnum):
    """Trust in a value. Safety logic treats UNCERTAIN as BAD; only the regulator may ride on it for a moment."""

    GOOD = "good"
    UNCERTAIN = "uncertain"
    BAD = "bad"


class Why(StrEnum):
    """Reason for a quality other than GOOD (wording after OPC UA Part 8 sub-codes and NAMUR NE 107)."""

    NONE = "none"
    NEVER_READ = "never_read"  # waiting for initial data
    NO_LINK = "no_link"  # the PLC is silent
    STALE = "stale"  # last good read is too old
    WARM_UP = "warm_up"  # sensor not yet usable after power-on
    FAILURE_LOW = "failure_low"  # wire short, NE 43 below 3.6 mA
    FAILURE_HIGH = "failure_high"  # wire open, NE 43 above 21 mA
    OUT_OF_SPEC = "out_of_spec"  # NE 43 between valid and failure
    OUT_OF_RANGE = "out_of_range"  # physically impossible value
    RATE = "rate"  # changes faster than the process can
    STUCK = "stuck"  # does not move although it should
    NOISE = "noise"  # far noisier than at commissioning
    QUIET = "quiet"  # far less noise than at commissioning: look at it
    DRIFT = "drift"  # moves away from its fellows
    DISAGREES = "disagrees"  # outvoted by its neighbours
    SAMPLE_FLOW = "sample_flow"  # analyser gets no sample
    PRESSURE_UNKNOWN = "pressure_unknown"  # corrected with the highest ambient pressure, so it counts as lower
    FRESH_AIR = "fresh_air"  # off in the last fresh-air check
    OUT_OF_SERVICE = "out_of_service"  # taken out by maintenance
    NOT_FITTED = "not_fitted"  # this device has no such instrument; the profile says why
    TOO_FEW = "too_few"  # a vote without enough good inputs


_GOOD, _NONE = Quality.GOOD, Why.NONE  # members looked up once: the look-up in an enumeration costs more than the comparison


class Reading(NamedTuple, Generic[T_co]):
    """Value, quality, reason and time of acquisition.

    A reading that was never taken has no value: there is no 0.0 that means "none". ``acquired_at_s`` is monotonic
    time of the *last successful read*, never of the last change.
    """

    value: T_co | None
    quality: Quality
    why: Why = Why.NONE
    acquired_at_s: float | None = None

    @property
    def good(self) -> T_co | None:
        """The value if it is GOOD, else None: the only accessor that safety logic uses."""
        return self.value if self.quality is _GOOD else None


def readings_of(values: Iterable[float], acquired_at_s: float) -> Iterable[Reading[float]]:
    """GOOD readings of one moment. The constructor in C: there are two hundred readings a second."""
    return map(_reading, zip(values, repeat(_GOOD), repeat(_NONE), repeat(acquired_at_s), strict=False))


_new: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
_reading: Callable[[tuple[float, Quality, Why, float]], Reading[float]] = partial(_new, Reading)

NEVER: Reading[float] = Reading(None, Quality.BAD, Why.NEVER_READ)
