"""Instrument list: ISA-5.1 tags of the device family, one row each.

The register map, the panel's I/O screen, telemetry and the docs all take names, units and ranges from here.
Numbering: 1xx main room, 2xx pre-chamber, 3xx treatment room, 4xx liquid nitrogen, 0xx whole device.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    CELSIUS = "°C"
    OXYGEN = "vol%"
    PERCENT = "%"
    BAR_A = "bar(a)"
    KILOPASCAL = "kPa"
    KILOGRAM = "kg"
    KG_PER_H = "kg/h"
    NONE = ""


class AnalogTag(NamedTuple):
    """An analogue signal: ISA tag, plain words, unit, instrument range (below/above it the value is impossible)."""

    tag: str
    text: str
    unit: Unit
    low: float
    high: float


class BitTag(NamedTuple):
    """A contact or a proven state. ``true`` says what a closed contact (1) means."""

    tag: str
    text: str
    true: str


# Temperature range: -205..+60 degC is the RTD plausibility band of the sensor validation; a shorted RTD (-240 degC) is bad, not cold.
_T = (Unit.CELSIUS, -205.0, 60.0)
_O2 = (Unit.OXYGEN, 0.0, 25.0)
_PCT = (Unit.PERCENT, -1.0, 101.0)

ANALOG_TAGS: tuple[AnalogTag, ...] = (
    AnalogTag("TT-101", "Main room 1.7 m", *_T),
    AnalogTag("TT-102", "Main room 1.1 m", *_T),
    AnalogTag("TT-103", "Main room 0.6 m", *_T),
    AnalogTag("TT-111", "Main coil outlet", *_T),
    AnalogTag("TT-201", "Pre-chamber 1.5 m", *_T),
    AnalogTag("TT-202", "Pre-chamber 0.8 m", *_T),
    AnalogTag("TT-211", "Pre-chamber coil outlet", *_T),
    AnalogTag("TT-301", "Treatment room", *_T),
    AnalogTag("AT-101A", "Main room oxygen A", *_O2),
    AnalogTag("AT-101B", "Main room oxygen B", *_O2),
    AnalogTag("AT-101C", "Main room oxygen C", *_O2),
    AnalogTag("AT-201A", "Pre-chamber oxygen A", *_O2),
    AnalogTag("AT-201B", "Pre-chamber oxygen B", *_O2),
    AnalogTag("AT-301", "Room oxygen, breathing height", *_O2),
    AnalogTag("AT-302", "Room oxygen, floor", *_O2),
    AnalogTag("PT-401", "LN2 supply pressure", Unit.BAR_A, 0.0, 10.0),
    AnalogTag("LT-401", "LN2 tank content", Unit.KILOGRAM, 0.0, 6000.0),
    AnalogTag("FT-401", "LN2 flow", Unit.KG_PER_H, 0.0, 600.0),
    AnalogTag("ZT-101", "Main LN2 valve position", *_PCT),
    AnalogTag("ZT-201", "Pre-chamber LN2 valve position", *_PCT),
    AnalogTag("PT-301", "Ambient pressure", Unit.KILOPASCAL, 60.0, 110.0),
    AnalogTag("JT-001", "UPS charge", *_PCT),
)

BIT_TAGS: tuple[BitTag, ...] = (
    BitTag("ZS-101A", "Inner door contact A (closes when shut)", "door shut"),
    BitTag("ZS-101B", "Inner door contact B (opens when shut)", "door not shut"),
    BitTag("ZS-201A", "Outer door contact A (closes when shut)", "door shut"),
    BitTag("ZS-201B", "Outer door contact B (opens when shut)", "door not shut"),
    BitTag("YS-101", "Presence in main room", "somebody present"),
    BitTag("YS-201", "Presence in pre-chamber", "somebody present"),
    BitTag("HS-001A", "Emergency stop channel A", "not pressed"),
    BitTag("HS-001B", "Emergency stop channel B", "not pressed"),
    BitTag("HS-101", "Call button inside", "pressed"),
    BitTag("FS-101", "Purge fan airflow", "flow proven"),
    BitTag("FS-102", "Oxygen sample flow", "flow proven"),
    BitTag("FS-301", "Room extract airflow", "flow proven"),
    BitTag("ES-001", "Mains supply", "present"),
    BitTag("ZSC-401", "LN2 main valve closed switch", "closed"),
    BitTag("ZSO-401", "LN2 main valve open switch", "open"),
    BitTag("JS-001", "Battery supply (UPS)", "healthy"),
    BitTag("HS-301", "Room emergency call and fire alarm loop", "not active"),
    BitTag("HS-002", "Service key", "turned"),
    BitTag("YS-102", "Announcement heard (loop-back of the loudspeaker)", "heard"),
    BitTag("YS-103", "Face above the rim (head-out cabin)", "seen above"),
)

ANALOG: dict[str, AnalogTag] = {t.tag: t for t in ANALOG_TAGS}
BITS: dict[str, BitTag] = {t.tag: t for t in BIT_TAGS}

# What a device may lack, stated in its profile with the reason. Everything else keeps somebody alive and is always fitted.
OPTIONAL: frozenset[str] = frozenset({"PT-301", "PT-401", "LT-401", "JT-001", "JS-001", "HS-301", "YS-102", "ZSO-401"})

FACE_ABOVE_RIM = "YS-103"
PRE_CHAMBER_ONLY = ("AT-201A", "AT-201B", "ZT-201", "ZS-201A", "ZS-201B", "YS-201")
"""What a device without a pre-chamber does not have. Its thermometers (TT-201, TT-202, TT-211) a cabin has in other places."""

MAIN_TEMPERATURES = ("TT-101", "TT-102", "TT-103")
PRE_TEMPERATURES = ("TT-201", "TT-202")
MAIN_OXYGEN = ("AT-101A", "AT-101B", "AT-101C")
PRE_OXYGEN = ("AT-201A", "AT-201B")
ROOM_OXYGEN_HIGH = "AT-301"
ROOM_OXYGEN_FLOOR = "AT-302"
