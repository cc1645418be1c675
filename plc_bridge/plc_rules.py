"""The PLC's own cause-and-effect table, as data: what trips, at which value, after how long, and what then happens.

Every set point and delay of the PLC stands here once. The simulated PLC evaluates this table, the IEC 61131-3 program
repeats it row by row, the tests walk over every criterion just inside and just outside its limits.
Row numbers are those of the cause-and-effect matrix (safety reference, section 9), set points are its proposals.
"""

from __future__ import annotations

from enum import IntFlag, StrEnum
from typing import NamedTuple

from chamber.states import COOLING, CycleState
from chamber.tags import FACE_ABOVE_RIM, MAIN_OXYGEN, MAIN_TEMPERATURES, PRE_OXYGEN, PRE_TEMPERATURES, ROOM_OXYGEN_FLOOR, ROOM_OXYGEN_HIGH
from plc_bridge.contract import EXPOSURE_GRACE_S, LEASE_EMPTY_S, LEASE_OCCUPIED_S, Output, Trip


class Effect(IntFlag):
    """What a trip does (columns A1 to A7 of the matrix; A8 and A9, block and latch, hold for every trip)."""

    CLOSE_LN2 = 1  # A1: main and both control valves
    LEAVE = 2  # A2: voice "please leave" and light in both rooms
    DOOR_FREE = 4  # A3: door heater on (the doors themselves are never locked)
    PURGE = 8  # A4
    EXTRACT_BOOST = 16  # A5
    FAN_OFF = 32  # A6: recirculation fan
    ROOM_EVACUATE = 64  # A7: sounder, beacon outside, voice "leave the building"
    STANDBY_EXTRACT = 128  # row 21: second extract fan
    SOUNDER = 256  # rows 13 and 23: help is needed from outside


class Test(StrEnum):
    """How a criterion looks at its signals."""

    __test__ = False  # not a test case

    BELOW = "below"  # analogue value below set point
    ABOVE = "above"
    BELOW_SETPOINT = "below_setpoint"  # below the main room's set point in force by more than this
    FALLING = "falling"  # median of the good inputs fell by this much within 10 s
    BAD = "bad"  # quality other than good (lost sample flow has a row of its own)
    BIT_CLEAR = "bit_clear"
    BIT_SET = "bit_set"
    CONTACTS_AGREE = "contacts_agree"  # pair of antivalent contacts reads the same: wire or switch defect
    NOT_PROVEN = "not_proven"  # output driven for the delay, its proof missing
    POSITION_OPEN = "position_open"  # control valve driven to 0, position above set point
    MAIN_NOT_CLOSED = "main_not_closed"  # main valve driven closed, closed switch missing
    FLOW_WHILE_CLOSED = "flow_while_closed"  # all nitrogen outputs at 0, flow above set point
    TIMER = "timer"  # exposure timer past limit and grace; EXPOSURE_EXIT_S more while the exit is visibly under way
    UNEXPECTED = "unexpected"  # presence although the told state forbids it
    NOT_OPENED = "not_opened"  # told that everybody leaves, somebody present, the door in front of them not opened since
    LEASE = "lease"  # no valid heartbeat
    REQUEST = "request"  # mailbox
    EXPOSED_CLEAR = "exposed_clear"  # contact open while told EXPOSURE


class Criterion(NamedTuple):
    """One way to reach a trip.

    ``votes`` of the ``signals`` must agree for ``delay_s`` without a break. With ``bad_votes`` a signal of bad quality
    counts as one vote beside at least one good one: a 2oo3 with one bad sensor becomes 1oo2, never 2oo2.
    """

    test: Test
    signals: tuple[str, ...] = ()
    set_point: float | None = None
    unit: str = ""
    delay_s: float = 0.0
    votes: int = 1
    bad_votes: bool = False
    occupied_only: bool = False


class Reset(StrEnum):
    """What a reset needs beyond causes clear for RESET_CLEAR_S and nobody seen inside."""

    OPERATOR = "operator"
    DOOR_OPENED = "door_opened"  # if the trip met an occupied chamber: a door opened since (people verified out)


class Row(NamedTuple):
    """A trip of the PLC. Every trip latches and takes away RUN; ``if_occupied`` adds to ``always``."""

    trip: Trip
    matrix_row: int
    hazards: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    always: Effect
    if_occupied: Effect
    reset: Reset = Reset.DOOR_OPENED
    latch: bool = True


SERVICE_KEY = "HS-002"
RESET_CLEAR_S = 10.0  # H-16: causes must be clear this long before a reset is accepted
OXYGEN_FALL_WINDOW_S = 10.0  # H-01
PRESENCE_CLEAR_S = 2.0  # H-13: a room counts as seen empty after this long without presence
OVERCOLD_ARM_K = 10.0  # H-09: relative over-cold is armed once the room has been this close to a new set point
MAIN_VALVE_CLOSED_SWITCH = "ZSC-401"
FORBIDDEN_PRESENCE = frozenset({CycleState.PRECOOL, CycleState.READY, CycleState.RECOOL, CycleState.DRYING, CycleState.SERVICE})
"""States in which nitrogen may flow or the heater runs, and nobody may be inside."""
VALVE_STATES = COOLING | {CycleState.SERVICE}
"""States in which the control valves may open; in SERVICE no further than SERVICE_VALVE_MAX_PCT and with the key turned."""
LEAVING = frozenset({CycleState.EXIT, CycleState.EVACUATE, CycleState.ESTOP})
"""Told one of these, everybody is to come out: a door that stays shut is stuck (H-11)."""
HEATER_STATES = frozenset({CycleState.DRYING, CycleState.SERVICE})
OVERCOLD_ALWAYS_ARMED = frozenset({CycleState.BOARDING, CycleState.PRE_CHAMBER, CycleState.EXPOSURE})

_NOTHING = Effect(0)
_OUT = Effect.LEAVE | Effect.DOOR_FREE
_STOP = Effect.CLOSE_LN2 | _OUT | Effect.PURGE
_CHAMBER_OXYGEN = (*MAIN_OXYGEN, *PRE_OXYGEN)
_ROOM_OXYGEN = (ROOM_OXYGEN_HIGH, ROOM_OXYGEN_FLOOR)
_PCT = "vol%"


def _low(signals: tuple[str, ...], set_point: float, delay_s: float, votes: int = 1, bad_votes: bool = False) -> Criterion:
    return Criterion(Test.BELOW, signals, set_point, _PCT, delay_s, votes, bad_votes)


ROWS: tuple[Row, ...] = (
    Row(
        Trip.O2_MAIN_LL,
        1,
        ("H-01",),
        (_low(MAIN_OXYGEN, 19.5, 1.0, votes=2, bad_votes=True),),
        _STOP | Effect.EXTRACT_BOOST,
        _NOTHING,
    ),
    Row(
        Trip.O2_CHAMBER_LLL,
        2,
        ("H-01", "H-03"),
        (_low(_CHAMBER_OXYGEN, 19.0, 1.0),),
        _STOP | Effect.EXTRACT_BOOST | Effect.ROOM_EVACUATE,
        _NOTHING,
    ),
    Row(Trip.O2_PRE_LL, 1, ("H-01",), (_low(PRE_OXYGEN, 19.5, 1.0),), _STOP | Effect.EXTRACT_BOOST, _NOTHING),
    Row(Trip.O2_ROOM_LL, 5, ("H-02",), (_low((ROOM_OXYGEN_HIGH,), 19.5, 2.0),), _STOP | Effect.EXTRACT_BOOST, _NOTHING),
    Row(
        Trip.O2_ROOM_EVAC,
        6,
        ("H-02", "H-03"),
        (_low((ROOM_OXYGEN_HIGH,), 19.0, 2.0), _low((ROOM_OXYGEN_FLOOR,), 18.0, 2.0)),
        _STOP | Effect.EXTRACT_BOOST | Effect.FAN_OFF | Effect.ROOM_EVACUATE,
        _NOTHING,
    ),
    Row(
        Trip.O2_HIGH,
        7,
        ("H-26",),
        (Criterion(Test.ABOVE, (*_CHAMBER_OXYGEN, *_ROOM_OXYGEN), 23.5, _PCT, 5.0),),
        _STOP | Effect.EXTRACT_BOOST | Effect.ROOM_EVACUATE,
        _NOTHING,
    ),
    Row(
        Trip.O2_SENSOR_BAD,
        8,
        ("H-01", "H-02", "H-05"),
        (
            Criterion(Test.BAD, (*_CHAMBER_OXYGEN, *_ROOM_OXYGEN), None, "", 3.0, 1, occupied_only=True),
            Criterion(Test.BAD, MAIN_OXYGEN, None, "", 3.0, 2),
            Criterion(Test.BAD, PRE_OXYGEN, None, "", 3.0, 2),
            Criterion(Test.BAD, _ROOM_OXYGEN, None, "", 3.0, 2),
        ),
        Effect.CLOSE_LN2,
        _OUT | Effect.PURGE,
    ),
    Row(
        Trip.O2_SAMPLE_FLOW,
        9,
        ("H-01", "H-05"),
        (Criterion(Test.BIT_CLEAR, ("FS-102",), None, "", 5.0, occupied_only=True),),
        Effect.CLOSE_LN2,
        _OUT | Effect.PURGE,
    ),
    Row(
        Trip.ESTOP,
        10,
        ("H-01", "H-10", "H-11"),
        (Criterion(Test.BIT_CLEAR, ("HS-001A", "HS-001B")),),
        _STOP | Effect.EXTRACT_BOOST | Effect.FAN_OFF,
        _NOTHING,
    ),
    Row(
        Trip.CALL_INSIDE,
        10,
        ("H-10", "H-13"),
        (Criterion(Test.BIT_SET, ("HS-101",)),),
        _STOP | Effect.EXTRACT_BOOST | Effect.FAN_OFF,
        _NOTHING,
    ),
    Row(
        Trip.DOOR_FAULT,
        12,
        ("H-12",),
        (
            Criterion(Test.CONTACTS_AGREE, ("ZS-101A", "ZS-101B"), None, "", 1.0),
            Criterion(Test.CONTACTS_AGREE, ("ZS-201A", "ZS-201B"), None, "", 1.0),
        ),
        Effect.CLOSE_LN2 | Effect.DOOR_FREE | Effect.FAN_OFF,
        Effect.LEAVE,
    ),
    Row(
        Trip.DOOR_STUCK,
        13,
        ("H-11",),
        (Criterion(Test.NOT_OPENED, ("YS-101", "YS-201"), None, "", 20.0),),
        _STOP | Effect.FAN_OFF | Effect.SOUNDER | Effect.ROOM_EVACUATE,
        _NOTHING,
    ),
    Row(Trip.EXPOSURE_LIMIT, 15, ("H-10",), (Criterion(Test.TIMER, (), EXPOSURE_GRACE_S, "s"),), _STOP | Effect.FAN_OFF, _NOTHING),
    Row(
        Trip.OVERCOLD,
        16,
        ("H-09",),
        (
            Criterion(Test.BELOW_SETPOINT, MAIN_TEMPERATURES, 15.0, "K", 3.0, 2, bad_votes=True),
            Criterion(Test.BELOW, MAIN_TEMPERATURES, -180.0, "°C", 3.0, 2, bad_votes=True),
        ),
        Effect.CLOSE_LN2 | Effect.FAN_OFF,
        _OUT,
    ),
    Row(
        Trip.TEMP_SENSORS_BAD,
        18,
        ("H-09",),
        (Criterion(Test.BAD, MAIN_TEMPERATURES, None, "", 3.0, 2), Criterion(Test.BAD, PRE_TEMPERATURES, None, "", 3.0, 2)),
        Effect.CLOSE_LN2 | Effect.FAN_OFF,
        _OUT,
    ),
    Row(
        Trip.VALVE_STUCK_OPEN,
        19,
        ("H-07",),
        (
            Criterion(Test.POSITION_OPEN, ("ZT-101",), 5.0, "%", 3.0),
            Criterion(Test.POSITION_OPEN, ("ZT-201",), 5.0, "%", 3.0),
            Criterion(Test.MAIN_NOT_CLOSED, (MAIN_VALVE_CLOSED_SWITCH,), None, "", 3.0),
            # a valve may report "closed" and still pass: the flow meter is the second witness, slower because the line drains
            Criterion(Test.FLOW_WHILE_CLOSED, ("FT-401",), 10.0, "kg/h", 10.0),
        ),
        Effect.CLOSE_LN2 | Effect.PURGE | Effect.EXTRACT_BOOST,
        _OUT,
    ),
    Row(
        Trip.LN2_CARRY_OVER,
        20,
        ("H-08",),
        (Criterion(Test.BELOW, ("TT-111", "TT-211"), -190.0, "°C", 1.0),),
        Effect.CLOSE_LN2 | Effect.PURGE | Effect.EXTRACT_BOOST | Effect.FAN_OFF,
        _OUT,
    ),
    Row(
        Trip.EXTRACT_LOST,
        21,
        ("H-02", "H-18"),
        (Criterion(Test.BIT_CLEAR, ("FS-301",), None, "", 5.0),),
        Effect.CLOSE_LN2 | Effect.STANDBY_EXTRACT,
        Effect.LEAVE,
    ),
    Row(
        Trip.PURGE_FAILED,
        22,
        ("H-01",),
        (Criterion(Test.NOT_PROVEN, ("FS-101",), None, "", 5.0),),
        Effect.CLOSE_LN2 | _OUT | Effect.EXTRACT_BOOST | Effect.ROOM_EVACUATE,
        _NOTHING,
    ),
    Row(
        Trip.LEASE_LOST,
        23,
        ("H-14",),
        (Criterion(Test.LEASE, (), LEASE_OCCUPIED_S, "s", occupied_only=True), Criterion(Test.LEASE, (), LEASE_EMPTY_S, "s")),
        Effect.CLOSE_LN2,
        _OUT | Effect.PURGE | Effect.SOUNDER,
    ),
    Row(
        Trip.MAINS_LOST,
        25,
        ("H-17",),
        (Criterion(Test.BIT_CLEAR, ("ES-001",), None, "", 0.2),),
        Effect.CLOSE_LN2 | Effect.DOOR_FREE | Effect.PURGE | Effect.EXTRACT_BOOST | Effect.FAN_OFF,
        Effect.LEAVE,
    ),
    Row(
        Trip.UNEXPECTED_OCCUPANCY,
        28,
        ("H-04",),
        (Criterion(Test.UNEXPECTED, ("YS-101", "YS-201"), None, "", 0.5),),
        _STOP | Effect.FAN_OFF,
        _NOTHING,
    ),
    Row(
        Trip.EVACUATE_REQUESTED,
        10,
        ("H-01", "H-11"),
        (Criterion(Test.REQUEST),),
        _STOP | Effect.EXTRACT_BOOST | Effect.FAN_OFF | Effect.SOUNDER,
        _NOTHING,
    ),
    Row(
        Trip.O2_FALLING,
        4,
        ("H-01",),
        (Criterion(Test.FALLING, MAIN_OXYGEN, 0.3, _PCT, 0.0, occupied_only=True),),
        _STOP | Effect.EXTRACT_BOOST,
        _NOTHING,
    ),
    Row(
        Trip.ROOM_EMERGENCY,
        35,
        ("H-02", "H-26"),
        # extract boost and purge are the fire plan's to decide; the purge of the closed chamber is ours, fans of the room are not
        (Criterion(Test.BIT_CLEAR, ("HS-301",), None, "", 0.2),),
        _STOP | Effect.FAN_OFF | Effect.ROOM_EVACUATE,
        _NOTHING,
    ),
    Row(
        Trip.LN2_PRESSURE_HIGH,
        29,
        ("H-25",),
        (Criterion(Test.ABOVE, ("PT-401",), 3.6, "bar(a)", 5.0),),  # 90 % of a relief valve set at 4.0 bar(a)
        Effect.CLOSE_LN2 | Effect.EXTRACT_BOOST,
        _OUT,  # more than the matrix asks: whoever is inside when a trip takes the nitrogen away is asked out
        Reset.OPERATOR,
    ),
    Row(
        Trip.FACE_LOW,
        36,
        ("H-01", "H-13"),
        (Criterion(Test.EXPOSED_CLEAR, (FACE_ABOVE_RIM,), None, "", 1.0),),
        _STOP | Effect.EXTRACT_BOOST | Effect.FAN_OFF | Effect.SOUNDER,
        _NOTHING,
    ),
)

ROW: dict[Trip, Row] = {row.trip: row for row in ROWS}
START_HOLDS: tuple[Criterion, ...] = (
    Criterion(Test.BELOW, ("JT-001",), 30.0, "%", 10.0),
    Criterion(Test.BIT_CLEAR, ("JS-001",), None, "", 10.0),
)
"""Row 26 (H-17): what refuses START_COOLING without tripping. What runs may go on; nothing new begins on a weak battery."""
PROVEN_OUTPUT: dict[str, Output] = {"FS-101": Output.PURGE_FAN}
"""Output that a proof of running belongs to."""
