"""The plant: rooms, coils, valves, doors, fans, tank and people, advanced scan by scan.

Fast parts (valves, doors, people) move every scan; heat, gas and frost every ``SCANS_PER_STEP`` scans with the mean of
what acted in between.
"""

from __future__ import annotations

from simulator.doors import Door
from simulator.gas import KELVIN, air_condenses_k, nitrogen_boils_k
from simulator.house import SCAN_S, House, Supply
from simulator.parameters import PlantParameters, RoomParameters
from simulator.people import Crowd
from simulator.signals import OFF, Actuators, Defects, Truth
from simulator.thermal import (
    CARRIED,
    COIL_MAIN,
    COIL_PRE,
    FROST_MAIN,
    FROST_PRE,
    LIQUID_MAIN,
    LIQUID_PRE,
    NITROGEN,
    SPREAD_MAIN,
    SPREAD_PRE,
    T_MAIN,
    T_PRE,
    T_ROOM,
    X_BREATHING,
    X_FLOOR,
    X_MAIN,
    X_PRE,
    Inputs,
    Model,
    State,
    warm_state,
)

__all__ = ["OFF", "SCANS_PER_STEP", "SCAN_S", "Actuators", "Defects", "Plant", "Truth"]

STANDARD_KPA = 101.325
SCANS_PER_STEP = 4  # 0.4 s: 0.05 mK from the exact solution through a session, see tests
FLASHED_K = 77.4  # K, liquid carried over boils at 1 atm: what an outlet sensor then sees
_MAIN_PLACES = (0.43, 0.0, -0.57)  # thermometers at 1.7, 1.1 and 0.6 m: share of the spread above the mean
_PRE_PLACES = (0.5, -0.5)  # at 1.5 and 0.8 m


class Plant(House):
    """Two-room chamber in its treatment room. Deterministic: it draws no random numbers."""

    def __init__(self, parameters: PlantParameters, state: State | None = None) -> None:
        self.p = parameters
        self.model = Model(parameters)
        self.y: State = list(state) if state is not None else warm_state(parameters)
        n = parameters.nitrogen
        flows = Supply(n.supply_bar, n.supply_droop_bar, n.back_bar, parameters.main.coil_feed_kg_s, parameters.pre.coil_feed_kg_s)
        crowd = Crowd(Door(parameters.door.ramp_s), Door(parameters.door.ramp_s))
        super().__init__(parameters.valve, parameters.tank, parameters.ups, parameters.weather, flows, crowd)
        self.coil_bar = n.coil_bar
        self.oxygen_condensing = False
        self._inputs = Inputs()
        self._nominal_boils_k = self._boils_k = nitrogen_boils_k(n.coil_bar)
        self._condenses_k = air_condenses_k(0.01 * self.ambient_kpa)
        self._seen = self._look()

    @property
    def room_k(self) -> float:
        """K, the treatment room at rest."""
        return self.p.air.room_k

    def advance(self, a: Actuators) -> None:
        """One PLC scan (0.1 s) with the given actuators."""
        self._fast(a)
        if self.scan % SCANS_PER_STEP == 0:
            self._thermal(a)

    def _thermal(self, a: Actuators) -> None:
        u, p, d, steps = self._inputs, self.p, self.defects, SCANS_PER_STEP
        h = SCANS_PER_STEP * SCAN_S
        self._house(h)
        u.feed_main, u.feed_pre = self._sum_main / steps, self._sum_pre / steps
        u.door_inner, u.door_outer = max(self._sum_inner / steps, d.seal_inner), max(self._sum_outer / steps, d.seal_outer)
        self._sum_main = self._sum_pre = self._sum_inner = self._sum_outer = 0.0
        u.leak_main, u.leak_pre = self._push * d.leak_main_kg_s, self._push * d.leak_pre_kg_s
        u.leak_room = self._push * d.leak_room_kg_s + d.leak_supply_kg_s
        u.fan = 1.0 if a.recirculation and not (d.mains_lost or d.recirculation_lost) else 0.0
        self._fans(a, h)
        u.purge = p.air.purge_kg_s * self._purge_spin if self._purge_spin > 0.01 else 0.0
        u.extract = self._extract_spin * (p.room.boost_m3_s if a.extract_boost else p.room.extract_m3_s)
        u.boost = 0.3 * (u.extract - p.room.extract_m3_s) if u.extract > p.room.extract_m3_s else 0.0
        mains = not d.mains_lost
        u.fresh = p.air.fresh_kg_s if a.fresh_air and mains else 0.0
        u.drying = 1.0 if a.drying and mains else 0.0
        u.door_heater = 1.0 if a.door_heater and mains else 0.0
        u.pressure = 1e3 * self.ambient_kpa
        u.saturation_shift = self._boils_k - self._nominal_boils_k
        u.liquid_oxygen = self.tank.oxygen
        if self.crowd.people:
            self.crowd.load(u, self.y, h)
        self.model.insulate(d.insulation_main, d.insulation_pre)
        self.y = self.model.step(self.y, u, h)
        if d.frost_main_kg_s > 0.0 or d.frost_pre_kg_s > 0.0:
            self.y[FROST_MAIN] += d.frost_main_kg_s * h
            self.y[FROST_PRE] += d.frost_pre_kg_s * h
        self._seen = self._look()

    def _house(self, h: float) -> None:
        """Also the pressure in the coils."""
        before = self.ambient_kpa
        super()._house(h)
        if self.ambient_kpa != before:
            self._condenses_k = air_condenses_k(0.01 * self.ambient_kpa)
        n = self.p.nitrogen
        fallen = min(1.0, self.supply_bar / (n.supply_bar - n.supply_droop_bar))
        coil_bar = max(0.01 * self.ambient_kpa, n.coil_bar * fallen + 0.01 * (self.ambient_kpa - STANDARD_KPA))
        if coil_bar != self.coil_bar:
            self.coil_bar, self._boils_k = coil_bar, nitrogen_boils_k(coil_bar)
        self.oxygen_condensing = self._boils_k < self._condenses_k

    def true_values(self) -> list[float]:
        """What each analogue instrument is exposed to, in the order and units of ``ANALOG_TAGS``."""
        return self._supplied(self._seen.copy())

    def _look(self) -> list[float]:
        """The part of ``true_values`` that follows from the state; the last seven are put in by the scan."""
        y = self.y
        main, pre = y[T_MAIN] - KELVIN, y[T_PRE] - KELVIN
        spread_main, spread_pre = y[SPREAD_MAIN], y[SPREAD_PRE]
        # vol% as an analyser reads it: a cell sees partial pressure, and not every make corrects for the weather
        share = 100.0 if self.p.analysers.compensated else 100.0 * self.ambient_kpa / STANDARD_KPA
        o2_main, o2_pre = share * y[X_MAIN], share * y[X_PRE]
        return [
            main + _MAIN_PLACES[0] * spread_main,
            main + _MAIN_PLACES[1] * spread_main,
            main + _MAIN_PLACES[2] * spread_main,
            self._outlet(self.p.main, y[COIL_MAIN], y[LIQUID_MAIN]),
            pre + _PRE_PLACES[0] * spread_pre,
            pre + _PRE_PLACES[1] * spread_pre,
            self._outlet(self.p.pre, y[COIL_PRE], y[LIQUID_PRE]),
            y[T_ROOM] - KELVIN,
            o2_main,
            o2_main,
            o2_main,
            o2_pre,
            o2_pre,
            share * y[X_BREATHING],
            share * y[X_FLOOR],
            0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        ]  # fmt: skip

    def _outlet(self, room: RoomParameters, metal_k: float, liquid_kg: float) -> float:
        """Vapour temperature in °C behind a coil, at 1 atm saturation when liquid is carried over; of a lance: its metal."""
        if room.droplet_s > 0.0:
            return metal_k - KELVIN
        n = self.p.nitrogen
        if liquid_kg > room.coil_liquid_max_kg:
            return FLASHED_K - KELVIN
        return n.saturation_k + n.vapour_effectiveness * max(0.0, metal_k - n.saturation_k) - KELVIN

    def truth(self) -> Truth:
        """Ground truth for figures and tests."""
        y = self.y
        return Truth(
            100.0 * y[X_MAIN],
            100.0 * y[X_PRE],
            100.0 * y[X_BREATHING],
            100.0 * y[X_FLOOR],
            y[T_MAIN] - KELVIN,
            y[T_PRE] - KELVIN,
            y[T_ROOM] - KELVIN,
            y[NITROGEN],
            y[COIL_MAIN] - KELVIN,
            y[LIQUID_MAIN],
            self.valve_main,
            self.valve_pre,
            self.main_valve,
            self.tank.kg,
            self.tank.pressure_bar,
            100.0 * self.tank.oxygen,
            self.coil_bar,
            self.oxygen_condensing,
            y[CARRIED],
            y[SPREAD_MAIN],
        )
