"""The supervisor's cause-and-effect table: one row a cause, read by the engine, the tests, the docs and the panel.

The PLC has its own table (``plc_bridge.plc_rules``); rows here are the supervisor's earlier duplicates and the causes
only the supervisor can see. Row numbers are those of the matrix in docs/cause-and-effect.md; effect columns:

A1 close nitrogen · A2 everybody out (voice, light) · A3 door free, drive off, heater on · A4 purge fan ·
A5 room extract boost · A6 recirculation fan off · A7 evacuate the room, do-not-enter beacon · A8 no new session ·
A9 latch until reset.   ``X`` always, ``o`` only while occupied, ``-`` never.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from chamber.facts import Door, Facts
from chamber.states import COOLING, CycleState
from chamber.voting import DISAGREE_O2_PCT, Vote, below


class Action(IntEnum):
    """Ordered: the strongest wins."""

    NONE = 0
    NOTIFY = 1
    BLOCK_NEW = 2
    END_SESSION = 3
    STOP_COOLING = 4
    EVACUATE = 5
    ESTOP = 6


class Clear(StrEnum):
    """What ends a cause once it has acted."""

    WHEN_CLEAR = "when_clear"
    OPERATOR_RESET = "operator_reset"
    DOOR_OPENED_AND_RESET = "door_opened_and_reset"
    PLC_RESET = "plc_reset"  # latched in the PLC: clears here when the PLC's latch does


class Effect(IntEnum):
    """Columns of the matrix."""

    CLOSE_LN2 = 1
    EVERYBODY_OUT = 2
    DOOR_FREE = 3
    PURGE = 4
    EXTRACT_BOOST = 5
    RECIRC_OFF = 6
    ROOM_EVACUATION = 7
    BLOCK_NEW = 8
    LATCH = 9


@dataclass(frozen=True, slots=True)
class Cause:
    id: str
    row: int
    text: str
    hazards: tuple[str, ...]
    present: Callable[[Facts], bool]
    detail: Callable[[Facts], str]
    delay_s: float
    effects: str  # nine characters, A1..A9
    empty: Action
    occupied: Action
    clear: Clear
    alarm: str | None
    external: bool = False  # from outside the chamber: SUSPENDED instead of HELD
    needs_plc: bool = True  # judged from PLC data; holds its verdict while there is none (COMM-PLC acts meanwhile)

    def effects_when(self, *, occupied: bool) -> frozenset[Effect]:
        return frozenset(Effect(n) for n, cell in enumerate(self.effects, start=1) if cell == "X" or (cell == "o" and occupied))

    def action_when(self, *, occupied: bool) -> Action:
        return self.occupied if occupied else self.empty


O2_HIGH_PCT = 23.5  # H-26
OVERCOLD_ABSOLUTE_C = -180.0  # H-09
TOO_COLD_K = 8.0  # H-09, row 17
TOO_WARM_K = 15.0  # row 17; three guests warm the room by about 10 K (simulated), which is no deviation
DATA_STALE_S = 1.5  # H-15, row 24
DATA_LOST_S = 3.0  # H-15, row 24
API_SILENT_S = 5.0  # H-14: nobody can press anything on the panel
O2_DROP_PCT = 0.25  # H-01, row 4: per 10 s; the PLC trips at 0.3
CARRY_OVER_C = -190.0  # H-08, row 20: liquid at the coil outlet
SHUT_SETTLED_S = 60.0  # H-07, row 19: line and coil boil off what they hold
SHUT_FLOW_KG_H = 6.0  # H-07: above the meter's noise at zero
SHUT_COLDER_K = 1.0  # H-07: per 30 s
NO_GAIN_AWAY_K = 5.0
NO_GAIN_VALVE_PCT = 30.0
NO_GAIN_K = 0.3  # per 30 s: less than a sixth of the simulated plant's average while precooling
PRE_OVERSTAY_S = 30.0  # H-10: guests who do not go on when asked
EXIT_OVERSTAY_S = 45.0  # H-13: door opened but somebody still inside
LN2_LOW_KG = 25.0  # less than about two sessions of three

_LEAVING = (CycleState.EXIT, CycleState.EVACUATE)
_NO_ENTRY = COOLING - {CycleState.BOARDING, CycleState.PRE_CHAMBER, CycleState.EXPOSURE}


def _pct(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f} %"


def _spread(v: Vote) -> str:
    return "unknown" if v.lowest is None or v.highest is None else f"{v.highest - v.lowest:.1f} % apart"


def _lowest_oxygen(f: Facts) -> float | None:
    values = [v.lowest for v in (f.o2_main, f.o2_pre) if v.lowest is not None]
    return min(values) if values else None


def _chamber_below(f: Facts, limit: float, needed_main: int) -> bool:
    if _all_above(f.o2_main, limit) and _all_above(f.o2_pre, limit):
        return False  # the ordinary scan
    return below(f.o2_main_readings, limit, needed_main, occupied=f.occupied) or below(f.o2_pre_readings, limit, 1, occupied=f.occupied)


def _all_above(v: Vote, limit: float) -> bool:
    return v.good == v.total and v.lowest is not None and v.lowest >= limit


def _any_chamber_below(f: Facts, limit: float) -> bool:
    lowest = _lowest_oxygen(f)
    return lowest is not None and lowest < limit


def _chamber_detail(f: Facts, limit: float) -> str:
    return f"{_pct(_lowest_oxygen(f))}, limit {limit:.1f} %"


def _room_below(f: Facts, high: float, floor: float | None) -> bool:
    values = [(f.o2_room, high)] + ([] if floor is None else [(f.o2_floor, floor)])
    return any(r.good is not None and r.good < limit for r, limit in values)


def _room_evacuate(f: Facts) -> bool:
    both_blind = f.o2_room.good is None and f.o2_floor.good is None
    return both_blind or _room_below(f, f.limits.o2_room_evacuate_pct, f.limits.o2_room_floor_evacuate_pct)


def _room_detail(f: Facts) -> str:
    return f"{_pct(f.o2_room.good)} at breathing height, {_pct(f.o2_floor.good)} at the floor"


def _oxygen_dropping(f: Facts) -> bool:
    return f.occupied and f.o2_change_10s_pct is not None and f.o2_change_10s_pct <= -O2_DROP_PCT


def _oxygen_disagrees(f: Facts) -> bool:
    return any(v.lowest is not None and v.highest is not None and v.highest - v.lowest > DISAGREE_O2_PCT for v in (f.o2_main, f.o2_pre))


def _cold_although_shut(f: Facts) -> bool:
    """Nitrogen driven shut, yet it flows or the room gets colder: a valve does not close (inverse check)."""
    if f.nitrogen_shut_s is None or f.nitrogen_shut_s < SHUT_SETTLED_S:
        return False
    flows = f.nitrogen_flow_kg_h is not None and f.nitrogen_flow_kg_h > SHUT_FLOW_KG_H
    colder = f.main_change_30s_k is not None and f.main_change_30s_k < -SHUT_COLDER_K
    return flows or colder


def _no_gain(f: Facts) -> bool:
    d = _deviation(f)
    if d is None or d < NO_GAIN_AWAY_K or f.state not in (CycleState.PRECOOL, CycleState.RECOOL) or not f.doors_shut:
        return False
    working = f.valve_main_pct is not None and f.valve_main_pct > NO_GAIN_VALVE_PCT
    return working and f.main_change_30s_k is not None and f.main_change_30s_k > -NO_GAIN_K


def _overcold(f: Facts) -> bool:
    limit = OVERCOLD_ABSOLUTE_C
    if f.setpoint_main_c is not None:
        limit = max(limit, f.setpoint_main_c - f.limits.overcold_below_setpoint_k)
    if f.main.lowest is None or f.main.lowest >= limit:
        return False
    # two good sensors must agree; with one sensor lost, one is enough
    colder = sum(r.good is not None and r.good < limit for r in f.main_readings)
    return colder >= max(1, 2 - (f.main.total - f.main.good))


def _deviation(f: Facts) -> float | None:
    if f.main.value is None or f.setpoint_main_c is None:
        return None
    return f.main.value - f.setpoint_main_c


def _too_cold(f: Facts) -> bool:
    d = _deviation(f)
    return d is not None and d < -TOO_COLD_K


def _too_warm(f: Facts) -> bool:
    d = _deviation(f)
    return d is not None and d > TOO_WARM_K and f.state is CycleState.EXPOSURE and f.state_age_s > 60.0


def _temperature_detail(f: Facts) -> str:
    if f.main.value is None or f.main.lowest is None:
        return f"{f.main.good} of {f.main.total} sensors good"
    wanted = "no set point" if f.setpoint_main_c is None else f"set {f.setpoint_main_c:.0f} °C"
    return f"median {f.main.value:.1f} °C, coldest {f.main.lowest:.1f} °C, {wanted}"


def _door_opened_in_exposure(f: Facts) -> bool:
    return f.state is CycleState.EXPOSURE and not f.doors_shut


def _exit_door_late(f: Facts, after_s: float) -> bool:
    return f.state in _LEAVING and f.exit_age_s is not None and not f.exit_door_opened and f.exit_age_s >= after_s


def _exit_overstay(f: Facts) -> bool:
    return f.state in _LEAVING and f.exit_age_s is not None and f.exit_age_s >= EXIT_OVERSTAY_S and not f.seen_empty


def _time_limit(f: Facts) -> bool:
    return f.exposure_elapsed_s is not None and f.session_limit_s is not None and f.exposure_elapsed_s >= f.session_limit_s


def _pre_overstay(f: Facts) -> bool:
    if f.state is not CycleState.PRE_CHAMBER or f.pre_elapsed_s is None or f.pre_limit_s is None:
        return False
    return f.pre_elapsed_s >= f.pre_limit_s + PRE_OVERSTAY_S


def _operator_absent(f: Facts) -> bool:
    return f.confirm_left_s is not None and f.confirm_left_s <= 0.0


def _unexpected(f: Facts) -> bool:
    return f.somebody_seen and f.state in _NO_ENTRY


def _some_oxygen_bad(f: Facts) -> bool:
    return f.o2_main.good < f.o2_main.total or f.o2_pre.good < f.o2_pre.total or f.o2_room.good is None or f.o2_floor.good is None


def _oxygen_high(f: Facts) -> bool:
    highest = [v.highest for v in (f.o2_main, f.o2_pre)] + [f.o2_room.good, f.o2_floor.good]
    return any(v is not None and v > O2_HIGH_PCT for v in highest)


def _oxygen_bad_detail(f: Facts) -> str:
    return f"{sum(r.good is not None for r in f.oxygen_readings)} of {len(f.oxygen_readings)} oxygen sensors good"


def _block_age(f: Facts) -> float:
    return f.state_age_s if f.block_age_s is None else f.block_age_s  # never heard: counted from the start


def _plc_detail(f: Facts) -> str:
    if f.plc is None:
        return "never heard"
    return f"first: {f.plc.first_out or 'unknown'}; latched: {', '.join(sorted(f.plc.trips))}"


def _plain(text: str) -> Callable[[Facts], str]:
    return lambda _facts: text


# fmt: off
CAUSES: tuple[Cause, ...] = (
    Cause(
        "ESTOP", 10, "Emergency stop pressed", ("H-01", "H-11", "H-13"),
        lambda f: f.estop_released is not True and f.block_age_s is not None, _plain("a channel is open"),
        0.0, "XXXXXX-XX", Action.ESTOP, Action.ESTOP, Clear.DOOR_OPENED_AND_RESET, "ESTOP",
    ),
    Cause(
        "O2-CH-LLL", 2, "Chamber oxygen dangerously low", ("H-01", "H-03"),
        lambda f: _any_chamber_below(f, f.limits.o2_chamber_evacuate_pct), lambda f: _chamber_detail(f, f.limits.o2_chamber_evacuate_pct),
        1.0, "XXXXX-XXX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-CH-LLL",
    ),
    Cause(
        "O2-CH-LL", 1, "Chamber oxygen too low", ("H-01",),
        lambda f: _chamber_below(f, f.limits.o2_chamber_trip_pct, 2), lambda f: _chamber_detail(f, f.limits.o2_chamber_trip_pct),
        1.0, "XXXXX--XX", Action.STOP_COOLING, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-CH-LL",
    ),
    Cause(
        "O2-CH-L", 3, "Chamber oxygen falling", ("H-01",),
        lambda f: _any_chamber_below(f, f.limits.o2_chamber_pre_alarm_pct), lambda f: _chamber_detail(f, f.limits.o2_chamber_pre_alarm_pct),
        3.0, "-o-oX--X-", Action.BLOCK_NEW, Action.END_SESSION, Clear.WHEN_CLEAR, "O2-CH-L",
    ),
    Cause(
        "O2-CH-DROP", 4, "Chamber oxygen falling fast", ("H-01",),
        _oxygen_dropping, lambda f: f"{-(f.o2_change_10s_pct or 0.0):.2f} % in 10 s",
        2.0, "XXXXX--XX", Action.NOTIFY, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-CH-DROP",
    ),
    Cause(
        "O2-SENS-DISAG", 8, "Oxygen sensors disagree", ("H-05",),
        _oxygen_disagrees, lambda f: f"main {_spread(f.o2_main)}, pre-chamber {_spread(f.o2_pre)}",
        10.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "O2-SENS-DISAG",
    ),
    Cause(
        "O2-RM-EVAC", 6, "Room oxygen dangerously low", ("H-02", "H-03"),
        _room_evacuate, _room_detail,
        2.0, "XXXXXXXXX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-RM-EVAC", True,
    ),
    Cause(
        "O2-RM-LL", 5, "Room oxygen too low", ("H-02",),
        lambda f: _room_below(f, f.limits.o2_room_trip_pct, None), _room_detail,
        2.0, "XXXXX--XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "O2-RM-LL", True,
    ),
    Cause(
        "O2-RM-L", 5, "Room oxygen falling", ("H-02",),
        lambda f: _room_below(f, f.limits.o2_room_pre_alarm_pct, None), _room_detail,
        5.0, "----X--X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "O2-RM-L", True,
    ),
    Cause(
        "O2-HI", 7, "Oxygen too high", ("H-26",),
        _oxygen_high, lambda f: f"above {O2_HIGH_PCT:.1f} %",
        5.0, "XXXXX-XXX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-HI",
    ),
    Cause(
        "O2-SENS-BAD", 8, "Oxygen sensor bad", ("H-05",),
        _some_oxygen_bad, _oxygen_bad_detail,
        3.0, "oooo---Xo", Action.BLOCK_NEW, Action.END_SESSION, Clear.WHEN_CLEAR, "O2-SENS-BAD",
    ),
    Cause(
        "O2-SAMPLE", 9, "Oxygen sample flow lost", ("H-05",),
        lambda f: f.sample_flow is not True, _plain("no sample flow: chamber oxygen is not being measured"),
        5.0, "oooo---Xo", Action.BLOCK_NEW, Action.END_SESSION, Clear.WHEN_CLEAR, "O2-SAMPLE",
    ),
    Cause(
        "CALL-IN", 10, "Call button inside pressed", ("H-11", "H-13"),
        lambda f: f.call_pressed is True, _plain("somebody inside asks for help"),
        0.0, "XXXXXX-XX", Action.STOP_COOLING, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "CALL-IN",
    ),
    Cause(
        "DOOR-OPENED", 11, "Door opened during the exposure", ("H-12",),
        _door_opened_in_exposure, _plain("the session ends, everybody out"),
        0.2, "XXX-XX---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, "DOOR-OPENED",
    ),
    Cause(
        "DOOR-FAULT", 12, "Door contacts disagree", ("H-12",),
        lambda f: Door.FAULT in (f.inner_door, f.outer_door), lambda f: "inner door" if f.inner_door is Door.FAULT else "outer door",
        1.0, "XoX--X-XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "DOOR-FAULT",
    ),
    Cause(
        "DOOR-STUCK", 13, "Door not opened at exit", ("H-11",),
        lambda f: _exit_door_late(f, f.limits.exit_door_alarm_s), lambda f: f"not open {f.limits.exit_door_alarm_s:.0f} s after the end",
        0.0, "XXXX-X-XX", Action.NOTIFY, Action.END_SESSION, Clear.OPERATOR_RESET, "DOOR-STUCK",
    ),
    Cause(
        "EXIT-EVACUATE", 13, "Nobody came out", ("H-11", "H-13"),
        lambda f: _exit_door_late(f, f.limits.exit_evacuate_s) or _exit_overstay(f), _plain("go in only if the oxygen is good; call for help"),
        0.0, "XXXX-X-XX", Action.NOTIFY, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "DOOR-STUCK",
    ),
    Cause(
        "TIME-LIMIT", 14, "Exposure time is over", ("H-10",),
        _time_limit, lambda f: f"{f.exposure_elapsed_s or 0.0:.0f} s of {f.session_limit_s or 0.0:.0f} s",
        0.0, "XXX--X---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, None, needs_plc=False,
    ),
    Cause(
        "PRE-LIMIT", 14, "Too long in the pre-chamber", ("H-10",),
        _pre_overstay, _plain("the guests did not go on into the main room"),
        0.0, "XXX--X---", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, None, needs_plc=False,
    ),
    Cause(
        "OVERCOLD", 16, "Main room too cold", ("H-08", "H-09"),
        _overcold, _temperature_detail,
        3.0, "Xoo--X-XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "OVERCOLD",
    ),
    Cause(
        "T-DEV-LO", 17, "Main room below set point", ("H-09",),
        _too_cold, _temperature_detail,
        10.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "T-DEV-LO",
    ),
    Cause(
        "T-DEV-HI", 17, "Main room above set point", ("H-09",),
        _too_warm, _temperature_detail,
        10.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "T-DEV-HI",
    ),
    Cause(
        "T-ALL-BAD", 18, "Temperature not known", ("H-09",),
        lambda f: f.main.good < 2 or f.pre.good < 1, lambda f: f"good sensors: main {f.main.good} of {f.main.total}, pre-chamber {f.pre.good} of {f.pre.total}",
        3.0, "Xoo--X-XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "T-ALL-BAD",
    ),
    Cause(
        "T-SENS-BAD", 18, "Temperature sensor bad", ("H-09",),
        lambda f: f.main.good < f.main.total or f.pre.good < f.pre.total, lambda f: f"good sensors: main {f.main.good} of {f.main.total}, pre-chamber {f.pre.good} of {f.pre.total}",
        5.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "T-SENS-BAD",
    ),
    Cause(
        "VALVE-STUCK", 19, "Nitrogen flows although shut", ("H-07",),
        _cold_although_shut, lambda f: f"shut for {f.nitrogen_shut_s or 0.0:.0f} s, flow {f.nitrogen_flow_kg_h or 0.0:.0f} kg/h",
        10.0, "XooXX--XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "VALVE-STUCK",
    ),
    Cause(
        "LN2-CARRY", 20, "Liquid nitrogen at the coil outlet", ("H-08",),
        lambda f: f.coil_outlet.good is not None and f.coil_outlet.good < CARRY_OVER_C, lambda f: f"{f.coil_outlet.good or 0.0:.0f} °C",
        1.0, "XooXXX-XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "LN2-CARRY",
    ),
    Cause(
        "COOL-NOGAIN", 17, "Cooling without effect", ("H-09",),
        _no_gain, _temperature_detail,
        120.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "COOL-NOGAIN",
    ),
    Cause(
        "FAN-EXTRACT", 21, "Room extract lost", ("H-02", "H-18"),
        lambda f: f.extract_flow is not True, _plain("no proven airflow"),
        5.0, "Xo--X--XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "FAN-EXTRACT", True,
    ),
    Cause(
        "COMM-SLOW", 24, "PLC data late", ("H-15",),
        lambda f: _block_age(f) >= DATA_STALE_S, lambda f: "nothing heard yet" if f.block_age_s is None else f"{f.block_age_s:.1f} s old",
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "COMM-PLC", True, needs_plc=False,
    ),
    Cause(
        "COMM-PLC", 24, "PLC silent", ("H-14", "H-15"),
        lambda f: _block_age(f) >= DATA_LOST_S, lambda f: "nothing heard yet" if f.block_age_s is None else f"{f.block_age_s:.1f} s old",
        0.0, "Xo-----X-", Action.STOP_COOLING, Action.END_SESSION, Clear.WHEN_CLEAR, "COMM-PLC", True, needs_plc=False,
    ),
    Cause(
        "PWR-MAINS", 25, "Mains lost", ("H-17",),
        lambda f: f.mains is not True, _plain("running on the battery supply"),
        0.2, "XoXXXX-XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "PWR-MAINS", True,
    ),
    Cause(
        "OP-ABSENT", 27, "Operator presence not confirmed", ("H-04", "H-13"),
        _operator_absent, lambda f: f"no confirmation for {f.limits.operator_confirm_s:.0f} s",
        0.0, "XX-----X-", Action.NOTIFY, Action.END_SESSION, Clear.WHEN_CLEAR, "OP-ABSENT", True, needs_plc=False,
    ),
    Cause(
        "OCC-UNEXPECTED", 28, "Somebody inside without a session", ("H-04", "H-13"),
        _unexpected, lambda f: "main room" if f.presence_main is True else "pre-chamber",
        0.5, "XXXX-X-XX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "OCC-UNEXPECTED",
    ),
    Cause(
        "OCC-UNKNOWN", 28, "Somebody may be inside", ("H-16",),
        lambda f: f.state is CycleState.RECOVERY and (f.unknown_session or (f.plc is not None and f.plc.occupied)), _plain("a session was open when control stopped: open, look, confirm"),
        0.0, "XX-X---X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "OCC-UNKNOWN",
    ),
    Cause(
        "SELF-TEST", 31, "Self-test failed", ("H-05", "H-07", "H-27"),
        lambda f: bool(f.self_test_failed), lambda f: ", ".join(f.self_test_failed),
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "SELF-TEST",
    ),
    Cause(
        "LN2-LOW", 30, "Liquid nitrogen low", ("H-09",),
        lambda f: f.tank_kg is not None and f.tank_kg < LN2_LOW_KG, lambda f: f"{f.tank_kg or 0.0:.0f} kg left",
        30.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "LN2-LOW", True,
    ),
    Cause(
        "AUDIT-FAIL", 33, "Records cannot be written", ("H-30",),
        lambda f: not f.records_ok, _plain("journal or session record not on disk"),
        5.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "AUDIT-FAIL", needs_plc=False,
    ),
    Cause(
        "API-SILENT", 24, "Panel service silent", ("H-14", "H-24"),
        lambda f: f.api_age_s is None or f.api_age_s >= API_SILENT_S, _plain("the panel cannot reach control; use the buttons at the chamber"),
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "API-SILENT", True, needs_plc=False,
    ),
    Cause(
        "PLC-TRIP", 23, "PLC has tripped", ("H-01", "H-10", "H-14"),
        lambda f: f.plc is not None and bool(f.plc.trips), _plc_detail,
        0.0, "Xoo----X-", Action.STOP_COOLING, Action.EVACUATE, Clear.PLC_RESET, "PLC-TRIP",
    ),
    Cause(
        "PLC-RESTART", 34, "PLC restarted", ("H-16", "H-32"),
        lambda f: f.plc is not None and f.plc.restarted, _plain("its clock went back: outputs fell to safe"),
        0.0, "Xoo----XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "PLC-TRIP",
    ),
    Cause(
        "INVARIANT", 34, "Internal check failed", ("H-09", "H-14"),
        lambda f: bool(f.invariants_broken), lambda f: ", ".join(f.invariants_broken),
        0.0, "Xoo----XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "INVARIANT", needs_plc=False,
    ),
)
# fmt: on

BY_ID: dict[str, Cause] = {c.id: c for c in CAUSES}
