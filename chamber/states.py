"""States of the cycle, with their PackML names, and what each permits. Codes go over the wire; never renumber."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class CycleState(IntEnum):
    RECOVERY = 1
    STOPPED = 2
    SELF_TEST = 3
    IDLE = 4
    PRECOOL = 5
    READY = 6
    BOARDING = 7
    PRE_CHAMBER = 8
    EXPOSURE = 9
    EXIT = 10
    RECOOL = 11
    HELD = 12
    SUSPENDED = 13
    PURGE = 14
    DRYING = 15
    FAULT = 16
    EVACUATE = 17
    ESTOP = 18
    SERVICE = 19
    LOCKED_OUT = 20


class StateFacts(NamedTuple):
    """PackML (ISA-TR88.00.02) name; whether nitrogen may flow; whether people may be inside."""

    packml: str
    cooling: bool
    people: bool


FACTS: dict[CycleState, StateFacts] = {
    CycleState.RECOVERY: StateFacts("Aborted", False, False),
    CycleState.STOPPED: StateFacts("Stopped", False, False),
    CycleState.SELF_TEST: StateFacts("Resetting", False, False),
    CycleState.IDLE: StateFacts("Idle", False, False),
    CycleState.PRECOOL: StateFacts("Starting", True, False),
    CycleState.READY: StateFacts("Execute", True, False),
    CycleState.BOARDING: StateFacts("Execute", True, True),
    CycleState.PRE_CHAMBER: StateFacts("Execute", True, True),
    CycleState.EXPOSURE: StateFacts("Execute", True, True),
    CycleState.EXIT: StateFacts("Completing", False, True),
    CycleState.RECOOL: StateFacts("Complete", True, False),
    CycleState.HELD: StateFacts("Held", False, False),
    CycleState.SUSPENDED: StateFacts("Suspended", False, False),
    CycleState.PURGE: StateFacts("Clearing", False, False),
    CycleState.DRYING: StateFacts("Completing", False, False),
    CycleState.FAULT: StateFacts("Aborted", False, False),
    CycleState.EVACUATE: StateFacts("Aborting", False, True),
    CycleState.ESTOP: StateFacts("Aborted", False, True),
    CycleState.SERVICE: StateFacts("Stopped", False, False),
    CycleState.LOCKED_OUT: StateFacts("Aborted", False, False),
}

COOLING = frozenset(s for s, f in FACTS.items() if f.cooling)
MAY_BE_OCCUPIED = frozenset(s for s, f in FACTS.items() if f.people)
SESSION = frozenset({CycleState.BOARDING, CycleState.PRE_CHAMBER, CycleState.EXPOSURE, CycleState.EXIT})
