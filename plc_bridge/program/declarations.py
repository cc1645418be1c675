"""Structured Text declarations: located variables from the register map and the instrument list, constants from the contract.

Addresses follow OpenPLC's Modbus mapping: holding register n below 1024 is %QWn, 1024 + n is %MWn. Physical inputs and
outputs stand in one place each, for the integrator to map the wiring there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS, BIT_TAGS, AnalogTag
from plc_bridge.contract import (
    EXPOSURE_ABSOLUTE_S,
    EXPOSURE_EXIT_S,
    EXPOSURE_GRACE_S,
    MAGIC,
    MAP_VERSION,
    SERVICE_VALVE_MAX_PCT,
    SETPOINT_MAX_C,
    SETPOINT_MIN_C,
    Flag,
    MailReason,
    MailResult,
    Opcode,
    Output,
    PlcState,
    QualityNibble,
    Trip,
    Voice,
)
from plc_bridge.fingerprint import PROGRAM_ID
from plc_bridge.plc_rules import OVERCOLD_ARM_K, PRESENCE_CLEAR_S
from plc_bridge.register_map import COMMAND, COMMAND_BASE, MAILBOX, STATUS, Register, length

STATUS_PREFIX, COMMAND_PREFIX, MAILBOX_PREFIX = "st_", "cmd_", ""
DEVICE_STATUS_BASE = len(ANALOG_TAGS)  # %IW words after the currents: four transmitter status codes each, as quality words
ANALOG_OUTPUT_BASE = 100  # %QW words after the status block
PHYSICAL_OUTPUTS = (*(o.name for o in Output), "FRESH_AIR")
TEMPERATURE_PER_UNIT = next(r.per_unit for r in STATUS if r.name == "setpoint_main")


def identifier(tag: str) -> str:
    """ISA tag as an identifier: TT-101 becomes TT_101."""
    return re.sub(r"\W", "_", tag)


def milliseconds(seconds: float) -> int:
    """Whole milliseconds. Raises ValueError for a time that the program cannot express."""
    ms = round(seconds * 1000)
    if abs(ms - seconds * 1000) > 1e-6:
        raise ValueError(f"{seconds} s is not a whole number of milliseconds: give the rule a delay that is")
    return ms


def register_units(value: float, per_unit: int) -> int:
    """An engineering value in register units. Raises ValueError if the register cannot express it exactly."""
    raw = round(value * per_unit)
    if abs(raw - value * per_unit) > 1e-6:
        raise ValueError(f"{value} cannot be expressed in steps of 1/{per_unit}: give the rule a set point that can")
    return raw


def tag_register(tag: str) -> Register:
    """The status register of an analogue tag. Raises KeyError naming a tag that the map does not know."""
    for register in STATUS:
        if register.name == tag:
            return register
    raise KeyError(f"{tag}: no such tag in the status block of the register map")


def words_of(register: Register, prefix: str) -> list[tuple[int, str]]:
    """(address, variable name) of each word of a register; 32-bit values are two words, high word first."""
    name = prefix + identifier(register.name)
    if register.words == 1:
        return [(register.address, name)]
    return [(register.address, name + "_hi"), (register.address + 1, name + "_lo")]


def _modbus(address: int) -> str:
    return f"%MW{address - COMMAND_BASE}" if address >= COMMAND_BASE else f"%QW{address}"


def _comment(text: str) -> str:
    return f"(* {text} *)"


def _block(registers: Iterable[Register], prefix: str) -> list[str]:
    lines: list[str] = []
    for register in registers:
        scale = f", 1/{register.per_unit} {register.unit}" if register.per_unit > 1 else (f", {register.unit}" if register.unit else "")
        for address, name in words_of(register, prefix):
            lines.append(f"    {name} AT {_modbus(address)} : UINT; {_comment(register.text + scale)}")
    return lines


def _var(title: str, lines: list[str], kind: str = "VAR") -> list[str]:
    return ["  " + _comment(title), "  " + kind, *lines, "  END_VAR"]


def _span(tag: AnalogTag) -> str:
    return f"4 mA = {tag.low:g}, 20 mA = {tag.high:g} {tag.unit}"


def physical_inputs() -> list[str]:
    """Contacts (%IX), currents in microamperes (%IW) and transmitter status (%IW): the place to map the wiring."""
    contacts = [
        f"    {identifier(t.tag)} AT %IX{i // 8}.{i % 8} : BOOL; {_comment(f'{t.text}; 1 = {t.true}')}" for i, t in enumerate(BIT_TAGS)
    ]
    currents = [f"    raw_{identifier(t.tag)} AT %IW{i} : UINT; {_comment(f'{t.text}; uA, {_span(t)}')}" for i, t in enumerate(ANALOG_TAGS)]
    status = [
        f"    {name} AT %IW{DEVICE_STATUS_BASE + i} : UINT; {_comment('four codes, lowest first: ' + ', '.join(tags))}"
        for i, (name, tags) in enumerate(device_words())
    ]
    return [
        *_var("WIRING, contacts. An open wire reads 0.", contacts),
        *_var("WIRING, currents of the transmitters in uA. A broken wire reads 0.", currents),
        *_var("WIRING, what transmitters say of themselves: 0 nothing, else a quality code of the contract. Leave at 0 if unused.", status),
    ]


def device_words() -> list[tuple[str, tuple[str, ...]]]:
    """(variable, tags) of the transmitter status words, packed as the quality words of the status block."""
    groups = [r.parts for r in STATUS if r.name.startswith("quality_")]
    return [(f"device_{i}", tags) for i, tags in enumerate(groups)]


def physical_outputs() -> list[str]:
    """Coils (%QX) and analogue outputs (%QW): the place to map the wiring."""
    coils = [f"    do_{name} AT %QX{i // 8}.{i % 8} : BOOL;" for i, name in enumerate(PHYSICAL_OUTPUTS)]
    analog = [
        f"    {name} AT %QW{ANALOG_OUTPUT_BASE + i} : UINT; {_comment(text)}"
        for i, (name, text) in enumerate(
            (
                ("ao_valve_main", "main room LN2 control valve, uA: 4000 shut, 20000 open"),
                ("ao_valve_pre", "pre-chamber LN2 control valve, uA: 4000 shut, 20000 open"),
                ("ao_voice", "announcement number for the voice unit"),
            )
        )
    ]
    return _var("WIRING, outputs. XV_401 is energise-to-open, through the contact of the safety relay.", [*coils, *analog])


def modbus_blocks() -> list[str]:
    """The three blocks of the register map."""
    return [
        *_var(f"STATUS: read by the supervisor, {length(STATUS)} registers", _block(STATUS, STATUS_PREFIX)),
        *_var(f"COMMAND: written by the supervisor, {length(COMMAND)} registers", _block(COMMAND, COMMAND_PREFIX)),
        *_var(f"MAILBOX: written by the supervisor, {length(MAILBOX)} registers", _block(MAILBOX, MAILBOX_PREFIX)),
    ]


def enum_constants(prefix: str, members: type[IntEnum], iec_type: str = "UINT") -> list[str]:
    """One constant per member of an enumeration."""
    return [f"    {prefix}_{m.name} : {iec_type} := {int(m)};" for m in members]


def _permitted(name: str) -> tuple[float, float]:
    register = next(r for r in COMMAND if r.name == name)
    if register.low is None or register.high is None:
        raise ValueError(f"command.{name}: the register map gives no permitted range, the program needs one for its clamp")
    return register.low, register.high


def scalar_constants() -> dict[str, tuple[str, int]]:
    """Name -> (IEC type, value) of single constants; temperatures in register units, times in milliseconds."""
    t = TEMPERATURE_PER_UNIT
    valve = next(r for r in COMMAND if r.name == "valve_main")
    return {
        "MAGIC": ("UINT", MAGIC),
        "MAP_VERSION": ("UINT", MAP_VERSION),
        "PROGRAM_ID_HI": ("UINT", PROGRAM_ID >> 16),
        "PROGRAM_ID_LO": ("UINT", PROGRAM_ID & 0xFFFF),
        "SETPOINT_MIN": ("DINT", register_units(SETPOINT_MIN_C, t)),
        "SETPOINT_MAX": ("DINT", register_units(SETPOINT_MAX_C, t)),
        "SETPOINT_PRE_MIN": ("DINT", register_units(_permitted("setpoint_pre")[0], t)),
        "VALVE_MAX": ("UINT", register_units(_permitted("valve_main")[1], valve.per_unit)),
        "SERVICE_VALVE_MAX": ("UINT", register_units(SERVICE_VALVE_MAX_PCT, valve.per_unit)),
        "PERSONS_MAX": ("UINT", register_units(_permitted("persons")[1], 1)),
        "DEMAND_MAX": ("UINT", (1 << len(Output)) - 1),
        "CYCLE_LAST": ("UINT", max(CycleState)),
        "VOICE_LAST": ("UINT", max(Voice)),
        "EXPOSURE_ABSOLUTE_MS": ("DINT", milliseconds(EXPOSURE_ABSOLUTE_S)),
        "EXPOSURE_GRACE_MS": ("DINT", milliseconds(EXPOSURE_GRACE_S)),
        "EXPOSURE_EXIT_MS": ("DINT", milliseconds(EXPOSURE_EXIT_S)),
        "PRESENCE_CLEAR_MS": ("DINT", milliseconds(PRESENCE_CLEAR_S)),
        "OVERCOLD_ARM": ("DINT", register_units(OVERCOLD_ARM_K, t)),
    }


def contract_constants() -> list[str]:
    """Every code of the contract that the program uses."""
    lines = [f"    {name} : {kind} := {value};" for name, (kind, value) in scalar_constants().items()]
    lines += enum_constants("STATE", PlcState)
    lines += enum_constants("CYCLE", CycleState)
    lines += enum_constants("VOICE", Voice)
    lines += enum_constants("OPCODE", Opcode)
    lines += enum_constants("RESULT", MailResult)
    lines += enum_constants("REASON", MailReason)
    lines += enum_constants("QUALITY", QualityNibble)
    lines += enum_constants("TRIP", Trip, "INT")
    lines += enum_constants("OUT", Output, "INT")
    lines += [f"    FLAG_{f.name} : UDINT := {1 << f};" for f in Flag]
    return _var("Codes and limits of the contract", lines, "VAR CONSTANT")
