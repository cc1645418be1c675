"""Temperature and nitrogen: too cold, not known, valves that do not close, supply."""

from __future__ import annotations

from chamber.cause_effect import Action, Cause, Clear, Deadband
from chamber.facts import Facts
from chamber.states import CycleState

OVERCOLD_ABSOLUTE_C = -180.0  # H-09
TOO_COLD_K = 8.0  # H-09, row 17
TOO_WARM_K = 15.0  # H-09, row 17; three guests warm the room by about 10 K (simulated), which is no deviation
DEVIATION_BAND_K, OVERCOLD_BAND_K = 3.0, 2.0  # H-23: deadbands (safety reference, 1.5)
LN2_LOW_BAND_KG = 5.0  # H-23
PRESSURE_BAND_BAR = 0.1  # H-23: safety reference, 1.5
CARRY_OVER_C = -190.0  # H-08, row 20: liquid at the coil outlet
SHUT_SETTLED_S = 60.0  # H-07, row 19: line and coil boil off what they hold
SHUT_FLOW_KG_H = 6.0  # H-07: above the meter's noise at zero
SHUT_COLDER_K = 1.0  # H-07: per 30 s
SHUT_CALM_S = 240.0  # H-07: after a door, a purge, the heater or a fan the air gives its warmth to the cold walls, whatever the valves do
SHUT_RISE_AFTER_S = 480.0  # H-07: from here on the whole window of 120 s lies after what guests, doors and fans left behind
SHUT_UNWARMED_S = 1800.0  # H-07: a purge warms the gas more than the walls; simulated, the room gets colder for up to 25 minutes after
SHUT_RISE_BELOW_C = -40.0  # H-07: a room so cold and left alone gets warmer; the simulated one by 0.5 to 1.2 K in 120 s
NO_GAIN_AWAY_K = 5.0  # H-09: nearer than this the valve closes anyway
NO_GAIN_VALVE_PCT = 30.0  # H-09: less open, little is to be expected
NO_GAIN_K = 0.5  # H-09, per 30 s: the simulated plant gains 1.5 K in the mean of a precool, 0.9 K at its end
LIMIT_S = 120.0  # H-09: valve at its limit for so long ...
LIMIT_AWAY_K = 5.0  # H-09: ... and still so far from the set point ...
LIMIT_GAIN_K = 0.8  # H-09: ... and gaining less than this per 30 s; the simulated plant gains 0.9 K at the end of a precool
RELIEF_SHARE = 0.9  # H-25, row 29: of the relief valve's set pressure
_EXPOSURE = CycleState.EXPOSURE
_HOLDING = (CycleState.READY, CycleState.RECOOL)
_GETTING_COLD = (CycleState.PRECOOL, CycleState.RECOOL)
LN2_LOW_KG = 25.0  # H-09: less than about two sessions of three


def _cold_although_shut(f: Facts) -> bool:
    """Nitrogen driven shut, yet it flows or the room gets colder: a valve does not close (inverse check)."""
    if f.nitrogen_shut_s is None or f.nitrogen_shut_s < SHUT_SETTLED_S:
        return False
    return _flows(f) or _gets_colder(f) or (f.nitrogen_shut_s >= SHUT_RISE_AFTER_S and _stays_cold(f))


def _flows(f: Facts) -> bool:
    return f.nitrogen_flow_kg_h is not None and f.nitrogen_flow_kg_h > SHUT_FLOW_KG_H


def _gets_colder(f: Facts) -> bool:
    return f.main_change_30s_k is not None and f.main_change_30s_k < -SHUT_COLDER_K and f.undisturbed_s >= SHUT_CALM_S


def _stays_cold(f: Facts) -> bool:
    if f.undisturbed_s < SHUT_RISE_AFTER_S or f.unwarmed_s < SHUT_UNWARMED_S or f.main.value is None or f.main.value >= SHUT_RISE_BELOW_C:
        return False
    return f.main_change_120s_k is not None and f.main_change_120s_k < 0.0


def _although_shut_detail(f: Facts) -> str:
    """What it is seen by: flow, or a room that gets colder, or one that stays as cold as it is."""
    shut = f"shut for {f.nitrogen_shut_s or 0.0:.0f} s"
    if _flows(f):
        return f"{shut}, flow {f.nitrogen_flow_kg_h or 0.0:.0f} kg/h"
    change_k, over_s = (f.main_change_30s_k, 30) if _gets_colder(f) else (f.main_change_120s_k, 120)
    return f"{shut}, main room {change_k or 0.0:+.1f} K in {over_s} s"


def _at_its_limit(f: Facts) -> bool:
    """The valve can do no more and it is not enough. With guests inside that is expected, while precooling COOL-NOGAIN judges, and a room that
    still gets colder, as after a set-back, is on its way."""
    d = _deviation(f)
    if d is None or f.valve_main_pct is None or f.state not in _HOLDING or not f.doors_shut:
        return False
    gains = f.main_change_30s_k is not None and f.main_change_30s_k <= -LIMIT_GAIN_K
    return (d > LIMIT_AWAY_K and f.valve_main_pct >= f.valve_main_max_pct and not gains) or (d < -LIMIT_AWAY_K and f.valve_main_pct <= 0.0)


def _some_temperature_bad(f: Facts) -> bool:
    return f.main.good < f.main.total or f.pre.good < f.pre.total or f.coil_outlet.good is None


def _rooms_good(f: Facts) -> str:
    """In a cabin what is regulated is the supply gas, and the other thermometers hang about the guest."""
    counts = (f.main.good, f.main.total, f.pre.good, f.pre.total)
    words = (
        "good sensors: supply gas {} of {}, about the guest {} of {}" if f.one_room else "good sensors: main {} of {}, pre-chamber {} of {}"
    )
    return words.format(*counts)


def _temperatures_good(f: Facts) -> str:
    return f"{_rooms_good(f)}, coil outlet {'good' if f.coil_outlet.good is not None else 'bad'}"


def _used_detail(f: Facts) -> str:
    if f.nitrogen_used is None:
        return "unknown"
    return f"{f.nitrogen_used.measured_kg:.1f} kg in 5 min, {f.nitrogen_used.expected_kg:.1f} kg expected"


def _no_gain(f: Facts) -> bool:
    d = _deviation(f)
    if d is None or d < NO_GAIN_AWAY_K or f.state not in _GETTING_COLD or not f.doors_shut:
        return False
    working = f.valve_main_pct is not None and f.valve_main_pct > NO_GAIN_VALVE_PCT
    return working and f.main_change_30s_k is not None and f.main_change_30s_k > -NO_GAIN_K


def _line_pressure_high(f: Facts, band: float = 0.0) -> bool:
    return f.supply_bar is not None and f.supply_bar > RELIEF_SHARE * f.limits.ln2_relief_bar_a - band


def _overcold(f: Facts, band: float = 0.0) -> bool:
    limit = OVERCOLD_ABSOLUTE_C + band
    if f.setpoint_main_c is not None:
        limit = max(limit, f.setpoint_main_c - f.limits.overcold_below_setpoint_k + band)
    if f.main.lowest is None or f.main.lowest >= limit:
        return False
    # two good sensors must agree; with one sensor lost, one is enough
    colder = sum(r.good is not None and r.good < limit for r in f.main_readings)
    return colder >= max(1, 2 - (f.main.total - f.main.good))


def _deviation(f: Facts) -> float | None:
    if f.main.value is None or f.setpoint_main_c is None:
        return None
    return f.main.value - f.setpoint_main_c


def _too_cold(f: Facts, band: float = 0.0) -> bool:
    d = _deviation(f)
    return d is not None and d < -TOO_COLD_K + band


def _too_warm(f: Facts, band: float = 0.0) -> bool:
    d = _deviation(f)
    return d is not None and d > TOO_WARM_K - band and f.state is _EXPOSURE and f.state_age_s > 60.0


def _temperature_detail(f: Facts) -> str:
    if f.main.value is None or f.main.lowest is None:
        return f"{f.main.good} of {f.main.total} sensors good"
    wanted = "no set point" if f.setpoint_main_c is None else f"set {f.setpoint_main_c:.0f} °C"
    return f"median {f.main.value:.1f} °C, coldest {f.main.lowest:.1f} °C, {wanted}"


# fmt: off
ROWS: tuple[Cause, ...] = (
    Cause(
        "OVERCOLD", 16, "Too cold inside", ("H-08", "H-09"),
        _overcold, _temperature_detail,
        3.0, "Xoo--X-XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "OVERCOLD", deadband=Deadband(OVERCOLD_BAND_K, "K", _overcold),
    ),
    Cause(
        "T-DEV-LO", 17, "Colder than set", ("H-09",),
        _too_cold, _temperature_detail,
        10.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "T-DEV-LO", deadband=Deadband(DEVIATION_BAND_K, "K", _too_cold),
    ),
    Cause(
        "T-DEV-HI", 17, "Warmer than set", ("H-09",),
        _too_warm, _temperature_detail,
        10.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "T-DEV-HI", deadband=Deadband(DEVIATION_BAND_K, "K", _too_warm),
    ),
    Cause(
        "T-ALL-BAD", 18, "Temperature not known", ("H-09",),
        lambda f: f.main.good < 2 or f.pre.good < 1, _rooms_good,
        3.0, "Xoo--X-XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "T-ALL-BAD",
    ),
    Cause(
        "T-SENS-BAD", 18, "Temperature sensor bad", ("H-09",),
        _some_temperature_bad, _temperatures_good,
        5.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "T-SENS-BAD",
    ),
    Cause(
        "VALVE-STUCK", 19, "Nitrogen flows although shut", ("H-07",),
        _cold_although_shut, _although_shut_detail,
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
        60.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "COOL-NOGAIN",
    ),
    Cause(
        "COOL-LIMIT", 17, "Cooling at its limit", ("H-09",),
        _at_its_limit, _temperature_detail,
        LIMIT_S, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "COOL-LIMIT",
    ),
    Cause(
        "SENSOR-MAINT", 18, "An instrument needs service", ("H-05", "H-09"),
        lambda f: bool(f.instruments_due), lambda f: ", ".join(f.instruments_due),
        60.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, "SENSOR-MAINT", stands=True,
    ),
    Cause(
        "LN2-USE-HI", 30, "Nitrogen use too high", ("H-02", "H-07"),
        lambda f: f.nitrogen_used is not None and f.nitrogen_used.too_much, _used_detail,
        0.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "LN2-USE-HI", True, stands=True,
    ),
    Cause(
        "LN2-PRESS-HI", 29, "Nitrogen line pressure high", ("H-25",),
        _line_pressure_high, lambda f: f"{f.supply_bar or 0.0:.2f} bar(a), relief at {f.limits.ln2_relief_bar_a:.1f}",
        5.0, "Xo--X--XX", Action.STOP_COOLING, Action.END_SESSION, Clear.OPERATOR_RESET, "LN2-PRESS-HI", True, needs=("PT-401",), deadband=Deadband(PRESSURE_BAND_BAR, "bar", _line_pressure_high),
    ),
    Cause(
        "LN2-LOW", 30, "Liquid nitrogen low", ("H-09",),
        lambda f: f.tank_kg is not None and f.tank_kg < LN2_LOW_KG, lambda f: f"{f.tank_kg or 0.0:.0f} kg left",
        30.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "LN2-LOW", True, needs=("LT-401",), deadband=Deadband(LN2_LOW_BAND_KG, "kg", lambda f, band: f.tank_kg is not None and f.tank_kg < LN2_LOW_KG + band),
    ),
)
# fmt: on
