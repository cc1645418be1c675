"""Fingerprint of the PLC's program: which rules, map and codes it was generated from (H-27, H-32).

The PLC reports it in every status block; the supervisor expects the one of its own tables. Another one means another
program, or tables changed on one side only.
"""

from __future__ import annotations

import hashlib
import json
from enum import IntEnum

from chamber.states import SESSION, CycleState
from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge import contract, plc_rules
from plc_bridge.register_map import BLOCKS

PARTS_DIGEST = "72eeab3dd44b53cbe5bbfae979e2d4c00f557184f3462a0de1a64a5018b2b511"
"""SHA-256 of the hand-written parts of the program (``plc_bridge/program/parts``); the generator refuses any other."""

_CODES: tuple[type[IntEnum], ...] = (
    contract.PlcState,
    contract.Trip,
    contract.Output,
    contract.Flag,
    contract.Voice,
    contract.Opcode,
    contract.MailResult,
    contract.MailReason,
    contract.QualityNibble,
    CycleState,
)


def _tables() -> list[object]:
    """Everything the program is made from, in an order that does not change. Wording is left out."""
    return [
        PARTS_DIGEST,
        [(block, [(r.address, r.name, r.kind, r.per_unit, r.low, r.high, r.parts) for r in rows]) for block, rows in BLOCKS.items()],
        [(t.tag, t.unit, t.low, t.high) for t in ANALOG_TAGS],
        [(t.tag, t.true) for t in BIT_TAGS],
        [(code.__name__, [(m.name, m.value) for m in code]) for code in _CODES],
        [(name, value) for name, value in sorted(vars(contract).items()) if name.isupper() and isinstance(value, int | float)],
        [(name, value) for name, value in sorted(vars(plc_rules).items()) if name.isupper() and isinstance(value, int | float | str)],
        [
            sorted(states)
            for states in (
                SESSION,
                plc_rules.VALVE_STATES,
                plc_rules.HEATER_STATES,
                plc_rules.FORBIDDEN_PRESENCE,
                plc_rules.LEAVING,
                plc_rules.OVERCOLD_ALWAYS_ARMED,
            )
        ],
        [(signal, output) for signal, output in plc_rules.PROVEN_OUTPUT.items()],
        plc_rules.ROWS,
        plc_rules.START_HOLDS,
    ]


def _fingerprint(tables: list[object]) -> int:
    """First 32 bits of the SHA-256 of the tables. Never 0: that is what a PLC without the register sends."""
    text = json.dumps(tables, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") or 1


PROGRAM_ID = _fingerprint(_tables())
