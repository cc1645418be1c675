"""The plant: rooms, coils, valves, doors, fans, tank and people, advanced scan by scan.

Fast parts (valves, doors, people) move every scan; heat, gas and frost every ``SCANS_PER_STEP`` scans with the mean of
what acted in between.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from simulator.doors import Door
from simulator.gas import KELVIN
from simulator.parameters import PlantParameters, WeatherParameters
from simulator.people import Crowd, Place
from simulator.sensors import BIT_INDEX
from simulator.thermal import (
    COIL_MAIN,
    COIL_PRE,
    LIQUID_MAIN,
    LIQUID_PRE,
    NITROGEN,
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

SCAN_S = 0.1
STANDARD_KPA = 101.325
SCANS_PER_STEP = 4  # 0.4 s: 0.05 mK from the exact solution through a session, see tests
FLASHED_K = 77.4  # K, liquid carried over boils at 1 atm: what an outlet sensor then sees
_OFFSET_SPAN_K = 132.0  # K, room minus gas at which the height offsets below were taken (22 to -110 °C)
_MAIN_OFFSETS = (1.5, 0.0, -2.0)  # K at 1.7, 1.1 and 0.6 m
_PRE_OFFSETS = (1.6, -1.6)  # K at 1.5 and 0.8 m, for the same span


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
        self._heard = False
        self.scan = 0
        self.valve_main = self.valve_pre = self.main_valve = 0.0  # positions as fractions
        self.supply_bar = parameters.nitrogen.supply_bar
        self.tank_kg = parameters.nitrogen.tank_kg
        self.flow_kg_s = 0.0
        self._push = 0.0  # share of the full flow that pressure and main valve allow
        self._purge_spin = 0.0
        self._extract_spin = 1.0
        self._inputs = Inputs()
        self._sum_main = self._sum_pre = self._sum_inner = self._sum_outer = 0.0
        n, v = parameters.nitrogen, parameters.valve
        self._open_gain = 1.0 - math.exp(-SCAN_S / v.opening_tau_s)
        self._close_gain = 1.0 - math.exp(-SCAN_S / v.closing_tau_s)
        self._full_flow = parameters.main.coil_feed_kg_s + parameters.pre.coil_feed_kg_s
        self._boil_off_kg = n.boil_off_per_day * n.tank_kg / 86_400.0 * SCAN_S

    @property
    def time_s(self) -> float:
        return self.scan * SCAN_S

    @property
    def dark(self) -> bool:
        """No mains and the battery empty: nothing electric works, the PLC neither."""
        return self.defects.mains_lost and self.ups_charge_pct <= 0.0

    def advance(self, a: Actuators) -> None:
        """One PLC scan (0.1 s) with the given actuators."""
        now = self.time_s
        self.crowd.advance(now)
        self.inner.advance(now, SCAN_S)
        self.outer.advance(now, SCAN_S)
        self._valves(a)
        self._heard = a.voice != 0 and not self.defects.loudspeaker_lost
        self._sum_inner += self.inner.fraction
        self._sum_outer += self.outer.fraction
        self.scan += 1
        if self.scan % SCANS_PER_STEP == 0:
            self._thermal(a)

    def _valves(self, a: Actuators) -> None:
        d, n = self.defects, self.p.nitrogen
        self.valve_main = _stroke(self.valve_main, a.valve_main, d.valve_main, self._open_gain, self._close_gain)
        self.valve_pre = _stroke(self.valve_pre, a.valve_pre, d.valve_pre, self._open_gain, self._close_gain)
        stroke = SCAN_S / self.p.valve.main_stroke_s
        powered = a.xv_401 and not d.mains_lost  # spring closes it
        target = d.main_valve if d.main_valve is not None else (1.0 if powered else 0.0)
        self.main_valve += max(-stroke, min(stroke, target - self.main_valve))
        supply = 1.0 if d.supply_lost or self.tank_kg <= 0.0 else n.supply_bar - n.supply_droop_bar * self.flow_kg_s / self._full_flow
        if d.supply_bar is not None:
            supply = d.supply_bar
        self.supply_bar += (supply - self.supply_bar) * (0.005 if supply < n.back_bar else 0.1)
        push = math.sqrt(max(0.0, self.supply_bar - n.back_bar) / (n.supply_bar - n.back_bar)) * self.main_valve
        main = push * max(self.valve_main, d.passing_main) * self.p.main.coil_feed_kg_s
        pre = push * max(self.valve_pre, d.passing_pre) * self.p.pre.coil_feed_kg_s
        self.flow_kg_s = main + pre
        self._sum_main += main
        self._sum_pre += pre
        self._push = push
        spent = main + pre + push * (d.leak_main_kg_s + d.leak_pre_kg_s + d.leak_room_kg_s) + d.leak_supply_kg_s
        self.tank_kg = max(0.0, self.tank_kg - spent * SCAN_S - self._boil_off_kg)

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
        running = ((not d.extract_lost) or a.standby_extract) and not self.dark
        self._extract_spin += ((1.0 if running else 0.0) - self._extract_spin) * 0.5 * h
        u.purge = p.air.purge_kg_s * self._purge_spin if self._purge_spin > 0.01 else 0.0
        u.extract = self._extract_spin * (p.room.boost_m3_s if a.extract_boost else p.room.extract_m3_s)
        u.boost = 0.3 * max(0.0, u.extract - p.room.extract_m3_s)
        u.fresh = p.air.fresh_kg_s if a.fresh_air and not d.mains_lost else 0.0
        u.drying = 1.0 if a.drying and not d.mains_lost else 0.0
        u.door_heater = 1.0 if a.door_heater and not d.mains_lost else 0.0
        if self.crowd.people:
            self.crowd.load(u, self.y, h)
        self.y = self.model.step(self.y, u, h)

    def _house(self, h: float) -> None:
        """Weather and battery."""
        d, ups = self.defects, self.p.ups
        self.ambient_kpa = _weather_kpa(self.p.weather, self.time_s) if d.ambient_kpa is None else d.ambient_kpa
        change = -h / ups.autonomy_s if d.mains_lost else 0.0 if d.ups_fault else h / ups.recharge_s
        self.ups_charge_pct = max(0.0, min(100.0, self.ups_charge_pct + 100.0 * change))

    def true_values(self) -> list[float]:
        """What each analogue instrument is exposed to, in the order and units of ``ANALOG_TAGS``."""
        y, room = self.y, self.y[T_ROOM]
        main, pre = y[T_MAIN] - KELVIN, y[T_PRE] - KELVIN
        share_main, share_pre = (room - y[T_MAIN]) / _OFFSET_SPAN_K, (room - y[T_PRE]) / _OFFSET_SPAN_K
        # vol% as an analyser reads it: a cell sees partial pressure, and not every make corrects for the weather
        share = 100.0 if self.p.analysers.compensated else 100.0 * self.ambient_kpa / STANDARD_KPA
        o2_main, o2_pre = share * y[X_MAIN], share * y[X_PRE]
        return [
            main + _MAIN_OFFSETS[0] * share_main,
            main + _MAIN_OFFSETS[1] * share_main,
            main + _MAIN_OFFSETS[2] * share_main,
            self._outlet(y[COIL_MAIN], y[LIQUID_MAIN], self.p.main.coil_liquid_max_kg),
            pre + _PRE_OFFSETS[0] * share_pre,
            pre + _PRE_OFFSETS[1] * share_pre,
            self._outlet(y[COIL_PRE], y[LIQUID_PRE], self.p.pre.coil_liquid_max_kg),
            room - KELVIN,
            o2_main,
            o2_main,
            o2_main,
            o2_pre,
            o2_pre,
            share * y[X_BREATHING],
            share * y[X_FLOOR],
            self.supply_bar,
            self.tank_kg,
            3600.0 * self.flow_kg_s,
            100.0 * self.valve_main,
            100.0 * self.valve_pre,
            self.ambient_kpa,
            self.ups_charge_pct,
        ]

    def _outlet(self, metal_k: float, liquid_kg: float, maximum_kg: float) -> float:
        """Vapour temperature in °C behind a coil; at 1 atm saturation when liquid is carried over."""
        n = self.p.nitrogen
        if liquid_kg > maximum_kg:
            return FLASHED_K - KELVIN
        return n.saturation_k + n.vapour_effectiveness * max(0.0, metal_k - n.saturation_k) - KELVIN

    def contacts(self) -> int:
        """Contacts of ``BIT_TAGS`` packed, bit n = tag n closed."""
        d, crowd = self.defects, self.crowd
        bits = _MAINS if not d.mains_lost else 0
        if self.inner.shut:
            bits |= _INNER_A
        else:
            bits |= _INNER_B
        if self.outer.shut:
            bits |= _OUTER_A
        else:
            bits |= _OUTER_B
        if crowd.people:
            if crowd.count(Place.MAIN):
                bits |= _PRESENT_MAIN
            if crowd.count(Place.PRE):
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
        )


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


def _stroke(position: float, demand_pct: float, stuck: float | None, opening: float, closing: float) -> float:
    """New position of a control valve after one scan; a stuck one goes where it sticks."""
    target = demand_pct / 100.0 if stuck is None else stuck
    moved = position + (target - position) * (closing if target == 0.0 and stuck is None else opening)
    return 0.0 if moved < 1e-4 else moved
