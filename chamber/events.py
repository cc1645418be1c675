"""What the scan has to tell: journal entries, alarm changes, session milestones."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class EventKind(StrEnum):
    STARTED = "started"  # a process began
    STATE = "state"  # the cycle changed state
    COMMAND = "command"  # a command was answered
    CAUSE = "cause"  # a cause of the cause-and-effect table came or went
    ALARM = "alarm"  # an alarm changed its ISA-18.2 state
    AUDIO = "audio"  # the sound of the alarms was paused, or sounds again
    PLC = "plc"  # link or PLC state changed, trip latched or cleared
    SESSION_OPENED = "session_opened"  # durable before anybody may enter
    SESSION_PHASE = "session_phase"
    SESSION_CLOSED = "session_closed"
    INVARIANT = "invariant"  # the run-time monitor saw a violation
    SCAN = "scan"  # late or missed scans
    RECORDS = "records"  # storage trouble came or went
    UPKEEP = "upkeep"  # a proof test given, work on the device, a configuration accepted
    BYPASS = "bypass"  # a bypass began, ends soon, ended
    CLOCK = "clock"  # the clock on the wall jumped
    WEAR = "wear"  # counters of the nitrogen valves since they were fitted
    PRECOOL = "precool"  # the last precools as they went: by them the next one's end is foretold
    TWIN = "twin"  # what the digital twin knows of the chamber's condition
    TUNING = "tuning"  # a regulator tuned here was accepted or reverted; what is in force
    SIGN_IN = "sign_in"
    SYSTEM = "system"


class Event(NamedTuple):
    """``data`` is JSON-serialisable and holds no personal data. ``t_s`` is monotonic; wall time is added when recorded."""

    kind: EventKind
    t_s: float
    data: dict[str, Any]
