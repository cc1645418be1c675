"""Typed view of one STATUS block: checked, decoded, with the time it was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge.codec import unpack
from plc_bridge.contract import MAGIC, MAP_VERSION, Flag, PlcState, QualityNibble, Trip
from plc_bridge.register_map import STATUS, Kind


class Refused(StrEnum):
    """Why a block was not used (H-15, H-32)."""

    TORN = "torn"  # begin and end counter differ: read while being written
    MAGIC = "magic"  # another device or another register set answers
    VERSION = "version"  # another map version
    NOT_FILLED = "not_filled"  # PLC state INIT or unknown
    REPEATED = "repeated"  # counter has not advanced


class PlcStatus(NamedTuple):
    """Decoded STATUS block. ``values`` and their quality ``nibbles`` in the order of ``ANALOG_TAGS``; ``bits`` contact states by tag."""

    acquired_at_s: float
    counter: int
    program_id: int
    nonce: int
    uptime_ms: int
    state: PlcState
    flags: int
    trips: int
    causes: int
    first_out: int
    exposure_elapsed_s: float
    exposure_limit_s: float
    lease_remaining_s: float
    session_id: int
    outputs: int
    voice: int
    valve_main_pct: float
    valve_pre_pct: float
    setpoint_main_c: float
    values: tuple[float, ...]
    nibbles: tuple[int, ...]
    bits: Mapping[str, bool]
    mail_ack_id: int
    mail_result: int
    mail_reason: int

    def flag(self, flag: Flag) -> bool:
        return bool(self.flags >> flag & 1)

    @property
    def analog(self) -> dict[str, tuple[float, int]]:
        """(value, quality nibble) by tag."""
        return dict(zip(TAGS, zip(self.values, self.nibbles, strict=True), strict=True))


TAGS = tuple(t.tag for t in ANALOG_TAGS)
ALL_GOOD = (int(QualityNibble.GOOD),) * len(TAGS)
_STATES = {int(s): s for s in PlcState if s is not PlcState.INIT}
_TRIPS = frozenset(int(t) for t in Trip)
_NAMES = tuple(r.name for r in STATUS)
_PER_UNIT = {r.name: r.per_unit for r in STATUS}
# the analogue values stand together and in order, and so do the words of their qualities
_ANALOG = slice(_NAMES.index(TAGS[0]), _NAMES.index(TAGS[-1]) + 1)
_QUALITY = slice(_ANALOG.stop, _ANALOG.stop + sum(r.kind is Kind.NIBBLES for r in STATUS))
_ANALOG_PER_UNIT = tuple(r.per_unit for r in STATUS[_ANALOG])
_BITS = tuple((t.tag, 1 << n) for n, t in enumerate(BIT_TAGS))
if _NAMES[_ANALOG] != TAGS or sum((r.parts for r in STATUS[_QUALITY]), ()) != TAGS:
    raise ValueError("the register map does not hold values and qualities in the order of ANALOG_TAGS")


def trip_names(mask: int) -> frozenset[str]:
    return frozenset(t.name.lower() for t in Trip if mask >> t & 1)


def first_out_name(code: int) -> str | None:
    """Name of the first trip; None for 0, ``unknown`` for a code this map does not have."""
    if code == 0:
        return None
    return Trip(code - 1).name.lower() if code - 1 in _TRIPS else "unknown"


def read_block(words: Sequence[int], acquired_at_s: float, last_counter: int | None) -> PlcStatus | Refused:
    """Decode a block, or say why it must not be used. Raises CodecError if its length is wrong or a word is none."""
    numbers = unpack(STATUS, words)
    raw = dict(zip(_NAMES, numbers, strict=True))
    if raw["magic"] != MAGIC:
        return Refused.MAGIC
    if raw["map_version"] != MAP_VERSION:
        return Refused.VERSION
    if raw["begin_counter"] != raw["end_counter"]:
        return Refused.TORN
    if raw["begin_counter"] == last_counter:
        return Refused.REPEATED
    if raw["plc_state"] not in _STATES:
        return Refused.NOT_FILLED
    return PlcStatus(
        acquired_at_s=acquired_at_s,
        counter=raw["begin_counter"],
        program_id=raw["program_id"],
        nonce=raw["nonce"],
        uptime_ms=raw["uptime_ms"],
        state=_STATES[raw["plc_state"]],
        flags=raw["flags"],
        trips=raw["trips"],
        causes=raw["causes"],
        first_out=raw["first_out"],
        exposure_elapsed_s=_value(raw, "exposure_elapsed"),
        exposure_limit_s=_value(raw, "exposure_limit"),
        lease_remaining_s=raw["lease_remaining"] / 1000.0,
        session_id=raw["session_id"],
        outputs=raw["outputs"],
        voice=raw["voice"],
        valve_main_pct=_value(raw, "valve_main_out"),
        valve_pre_pct=_value(raw, "valve_pre_out"),
        setpoint_main_c=_value(raw, "setpoint_main"),
        values=tuple([n / per if per > 1 else n for n, per in zip(numbers[_ANALOG], _ANALOG_PER_UNIT, strict=True)]),
        nibbles=_nibbles(numbers[_QUALITY]),
        bits=_contacts(raw["inputs"]),
        mail_ack_id=raw["mail_ack_id"],
        mail_result=raw["mail_result"],
        mail_reason=raw["mail_reason"],
    )


def _value(raw: Mapping[str, int], name: str) -> float:
    return raw[name] / _PER_UNIT[name]


@lru_cache(maxsize=256)
def _nibbles(words: tuple[int, ...]) -> tuple[int, ...]:
    """Quality of every analogue tag; the words seldom change."""
    return tuple([word >> 4 * n & 0xF for word in words for n in range(4)][: len(TAGS)])


@lru_cache(maxsize=256)
def _contacts(inputs: int) -> Mapping[str, bool]:
    """Contacts by tag; they seldom change."""
    return {tag: inputs & mask != 0 for tag, mask in _BITS}
