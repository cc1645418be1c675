"""Oxygen in the chamber and in the room: too little, too much, falling, not measured."""

from __future__ import annotations

from chamber.cause_effect import Action, Cause, Clear, Deadband, plain
from chamber.facts import Facts
from chamber.readings import Reading
from chamber.voting import DISAGREE_O2_PCT, Vote, below

O2_HIGH_PCT = 23.5  # H-26
O2_HIGH_PRE_ALARM_PCT = 22.5  # H-26
TRIP_BAND_PCT, WARN_BAND_PCT = 0.3, 0.2  # H-23: deadbands (safety reference, 1.5)
DISAGREE_BAND_PCT = 0.2 * DISAGREE_O2_PCT  # H-23
O2_DROP_PCT = 0.25  # H-01, row 4: per 10 s; the PLC trips at 0.3


def _pct(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f} %"


def _spread(v: Vote) -> str:
    return "unknown" if v.lowest is None or v.highest is None else f"{v.highest - v.lowest:.1f} % apart"


def _spreads(f: Facts) -> str:
    return _spread(f.o2_main) if f.one_room else f"main {_spread(f.o2_main)}, pre-chamber {_spread(f.o2_pre)}"


def _lowest_oxygen(f: Facts) -> float | None:
    main, pre = f.o2_main.lowest, f.o2_pre.lowest
    if main is None or pre is None:
        return pre if main is None else main
    return min(main, pre)


def _chamber_below(f: Facts, limit: float, needed_main: int) -> bool:
    main = below(f.o2_main_readings, limit, needed_main, occupied=f.occupied)
    # no analysers is no bad ones: a device with one room has none for a pre-chamber
    return main or (len(f.o2_pre_readings) > 0 and below(f.o2_pre_readings, limit, 1, occupied=f.occupied))


def _any_chamber_below(f: Facts, limit: float) -> bool:
    lowest = _lowest_oxygen(f)
    return lowest is not None and lowest < limit


def _chamber_detail(f: Facts, limit: float) -> str:
    return f"{_pct(_lowest_oxygen(f))}, limit {limit:.1f} %"


def _below(r: Reading[float], limit: float) -> bool:
    good = r.good
    return good is not None and good < limit


def _room_evacuate(f: Facts, band: float = 0.0) -> bool:
    both_blind = f.o2_room.good is None and f.o2_floor.good is None
    high = _below(f.o2_room, f.limits.o2_room_evacuate_pct + band)
    return both_blind or high or _below(f.o2_floor, f.limits.o2_room_floor_evacuate_pct + band)


def _room_detail(f: Facts) -> str:
    return f"{_pct(f.o2_room.good)} at breathing height, {_pct(f.o2_floor.good)} at the floor"


def _oxygen_dropping(f: Facts) -> bool:
    return f.occupied and f.o2_change_10s_pct is not None and f.o2_change_10s_pct <= -O2_DROP_PCT


def _oxygen_disagrees(f: Facts, band: float = 0.0) -> bool:
    limit = DISAGREE_O2_PCT - band
    return _apart(f.o2_main, limit) or _apart(f.o2_pre, limit)


def _apart(v: Vote, limit: float) -> bool:
    return v.lowest is not None and v.highest is not None and v.highest - v.lowest > limit


def _some_oxygen_bad(f: Facts) -> bool:
    return f.o2_main.good < f.o2_main.total or f.o2_pre.good < f.o2_pre.total or f.o2_room.good is None or f.o2_floor.good is None


def _oxygen_above(f: Facts, limit: float) -> bool:
    factor = f.o2_high_factor
    chamber = _above(f.o2_main.highest, factor, limit) or _above(f.o2_pre.highest, factor, limit)
    return chamber or _above(f.o2_room.good, factor, limit) or _above(f.o2_floor.good, factor, limit)


def _above(value: float | None, factor: float, limit: float) -> bool:
    return value is not None and value * factor > limit


def _oxygen_bad_detail(f: Facts) -> str:
    return f"{sum(r.good is not None for r in f.oxygen_readings)} of {len(f.oxygen_readings)} oxygen sensors good"


def oxygen_quiet(f: Facts) -> bool:
    """Every analyser good, all near each other and away from every limit: no row marked ``oxygen`` is present. One look for a dozen."""
    if _some_oxygen_bad(f):
        return False
    main, pre, lim = f.o2_main, f.o2_pre, f.limits
    measured = (main.lowest, main.highest, pre.lowest, pre.highest, f.o2_room.value, f.o2_floor.value)
    known = [v for v in measured if v is not None]  # a device with one room has no pre-chamber
    lowest, highest = min(known), max(known)
    limit = max(
        lim.o2_chamber_pre_alarm_pct, lim.o2_chamber_trip_pct, lim.o2_chamber_evacuate_pct,
        lim.o2_room_pre_alarm_pct, lim.o2_room_trip_pct, lim.o2_room_evacuate_pct,
        lim.o2_room_floor_pre_alarm_pct, lim.o2_room_floor_trip_pct, lim.o2_room_floor_evacuate_pct,
    )  # fmt: skip
    return lowest >= limit and highest * f.o2_high_factor <= O2_HIGH_PRE_ALARM_PCT and highest - lowest <= DISAGREE_O2_PCT


# fmt: off
ROWS: tuple[Cause, ...] = (
    Cause(
        "O2-CH-LLL", 2, "Chamber oxygen dangerously low", ("H-01", "H-03"),
        lambda f: _any_chamber_below(f, f.limits.o2_chamber_evacuate_pct), lambda f: _chamber_detail(f, f.limits.o2_chamber_evacuate_pct),
        1.0, "XXXXX-XXX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-CH-LLL", deadband=Deadband(TRIP_BAND_PCT, "vol%", lambda f, band: _any_chamber_below(f, f.limits.o2_chamber_evacuate_pct + band)), oxygen=True,
    ),
    Cause(
        "O2-CH-LL", 1, "Chamber oxygen too low", ("H-01",),
        lambda f: _chamber_below(f, f.limits.o2_chamber_trip_pct, 2), lambda f: _chamber_detail(f, f.limits.o2_chamber_trip_pct),
        1.0, "XXXXX--XX", Action.STOP_COOLING, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-CH-LL", deadband=Deadband(TRIP_BAND_PCT, "vol%", lambda f, band: _chamber_below(f, f.limits.o2_chamber_trip_pct + band, 2)), oxygen=True,
    ),
    Cause(
        "O2-CH-L", 3, "Chamber oxygen falling", ("H-01",),
        lambda f: _any_chamber_below(f, f.limits.o2_chamber_pre_alarm_pct), lambda f: _chamber_detail(f, f.limits.o2_chamber_pre_alarm_pct),
        3.0, "-o-oX--X-", Action.BLOCK_NEW, Action.END_SESSION, Clear.WHEN_CLEAR, "O2-CH-L", deadband=Deadband(WARN_BAND_PCT, "vol%", lambda f, band: _any_chamber_below(f, f.limits.o2_chamber_pre_alarm_pct + band)), oxygen=True,
    ),
    Cause(
        "O2-CH-DROP", 4, "Chamber oxygen falling fast", ("H-01",),
        _oxygen_dropping, lambda f: f"{-(f.o2_change_10s_pct or 0.0):.2f} % in 10 s",
        2.0, "XXXXX--XX", Action.NOTIFY, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-CH-DROP",
    ),
    Cause(
        "O2-SENS-DISAG", 8, "Oxygen sensors disagree", ("H-05",),
        _oxygen_disagrees, _spreads,
        10.0, "-------X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "O2-SENS-DISAG", deadband=Deadband(DISAGREE_BAND_PCT, "vol%", _oxygen_disagrees), oxygen=True,
    ),
    Cause(
        "O2-RM-EVAC", 6, "Room oxygen dangerously low", ("H-02", "H-03"),
        _room_evacuate, _room_detail,
        2.0, "XXXXXXXXX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-RM-EVAC", True, deadband=Deadband(TRIP_BAND_PCT, "vol%", _room_evacuate), oxygen=True,
    ),
    Cause(
        "O2-RM-LL", 5, "Room oxygen too low", ("H-02",),
        lambda f: _below(f.o2_room, f.limits.o2_room_trip_pct), _room_detail,
        2.0, "XXXXX--XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "O2-RM-LL", True, deadband=Deadband(TRIP_BAND_PCT, "vol%", lambda f, band: _below(f.o2_room, f.limits.o2_room_trip_pct + band)), oxygen=True,
    ),
    Cause(
        "O2-RM-L", 5, "Room oxygen falling", ("H-02",),
        lambda f: _below(f.o2_room, f.limits.o2_room_pre_alarm_pct), _room_detail,
        5.0, "----X--X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "O2-RM-L", True, deadband=Deadband(WARN_BAND_PCT, "vol%", lambda f, band: _below(f.o2_room, f.limits.o2_room_pre_alarm_pct + band)), oxygen=True,
    ),
    Cause(
        "O2-FL-LL", 5, "Room oxygen too low at the floor", ("H-02",),
        lambda f: _below(f.o2_floor, f.limits.o2_room_floor_trip_pct), _room_detail,
        5.0, "XXXXX--XX", Action.STOP_COOLING, Action.EVACUATE, Clear.OPERATOR_RESET, "O2-RM-LL", True, deadband=Deadband(TRIP_BAND_PCT, "vol%", lambda f, band: _below(f.o2_floor, f.limits.o2_room_floor_trip_pct + band)), oxygen=True,
    ),
    Cause(
        "O2-FL-L", 5, "Room oxygen falling at the floor", ("H-02",),
        lambda f: _below(f.o2_floor, f.limits.o2_room_floor_pre_alarm_pct), _room_detail,
        10.0, "----X--X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "O2-RM-L", True, deadband=Deadband(WARN_BAND_PCT, "vol%", lambda f, band: _below(f.o2_floor, f.limits.o2_room_floor_pre_alarm_pct + band)), oxygen=True,
    ),
    Cause(
        "O2-HI-PRE", 7, "Oxygen rising", ("H-26",),
        lambda f: _oxygen_above(f, O2_HIGH_PRE_ALARM_PCT), lambda f: f"above {O2_HIGH_PRE_ALARM_PCT:.1f} %",
        5.0, "----X--X-", Action.BLOCK_NEW, Action.BLOCK_NEW, Clear.WHEN_CLEAR, "O2-HI-PRE", deadband=Deadband(WARN_BAND_PCT, "vol%", lambda f, band: _oxygen_above(f, O2_HIGH_PRE_ALARM_PCT - band)), oxygen=True,
    ),
    Cause(
        "O2-HI", 7, "Oxygen too high", ("H-26",),
        lambda f: _oxygen_above(f, O2_HIGH_PCT), lambda f: f"above {O2_HIGH_PCT:.1f} %",
        5.0, "XXXXX-XXX", Action.EVACUATE, Action.EVACUATE, Clear.DOOR_OPENED_AND_RESET, "O2-HI", deadband=Deadband(TRIP_BAND_PCT, "vol%", lambda f, band: _oxygen_above(f, O2_HIGH_PCT - band)), oxygen=True,
    ),
    Cause(
        "O2-SENS-BAD", 8, "Oxygen sensor bad", ("H-05",),
        _some_oxygen_bad, _oxygen_bad_detail,
        3.0, "oooo---Xo", Action.BLOCK_NEW, Action.END_SESSION, Clear.WHEN_CLEAR, "O2-SENS-BAD", oxygen=True,
    ),
    Cause(
        "O2-SAMPLE", 9, "Oxygen sample flow lost", ("H-05",),
        lambda f: f.sample_flow is not True, plain("no sample flow: chamber oxygen is not being measured"),
        5.0, "oooo---Xo", Action.BLOCK_NEW, Action.END_SESSION, Clear.WHEN_CLEAR, "O2-SAMPLE", stands=True,
    ),
)
# fmt: on
