"""Write the PLC's program: hand-written parts, filled with what the tables say; and the vectors it is held against.

``python -m plc_bridge.program.generate`` writes ``cryochamber.st`` and ``vectors.json`` beside this file; ``--check`` only compares.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from chamber.states import SESSION, CycleState
from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge.contract import LEASE_EMPTY_S, LEASE_OCCUPIED_S, NONCE_XOR, MailReason, Output, PlcState, QualityNibble, Trip
from plc_bridge.fingerprint import PARTS_DIGEST
from plc_bridge.plc_rules import (
    HEATER_STATES,
    LEAVING,
    OVERCOLD_ALWAYS_ARMED,
    OXYGEN_FALL_WINDOW_S,
    RESET_CLEAR_S,
    SERVICE_KEY,
    VALVE_STATES,
)
from plc_bridge.program import rules
from plc_bridge.program.declarations import (
    COMMAND_PREFIX,
    PHYSICAL_OUTPUTS,
    STATUS_PREFIX,
    contract_constants,
    device_words,
    enum_constants,
    identifier,
    milliseconds,
    modbus_blocks,
    physical_inputs,
    physical_outputs,
    register_units,
    scalar_constants,
    tag_register,
    words_of,
)
from plc_bridge.program.vectors import document
from plc_bridge.register_map import COMMAND, STATUS, Kind

PARTS = Path(__file__).parent / "parts"
PROGRAM = Path(__file__).parent / "cryochamber.st"
VECTORS = Path(__file__).parent / "vectors.json"
LINE = 140
SCAN_MS = 20  # task interval that the delivered configuration uses; safety reference, run-time budget: 10 to 20 ms

_BODY = ("clock", "inputs", "lease", "occupancy", "mailbox", "overcold", "causes", "latch", "effects", "outputs", "drive", "status")


def _input_variables() -> list[str]:
    lines = ["  (* analogue inputs in register units, their quality, their cards *)", "  VAR"]
    for tag in ANALOG_TAGS:
        name = identifier(tag.tag)
        lines.append(f"    {name} : DINT; q_{name} : UINT; in_{name} : current_input;")
    return [*lines, "  END_VAR"]


def _inputs() -> list[str]:
    """Currents and transmitter status to values and quality; the command block into an array."""
    lines = ["  (* ---- input cards ---- *)"]
    device = {tag: (word, k) for word, tags in device_words() for k, tag in enumerate(tags)}
    for tag in ANALOG_TAGS:
        name, per_unit = identifier(tag.tag), tag_register(tag.tag).per_unit
        word, k = device[tag.tag]
        low, high = register_units(tag.low, per_unit), register_units(tag.high, per_unit)
        lines.append(f"  in_{name}(ua := raw_{name}, device := ({word} / {16**k}) MOD 16, low := {low}, high := {high});")
        lines.append(f"  {name} := in_{name}.value; q_{name} := in_{name}.quality;")
    lines += rules.sampled()
    words = [name for r in COMMAND for _, name in words_of(r, COMMAND_PREFIX)]
    return [*lines, *(f"  command[{i}] := {name};" for i, name in enumerate(words))]


def _packed(target: str, bits: Sequence[str]) -> list[str]:
    """Booleans into one or two status words."""
    lines = ["  bits := 0;"]
    lines += [f"  IF {bit} THEN bits := bits + {1 << i}; END_IF;" for i, bit in enumerate(bits)]
    if len(bits) <= 16:
        return [*lines, f"  {target} := UDINT_TO_UINT(bits);"]
    return [*lines, f"  {target}_hi := UDINT_TO_UINT(bits / 65536);", f"  {target}_lo := UDINT_TO_UINT(bits MOD 65536);"]


def _status_words() -> list[str]:
    lines = _packed(f"{STATUS_PREFIX}trips", [f"trip[TRIP_{t.name}]" for t in Trip])
    lines += _packed(f"{STATUS_PREFIX}causes", [f"cause[TRIP_{t.name}]" for t in Trip])
    lines += _packed(f"{STATUS_PREFIX}inputs", [identifier(t.tag) for t in BIT_TAGS])
    lines += _packed(f"{STATUS_PREFIX}outputs", [f"driven[OUT_{o.name}]" for o in Output])
    for tag in ANALOG_TAGS:
        signed = tag_register(tag.tag).kind is Kind.I16
        name = identifier(tag.tag)
        lines.append(f"  {STATUS_PREFIX}{name} := {'signed' if signed else 'unsigned'}_word({name});")
    for register in STATUS:
        if register.kind is Kind.NIBBLES:
            terms = " + ".join(f"{16**k} * q_{identifier(tag)}" for k, tag in enumerate(register.parts))
            lines.append(f"  {STATUS_PREFIX}{register.name} := {terms};")
    return lines


def _drive() -> list[str]:
    return [f"  do_{name} := driven[OUT_{name}];" for name in PHYSICAL_OUTPUTS if name in Output.__members__]


_BLOCKS: dict[str, Callable[[], list[str]]] = {
    "quality constants": lambda: enum_constants("QUALITY", QualityNibble),
    "reason constants": lambda: enum_constants("REASON", MailReason),
    "coldest": rules.coldest,
    "status words": _status_words,
}
_GENERATED: dict[str, Callable[[], list[str]]] = {
    "inputs": _inputs,
    "causes": lambda: ["  (* ---- causes: the rule table, row by row ---- *)", *rules.causes()],
    "effects": lambda: ["  (* ---- effects of the latched trips ---- *)", *rules.effects()],
    "drive": _drive,
}


def _inline() -> dict[str, str]:
    """Values that hand-written parts ask for by name."""
    fresh_air = SESSION | {CycleState.READY, CycleState.RECOOL}
    return {
        "SCAN_MS": str(SCAN_MS),
        "FALL_LAST": str(round(OXYGEN_FALL_WINDOW_S)),
        "LEASE_OCCUPIED_MS": str(milliseconds(LEASE_OCCUPIED_S)),
        "LEASE_EMPTY_MS": str(milliseconds(LEASE_EMPTY_S)),
        "RESET_CLEAR_MS": str(milliseconds(RESET_CLEAR_S)),
        "NONCE_XOR": f"WORD#16#{NONCE_XOR:04X}",
        "COMMAND_LAST": str(sum(r.words for r in COMMAND) - 1),
        "OUT_LAST": str(len(Output) - 1),
        "OUT_COUNT": str(len(Output)),
        "TRIP_LAST": str(len(Trip) - 1),
        "TRIP_COUNT": str(len(Trip)),
        "SETPOINT_MAX": str(scalar_constants()["SETPOINT_MAX"][1]),
        "STATE_SAFE": str(int(PlcState.SAFE)),
        "TOLD_SESSION": rules.told_is_one_of(SESSION),
        "TOLD_VALVE": rules.told_is_one_of(VALVE_STATES),
        "TOLD_HEATER": rules.told_is_one_of(HEATER_STATES),
        "SERVICE_KEY": identifier(SERVICE_KEY),
        "TOLD_LEAVING": rules.told_is_one_of(LEAVING),
        "COMMAND_LEAVING": rules.told_is_one_of(LEAVING, "cmd_cycle_state"),
        "TOLD_FRESH_AIR": rules.told_is_one_of(fresh_air),
        "TOLD_OVERCOLD": rules.told_is_one_of(OVERCOLD_ALWAYS_ARMED),
    }


def _part(name: str) -> str:
    text = (PARTS / f"{name}.st").read_text(encoding="utf-8")
    values = _inline()

    def inline(match: re.Match[str]) -> str:
        if match[1] not in values:
            raise KeyError(f"parts/{name}.st asks for {match[1]!r}: add it to the generator's inline values")
        return values[match[1]]

    def block(match: re.Match[str]) -> str:
        if match[1] not in _BLOCKS:
            raise KeyError(f"parts/{name}.st asks for block {match[1]!r}: add it to the generator's blocks")
        return "\n".join(_BLOCKS[match[1]]())

    text = re.sub(r"\(\*@= (\w+) @\*\)", inline, text)
    return re.sub(r"^\(\*@ ([\w ]+) @\*\)$", block, text, flags=re.MULTILINE)


def _section(name: str) -> str:
    return "\n".join(_GENERATED[name]()) + "\n" if name in _GENERATED else _part(name)


def _wrapped(line: str) -> str:
    """A long statement on several lines, broken before an operator or after a comma; comments stay whole."""
    if len(line) <= LINE or "(*" in line:
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    at = max((m.start() for m in re.finditer(r" (?=OR |AND |\+ |ELSIF |THEN )|(?<=,) ", line[:LINE]) if m.start() > len(indent)), default=0)
    return line[:at] + "\n" + _wrapped(indent + line[at + 1 :]) if at else line


def _configuration() -> str:
    """Names of configuration and resource are those that OpenPLC's build looks for."""
    return f"""CONFIGURATION Config0
  RESOURCE Res0 ON PLC
    TASK scan(INTERVAL := T#{SCAN_MS}ms, PRIORITY := 0);
    PROGRAM chamber WITH scan : cryochamber;
  END_RESOURCE
END_CONFIGURATION
"""


def _check_status_complete(text: str) -> None:
    """Every status word is assigned somewhere: a register nobody writes would read 0, which is a valid number."""
    names = [name for r in STATUS for _, name in words_of(r, STATUS_PREFIX)]
    missing = [n for n in names if not re.search(rf"^ *{n} :=", text, flags=re.MULTILINE)]
    if missing:
        raise ValueError(f"status registers that the program never writes: {', '.join(missing)}; add them to parts/status.st")


def parts_digest() -> str:
    """SHA-256 of the hand-written parts: with the tables it makes the program's fingerprint."""
    files = sorted(PARTS.glob("*.st"))
    return hashlib.sha256(b"".join(f.name.encode() + b"\0" + f.read_bytes() + b"\0" for f in files)).hexdigest()


def generate() -> str:
    """The whole program as text. Raises ValueError or KeyError naming what a table or part is missing."""
    declarations = [
        *physical_inputs(),
        *physical_outputs(),
        *modbus_blocks(),
        *contract_constants(),
        *rules.constants(),
        *_input_variables(),
        *rules.instances(),
    ]
    body = "\n".join(_section(name) for name in _BODY)
    text = "\n".join(
        (
            _part("header") + _part("blocks") + "PROGRAM cryochamber",
            "\n".join(declarations),
            _part("variables"),
            body + "END_PROGRAM\n",
            _configuration(),
        )
    )
    _check_status_complete(text)
    text = text.replace("°", "deg")  # old PLC editors take plain ASCII only
    return "\n".join(_wrapped(line) for line in text.split("\n"))


def generate_vectors() -> str:
    """The decision vectors as JSON, one a line."""
    whole = document()
    lines = ",\n  ".join(json.dumps(v) for v in whole["vectors"])
    return f'{{"scan_ms": {whole["scan_ms"]},\n "start": {json.dumps(whole["start"])},\n "vectors": [\n  {lines}\n]}}\n'


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with ``--check`` compare them. Returns the exit status."""
    if parts_digest() != PARTS_DIGEST:
        sys.stderr.write(f'fingerprint.py: the hand-written parts have changed; set PARTS_DIGEST = "{parts_digest()}"\n')
        return 1
    made = {PROGRAM: generate(), VECTORS: generate_vectors()}
    if "--check" in arguments:
        old = [path.name for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        if old:
            sys.stderr.write(f"{', '.join(old)}: not as tables and parts say; run python -m plc_bridge.program.generate\n")
        return 1 if old else 0
    for path, text in made.items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.name}: {text.count(chr(10))} lines\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
