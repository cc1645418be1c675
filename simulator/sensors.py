"""Instruments: lag, bias, slow drift and noise per tag, and the quality the PLC's input cards would give.

Where an instrument sits is the plant's business (``Plant.true_values``), its resolution that of the register (0.1 K, 0.01 vol%).

The order of values is that of ``chamber.tags.ANALOG_TAGS``. All randomness comes from the generator passed in.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from chamber.tags import ANALOG_TAGS, BIT_TAGS, AnalogTag, Unit
from plc_bridge.contract import QualityNibble

INDEX: dict[str, int] = {tag.tag: i for i, tag in enumerate(ANALOG_TAGS)}
BIT_INDEX: dict[str, int] = {tag.tag: i for i, tag in enumerate(BIT_TAGS)}
_NOISE_LENGTH = 8192
_MONTH_S = 30.0 * 86_400.0
NO_LAGS: Mapping[str, float] = {}


class Instrument(NamedTuple):
    """Lag time constant s; standard deviation of noise, half range of the unit-to-unit bias, and standard deviation of the
    drift per month, in the tag's unit. Figures are those of common makes, assumed."""

    lag_s: float
    noise: float
    bias: float
    drift: float = 0.0


def instrument(tag: AnalogTag) -> Instrument:
    """Properties by kind of signal: PT100 in air 15 s, on pipes 4 s, aspirated O2 cell T90 15 s (lag = T90 / ln 10)."""
    if tag.unit is Unit.CELSIUS:
        lag = 4.0 if tag.tag in ("TT-111", "TT-211") else 15.0
        return Instrument(lag, 0.05, 0.3, 0.01)
    if tag.unit is Unit.OXYGEN:
        return Instrument(15.0 / math.log(10.0), 0.02, 0.04, 0.15)  # a cell loses about 1 % of its signal a month
    if tag.unit is Unit.BAR_A:
        return Instrument(0.5, 0.005, 0.01, 0.001)
    if tag.unit is Unit.KILOPASCAL:
        return Instrument(2.0, 0.01, 0.05, 0.01)
    if tag.unit is Unit.PERCENT:
        return Instrument(0.1, 0.15, 0.3)
    if tag.unit is Unit.KILOGRAM:
        return Instrument(5.0, 1.0, 5.0)
    return Instrument(1.0, 0.3, 0.2)  # flow, kg/h


Distortion = Callable[[float, float], tuple[float, int]]
"""(value, seconds since the fault began) -> (value, quality nibble)."""


class _Table(tuple[float, ...]):
    """Numbers that a copy shares: nothing in it can change."""

    def __deepcopy__(self, memo: dict[int, object]) -> _Table:
        return self


class Sensors:
    """All analogue inputs of the PLC. ``read`` is called once a scan."""

    def __init__(self, rng: random.Random, dt_s: float, start: Sequence[float], lags_s: Mapping[str, float] = NO_LAGS) -> None:
        """``lags_s``: instruments that stand elsewhere on this device and so follow at another pace."""
        self._rng = rng
        usual = [instrument(tag) for tag in ANALOG_TAGS]
        kinds = [k._replace(lag_s=lags_s.get(tag.tag, k.lag_s)) for k, tag in zip(usual, ANALOG_TAGS, strict=True)]
        self._gain = [1.0 - math.exp(-dt_s / k.lag_s) for k in kinds]
        self._noise_sd = [k.noise for k in kinds]
        self._bias = [rng.uniform(-k.bias, k.bias) for k in kinds]
        self._noise = _Table([rng.gauss(0.0, 1.0) for _ in range(_NOISE_LENGTH)])
        self._drift = [k.drift * n * dt_s / _MONTH_S for k, n in zip(kinds, reversed(self._noise), strict=False)]  # per reading
        self._at = self._from = 0
        self._lagged = list(start)
        self._count = len(kinds)
        self._all_good = [QualityNibble.GOOD.value] * self._count
        self.distortions: dict[int, Callable[[float], tuple[float, int]]] = {}
        """By index of the tag: replaces value and quality while a fault is active."""

    def reseed(self, rng: random.Random) -> None:
        """Other noise from now on; the bias of each instrument stays."""
        self._rng = rng
        self._age()

    def _age(self) -> None:
        """Drift of the readings since last time; go on in the table of noise at another place, so that no period shows."""
        readings = (self._at - self._from) // self._count
        self._bias = [b + d * readings for b, d in zip(self._bias, self._drift, strict=True)]
        self._at = self._from = self._rng.randrange(_NOISE_LENGTH // 2)

    def settle(self, true_values: Sequence[float]) -> None:
        """Take the given values as long since reached (start of a run)."""
        self._lagged = list(true_values)

    def read(self, true_values: Sequence[float], quality: list[int]) -> list[float]:
        """Values as the input card sees them; ``quality`` is filled with nibbles."""
        at = self._at
        if at + self._count > _NOISE_LENGTH:
            self._age()
            at = self._at
        noise = self._noise[at : at + self._count]
        self._at = at + self._count
        lagged = [x + g * (t - x) for x, g, t in zip(self._lagged, self._gain, true_values, strict=True)]
        self._lagged = lagged
        values = [x + b + s * n for x, b, s, n in zip(lagged, self._bias, self._noise_sd, noise, strict=True)]
        quality[:] = self._all_good
        for i, distort in self.distortions.items():
            values[i], quality[i] = distort(values[i])
        return values
