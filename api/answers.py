"""What the panel can do about an alarm, as the alarm list's action says it: a debriefing measures an operator by it.

What is done by hand (a door, the hand valve, the telephone) no journal knows; such alarms have an empty entry.
"""

from __future__ import annotations

from chamber.commands import CommandKind

K = CommandKind
NEW_SESSION = frozenset({K.BEGIN_BOARDING, K.START_SESSION})
"""Against every alarm whose action sends people out or says that nobody may go in."""

_BY_HAND: frozenset[CommandKind] = frozenset()
_OUT = frozenset({K.END_SESSION, K.STOP, K.EVACUATE})
_TEST = frozenset({K.RECORD_PROOF_TEST, K.REPLACED})

ANSWERS: dict[str, frozenset[CommandKind]] = {
    **dict.fromkeys(("O2-CH-LLL", "O2-RM-EVAC"), frozenset({K.EVACUATE})),
    **dict.fromkeys(
        (
            "O2-CH-LL", "O2-CH-L", "O2-CH-DROP", "O2-RM-LL", "O2-HI", "O2-SENS-BAD", "O2-SAMPLE", "CALL-IN", "DOOR-STUCK", "OVERCOLD",
            "T-ALL-BAD", "VALVE-STUCK", "LN2-CARRY", "FAN-EXTRACT", "FAN-PURGE", "ROOM-CALL", "COMM-PLC", "PWR-MAINS", "SERVICE-KEY",
            "NO-HMI", "INVARIANT", "FACE-LOW",
        ),
        _OUT,
    ),
    **dict.fromkeys(("T-DEV-LO", "T-SENS-BAD"), frozenset({K.END_SESSION, K.STOP})),
    **dict.fromkeys(("T-DEV-HI", "COOL-LIMIT", "DRYING-DUE"), frozenset({K.DRY})),
    **dict.fromkeys(("PROOF-DUE", "PROOF-OVERDUE", "MAINTENANCE", "O2-CAL-DUE", "SENSOR-MAINT", "VALVE-WORN"), _TEST),
    **dict.fromkeys(
        (
            "O2-SENS-DISAG", "O2-RM-L", "O2-HI-PRE", "COOL-NOGAIN", "LN2-USE-HI", "UPS-LOW", "LN2-PRESS-HI", "LN2-LOW", "AUDIT-FAIL",
            "API-SILENT", "CLOCK-JUMP", "SEC-AUTH", "SEAL-LEAK", "HEAT-LEAK", "LN2-PRESS-LO", "LN2-USE-UP",
        ),
        _BY_HAND,
    ),
    "ESTOP": frozenset({K.EVACUATE, K.CONFIRM_EMPTY, K.RESET}),
    "DOOR-OPENED": _OUT | {K.CONFIRM_EMPTY},
    "DOOR-FAULT": frozenset({K.RESET}),
    "PLC-TRIP": _OUT | {K.CONFIRM_EMPTY, K.RESET},
    "OP-ABSENT": _OUT | {K.OPERATOR_PRESENT},
    "OCC-UNEXPECTED": frozenset({K.EVACUATE, K.CONFIRM_EMPTY}),
    "OCC-UNKNOWN": frozenset({K.CONFIRM_EMPTY}),
    "VOICE-FAIL": frozenset({K.SHUT_DOWN, K.START_UP}),
    "SELF-TEST": frozenset({K.RESET, K.START_UP}),
    "BYPASS-ACT": frozenset({K.END_BYPASS}),
    "SEC-CONF": _OUT | {K.ACCEPT_CONFIGURATION, K.RESET},
    "ALARM-OUT": frozenset({K.RETURN_TO_SERVICE}),
}  # fmt: skip

NOBODY_IN = frozenset(
    {name for name, answer in ANSWERS.items() if K.EVACUATE in answer}
    | {"O2-SENS-DISAG", "T-SENS-BAD", "O2-HI-PRE", "LN2-USE-HI", "UPS-LOW", "DOOR-FAULT", "VOICE-FAIL", "BYPASS-ACT", "OCC-UNKNOWN"}
)
"""Alarms under which a new session is against what the panel asks for."""
