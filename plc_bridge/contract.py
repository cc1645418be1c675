"""Codes shared by the supervisor and the PLC: states, trips, outputs, opcodes, quality nibbles, times.

These numbers are the wire contract (map version below). A change of meaning needs a new ``MAP_VERSION``.
"""

from __future__ import annotations

from enum import IntEnum

from chamber.readings import Quality, Why

MAGIC = 0xC47A
MAP_VERSION = 3
NONCE_XOR = 0xA5A5  # hb echo = PLC nonce XOR this: a replayed output block does not renew the lease (H-21)

LEASE_OCCUPIED_S = 2.0  # H-14: no valid heartbeat for this long while occupied -> LEASE_LOST
LEASE_EMPTY_S = 5.0  # H-14
EXPOSURE_ABSOLUTE_S = 180.0  # H-10: nobody can be told to stay longer
EXPOSURE_GRACE_S = 5.0  # H-10: the PLC's own timer ends at limit + this ...
EXPOSURE_EXIT_S = 25.0  # H-10: ... or this much later while the exit is under way: told EXIT and inner door seen open since
SETPOINT_MIN_C = -180.0  # H-09: clamp of the set point in the PLC
SETPOINT_MAX_C = 40.0
SERVICE_VALVE_MAX_PCT = 20.0  # H-27: clamp of the control valves in the PLC while told SERVICE
COMMAND_ID_MASK = 0xFFFF


class PlcState(IntEnum):
    """State of the PLC's own program. Cooling needs RUN; RUN needs lease, no trip and an explicit START_COOLING."""

    INIT = 0  # block not yet filled: never valid
    SAFE = 1  # nitrogen closed, no trip
    RUN = 2  # nitrogen permitted
    TRIPPED = 3  # latched, needs RESET
    EVACUATE = 4  # latched with the chamber occupied


class Trip(IntEnum):
    """Trip causes of the PLC: bit number in ``trips``; ``first_out`` holds value + 1 (0: none)."""

    O2_MAIN_LL = 0
    O2_CHAMBER_LLL = 1
    O2_PRE_LL = 2
    O2_ROOM_LL = 3
    O2_ROOM_EVAC = 4
    O2_HIGH = 5
    O2_SENSOR_BAD = 6
    O2_SAMPLE_FLOW = 7
    ESTOP = 8
    CALL_INSIDE = 9
    DOOR_FAULT = 10
    DOOR_STUCK = 11
    EXPOSURE_LIMIT = 12
    OVERCOLD = 13
    TEMP_SENSORS_BAD = 14
    VALVE_STUCK_OPEN = 15
    LN2_CARRY_OVER = 16
    EXTRACT_LOST = 17
    PURGE_FAILED = 18
    LEASE_LOST = 19
    MAINS_LOST = 20
    UNEXPECTED_OCCUPANCY = 21
    EVACUATE_REQUESTED = 22
    O2_FALLING = 23
    ROOM_EMERGENCY = 24
    LN2_PRESSURE_HIGH = 25
    FACE_LOW = 26


class Output(IntEnum):
    """Discrete outputs: bit number in ``outputs`` (what the PLC drives) and in ``demand_bits`` (what is asked for)."""

    XV_401 = 0  # LN2 main valve open
    RECIRC_FAN = 1
    PURGE_FAN = 2
    EXTRACT_BOOST = 3
    LIGHT_MAIN = 4
    LIGHT_PRE = 5
    SOUNDER = 6  # evacuation sounder, hard-wired
    BEACON_NO_ENTRY = 7  # "do not enter" outside the treatment room
    DOOR_HEATER = 8
    STANDBY_EXTRACT = 9
    DRY_HEATER = 10  # only told DRYING or SERVICE, untripped and empty


class Flag(IntEnum):
    """Bits of ``flags``."""

    SIMULATED = 0  # set by a simulated PLC only; the panel marks every screen (H-28)
    LEASE_ALIVE = 1
    OCCUPIED = 2  # retentive: set by told session or own presence sensors, cleared when seen empty with door opened
    DOOR_OPENED_SINCE_TRIP = 3
    RESET_POSSIBLE = 4
    CLAMPED = 5  # at least one demand was outside its clamp in this scan


class Voice(IntEnum):
    """Announcement the PLC plays inside and at the door."""

    SILENT = 0
    WELCOME_PRE = 1  # please enter the pre-chamber
    GO_TO_MAIN = 2  # please go on into the main room
    HALF_TIME = 3
    TEN_SECONDS = 4
    LEAVE_NOW = 5  # the session is over, please leave
    EVACUATE = 6  # leave the building, do not wait in the room
    WAIT = 7  # please wait, the doors stay shut
    TEST = 8  # self-test of the loudspeaker; its loop-back answers


class Opcode(IntEnum):
    """Mailbox commands. STOP and EVACUATE are always accepted; the others need lease and permissives."""

    NONE = 0
    STOP = 1
    EVACUATE = 2
    RESET = 3
    START_COOLING = 4
    CONFIRM_EMPTY = 5  # operator looked and found the chamber empty: clears the retentive OCCUPIED flag


class MailResult(IntEnum):
    NONE = 0
    ACCEPTED = 1
    REJECTED = 2


class MailReason(IntEnum):
    NONE = 0
    NO_LEASE = 1
    TRIPPED = 2
    CAUSE_PRESENT = 3  # RESET while a cause is still there or clear for less than 10 s
    DOOR_NOT_OPENED = 4  # RESET after an occupied trip needs a door opened since
    OCCUPIED = 5
    BAD_COMPLEMENT = 6
    UNKNOWN_OPCODE = 7
    NOT_EMPTY = 8  # CONFIRM_EMPTY while a presence sensor sees somebody
    RESET_NOT_NEEDED = 9
    SERVICE_KEY = 10  # START_COOLING with the key turned outside SERVICE, or in SERVICE without it
    BATTERY_LOW = 11  # START_COOLING on a weak or faulty battery supply (row 26)


class QualityNibble(IntEnum):
    """Four-bit quality of an analogue signal. Zero, an unwritten register, is BAD."""

    NEVER = 0
    GOOD = 1
    OUT_OF_SPEC = 2
    WARM_UP = 8
    FAILURE_LOW = 9
    FAILURE_HIGH = 10
    SAMPLE_FLOW = 11
    OUT_OF_SERVICE = 12


QUALITY: dict[int, tuple[Quality, Why]] = {
    QualityNibble.NEVER: (Quality.BAD, Why.NEVER_READ),
    QualityNibble.GOOD: (Quality.GOOD, Why.NONE),
    QualityNibble.OUT_OF_SPEC: (Quality.UNCERTAIN, Why.OUT_OF_SPEC),
    QualityNibble.WARM_UP: (Quality.BAD, Why.WARM_UP),
    QualityNibble.FAILURE_LOW: (Quality.BAD, Why.FAILURE_LOW),
    QualityNibble.FAILURE_HIGH: (Quality.BAD, Why.FAILURE_HIGH),
    QualityNibble.SAMPLE_FLOW: (Quality.BAD, Why.SAMPLE_FLOW),
    QualityNibble.OUT_OF_SERVICE: (Quality.BAD, Why.OUT_OF_SERVICE),
}
"""Nibble -> (quality, reason). A nibble that is not listed decodes as BAD / NEVER_READ."""
