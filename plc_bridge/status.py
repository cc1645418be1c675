"""Typed view of one STATUS block: checked, decoded, with the time it was taken."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from chamber.tags import BIT_TAGS
from plc_bridge.codec import CodecError, RawValue, decode
from plc_bridge.contract import MAGIC, MAP_VERSION, Flag, PlcState, Trip
from plc_bridge.register_map import STATUS, STATUS_BASE, Kind, length


class Refused(StrEnum):
    """Why a block was not used (H-15, H-32)."""

    TORN = "torn"  # begin and end counter differ: read while being written
    MAGIC = "magic"  # another device or another register set answers
    VERSION = "version"  # another map version
    NOT_FILLED = "not_filled"  # PLC state INIT or unknown
    REPEATED = "repeated"  # counter has not advanced


class PlcStatus(NamedTuple):
    """Decoded STATUS block. ``analog`` holds (value, quality nibble) by tag; ``bits`` contact states by tag."""

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
    analog: dict[str, tuple[float, int]]
    bits: dict[str, bool]
    mail_ack_id: int
    mail_result: int
    mail_reason: int

    def flag(self, flag: Flag) -> bool:
        return bool(self.flags >> flag & 1)


_STATES = {int(s): s for s in PlcState if s is not PlcState.INIT}
_TRIPS = frozenset(int(t) for t in Trip)
_LENGTH = length(STATUS)
_AT = {r.name: r.address - STATUS_BASE for r in STATUS}
_MAGIC_AT, _VERSION_AT, _STATE_AT = _AT["magic"], _AT["map_version"], _AT["plc_state"]
_BEGIN_AT, _END_AT = _AT["begin_counter"], _AT["end_counter"]
_ANALOG = tuple((tag, r.name, 4 * n) for r in STATUS if r.kind is Kind.NIBBLES for n, tag in enumerate(r.parts))
_BITS = tuple((t.tag, 1 << n) for n, t in enumerate(BIT_TAGS))


def trip_names(mask: int) -> frozenset[str]:
    return frozenset(t.name.lower() for t in Trip if mask >> t & 1)


def first_out_name(code: int) -> str | None:
    """Name of the first trip; None for 0, ``unknown`` for a code this map does not have."""
    if code == 0:
        return None
    return Trip(code - 1).name.lower() if code - 1 in _TRIPS else "unknown"


def read_block(words: Sequence[int], acquired_at_s: float, last_counter: int | None) -> PlcStatus | Refused:
    """Decode a block, or say why it must not be used. Raises CodecError if its length is wrong."""
    if len(words) != _LENGTH:
        raise CodecError(f"status: got {len(words)} registers, the map has {_LENGTH}")
    if words[_MAGIC_AT] != MAGIC:
        return Refused.MAGIC
    if words[_VERSION_AT] != MAP_VERSION:
        return Refused.VERSION
    if words[_BEGIN_AT] != words[_END_AT]:
        return Refused.TORN
    if words[_BEGIN_AT] == last_counter:
        return Refused.REPEATED
    if words[_STATE_AT] not in _STATES:
        return Refused.NOT_FILLED
    return _view(decode(STATUS, words), acquired_at_s)


def _view(raw: dict[str, RawValue], acquired_at_s: float) -> PlcStatus:
    inputs = int(raw["inputs"])
    return PlcStatus(
        acquired_at_s=acquired_at_s,
        counter=int(raw["begin_counter"]),
        program_id=int(raw["program_id"]),
        nonce=int(raw["nonce"]),
        uptime_ms=int(raw["uptime_ms"]),
        state=_STATES[int(raw["plc_state"])],
        flags=int(raw["flags"]),
        trips=int(raw["trips"]),
        causes=int(raw["causes"]),
        first_out=int(raw["first_out"]),
        exposure_elapsed_s=float(raw["exposure_elapsed"]),
        exposure_limit_s=float(raw["exposure_limit"]),
        lease_remaining_s=raw["lease_remaining"] / 1000.0,
        session_id=int(raw["session_id"]),
        outputs=int(raw["outputs"]),
        voice=int(raw["voice"]),
        valve_main_pct=float(raw["valve_main_out"]),
        valve_pre_pct=float(raw["valve_pre_out"]),
        setpoint_main_c=float(raw["setpoint_main"]),
        analog={tag: (raw[tag], int(raw[quality]) >> shift & 0xF) for tag, quality, shift in _ANALOG},
        bits={tag: inputs & mask != 0 for tag, mask in _BITS},
        mail_ack_id=int(raw["mail_ack_id"]),
        mail_result=int(raw["mail_result"]),
        mail_reason=int(raw["mail_reason"]),
    )
