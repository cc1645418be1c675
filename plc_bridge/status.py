"""Typed view of one STATUS block: checked, decoded, with the time it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
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
_WHOLE = tuple(n for n, per in enumerate(_ANALOG_PER_UNIT) if per == 1)  # told as they are
_ELAPSED, _LIMIT, _SETPOINT = _PER_UNIT["exposure_elapsed"], _PER_UNIT["exposure_limit"], _PER_UNIT["setpoint_main"]
_VALVE_MAIN, _VALVE_PRE = _PER_UNIT["valve_main_out"], _PER_UNIT["valve_pre_out"]
_told: Callable[[tuple[int, ...]], tuple[int, ...]] = itemgetter(
    *(
        _NAMES.index(name)
        for name in (
            "begin_counter", "magic", "map_version", "program_id", "nonce", "uptime_ms", "plc_state", "flags", "trips", "causes",
            "first_out", "exposure_elapsed", "exposure_limit", "lease_remaining", "session_id", "inputs", "outputs", "voice",
            "valve_main_out", "valve_pre_out", "setpoint_main", "mail_ack_id", "mail_result", "mail_reason", "end_counter",
        )
    )
)  # fmt: skip
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
    (
        begin, magic, version, program_id, nonce, uptime_ms, state, flags, trips, causes, first_out, elapsed, limit, lease_ms, session_id,
        inputs, outputs, voice, valve_main, valve_pre, setpoint, mail_ack_id, mail_result, mail_reason, end,
    ) = _told(numbers)  # fmt: skip
    if magic != MAGIC:
        return Refused.MAGIC
    if version != MAP_VERSION:
        return Refused.VERSION
    if begin != end:
        return Refused.TORN
    if begin == last_counter:
        return Refused.REPEATED
    if state not in _STATES:
        return Refused.NOT_FILLED
    analog = numbers[_ANALOG]
    values: list[float] = list(map(int.__truediv__, analog, _ANALOG_PER_UNIT))
    for whole in _WHOLE:
        values[whole] = analog[whole]
    # by place: by name it takes four times as long, ten times a second
    return PlcStatus(
        acquired_at_s, begin, program_id, nonce, uptime_ms, _STATES[state], flags, trips, causes, first_out,
        elapsed / _ELAPSED, limit / _LIMIT, lease_ms / 1000.0, session_id, outputs, voice,
        valve_main / _VALVE_MAIN, valve_pre / _VALVE_PRE, setpoint / _SETPOINT,
        tuple(values), _nibbles(numbers[_QUALITY]), _contacts(inputs), mail_ack_id, mail_result, mail_reason,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _nibbles(words: tuple[int, ...]) -> tuple[int, ...]:
    """Quality of every analogue tag; the words seldom change."""
    return tuple([word >> 4 * n & 0xF for word in words for n in range(4)][: len(TAGS)])


@lru_cache(maxsize=256)
def _contacts(inputs: int) -> Mapping[str, bool]:
    """Contacts by tag; they seldom change."""
    return {tag: inputs & mask != 0 for tag, mask in _BITS}
