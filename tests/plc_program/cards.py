"""Input cards of the program: currents to values and back, worked out anew so that the program's own scaling is checked."""

from __future__ import annotations

from fractions import Fraction

from chamber.tags import ANALOG_TAGS
from plc_bridge.contract import QualityNibble
from plc_bridge.program.declarations import device_words, tag_register

PER_UNIT = [tag_register(t.tag).per_unit for t in ANALOG_TAGS]
GOOD = QualityNibble.GOOD.value


def _engineering(index: int, ua: int) -> Fraction:
    tag = ANALOG_TAGS[index]
    return Fraction(str(tag.low)) + Fraction(ua - 4000, 16000) * Fraction(str(tag.high - tag.low))


def register_value(index: int, ua: int) -> int:
    """Current in uA to register units: linear from 4 to 20 mA, rounded to the nearest, halves away from the low end's zero."""
    low = Fraction(str(ANALOG_TAGS[index].low)) * PER_UNIT[index]
    offset = _engineering(index, ua) * PER_UNIT[index] - low
    rounded = int(abs(offset) + Fraction(1, 2))
    return int(low) + (rounded if offset >= 0 else -rounded)


def current(index: int, value: int) -> int:
    """A current in uA that reads as ``value`` (register units)."""
    tag, scale = ANALOG_TAGS[index], PER_UNIT[index]
    ua = round(4000 + (Fraction(value, scale) - Fraction(str(tag.low))) * 16000 / Fraction(str(tag.high - tag.low)))
    if register_value(index, ua) != value:
        raise ValueError(f"{tag.tag}: no current reads as {value}; the span is too wide for the register's resolution")
    return ua


def quality(ua: int, device: int) -> int:
    """NAMUR NE 43: below 3.6 mA and above 21 mA failed, 3.8 to 20.5 mA good, between them out of specification."""
    if ua < 3600:
        return QualityNibble.FAILURE_LOW.value
    if ua > 21000:
        return QualityNibble.FAILURE_HIGH.value
    if device not in (0, GOOD):
        return device
    return GOOD if 3800 <= ua <= 20500 else QualityNibble.OUT_OF_SPEC.value


def pack_devices(devices: list[int]) -> list[int]:
    """Transmitter status codes to words, four each."""
    index = {t.tag: i for i, t in enumerate(ANALOG_TAGS)}
    return [sum(devices[index[tag]] << 4 * k for k, tag in enumerate(tags)) for _, tags in device_words()]
