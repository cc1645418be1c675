"""Oxygen analysers: ambient pressure, fresh air, warm-up (safety reference, 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chamber.instruments.sensor import Mark
from chamber.readings import Quality, Reading, Why

WEATHER = 0.04  # H-06: ambient pressure stays within this of the mean of its place; beyond, the barometer is wrong
FRESH_AIR_PCT = 20.9  # H-05
FRESH_AIR_GOOD_PCT = 0.3  # H-05: further off in fresh air: maintenance required
FRESH_AIR_LIMIT_PCT = 0.5  # H-05: further off: out of service until a check passes
WARM_UP_SPAN_PCT = 0.4  # H-05: an analyser has warmed up once it has stayed within +/- 0.2 ...
WARM_UP_S = 30.0  # H-05: ... for this long


class Correction(NamedTuple):
    """Times the partial-pressure reading gives vol%. ``assumed``: the barometer is not believed, the highest pressure is taken."""

    kpa: float
    assumed: bool


def ambient(measured_kpa: float | None, mean_kpa: float) -> Correction:
    """Pressure to correct with. Unknown or impossible for the place: the highest it can be, so that oxygen counts as lower (H-06)."""
    if measured_kpa is None or abs(measured_kpa - mean_kpa) > WEATHER * mean_kpa:
        return Correction(mean_kpa * (1.0 + WEATHER), assumed=True)
    return Correction(measured_kpa, assumed=False)


def to_vol_pct(reading: Reading[float], calibrated_kpa: float, pressure: Correction) -> Reading[float]:
    """vol% of an analyser that sees partial pressure and was set to read vol% at ``calibrated_kpa``: value x calibrated / ambient.

    Source: Dalton's law, oxygen share = partial pressure / ambient pressure (H-06).
    """
    if reading.value is None:
        return reading
    value = reading.value * calibrated_kpa / pressure.kpa
    if pressure.assumed and reading.quality is Quality.GOOD:
        return reading._replace(value=value, why=Why.PRESSURE_UNKNOWN)
    return reading._replace(value=value)


HIGHEST_FACTOR = (1.0 + WEATHER) / (1.0 - WEATHER)
"""H-26: a value corrected with an assumed pressure may truly be higher by this."""


def fresh_air(reading: Reading[float]) -> Mark | None:
    """Judged in fresh air, in a chamber at rest. None: good. An analyser that failed its last check is judged by its value."""
    value = reading.value if reading.why is Why.FRESH_AIR else reading.good
    if value is None or abs(value - FRESH_AIR_PCT) > FRESH_AIR_LIMIT_PCT:
        return Mark(Quality.BAD, Why.FRESH_AIR)
    return Mark(Quality.GOOD, Why.FRESH_AIR) if abs(value - FRESH_AIR_PCT) > FRESH_AIR_GOOD_PCT else None


class Settling(NamedTuple):
    """An analyser after its warm-up, until it is steady."""

    since_s: float
    low: float
    high: float


def settle(old: Mapping[str, Settling | None], now_s: float, readings: Mapping[str, Reading[float]]) -> dict[str, Settling | None]:
    """Who is still warming up: None while the instrument itself says so, then until WARM_UP_S within WARM_UP_SPAN_PCT."""
    new: dict[str, Settling | None] = {tag: None for tag, r in readings.items() if r.why is Why.WARM_UP}
    for tag, s in old.items():
        value = readings[tag].value if tag in readings and readings[tag].why is not Why.WARM_UP else None
        if value is None:
            if tag in readings and tag not in new:
                new[tag] = s
            continue
        s = Settling(now_s, value, value) if s is None else s._replace(low=min(s.low, value), high=max(s.high, value))
        if s.high - s.low > WARM_UP_SPAN_PCT:
            s = Settling(now_s, value, value)
        if now_s - s.since_s < WARM_UP_S:
            new[tag] = s
    return new
