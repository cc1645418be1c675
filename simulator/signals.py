"""What goes into and out of the plant: what the PLC drives, what nobody measures, what can be broken."""

from __future__ import annotations

from typing import NamedTuple


class Actuators(NamedTuple):
    """What the PLC drives. Valves in percent, the rest on or off."""

    xv_401: bool = False
    valve_main: float = 0.0
    valve_pre: float = 0.0
    recirculation: bool = False
    purge: bool = False
    extract_boost: bool = False
    standby_extract: bool = False
    door_heater: bool = False
    fresh_air: bool = False
    drying: bool = False
    voice: int = 0  # announcement given to the loudspeaker, 0 is silence


OFF = Actuators()


class Truth(NamedTuple):
    """What no sensor says. Temperatures °C, oxygen vol%, nitrogen kg since start, liquid kg in the main coil."""

    o2_main_pct: float
    o2_pre_pct: float
    o2_room_pct: float
    o2_floor_pct: float
    t_main_c: float
    t_pre_c: float
    t_room_c: float
    nitrogen_kg: float
    coil_main_c: float
    liquid_main_kg: float
    valve_main: float
    valve_pre: float
    main_valve: float
    tank_kg: float
    tank_bar: float
    liquid_oxygen_pct: float  # of the liquid in the tank
    coil_bar: float
    oxygen_condensing: bool  # wetted coils are colder than the dew point of air: oxygen-rich liquid drips off them
    carried_kg: float  # liquid that left the coils unboiled since start
    spread_main_k: float  # gas at 1.7 m above gas at 0.6 m


class Defects:
    """Physical defects of the plant; ``simulator.faults`` sets and clears them."""

    def __init__(self) -> None:
        self.valve_main: float | None = None  # stuck at this fraction
        self.valve_pre: float | None = None
        self.main_valve: float | None = None
        self.passing_main = 0.0  # fraction that still flows although the position says closed
        self.passing_pre = 0.0
        self.leak_main_kg_s = 0.0  # these three behind the main valve: closing it starves them
        self.leak_pre_kg_s = 0.0
        self.leak_room_kg_s = 0.0
        self.leak_supply_kg_s = 0.0  # into the room before the main valve: nothing but the tank's hand valve stops it
        self.extract_lost = False
        self.purge_lost = False
        self.recirculation_lost = False
        self.mains_lost = False
        self.supply_lost = False
        self.sample_flow_lost = False
        self.loudspeaker_lost = False
        self.ups_fault = False
        self.supply_bar: float | None = None  # pressure of the line, e.g. a hung regulator
        self.ambient_kpa: float | None = None
        self.builder_lost = False  # pressure builder of the tank
        self.lift_m: float | None = None  # the lift of a cabin goes no higher
        self.seal_inner = 0.0  # gap of a shut door, as a fraction of the door's opening
        self.seal_outer = 0.0
        self.insulation_main = 1.0  # conductance of the wall, times that of the dry foam
        self.insulation_pre = 1.0
        self.trim_main = 1.0  # flow at any opening, times that of a new valve: worn seat, clogged trim
        self.trim_pre = 1.0
        self.frost_main_kg_s = 0.0  # frost on a coil from where no balance looks: a dryer that is spent, a wet coil at start
        self.frost_pre_kg_s = 0.0
        self.stiction_main = 0.0  # of the stroke, on top of wear
        self.stiction_pre = 0.0
