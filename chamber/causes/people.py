"""People: emergency stop, call, doors, time, operator, presence where nobody should be."""

from __future__ import annotations

from chamber.cause_effect import Action, Cause, Clear, plain
from chamber.facts import Door, Facts
from chamber.limits import O2_REENTRY_HOLD_S
from chamber.states import MAY_BE_OCCUPIED, CycleState
from chamber.tags import FACE_ABOVE_RIM
from chamber.voting import Vote

VOICE_TAG = "YS-102"  # loop-back of the loudspeaker
VOICE_TEST_EVERY_S = 86_400.0  # H-24: proven again every day
PRE_OVERSTAY_S = 30.0  # H-10: guests who do not go on when asked
BOARDING_S = 120.0  # H-10: somebody stands in the cold and the session is not started (proposed)
FACE_LOW_S = 1.0  # H-01, H-13: a nod is no fall; the collar holds about 19 % (simulated), the gas below it 14 % (proposed)
UNSEEN_S = 10.0  # H-13: nobody seen behind shut doors during a session (proposed)
COLD_C = -20.0  # H-04, H-09: a room this cold is no place to be without a session (proposed) ...
IN_THE_COLD_S = 120.0  # H-04, H-09: ... for longer than looking round takes (proposed)
EXIT_OVERSTAY_S = 45.0  # H-13: door opened but somebody still inside
_RECOVERY, _BOARDING, _PRE_CHAMBER = CycleState.RECOVERY, CycleState.BOARDING, CycleState.PRE_CHAMBER
_EXPOSURE, _FAULT = CycleState.EXPOSURE, Door.FAULT
_LEAVING = (CycleState.EXIT, CycleState.EVACUATE, CycleState.ESTOP)
_LOOKED_INTO = frozenset({CycleState.RECOVERY, CycleState.STOPPED, CycleState.PURGE, CycleState.FAULT})
"""RECOVERY and FAULT are looked into, STOPPED is cleaned and mended, PURGE may be entered once the oxygen is proven."""
_NO_ENTRY = frozenset(CycleState) - MAY_BE_OCCUPIED - _LOOKED_INTO
"""Row 28."""


def _door_opened_in_exposure(f: Facts) -> bool:
    return f.state is _EXPOSURE and not f.doors_shut


def _exit_door_late(f: Facts, after_s: float) -> bool:
    return f.state in _LEAVING and f.exit_age_s is not None and not f.exit_door_opened and f.exit_age_s >= after_s


def _exit_overstay(f: Facts) -> bool:
    return f.state in _LEAVING and f.exit_age_s is not None and f.exit_age_s >= EXIT_OVERSTAY_S and not f.seen_empty


def _time_limit(f: Facts) -> bool:
    return f.exposure_elapsed_s is not None and f.session_limit_s is not None and f.exposure_elapsed_s >= f.session_limit_s


def _skin_cold(f: Facts) -> bool:
    return f.skin_low_c is not None and f.skin_low_c <= f.limits.skin_end_c


def _pre_overstay(f: Facts) -> bool:
    if f.state is not _PRE_CHAMBER or f.pre_elapsed_s is None or f.pre_limit_s is None:
        return False
    return f.pre_elapsed_s >= f.pre_limit_s + PRE_OVERSTAY_S


def _operator_absent(f: Facts) -> bool:
    return f.confirm_left_s is not None and f.confirm_left_s <= 0.0


def _unexpected(f: Facts) -> bool:
    if not f.somebody_seen:
        return False
    purging = f.state is CycleState.PURGE and f.o2_entry_good_s < O2_REENTRY_HOLD_S  # H-03
    return f.state in _NO_ENTRY or purging


def _in_the_cold(f: Facts) -> bool:
    if f.state not in _LOOKED_INTO:
        return False
    return (f.presence_main is True and _cold(f.main)) or (f.presence_pre is True and _cold(f.pre))


def _cold(room: Vote) -> bool:
    return room.lowest is None or room.lowest < COLD_C  # not known is not warm


def _nobody_seen(f: Facts) -> bool:
    """Whoever went in lies out of sight, or the sensor is blind: nobody can have left."""
    return f.state in (_PRE_CHAMBER, _EXPOSURE) and f.seen_empty and f.doors_shut


def _faulty_door(f: Facts) -> str:
    return "door" if f.one_room else "inner door" if f.inner_door is _FAULT else "outer door"


def _seen_in(f: Facts) -> str:
    return "cabin" if f.one_room else "main room" if f.presence_main is True else "pre-chamber"


def _voice_unproven(f: Facts) -> bool:
    return f.voice_failed or (f.voice_age_s is not None and f.voice_age_s >= VOICE_TEST_EVERY_S)


# fmt: off
ROWS: tuple[Cause, ...] = (
    Cause(
        "ESTOP", 10, "Emergency stop pressed", ("H-01", "H-11", "H-13"),
        lambda f: f.estop_released is not True and f.block_age_s is not None, plain("a channel is open"),
        0.0, "XXXXXX-XX", Action.ESTOP, Action.ESTOP, Clear.DOOR_OPENED_AND_RESET, "ESTOP",
    ),
    Cause(
        "CALL-IN", 10, "Call button inside pressed", ("H-11", "H-13"),
        lambda f: f.call_pressed is True, plain("somebody inside asks for help"),
        0.0, "XXXXXX-XX", Action.STOP_COOLING, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "CALL-IN", stands=True,
    ),
    Cause(
        "FACE-LOW", 36, "Face below the rim", ("H-01", "H-13"),
        lambda f: f.state is _EXPOSURE and not f.face_clear, plain("the guest's face is not seen above the rim: below it there is too little oxygen"),
        FACE_LOW_S, "XXXXXX-XX", Action.STOP_COOLING, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "FACE-LOW", needs=(FACE_ABOVE_RIM,), stands=True,
    ),
    Cause(
        "DOOR-OPENED", 11, "Door opened during the exposure", ("H-12",),
        _door_opened_in_exposure, plain("the session ends, everybody out"),
        0.2, "XXX-XX---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, "DOOR-OPENED", stands=True,
    ),
    Cause(
        "DOOR-FAULT", 12, "Door contacts disagree", ("H-12",),
        lambda f: f.inner_door is _FAULT or f.outer_door is _FAULT, _faulty_door,
        1.0, "XoX--X-XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "DOOR-FAULT", stands=True,
    ),
    Cause(
        "DOOR-STUCK", 13, "Door not opened at exit", ("H-11",),
        lambda f: _exit_door_late(f, f.limits.exit_door_alarm_s), lambda f: f"not open {f.limits.exit_door_alarm_s:.0f} s after the end",
        0.0, "XXXX-X-XX", Action.NOTIFY, Action.END_SESSION, Clear.OPERATOR_RESET, "DOOR-STUCK",
    ),
    Cause(
        "EXIT-EVACUATE", 13, "Nobody came out", ("H-11", "H-13"),
        lambda f: _exit_door_late(f, f.limits.exit_evacuate_s) or _exit_overstay(f), plain("Do NOT enter unless the oxygen is good; call for help"),
        0.0, "XXXX-X-XX", Action.NOTIFY, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "DOOR-STUCK",
    ),
    Cause(
        "TIME-LIMIT", 14, "Exposure time is over", ("H-10",),
        _time_limit, lambda f: f"{f.exposure_elapsed_s or 0.0:.0f} s of {f.session_limit_s or 0.0:.0f} s",
        0.0, "XXX--X---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, None, needs_plc=False,
    ),
    Cause(
        "SKIN-COLD", 37, "Estimated skin at its limit", ("H-09", "H-10"),
        _skin_cold, lambda f: f"coldest spot may be {f.skin_low_c or 0.0:.1f} °C, limit {f.limits.skin_end_c:.1f} °C",
        0.0, "XXX--X---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, None, needs_plc=False,
    ),
    Cause(
        "PRE-LIMIT", 14, "Too long in the pre-chamber", ("H-10",),
        _pre_overstay, plain("the guests did not go on into the main room"),
        0.0, "XXX--X---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, None, needs_plc=False,
    ),
    Cause(
        "BOARD-LIMIT", 14, "Too long inside before the start", ("H-10",),
        lambda f: f.state is _BOARDING and f.occupied, plain("the session was not started"),
        BOARDING_S, "XXX--X---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, None,
    ),
    Cause(
        "OP-ABSENT", 27, "Operator presence not confirmed", ("H-04", "H-13"),
        _operator_absent, lambda f: f"no confirmation for {f.limits.operator_confirm_s:.0f} s",
        0.0, "XX-----X-", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, "OP-ABSENT", True, needs_plc=False,
    ),
    Cause(
        "OCC-UNEXPECTED", 28, "Somebody inside without a session", ("H-04", "H-13"),
        _unexpected, _seen_in,
        0.5, "XXXX-X-XX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "OCC-UNEXPECTED",
    ),
    Cause(
        "OCC-COLD", 28, "Somebody stays in a cold chamber", ("H-04", "H-09"),
        _in_the_cold, _seen_in,
        IN_THE_COLD_S, "XXXX-X-XX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "OCC-UNEXPECTED",
    ),
    Cause(
        "NOBODY-SEEN", 38, "Nobody seen during the session", ("H-13",),
        _nobody_seen, plain("doors shut, yet no sensor sees anybody: look for them"),
        UNSEEN_S, "XXX--X---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, None, stands=True,
    ),
    Cause(
        "VOICE-FAIL", 31, "Loudspeaker not proven", ("H-13", "H-24"),
        _voice_unproven, lambda f: "not heard in the self-test" if f.voice_failed else "last proven over a day ago",
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "VOICE-FAIL", needs_plc=False, needs=(VOICE_TAG,),
    ),
    Cause(
        "OCC-UNKNOWN", 28, "Somebody may be inside", ("H-16",),
        lambda f: f.state is _RECOVERY and (f.unknown_session or (f.plc is not None and f.plc.occupied)), plain("a session was open when control stopped: open, look, confirm"),
        0.0, "XX-X---X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "OCC-UNKNOWN",
    ),
)
# fmt: on
