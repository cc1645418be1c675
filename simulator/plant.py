"""The plant: rooms, coils, valves, doors, fans, tank and people, advanced scan by scan.

Fast parts (valves, doors, people) move every scan; heat, gas and frost every ``SCANS_PER_STEP`` scans with the mean of
what acted in between.
"""

from __future__ import annotations

import math

from simulator.doors import SHUT, Door
from simulator.gas import KELVIN, air_condenses_k, nitrogen_boils_k
from simulator.parameters import PlantParameters, RoomParameters, WeatherParameters
from simulator.people import Crowd, Place
from simulator.sensors import BIT_INDEX, INDEX
from simulator.signals import OFF, Actuators, Defects, Truth
from simulator.tank import Tank
from simulator.thermal import (
    CARRIED,
    COIL_MAIN,
    COIL_PRE,
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
from simulator.valves import ControlValve

__all__ = ["OFF", "SCANS_PER_STEP", "SCAN_S", "Actuators", "Defects", "Plant", "Truth"]

SCAN_S = 0.1
STANDARD_KPA = 101.325
SCANS_PER_STEP = 4  # 0.4 s: 0.05 mK from the exact solution through a session, see tests
SCANS_PER_WEATHER = 100  # ambient pressure drifts over hours
FLASHED_K = 77.4  # K, liquid carried over boils at 1 atm: what an outlet sensor then sees
_MAIN_PLACES = (0.43, 0.0, -0.57)  # thermometers at 1.7, 1.1 and 0.6 m: share of the spread above the mean
_PRE_PLACES = (0.5, -0.5)  # at 1.5 and 0.8 m


class Plant:
    """Two-room chamber in its treatment room. Deterministic: it draws no random numbers."""

    def __init__(self, parameters: PlantParameters, state: State | None = None) -> None:
        self.p = parameters
        self.model = Model(parameters)
        self.y: State = list(state) if state is not None else warm_state(parameters)
        self.inner = Door(parameters.door.ramp_s)
        self.outer = Door(parameters.door.ramp_s)
        self.crowd = Crowd(self.inner, self.outer)
        self.defects = Defects()
        self.estop_pressed = False
        self.call_pressed = False
        self.room_emergency = False
        self.service_key = False
        self.ups_charge_pct = 100.0
        self.ambient_kpa = _weather_kpa(parameters.weather, 0.0)
        self._heard = self._weather_lost = False
        self.scan = 0
        self.control_main = ControlValve(parameters.valve, SCAN_S)
        self.control_pre = ControlValve(parameters.valve, SCAN_S)
        self.valve_main = self.valve_pre = self.main_valve = 0.0  # positions as fractions
        self.tank = Tank(parameters.tank, parameters.nitrogen.supply_bar)
        self.supply_bar = parameters.nitrogen.supply_bar
        self.coil_bar = parameters.nitrogen.coil_bar
        self.oxygen_condensing = False
        self.flow_kg_s = 0.0
        self._push = 0.0  # share of the full flow that pressure and main valve allow
        self._purge_spin = 0.0
        self._extract_spin = 1.0
        self._inputs = Inputs()
        self._sum_main = self._sum_pre = self._sum_inner = self._sum_outer = 0.0
        n = parameters.nitrogen
        self._full_flow = parameters.main.coil_feed_kg_s + parameters.pre.coil_feed_kg_s
        self._nominal_boils_k = self._boils_k = nitrogen_boils_k(n.coil_bar)
        self._condenses_k = air_condenses_k(0.01 * self.ambient_kpa)
        self._feed_main_kg_s, self._feed_pre_kg_s = parameters.main.coil_feed_kg_s, parameters.pre.coil_feed_kg_s
        self._drawn_kg = 0.0
        self._seen = self._look()

    @property
    def time_s(self) -> float:
        return self.scan * SCAN_S

    @property
    def dark(self) -> bool:
        """No mains and the battery empty: nothing electric works, the PLC neither."""
        return self.defects.mains_lost and self.ups_charge_pct <= 0.0

    def advance(self, a: Actuators) -> None:
        """One PLC scan (0.1 s) with the given actuators."""
        now, inner, outer = self.scan * SCAN_S, self.inner, self.outer
        if self.crowd.people:
            self.crowd.advance(now)
        inner.advance(now, SCAN_S)
        outer.advance(now, SCAN_S)
        self._valves(a)
        self._heard = a.voice != 0 and not self.defects.loudspeaker_lost
        self._sum_inner += inner.fraction
        self._sum_outer += outer.fraction
        self.scan += 1
        if self.scan % SCANS_PER_STEP == 0:
            self._thermal(a)

    def _valves(self, a: Actuators) -> None:
        d, n = self.defects, self.p.nitrogen
        control_main, control_pre = self.control_main, self.control_pre
        control_main.stuck, control_pre.stuck = d.valve_main, d.valve_pre
        self.valve_main = valve_main = control_main.advance(a.valve_main)
        self.valve_pre = valve_pre = control_pre.advance(a.valve_pre)
        target = d.main_valve if d.main_valve is not None else (1.0 if a.xv_401 and not d.mains_lost else 0.0)  # a spring closes it
        if target != self.main_valve:
            stroke = SCAN_S / self.p.valve.main_stroke_s
            self.main_valve += max(-stroke, min(stroke, target - self.main_valve))
        if d.supply_bar is not None:
            supply = d.supply_bar
        elif d.supply_lost or self.tank.kg <= 0.0:
            supply = 1.0
        else:
            supply = self.tank.pressure_bar - n.supply_droop_bar * self.flow_kg_s / self._full_flow
        bar, back_bar = self.supply_bar, n.back_bar
        self.supply_bar = bar = bar + (supply - bar) * (0.005 if supply < back_bar else 0.1)
        push = main = pre = 0.0
        if self.main_valve > 0.0 and bar > back_bar:
            push = math.sqrt((bar - back_bar) / (n.supply_bar - back_bar)) * self.main_valve
            main = push * (valve_main if valve_main > d.passing_main else d.passing_main) * self._feed_main_kg_s
            pre = push * (valve_pre if valve_pre > d.passing_pre else d.passing_pre) * self._feed_pre_kg_s
            self._sum_main += main
            self._sum_pre += pre
        self.flow_kg_s = main + pre
        self._push = push
        spent = main + pre + push * (d.leak_main_kg_s + d.leak_pre_kg_s + d.leak_room_kg_s) + d.leak_supply_kg_s
        self._drawn_kg += spent * SCAN_S

    def _thermal(self, a: Actuators) -> None:
        u, p, d, steps = self._inputs, self.p, self.defects, SCANS_PER_STEP
        h = SCANS_PER_STEP * SCAN_S
        self._house(h)
        u.feed_main, u.feed_pre = self._sum_main / steps, self._sum_pre / steps
        u.door_inner, u.door_outer = self._sum_inner / steps, self._sum_outer / steps
        self._sum_main = self._sum_pre = self._sum_inner = self._sum_outer = 0.0
        u.leak_main, u.leak_pre = self._push * d.leak_main_kg_s, self._push * d.leak_pre_kg_s
        u.leak_room = self._push * d.leak_room_kg_s + d.leak_supply_kg_s
        u.fan = 1.0 if a.recirculation and not (d.mains_lost or d.recirculation_lost) else 0.0
        self._purge_spin += ((1.0 if a.purge and not d.purge_lost else 0.0) - self._purge_spin) * 0.5 * h
        running = (not d.extract_lost or a.standby_extract) and not (d.mains_lost and self.dark)
        self._extract_spin += ((1.0 if running else 0.0) - self._extract_spin) * 0.5 * h
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
        self.y = self.model.step(self.y, u, h)
        self._seen = self._look()

    def _house(self, h: float) -> None:
        """Weather, battery, tank and the pressure in the coils."""
        d, ups = self.defects, self.p.ups
        if d.ambient_kpa is not None or self._weather_lost or self.scan % SCANS_PER_WEATHER == 0:
            self.ambient_kpa = _weather_kpa(self.p.weather, self.time_s) if d.ambient_kpa is None else d.ambient_kpa
            self._weather_lost = d.ambient_kpa is not None
            self._condenses_k = air_condenses_k(0.01 * self.ambient_kpa)
        if d.mains_lost or self.ups_charge_pct < 100.0:
            change = -h / ups.autonomy_s if d.mains_lost else 0.0 if d.ups_fault else h / ups.recharge_s
            self.ups_charge_pct = max(0.0, min(100.0, self.ups_charge_pct + 100.0 * change))
        self.tank.builder_lost = d.builder_lost
        self.tank.advance(self._drawn_kg, h)
        self._drawn_kg = 0.0
        n = self.p.nitrogen
        fallen = min(1.0, self.supply_bar / (n.supply_bar - n.supply_droop_bar))
        self.coil_bar = max(0.01 * self.ambient_kpa, n.coil_bar * fallen + 0.01 * (self.ambient_kpa - STANDARD_KPA))
        self._boils_k = nitrogen_boils_k(self.coil_bar)
        self.oxygen_condensing = self._boils_k < self._condenses_k

    def true_values(self) -> list[float]:
        """What each analogue instrument is exposed to, in the order and units of ``ANALOG_TAGS``."""
        seen = self._seen.copy()
        seen[_SUPPLY : _SUPPLY + 7] = (
            self.supply_bar,
            self.tank.kg,
            3600.0 * self.flow_kg_s,
            100.0 * self.valve_main,
            100.0 * self.valve_pre,
            self.ambient_kpa,
            self.ups_charge_pct,
        )
        return seen

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

    def contacts(self) -> int:
        """Contacts of ``BIT_TAGS`` packed, bit n = tag n closed."""
        d = self.defects
        bits = _MAINS if not d.mains_lost else 0
        bits |= _INNER_A if self.inner.fraction < SHUT else _INNER_B
        bits |= _OUTER_A if self.outer.fraction < SHUT else _OUTER_B
        for person in self.crowd.people:
            if person.place is Place.MAIN:
                bits |= _PRESENT_MAIN
            elif person.place is Place.PRE:
                bits |= _PRESENT_PRE
        if not self.estop_pressed:
            bits |= _ESTOP
        if self.call_pressed:
            bits |= _CALL
        if self._purge_spin > 0.5:
            bits |= _PURGE_FLOW
        if not d.sample_flow_lost:
            bits |= _SAMPLE_FLOW
        if self._extract_spin > 0.5:
            bits |= _EXTRACT_FLOW
        if self._heard:
            bits |= _HEARD
        if not self.room_emergency:
            bits |= _ROOM_CALM
        if self.service_key:
            bits |= _SERVICE_KEY
        if not d.ups_fault and self.ups_charge_pct > 0.0:
            bits |= _UPS_HEALTHY
        if self.main_valve < 0.02:
            bits |= _MAIN_CLOSED
        elif self.main_valve > 0.98:
            bits |= _MAIN_OPEN
        return bits

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


_SUPPLY = INDEX["PT-401"]


def _bit(tag: str) -> int:
    return 1 << BIT_INDEX[tag]


_INNER_A, _INNER_B, _OUTER_A, _OUTER_B = _bit("ZS-101A"), _bit("ZS-101B"), _bit("ZS-201A"), _bit("ZS-201B")
_PRESENT_MAIN, _PRESENT_PRE = _bit("YS-101"), _bit("YS-201")
_ESTOP, _CALL = _bit("HS-001A") | _bit("HS-001B"), _bit("HS-101")
_PURGE_FLOW, _SAMPLE_FLOW, _EXTRACT_FLOW = _bit("FS-101"), _bit("FS-102"), _bit("FS-301")
_HEARD, _ROOM_CALM, _SERVICE_KEY, _UPS_HEALTHY = _bit("YS-102"), _bit("HS-301"), _bit("HS-002"), _bit("JS-001")
_MAINS, _MAIN_CLOSED, _MAIN_OPEN = _bit("ES-001"), _bit("ZSC-401"), _bit("ZSO-401")


def _weather_kpa(w: WeatherParameters, time_s: float) -> float:
    """A slow swing with a smaller, quicker one on it: highs and lows passing over a few days."""
    turn = 2.0 * math.pi * time_s / (3600.0 * w.period_h)
    return w.mean_kpa + w.swing_kpa * (0.8 * math.sin(turn) + 0.2 * math.sin(4.3 * turn))
