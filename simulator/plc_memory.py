"""The PLC's side of the register map: told values in, status block out. Compiled from the map for speed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import mul
from struct import Struct
from struct import error as struct_error
from typing import NamedTuple

from chamber.states import CycleState
from plc_bridge.contract import EXPOSURE_ABSOLUTE_S, SERVICE_VALVE_MAX_PCT, SETPOINT_MAX_C, SETPOINT_MIN_C, Output, QualityNibble, Voice
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS, Kind, length
from simulator.sensors import INDEX

STATUS_WORDS = length(STATUS)
COMMAND_WORDS = length(COMMAND)
MAILBOX_WORDS = length(MAILBOX)


class Told(NamedTuple):
    """The command block after clamping, without the heartbeat. ``clamped`` is True if anything was outside its range."""

    cycle_state: int  # 0 if unknown
    setpoint_main_c: float
    setpoint_pre_c: float
    valve_main_pct: float
    valve_pre_pct: float
    demand_bits: int
    occupied: bool
    persons: int
    session_id: int
    exposure_limit_s: float
    voice: int
    clamped: bool


_C = {r.name: r.address - COMMAND[0].address for r in COMMAND}
_CYCLE = frozenset(int(s) for s in CycleState)
_VOICES = frozenset(int(v) for v in Voice)
_PRE_MIN_C = next(r.low for r in COMMAND if r.name == "setpoint_pre")
_PERSONS_MAX = 5
_KNOWN_DEMANDS = (1 << len(Output)) - 1


def _signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word


def _clamp(value: float, low: float, high: float) -> float:
    return low if value < low else high if value > high else value


def parse_command(words: Sequence[int]) -> Told:
    """Decode and clamp the command block. Raises ValueError if its length is not the map's."""
    if len(words) != COMMAND_WORDS:
        raise ValueError(f"command block: got {len(words)} registers, the map has {COMMAND_WORDS}")
    setpoint, pre = _signed(words[_C["setpoint_main"]]) * 0.1, _signed(words[_C["setpoint_pre"]]) * 0.1
    valve_main, valve_pre = words[_C["valve_main"]] * 0.1, words[_C["valve_pre"]] * 0.1
    state, voice = words[_C["cycle_state"]], words[_C["voice"]]
    occupied, persons, bits = words[_C["occupied"]], words[_C["persons"]], words[_C["demand_bits"]]
    limit = words[_C["exposure_limit"]] * 0.1
    valve_max = SERVICE_VALVE_MAX_PCT if state == CycleState.SERVICE else 100.0
    pre_min = _PRE_MIN_C if _PRE_MIN_C is not None else SETPOINT_MIN_C
    clamped = (
        not SETPOINT_MIN_C - 1e-6 <= setpoint <= SETPOINT_MAX_C + 1e-6
        or not pre_min - 1e-6 <= pre <= SETPOINT_MAX_C + 1e-6
        or valve_main > valve_max + 1e-6
        or valve_pre > valve_max + 1e-6
        or (state not in _CYCLE and state != 0)
        or voice not in _VOICES
        or occupied > 1
        or persons > _PERSONS_MAX
        or bits > _KNOWN_DEMANDS
        or limit > EXPOSURE_ABSOLUTE_S + 1e-6
    )
    at = _C["session_id"]
    return Told(
        state if state in _CYCLE else 0,
        _clamp(setpoint, SETPOINT_MIN_C, SETPOINT_MAX_C),
        _clamp(pre, pre_min, SETPOINT_MAX_C),
        _clamp(valve_main, 0.0, valve_max),
        _clamp(valve_pre, 0.0, valve_max),
        bits & _KNOWN_DEMANDS,
        occupied != 0,  # anything but 0 counts as occupied: the safe reading of a wrong value
        min(persons, _PERSONS_MAX),
        (words[at] << 16) | words[at + 1],
        _clamp(limit, 0.0, EXPOSURE_ABSOLUTE_S),
        voice if voice in _VOICES else 0,
        clamped,
    )


NOTHING_TOLD = parse_command([0] * COMMAND_WORDS)._replace(setpoint_main_c=SETPOINT_MAX_C, setpoint_pre_c=SETPOINT_MAX_C)
"""Before the first command block: no demand at all."""

_ANALOG = tuple(r for r in STATUS if r.name in INDEX)
_PER_UNIT = tuple(float(r.per_unit) for r in _ANALOG)
_LOW = tuple(-0x8000 if r.kind is Kind.I16 else 0 for r in _ANALOG)
_HIGH = tuple(0x7FFF if r.kind is Kind.I16 else 0xFFFF for r in _ANALOG)
_WORDS = Struct(f">{STATUS_WORDS}H")
_LAYOUT = Struct(">" + "".join({Kind.I16: "h", Kind.U32: "I", Kind.BITS32: "I"}.get(r.kind, "H") for r in STATUS))


def status_words(head: Sequence[int], values: Sequence[float], quality: Sequence[int], tail: Sequence[int]) -> list[int]:
    """A status block: the registers before the analogue values, these and their qualities, the registers after, in the map's order.

    Analogue values saturate, as on a real card. 32-bit values stand high word first.
    """
    raw = list(map(round, map(mul, values, _PER_UNIT)))
    nibbles = _WHEN_GOOD if quality == _ALL_GOOD else _nibbles(tuple(quality))
    try:
        packed = _LAYOUT.pack(*head, *raw, *nibbles, *tail)
    except struct_error:  # the ordinary block fits, so it is not looked at beforehand
        raw = [min(max(number, low), high) for number, low, high in zip(raw, _LOW, _HIGH, strict=True)]
        packed = _LAYOUT.pack(*head, *raw, *nibbles, *tail)
    return list(_WORDS.unpack(packed))


@lru_cache(maxsize=256)
def _nibbles(quality: tuple[int, ...]) -> tuple[int, ...]:
    """Four to a word, the first lowest; they seldom change."""
    return tuple(sum(nibble << 4 * n for n, nibble in enumerate(quality[i : i + 4])) for i in range(0, len(quality), 4))


_ALL_GOOD = [QualityNibble.GOOD.value] * len(_ANALOG)
_WHEN_GOOD = _nibbles(tuple(_ALL_GOOD))

_HEAD = (
    "begin_counter", "magic", "map_version", "program_id", "nonce", "uptime_ms", "plc_state", "flags", "trips", "causes", "first_out",
    "first_out_ms", "exposure_elapsed", "exposure_limit", "lease_remaining", "session_id", "inputs", "outputs", "voice", "valve_main_out",
    "valve_pre_out", "setpoint_main",
)  # fmt: skip
"""What stands before the analogue values."""
_TAIL = ("mail_ack_id", "mail_result", "mail_reason", "end_counter")
if tuple(r.name for r in STATUS if r.kind is not Kind.NIBBLES) != (*_HEAD, *INDEX, *_TAIL):
    raise ValueError("the PLC fills its status block in another order than the register map's")
