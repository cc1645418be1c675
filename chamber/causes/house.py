"""The house around it: extract, power, PLC link, PLC trips, records, panel, the supervisor itself."""

from __future__ import annotations

from chamber.cause_effect import Action, Cause, Clear, Deadband, plain
from chamber.facts import Facts
from chamber.states import CycleState

DATA_FRESH_S = 0.5  # H-15: nothing cold begins on older data
DATA_STALE_S = 1.5  # H-15, row 24
DATA_LOST_S = 3.0  # H-15, row 24
UPS_LOW_PCT = 30.0  # H-17, row 26: what a purge and a walk out need, with a margin (proposed)
UPS_BAND_PCT = 5.0  # H-23: deadband of a level (safety reference, 1.5)
_KEY_ALLOWED = (CycleState.STOPPED, CycleState.SERVICE)
API_SILENT_S = 5.0  # H-14: nobody can press anything on the panel
PANEL_SILENT_S = 15.0  # H-13, H-24: longer than the panel's own watchdog needs to start its browser again (proposed)
_WATCHED = (CycleState.READY, CycleState.BOARDING, CycleState.PRE_CHAMBER, CycleState.EXPOSURE, CycleState.EXIT)


def _block_age(f: Facts) -> float:
    return f.state_age_s if f.block_age_s is None else f.block_age_s  # never heard: counted from the start


def _plc_detail(f: Facts) -> str:
    if f.plc is None:
        return "never heard"
    return f"first: {f.plc.first_out or 'unknown'}; latched: {', '.join(sorted(f.plc.trips))}"


def _no_panel(f: Facts) -> bool:
    """Guests are inside or may come, and no page tells that it is shown. A silent API has an alarm of its own."""
    heard = f.api_age_s is not None and f.api_age_s < API_SILENT_S
    unseen = f.panel_age_s is None or f.panel_age_s >= PANEL_SILENT_S
    return heard and unseen and (f.occupied or f.state in _WATCHED)


def _battery_low(f: Facts, band: float = 0.0) -> bool:
    return f.ups_charge_pct is None or f.ups_charge_pct < UPS_LOW_PCT + band


# fmt: off
ROWS: tuple[Cause, ...] = (
    Cause(
        "FAN-EXTRACT", 21, "Room extract lost", ("H-02", "H-18"),
        lambda f: f.extract_flow is not True, plain("no proven airflow"),
        5.0, "Xo--X--XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "FAN-EXTRACT", True, stands=True,
    ),
    Cause(
        "FAN-PURGE", 22, "Purge fan lost", ("H-01",),
        lambda f: f.purge_driven is True and f.purge_flow is not True, plain("driven, but no airflow"),
        5.0, "XXX-X-XXX", Action.STOP_COOLING, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "FAN-PURGE", stands=True,
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
        lambda f: f.mains is not True, plain("running on the battery supply"),
        0.2, "XoXXXX-XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "PWR-MAINS", True, bypassable=True, stands=True,
    ),
    Cause(
        "UPS-LOW", 26, "Battery supply low", ("H-17",),
        _battery_low, lambda f: f"{f.ups_charge_pct or 0.0:.0f} % left",
        10.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "UPS-LOW", True, needs=("JT-001",), deadband=Deadband(UPS_BAND_PCT, "%", _battery_low),
    ),
    Cause(
        "UPS-FAULT", 26, "Battery supply reports a fault", ("H-17",),
        lambda f: f.ups_healthy is not True, plain("reports a fault"),
        10.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "UPS-LOW", True, needs=("JS-001",), stands=True,
    ),
    Cause(
        "SERVICE-KEY", 32, "Service key turned outside service", ("H-27",),
        lambda f: f.service_key is True and f.state not in _KEY_ALLOWED, plain("turned: the PLC drops the nitrogen"),
        0.0, "Xo-----X-", Action.STOP_COOLING, Action.END_SESSION, Clear.WHEN_CLEAR, "SERVICE-KEY", stands=True,
    ),
    Cause(
        "ROOM-CALL", 35, "Room emergency call or fire alarm", ("H-02", "H-26"),
        lambda f: f.room_emergency is not False, plain("emergency call of the room, or fire alarm"),
        0.2, "XXXX-XXXX", Action.STOP_COOLING, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "ROOM-CALL", True, needs=("HS-301",), stands=True,
    ),
    Cause(
        "SELF-TEST", 31, "Self-test failed", ("H-05", "H-07", "H-27"),
        lambda f: bool(f.self_test_failed), lambda f: ", ".join(f.self_test_failed),
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "SELF-TEST", stands=True,
    ),
    Cause(
        "AUDIT-FAIL", 33, "Records cannot be written", ("H-30",),
        lambda f: not f.records_ok, plain("journal or session record not on disk"),
        5.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "AUDIT-FAIL", needs_plc=False, stands=True,
    ),
    Cause(
        "API-SILENT", 24, "Panel service silent", ("H-14", "H-24"),
        lambda f: f.api_age_s is None or f.api_age_s >= API_SILENT_S, plain("the panel cannot reach control; use the buttons at the chamber"),
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "API-SILENT", True, needs_plc=False,
    ),
    Cause(
        "NO-HMI", 24, "No panel shows the chamber", ("H-13", "H-24"),
        _no_panel, plain("no page of the panel has told for 15 s that it is shown"),
        0.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "NO-HMI", needs_plc=False,
    ),
    Cause(
        "PLC-TRIP", 23, "PLC has tripped", ("H-01", "H-10", "H-14"),
        lambda f: f.plc is not None and bool(f.plc.trips), _plc_detail,
        0.0, "Xoo----X-", Action.STOP_COOLING, Action.EVACUATE, Clear.PLC_RESET, "PLC-TRIP",
    ),
    Cause(
        "PLC-RESTART", 34, "PLC restarted", ("H-16", "H-32"),
        lambda f: f.plc is not None and f.plc.restarted, plain("its clock went back: outputs fell to safe"),
        0.0, "Xoo----XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "PLC-TRIP",
    ),
    Cause(
        "INVARIANT", 34, "Internal check failed", ("H-09", "H-14"),
        lambda f: bool(f.invariants_broken), lambda f: ", ".join(f.invariants_broken),
        0.0, "Xoo----XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "INVARIANT", needs_plc=False, stands=True,
    ),
)
# fmt: on
