"""What the cause-and-effect table must say, typed by hand, and how to make each cause present alone."""

from __future__ import annotations

from typing import Any, NamedTuple

from chamber.cause_effect import Action, Clear, Effect
from chamber.facts import Door, Facts
from chamber.instruments.consumption import Used
from chamber.states import CycleState as C
from chamber.upkeep import UpkeepFacts
from tests.chamber.facts_factory import PLC_WELL, facts, good

TWIN = ("DRYING-DUE", "SEAL-LEAK", "HEAT-LEAK", "VALVE-WORN", "LN2-PRESS-LO", "LN2-USE-UP")
# The published matrix: row -> A1..A9. X always, o only while occupied.
PUBLISHED: dict[int, str] = {
    1: "XXXXX--XX",  # chamber oxygen below the trip
    2: "XXXXX-XXX",  # chamber oxygen, evacuate
    3: "-o-oX--X-",  # chamber oxygen, pre-alarm
    4: "XXXXX--XX",  # chamber oxygen falling fast
    5: "XXXXX--XX",  # room oxygen
    6: "XXXXXXXXX",  # room oxygen, evacuate
    7: "XXXXX-XXX",  # oxygen enrichment
    8: "oooo---XX",  # oxygen sensor bad
    9: "oooo---XX",  # sample flow lost
    10: "XXXXXX-XX",  # emergency stop, call inside
    11: "XXX-XX---",  # door opened in the exposure
    12: "XoX--X-XX",  # door contacts disagree
    13: "XXXX-X-XX",  # door not opened at the exit (room evacuation at 20 s is the PLC's)
    14: "XXX--X---",  # exposure time over
    16: "Xoo--X-XX",  # over-cold
    17: "---------",  # below set point
    18: "Xoo--X-XX",  # temperature unknown
    19: "XooXX--XX",  # a valve does not close
    20: "XooXXX-XX",  # liquid carried over
    21: "Xo--X--XX",  # extract lost
    22: "XXX-X-XXX",  # purge fan fails when demanded
    23: "Xooo---XX",  # heartbeat lost
    24: "Xo-----X-",  # PLC data stale
    25: "XoXXXX-XX",  # mains lost
    26: "-------X-",  # battery supply
    27: "XX-----X-",  # operator absent
    28: "XXXX-X-XX",  # occupied where nobody may be
    29: "X---X--XX",  # line pressure
    30: "-------X-",  # nitrogen low
    31: "-------X-",  # self-test
    32: "-------X-",  # proof tests, first use after maintenance
    33: "-------X-",  # records
    34: "Xo-----XX",  # configuration, version, integrity
    35: "XXXX-XXXX",  # room emergency call, fire alarm (extract boost: the fire plan's)
    36: "XXXXXX-XX",  # face below the rim: the reference asks for a lift-height interlock and gives no row; cells of this project
    37: "XXX--X---",  # estimated skin at its limit: the reference asks for the end of the session and gives no row; cells as row 14
    38: "XXX--X---",  # nobody seen: the reference asks for a prompt and gives no row; cells as row 14
}
DEVIATIONS: dict[str, tuple[str, str]] = {
    "O2-RM-L": ("----X--X-", "an early warning of row 5 that the matrix does not have: boost the extract, nobody new"),
    "O2-FL-L": ("----X--X-", "as O2-RM-L, for the floor sensor"),
    "O2-HI-PRE": ("----X--X-", "an early warning of row 7: boost the extract, nobody new"),
    "O2-SENS-BAD": ("oooo---Xo", "latches only if it acted on people: an empty chamber that gets its sensor back needs no reset"),
    "O2-SENS-DISAG": ("-------X-", "no sensor is bad yet: nobody new until it is known which one is right"),
    "O2-SAMPLE": ("oooo---Xo", "as O2-SENS-BAD"),
    "LN2-PRESS-HI": ("Xo--X--XX", "closing the nitrogen ends a session, and what ends a session says so"),
    "SERVICE-KEY": ("Xo-----X-", "the PLC drops the nitrogen with the key: the supervisor follows and sees people out"),
    "COMM-SLOW": ("-------X-", "first stage of row 24 (1.5 s): only nobody new"),
    "API-SILENT": ("-------X-", "the other silence, of the panel: cooling is no hazard to an empty chamber"),
    "OCC-UNKNOWN": ("XX-X---X-", "a question to the operator after a restart, not a person seen: no latch, it ends with the answer"),
    "NO-HMI": ("---------", "an alarm; what it means for guests is row 27: nobody can confirm presence, and the session ends"),
    "PLC-TRIP": ("Xoo----X-", "the latch and the purge are the PLC's; this row follows them"),
    "PLC-RESTART": ("Xoo----XX", "as row 34, and the door is freed"),
    "INVARIANT": ("Xoo----XX", "as row 34, and the door is freed"),
    "PROOF-DUE": ("---------", "a warning days before row 32"),
    **dict.fromkeys(TWIN, ("---------", "work to plan: the digital twin never acts on the chamber")),
    "O2-CAL-DUE": ("---------", "a warning days before row 32"),
    "CLOCK-JUMP": ("---------", "a warning about the dates of row 33; no decision about people rests on them"),
    "SEC-AUTH": ("---------", "of the alarm list, not of the matrix: somebody has to know, the chamber does nothing"),
    "SENSOR-MAINT": ("---------", "still good, or its badness has a row of its own: a work order"),
    "T-SENS-BAD": ("---------", "one bad sensor of row 18 is a warning"),
}


class Row(NamedTuple):
    row: int
    delay_s: float
    empty: Action
    occupied: Action
    clear: Clear
    alarm: str | None
    external: bool
    needs_plc: bool


_A = Action
_WHEN, _RESET, _DOOR = Clear.WHEN_CLEAR, Clear.OPERATOR_RESET, Clear.DOOR_OPENED_AND_RESET
# fmt: off
ROWS: dict[str, Row] = {
    "O2-CH-DROP": Row(4, 2.0, _A.NOTIFY, _A.EVACUATE, _DOOR, "O2-CH-DROP", False, True),
    "O2-SENS-DISAG": Row(8, 10.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "O2-SENS-DISAG", False, True),
    "VALVE-STUCK": Row(19, 10.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "VALVE-STUCK", False, True),
    "LN2-CARRY": Row(20, 1.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "LN2-CARRY", False, True),
    "COOL-LIMIT": Row(17, 120.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "COOL-LIMIT", False, True),
    "SENSOR-MAINT": Row(18, 60.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "SENSOR-MAINT", False, True),
    "LN2-USE-HI": Row(30, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "LN2-USE-HI", True, True),
    "COOL-NOGAIN": Row(17, 60.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "COOL-NOGAIN", False, True),
    "ESTOP":          Row(10, 0.0, _A.ESTOP, _A.ESTOP, _DOOR, "ESTOP", False, True),
    "O2-CH-LLL":      Row(2, 1.0, _A.EVACUATE, _A.EVACUATE, _DOOR, "O2-CH-LLL", False, True),
    "O2-CH-LL":       Row(1, 1.0, _A.STOP_COOLING, _A.EVACUATE, _DOOR, "O2-CH-LL", False, True),
    "O2-CH-L":        Row(3, 3.0, _A.BLOCK_NEW, _A.END_SESSION, _WHEN, "O2-CH-L", False, True),
    "O2-RM-EVAC":     Row(6, 2.0, _A.EVACUATE, _A.EVACUATE, _DOOR, "O2-RM-EVAC", True, True),
    "O2-RM-LL":       Row(5, 2.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "O2-RM-LL", True, True),
    "O2-RM-L":        Row(5, 5.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "O2-RM-L", True, True),
    "O2-FL-LL":       Row(5, 5.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "O2-RM-LL", True, True),
    "O2-FL-L":        Row(5, 10.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "O2-RM-L", True, True),
    "O2-HI-PRE":      Row(7, 5.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "O2-HI-PRE", False, True),
    "O2-HI":          Row(7, 5.0, _A.EVACUATE, _A.EVACUATE, _DOOR, "O2-HI", False, True),
    "O2-SENS-BAD":    Row(8, 3.0, _A.BLOCK_NEW, _A.END_SESSION, _WHEN, "O2-SENS-BAD", False, True),
    "O2-SAMPLE":      Row(9, 5.0, _A.BLOCK_NEW, _A.END_SESSION, _WHEN, "O2-SAMPLE", False, True),
    "CALL-IN":        Row(10, 0.0, _A.STOP_COOLING, _A.EVACUATE, _DOOR, "CALL-IN", False, True),
    "FACE-LOW":       Row(36, 1.0, _A.STOP_COOLING, _A.EVACUATE, _DOOR, "FACE-LOW", False, True),
    "DOOR-OPENED":    Row(11, 0.2, _A.NOTIFY, _A.END_SESSION, _WHEN, "DOOR-OPENED", False, True),
    "DOOR-FAULT":     Row(12, 1.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "DOOR-FAULT", False, True),
    "DOOR-STUCK":     Row(13, 0.0, _A.NOTIFY, _A.END_SESSION, _RESET, "DOOR-STUCK", False, True),
    "EXIT-EVACUATE":  Row(13, 0.0, _A.NOTIFY, _A.EVACUATE, _DOOR, "DOOR-STUCK", False, True),
    "TIME-LIMIT":     Row(14, 0.0, _A.NOTIFY, _A.END_SESSION, _WHEN, None, False, False),
    "SKIN-COLD":      Row(37, 0.0, _A.NOTIFY, _A.END_SESSION, _WHEN, None, False, False),
    "PRE-LIMIT":      Row(14, 0.0, _A.NOTIFY, _A.END_SESSION, _WHEN, None, False, False),
    "BOARD-LIMIT":    Row(14, 120.0, _A.NOTIFY, _A.END_SESSION, _WHEN, None, False, True),
    "OVERCOLD":       Row(16, 3.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "OVERCOLD", False, True),
    "T-DEV-LO":       Row(17, 10.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "T-DEV-LO", False, True),
    "T-DEV-HI":       Row(17, 10.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "T-DEV-HI", False, True),
    "T-ALL-BAD":      Row(18, 3.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "T-ALL-BAD", False, True),
    "T-SENS-BAD":     Row(18, 5.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "T-SENS-BAD", False, True),
    "FAN-EXTRACT":    Row(21, 5.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "FAN-EXTRACT", True, True),
    "FAN-PURGE":      Row(22, 5.0, _A.STOP_COOLING, _A.EVACUATE, _DOOR, "FAN-PURGE", False, True),
    "UPS-LOW":        Row(26, 10.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "UPS-LOW", True, True),
    "UPS-FAULT":      Row(26, 10.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "UPS-LOW", True, True),
    "LN2-PRESS-HI":   Row(29, 5.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "LN2-PRESS-HI", True, True),
    "SERVICE-KEY":    Row(32, 0.0, _A.STOP_COOLING, _A.END_SESSION, _WHEN, "SERVICE-KEY", False, True),
    "ROOM-CALL":      Row(35, 0.2, _A.STOP_COOLING, _A.EVACUATE, _DOOR, "ROOM-CALL", True, True),
    "COMM-SLOW":      Row(24, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "COMM-PLC", True, False),
    "COMM-PLC":       Row(24, 0.0, _A.STOP_COOLING, _A.END_SESSION, _WHEN, "COMM-PLC", True, False),
    "PWR-MAINS":      Row(25, 0.2, _A.STOP_COOLING, _A.END_SESSION, _RESET, "PWR-MAINS", True, True),
    "OP-ABSENT":      Row(27, 0.0, _A.NOTIFY, _A.END_SESSION, _WHEN, "OP-ABSENT", True, False),
    "OCC-COLD":       Row(28, 120.0, _A.EVACUATE, _A.EVACUATE, _DOOR, "OCC-UNEXPECTED", False, True),
    "NOBODY-SEEN":    Row(38, 10.0, _A.NOTIFY, _A.END_SESSION, _WHEN, None, False, True),
    "OCC-UNEXPECTED": Row(28, 0.5, _A.EVACUATE, _A.EVACUATE, _DOOR, "OCC-UNEXPECTED", False, True),
    "OCC-UNKNOWN":    Row(28, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "OCC-UNKNOWN", False, True),
    "VOICE-FAIL":     Row(31, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "VOICE-FAIL", False, False),
    "SELF-TEST":      Row(31, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "SELF-TEST", False, True),
    "LN2-LOW":        Row(30, 30.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "LN2-LOW", True, True),
    "AUDIT-FAIL":     Row(33, 5.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "AUDIT-FAIL", False, False),
    "API-SILENT":     Row(24, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "API-SILENT", True, False),
    "NO-HMI":         Row(24, 0.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "NO-HMI", False, False),
    "PLC-TRIP":       Row(23, 0.0, _A.STOP_COOLING, _A.EVACUATE, Clear.PLC_RESET, "PLC-TRIP", False, True),
    "PLC-RESTART":    Row(34, 0.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "PLC-TRIP", False, True),
    **{t: Row(32, 0.0, _A.NOTIFY, _A.NOTIFY, _WHEN, t, False, True) for t in TWIN},
    "PROOF-DUE":      Row(32, 0.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "PROOF-DUE", False, False),
    "O2-CAL-DUE":     Row(32, 0.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "O2-CAL-DUE", False, False),
    "PROOF-OVERDUE":  Row(32, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "PROOF-OVERDUE", False, False),
    "MAINTENANCE":    Row(32, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "MAINTENANCE", False, False),
    "BYPASS-ACT":     Row(32, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "BYPASS-ACT", False, False),
    "CLOCK-JUMP":     Row(33, 0.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "CLOCK-JUMP", False, False),
    "SEC-CONF":       Row(34, 0.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "SEC-CONF", False, False),
    "PLC-PROGRAM":    Row(34, 0.0, _A.STOP_COOLING, _A.END_SESSION, _RESET, "SEC-CONF", False, True),
    "ALARM-OUT":      Row(32, 0.0, _A.BLOCK_NEW, _A.BLOCK_NEW, _WHEN, "ALARM-OUT", False, False),
    "SEC-AUTH":       Row(34, 0.0, _A.NOTIFY, _A.NOTIFY, _WHEN, "SEC-AUTH", False, False),
    "INVARIANT":      Row(34, 0.0, _A.STOP_COOLING, _A.EVACUATE, _RESET, "INVARIANT", False, False),
}
# What makes a cause present, what else is then true of necessity, and (for a limit) the last value on the good side of it.
SPOIL: dict[str, tuple[dict[str, Any], set[str]]] = {
    "O2-CH-DROP": ({"o2_change_10s_pct": -0.25}, set()),
    "O2-SENS-DISAG": ({"o2_main": (20.9, 20.9, 20.19)}, set()),
    "VALVE-STUCK": ({"nitrogen_shut_s": 60.0, "nitrogen_flow_kg_h": 6.1}, set()),
    "LN2-CARRY": ({"coil_outlet": good(-190.1)}, set()),
    "COOL-NOGAIN": (
        {"state": C.PRECOOL, "presence_main": False, "main": (-104.9,) * 3, "valve_main_pct": 30.1, "main_change_30s_k": -0.49},
        set(),
    ),
    "COOL-LIMIT": (
        {"state": C.RECOOL, "presence_main": False, "main": (-104.9,) * 3, "valve_main_pct": 100.0, "main_change_30s_k": -0.6},
        set(),
    ),
    "SENSOR-MAINT": ({"instruments_due": ("TT-101",)}, set()),
    "LN2-USE-HI": ({"nitrogen_used": Used(3.1, 2.0)}, set()),
    "ESTOP":          ({"estop_released": False}, set()),
    "O2-CH-LLL":      ({"o2_main": (19.19, 20.9, 20.9)}, {"O2-CH-L", "O2-SENS-DISAG"}),
    "O2-CH-LL":       ({"o2_main": (19.69, 19.69, 20.9)}, {"O2-CH-L", "O2-SENS-DISAG"}),
    "O2-CH-L":        ({"o2_main": (19.99, 20.9, 20.9)}, {"O2-SENS-DISAG"}),
    "O2-RM-EVAC":     ({"o2_floor": 18.19}, {"O2-FL-LL", "O2-FL-L"}),
    "O2-RM-LL":       ({"o2_room": 19.69}, {"O2-RM-L"}),
    "O2-RM-L":        ({"o2_room": 19.99}, set()),
    "O2-FL-LL":       ({"o2_floor": 19.19}, {"O2-FL-L"}),
    "O2-FL-L":        ({"o2_floor": 19.49}, set()),
    "O2-HI-PRE":      ({"o2_floor": 22.51}, set()),
    "O2-HI":          ({"o2_pre": (20.9, 23.51)}, {"O2-SENS-DISAG", "O2-HI-PRE"}),
    "O2-SENS-BAD":    ({"o2_main": (None, 20.9, 20.9)}, set()),
    "O2-SAMPLE":      ({"sample_flow": False}, set()),
    "CALL-IN":        ({"call_pressed": True}, set()),
    "FACE-LOW":       ({"state": C.EXPOSURE, "presence_main": True, "face_clear": False}, set()),
    "DOOR-OPENED":    ({"state": C.EXPOSURE, "outer_door": Door.OPEN}, set()),
    "DOOR-FAULT":     ({"state": C.EXPOSURE, "inner_door": Door.FAULT}, {"DOOR-OPENED"}),
    "DOOR-STUCK":     ({"state": C.EXIT, "exit_age_s": 10.0}, set()),
    "EXIT-EVACUATE":  ({"state": C.EXIT, "exit_age_s": 45.0, "exit_door_opened": True, "presence_pre": True}, set()),
    "TIME-LIMIT":     ({"state": C.EXPOSURE, "presence_main": True, "session_limit_s": 180.0, "exposure_elapsed_s": 180.0}, set()),
    "SKIN-COLD":      ({"state": C.EXPOSURE, "presence_main": True, "skin_low_c": -3.5}, set()),
    "PRE-LIMIT":      ({"state": C.PRE_CHAMBER, "presence_pre": True, "pre_elapsed_s": 60.0, "pre_limit_s": 30.0}, set()),
    "BOARD-LIMIT":    ({"state": C.BOARDING}, set()),
    "OVERCOLD":       ({"main": (-122.1, -122.1, -110.0)}, {"T-DEV-LO"}),
    "T-DEV-LO":       ({"main": (-118.1, -118.1, -118.1)}, set()),
    "T-DEV-HI":       ({"state": C.EXPOSURE, "presence_main": True, "state_age_s": 60.1, "main": (-94.9, -94.9, -94.9)}, set()),
    "T-ALL-BAD":      ({"main": (None, None, -110.0)}, {"T-SENS-BAD"}),
    "T-SENS-BAD":     ({"main": (None, -110.0, -110.0)}, set()),
    "FAN-EXTRACT":    ({"extract_flow": False}, set()),
    "FAN-PURGE":      ({"purge_driven": True, "purge_flow": False}, set()),
    "UPS-LOW":        ({"ups_charge_pct": 29.9}, set()),
    "UPS-FAULT":      ({"ups_healthy": False}, set()),
    "LN2-PRESS-HI":   ({"supply_bar": 3.61}, set()),
    "SERVICE-KEY":    ({"service_key": True}, set()),
    "ROOM-CALL":      ({"room_emergency": True}, set()),
    "COMM-SLOW":      ({"block_age_s": 1.5}, set()),
    "COMM-PLC":       ({"block_age_s": 3.0}, {"COMM-SLOW"}),
    "PWR-MAINS":      ({"mains": False}, set()),
    "OP-ABSENT":      ({"confirm_left_s": 0.0}, set()),
    "OCC-COLD":       ({"state": C.STOPPED, "presence_pre": True, "presence_main": False}, set()),
    "NOBODY-SEEN":    ({"state": C.EXPOSURE, "presence_pre": False, "presence_main": False}, set()),
    "OCC-UNEXPECTED": ({"state": C.READY, "presence_pre": True}, set()),
    "OCC-UNKNOWN":    ({"state": C.RECOVERY, "unknown_session": True, "presence_main": False}, set()),
    "SELF-TEST":      ({"self_test_failed": ("oxygen",)}, set()),
    "VOICE-FAIL":     ({"voice_failed": True}, set()),
    "LN2-LOW":        ({"tank_kg": 24.9}, set()),
    "AUDIT-FAIL":     ({"records_ok": False}, set()),
    "API-SILENT":     ({"api_age_s": 5.0}, set()),
    "NO-HMI":         ({"panel_age_s": 15.0}, set()),
    "PLC-TRIP":       ({"plc": PLC_WELL._replace(trips=frozenset({"overcold"}), first_out="overcold")}, set()),
    "PLC-RESTART":    ({"plc": PLC_WELL._replace(restarted=True)}, set()),
    **{t: ({"maintenance": {t: "evidence"}}, set()) for t in TWIN},
    "PROOF-DUE":      ({"upkeep": UpkeepFacts(soon=("UPS",))}, set()),
    "O2-CAL-DUE":     ({"upkeep": UpkeepFacts(calibration_soon=("O2-CAL AT-301",))}, set()),
    "PROOF-OVERDUE":  ({"upkeep": UpkeepFacts(missing=("UPS",))}, set()),
    "MAINTENANCE":    ({"upkeep": UpkeepFacts(after_work=("UPS",), work="service_key")}, set()),
    "BYPASS-ACT":     ({"bypassed": frozenset({"PWR-MAINS"})}, set()),
    "CLOCK-JUMP":     ({"clock_jumped": True}, set()),
    "SEC-CONF":       ({"upkeep": UpkeepFacts(not_accepted="nothing was accepted")}, set()),
    "PLC-PROGRAM":    ({"plc": PLC_WELL._replace(program_expected=False)}, set()),
    "ALARM-OUT":      ({"safety_alarms_out": ("OVERCOLD",)}, set()),
    "SEC-AUTH":       ({"sign_in_abused": True}, set()),
    "INVARIANT":      ({"invariants_broken": ("I2",)}, set()),
}
# fmt: on
PEOPLE_ONLY = ("O2-CH-DROP", "BOARD-LIMIT")
EACH = [(c, o) for c in ROWS for o in (False, True) if o or c not in PEOPLE_ONLY]


def spoiled(cause_id: str, *, occupied: bool, **more: Any) -> Facts:
    """Facts in which the cause, and what follows from it of necessity, is all that is wrong."""
    changes = SPOIL[cause_id][0] | more
    if occupied and "plc" in changes:
        changes["plc"] = changes["plc"]._replace(occupied=True)
    return facts(occupied=occupied, **changes)


def only(cause_id: str, states: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in states.items() if k == cause_id}


def cells(row: str, *, occupied: bool) -> set[Effect]:
    return {Effect(n) for n, cell in enumerate(row, start=1) if cell == "X" or (cell == "o" and occupied)}


def expected_cells(cause_id: str) -> str:
    return DEVIATIONS[cause_id][0] if cause_id in DEVIATIONS else PUBLISHED[ROWS[cause_id].row]
