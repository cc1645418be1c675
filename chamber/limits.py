"""Guardrails: absolute bounds nobody can exceed, recommended bounds the panel asks about.

Shape after LoopKit's Guardrail: two nested ranges, checked when built. The absolute bounds live here, in code; a device
profile may narrow them, a site may narrow the profile, and nothing may widen either.
"""

from __future__ import annotations

from typing import NamedTuple


class Guardrail(NamedTuple):
    """A quantity with its unit, nested bounds and the hazards it answers (ids of the hazard list)."""

    name: str
    unit: str
    low: float
    high: float
    recommended_low: float
    recommended_high: float
    hazards: tuple[str, ...]
    basis: str

    def check(self, value: float) -> str | None:
        """None if ``value`` is inside the absolute bounds, else a sentence naming value and range."""
        if self.low <= value <= self.high:  # False for NaN
            return None
        return f"{value:g} {self.unit} is outside {self.low:g} to {self.high:g} {self.unit}"


def _rail(
    name: str,
    unit: str,
    absolute: tuple[float, float],
    recommended: tuple[float, float],
    hazards: tuple[str, ...],
    basis: str,
) -> Guardrail:
    low, high = absolute
    rec_low, rec_high = recommended
    if not low <= rec_low <= rec_high <= high:
        raise ValueError(f"guardrail {name}: recommended {recommended} not inside absolute {absolute}")
    return Guardrail(name, unit, low, high, rec_low, rec_high, hazards, basis)


# "proposed" = engineering judgement of the reference, to be confirmed by the builder's own risk assessment.
# fmt: off
GUARDRAILS: dict[str, Guardrail] = {
    rail.name: rail
    for rail in (
        _rail("setpoint_main_c", "°C", (-160.0, -60.0), (-140.0, -90.0), ("H-09",), "walk-in range of practice; colder needs a written protocol (proposed)"),
        _rail("setpoint_pre_c", "°C", (-80.0, -10.0), (-65.0, -40.0), ("H-09",), "pre-chamber about -60 °C in practice"),
        _rail("exposure_s", "s", (30.0, 180.0), (60.0, 180.0), ("H-10",), "over 180 s called dangerous; below 60 s of no use (proposed)"),
        _rail("pre_chamber_s", "s", (10.0, 60.0), (30.0, 45.0), ("H-10",), "30-45 s in practice"),
        _rail("persons", "", (1, 5), (1, 3), ("H-13",), "groups of at most 4-5, best 2-3"),
        _rail("operator_confirm_s", "s", (10.0, 30.0), (15.0, 30.0), ("H-04", "H-13"), "operator confirms every 30 s or the session ends"),
        _rail("exit_door_alarm_s", "s", (3.0, 10.0), (5.0, 10.0), ("H-11",), "door not opened at exit (proposed)"),
        _rail("exit_evacuate_s", "s", (5.0, 15.0), (10.0, 15.0), ("H-11",), "EXIT to EVACUATE (proposed)"),
        _rail("drying_to_c", "°C", (20.0, 45.0), (30.0, 40.0), ("H-11", "H-29"), "drying ends when the coldest place is this warm (proposed)"),
        _rail("drying_max_s", "s", (600.0, 28800.0), (3600.0, 14400.0), ("H-11", "H-29"), "longest drying (proposed)"),
        _rail("cool_off_s", "s", (300.0, 3600.0), (600.0, 1800.0), ("H-10", "H-16"), "no boarding for this long after a broken-off exposure (proposed)"),
        _rail("o2_chamber_pre_alarm_pct", "vol%", (20.0, 20.5), (20.0, 20.2), ("H-01",), "pre-alarm 20.0 (proposed); may only be raised"),
        _rail("o2_chamber_trip_pct", "vol%", (19.5, 20.2), (19.5, 19.7), ("H-01",), "19.5 minimum for entry; the supervisor trips earlier, at 19.7 (proposed)"),
        _rail("o2_chamber_evacuate_pct", "vol%", (19.0, 19.5), (19.0, 19.2), ("H-01", "H-03"), "evacuate at 19.0 (proposed)"),
        _rail("o2_room_pre_alarm_pct", "vol%", (20.0, 20.5), (20.0, 20.2), ("H-02",), "pre-alarm 20.0 (proposed)"),
        _rail("o2_room_trip_pct", "vol%", (19.5, 20.2), (19.5, 19.7), ("H-02",), "19.5 usual first alarm"),
        _rail("o2_room_evacuate_pct", "vol%", (19.0, 19.5), (19.0, 19.2), ("H-02", "H-03"), "evacuate at 19.0 (proposed)"),
        _rail("o2_room_floor_pre_alarm_pct", "vol%", (19.5, 20.0), (19.5, 19.7), ("H-02",), "floor sensor dips at each exit, hence lower than at breathing height (proposed)"),
        _rail("o2_room_floor_trip_pct", "vol%", (19.0, 19.5), (19.0, 19.3), ("H-02",), "19.0 proposed; the supervisor trips earlier, at 19.2 (proposed)"),
        _rail("o2_room_floor_evacuate_pct", "vol%", (18.0, 19.0), (18.0, 18.5), ("H-02",), "floor sensor dips at each exit, hence lower (proposed)"),
        _rail("overcold_below_setpoint_k", "K", (5.0, 15.0), (10.0, 15.0), ("H-09",), "coldest good sensor below set point by this (proposed)"),
        _rail("ready_band_k", "K", (0.5, 5.0), (1.0, 3.0), ("H-09",), "READY within this of the set point"),
        _rail("skin_end_c", "°C", (-3.7, 15.0), (-3.5, 5.0), ("H-09", "H-10"), "lower bound of the estimated skin; bare skin begins to freeze in air at -3.7 °C (proposed)"),
        _rail("ln2_relief_bar_a", "bar(a)", (1.5, 4.0), (2.5, 4.0), ("H-25",), "set pressure of the line's relief valve; the PLC trips at 90 % of 4.0 (proposed)"),
    )
}
# fmt: on

O2_REENTRY_PCT = 20.0  # H-03: entry only at or above this ...
O2_REENTRY_HOLD_S = 60.0  # H-03: ... for this long
EXPOSURE_CAP_BY_TEMPERATURE: tuple[tuple[float, float], ...] = ((-140.0, 150.0), (-160.0, 120.0))
"""H-10: (measured main temperature at or below, °C) -> longest stay, s. Coldest matching row wins (proposed)."""


def exposure_cap_s(coldest_main_c: float) -> float:
    """Longest permitted stay in s at the coldest good temperature of the main room (safety reference, 4.4)."""
    cap = GUARDRAILS["exposure_s"].high
    for at_or_below_c, limit_s in EXPOSURE_CAP_BY_TEMPERATURE:
        if coldest_main_c <= at_or_below_c:
            cap = min(cap, limit_s)
    return cap
