"""The register map: one typed table from which codec, poll plan, simulated PLC, PLC program and docs are made.

All blocks are holding registers, so that any PLC or soft PLC can serve them. STATUS (PLC to supervisor) is read in one
FC03 request, COMMAND is written in one FC16 request, MAILBOX in another when there is a one-shot command.
Numbers are big-endian, 32-bit values high word first. Signed values are two's complement.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from chamber.tags import ANALOG_TAGS, BIT_TAGS, Unit
from plc_bridge.contract import EXPOSURE_ABSOLUTE_S, SETPOINT_MAX_C, SETPOINT_MIN_C, Flag, Output, Trip

STATUS_BASE = 0
COMMAND_BASE = 1024
MAILBOX_BASE = 1056


class Kind(StrEnum):
    U16 = "u16"
    I16 = "i16"
    U32 = "u32"
    BITS16 = "bits16"
    BITS32 = "bits32"
    NIBBLES = "nibbles"  # four 4-bit quality codes, first tag in the lowest nibble


class Register(NamedTuple):
    """One entry. Engineering value = raw / per_unit. ``low``/``high`` are the permitted engineering range."""

    block: str
    address: int
    name: str
    kind: Kind
    text: str
    per_unit: int = 1
    unit: str = ""
    low: float | None = None
    high: float | None = None
    parts: tuple[str, ...] = ()  # bit names, or the tags of the nibbles

    @property
    def words(self) -> int:
        return 2 if self.kind in (Kind.U32, Kind.BITS32) else 1


class _Row(NamedTuple):
    name: str
    kind: Kind
    text: str
    per_unit: int = 1
    unit: str = ""
    low: float | None = None
    high: float | None = None
    parts: tuple[str, ...] = ()


def _lay_out(block: str, base: int, rows: list[_Row]) -> tuple[Register, ...]:
    registers: list[Register] = []
    address = base
    for row in rows:
        register = Register(block, address, *row)
        registers.append(register)
        address += register.words
    return tuple(registers)


# Scale by unit: 0.1 K signed, 0.01 vol%, 0.01 bar, 0.01 kPa, 0.1 %, 1 kg, 0.1 kg/h.
_ANALOG: dict[Unit, tuple[Kind, int]] = {
    Unit.CELSIUS: (Kind.I16, 10),
    Unit.OXYGEN: (Kind.U16, 100),
    Unit.BAR_A: (Kind.U16, 100),
    Unit.KILOPASCAL: (Kind.U16, 100),
    Unit.PERCENT: (Kind.I16, 10),
    Unit.KILOGRAM: (Kind.U16, 1),
    Unit.KG_PER_H: (Kind.U16, 10),
}


def _analog_rows() -> list[_Row]:
    return [_Row(t.tag, *_ANALOG[t.unit][:1], t.text, _ANALOG[t.unit][1], t.unit, t.low, t.high) for t in ANALOG_TAGS]


def _quality_rows() -> list[_Row]:
    tags = [t.tag for t in ANALOG_TAGS]
    groups = [tuple(tags[i : i + 4]) for i in range(0, len(tags), 4)]
    return [_Row(f"quality_{n}", Kind.NIBBLES, f"Quality of {', '.join(g)}", parts=g) for n, g in enumerate(groups)]


STATUS: tuple[Register, ...] = _lay_out(
    "status",
    STATUS_BASE,
    [
        _Row("begin_counter", Kind.U16, "Counts blocks; equal to end_counter unless torn"),
        _Row("magic", Kind.U16, "Constant 0xC47A"),
        _Row("map_version", Kind.U16, "Version of this map"),
        _Row("program_id", Kind.U32, "Fingerprint of the rules and the map that the program was generated from"),
        _Row("nonce", Kind.U16, "Changes every second; the echo renews the lease"),
        _Row("uptime_ms", Kind.U32, "PLC clock since its start", 1, "ms"),
        _Row("plc_state", Kind.U16, "0 init, 1 safe, 2 run, 3 tripped, 4 evacuate"),
        _Row("flags", Kind.BITS16, "PLC flags", parts=tuple(f.name.lower() for f in Flag)),
        _Row("trips", Kind.BITS32, "Latched trips", parts=tuple(t.name.lower() for t in Trip)),
        _Row("causes", Kind.BITS32, "Trip causes present now, latched or not", parts=tuple(t.name.lower() for t in Trip)),
        _Row("first_out", Kind.U16, "First trip of this episode: trip number + 1, 0 if none"),
        _Row("first_out_ms", Kind.U32, "PLC clock at the first trip", 1, "ms"),
        _Row("exposure_elapsed", Kind.U16, "PLC's own exposure timer", 10, "s"),
        _Row("exposure_limit", Kind.U16, "Limit in force in the PLC, grace included", 10, "s"),
        _Row("lease_remaining", Kind.U16, "Time until LEASE_LOST", 1, "ms"),
        _Row("session_id", Kind.U32, "Session last told (retentive)"),
        _Row("inputs", Kind.BITS32, "Contacts", parts=tuple(t.tag for t in BIT_TAGS)),
        _Row("outputs", Kind.BITS16, "Discrete outputs as driven", parts=tuple(o.name.lower() for o in Output)),
        _Row("voice", Kind.U16, "Announcement being played"),
        _Row("valve_main_out", Kind.U16, "Main LN2 valve, driven after clamps", 10, "%", 0.0, 100.0),
        _Row("valve_pre_out", Kind.U16, "Pre-chamber LN2 valve, driven after clamps", 10, "%", 0.0, 100.0),
        _Row("setpoint_main", Kind.I16, "Set point in force in the PLC", 10, "°C", SETPOINT_MIN_C, SETPOINT_MAX_C),
        *_analog_rows(),
        *_quality_rows(),
        _Row("mail_ack_id", Kind.U16, "Last mailbox id answered"),
        _Row("mail_result", Kind.U16, "1 accepted, 2 rejected"),
        _Row("mail_reason", Kind.U16, "Reason of a rejection"),
        _Row("end_counter", Kind.U16, "Equal to begin_counter unless torn"),
    ],
)

COMMAND: tuple[Register, ...] = _lay_out(
    "command",
    COMMAND_BASE,
    [
        _Row("hb_seq", Kind.U16, "Heartbeat, +1 a completed scan"),
        _Row("hb_echo", Kind.U16, "Last nonce XOR 0xA5A5"),
        _Row("cycle_state", Kind.U16, "State of the supervisor's cycle (code)"),
        _Row("setpoint_main", Kind.I16, "Main room set point", 10, "°C", SETPOINT_MIN_C, SETPOINT_MAX_C),
        _Row("setpoint_pre", Kind.I16, "Pre-chamber set point", 10, "°C", -100.0, 40.0),
        _Row("valve_main", Kind.U16, "Main LN2 valve demand", 10, "%", 0.0, 100.0),
        _Row("valve_pre", Kind.U16, "Pre-chamber LN2 valve demand", 10, "%", 0.0, 100.0),
        _Row("demand_bits", Kind.BITS16, "Discrete demands", parts=tuple(o.name.lower() for o in Output)),
        _Row("occupied", Kind.U16, "1 while the supervisor holds a session with people inside", 1, "", 0, 1),
        _Row("persons", Kind.U16, "People told to be inside", 1, "", 0, 5),
        _Row("session_id", Kind.U32, "Running session"),
        _Row("exposure_limit", Kind.U16, "Exposure limit of the session", 10, "s", 0.0, EXPOSURE_ABSOLUTE_S),
        _Row("voice", Kind.U16, "Announcement asked for"),
    ],
)

MAILBOX: tuple[Register, ...] = _lay_out(
    "mailbox",
    MAILBOX_BASE,
    [
        _Row("mail_id", Kind.U16, "New id = new command; the same id again = the same answer"),
        _Row("mail_opcode", Kind.U16, "Command"),
        _Row("mail_arg1", Kind.U16, "Argument 1"),
        _Row("mail_arg2", Kind.U16, "Argument 2"),
        _Row("mail_id_complement", Kind.U16, "Bitwise complement of mail_id"),
    ],
)

BLOCKS: dict[str, tuple[Register, ...]] = {"status": STATUS, "command": COMMAND, "mailbox": MAILBOX}


def length(block: tuple[Register, ...]) -> int:
    """Number of 16-bit registers of a block."""
    return block[-1].address + block[-1].words - block[0].address


def bit_words(block: tuple[Register, ...]) -> list[int]:
    """Addresses of the words whose sixteen bits are addressable one by one (discrete inputs of STATUS, coils of COMMAND)."""
    return [r.address + n for r in block if r.kind in (Kind.BITS16, Kind.BITS32) for n in range(r.words)]


def bit_address(register: Register, bit: int) -> int:
    """Modbus address of a bit: 16 x its word + its place there; a 32-bit value has its high word first. Raises ValueError."""
    if register.kind not in (Kind.BITS16, Kind.BITS32) or not 0 <= bit < 16 * register.words:
        raise ValueError(f"{register.name} has no bit {bit}")
    return 16 * (register.address + register.words - 1 - bit // 16) + bit % 16
