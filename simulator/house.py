"""What every simulated device has around its cold part: nitrogen supply, doors, people, fans' contacts, battery, weather."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from simulator.doors import SHUT
from simulator.parameters import TankParameters, UpsParameters, ValveParameters, WeatherParameters
from simulator.people import Crowd, Place
from simulator.sensors import BIT_INDEX, INDEX, NO_LAGS
from simulator.signals import Actuators, Defects
from simulator.tank import Tank
from simulator.valves import ControlValve

SCAN_S = 0.1
SCANS_PER_WEATHER = 100  # ambient pressure drifts over hours
_SUPPLY = INDEX["PT-401"]


class Supply(NamedTuple):
    """Nitrogen line: bar(a) nominal, lost at full flow, below which nothing flows; kg/s through the valves fully open."""

    supply_bar: float
    droop_bar: float
    back_bar: float
    full_main_kg_s: float
    full_pre_kg_s: float


class House:
    """Base of the plants. One call of a plant's ``advance`` is one scan of the PLC. Deterministic: it draws no random numbers.

    ``inner`` and ``outer`` are the same door where a device has only one. ``lags_s``: instruments that follow at another pace than
    usual; ``same_input``: (input, input whose channel it is mapped to) of the PLC.
    """

    lags_s: Mapping[str, float] = NO_LAGS
    same_input: tuple[tuple[int, int], ...] = ()
    same_contact: tuple[tuple[int, int], ...] = ()  # the same of contacts, as masks
    lacks = frozenset({"lift"})  # what a fault may befall elsewhere and this device does not have

    def __init__(
        self,
        valve: ValveParameters,
        tank: TankParameters,
        ups: UpsParameters,
        weather: WeatherParameters,
        supply: Supply,
        crowd: Crowd,
    ) -> None:
        self.crowd = crowd
        self.inner, self.outer = crowd.inner, crowd.outer
        self.defects = Defects()
        self.estop_pressed = False
        self.call_pressed = False
        self.room_emergency = False
        self.service_key = False
        self.ups_charge_pct = 100.0
        self.weather, self._ups, self._supply = weather, ups, supply
        self._stroke = SCAN_S / valve.main_stroke_s
        self.ambient_kpa = weather_kpa(weather, 0.0)
        self.scan = 0
        self.control_main = ControlValve(valve, SCAN_S)
        self.control_pre = ControlValve(valve, SCAN_S)
        self.valve_main = self.valve_pre = self.main_valve = 0.0  # positions as fractions
        self.tank = Tank(tank, supply.supply_bar)
        self.supply_bar = supply.supply_bar
        self.flow_kg_s = 0.0
        self._full_flow = supply.full_main_kg_s + supply.full_pre_kg_s
        self._push = 0.0  # share of the full flow that pressure and main valve allow
        self._purge_spin = 0.0
        self._extract_spin = 1.0
        self._heard = self._weather_lost = False
        self._sum_main = self._sum_pre = self._sum_inner = self._sum_outer = 0.0
        self._drawn_kg = 0.0

    @property
    def time_s(self) -> float:
        return self.scan * SCAN_S

    @property
    def dark(self) -> bool:
        """No mains and the battery empty: nothing electric works, the PLC neither."""
        return self.defects.mains_lost and self.ups_charge_pct <= 0.0

    def _fast(self, a: Actuators) -> None:
        """What moves in every scan: people, doors, valves."""
        now, inner, outer = self.scan * SCAN_S, self.inner, self.outer
        if self.crowd.people:
            self.crowd.advance(now)
        inner.advance(now, SCAN_S)
        if outer is not inner:
            outer.advance(now, SCAN_S)
        self._valves(a)
        self._heard = a.voice != 0 and not self.defects.loudspeaker_lost
        self._sum_inner += inner.fraction
        self._sum_outer += outer.fraction
        self.scan += 1

    def _valves(self, a: Actuators) -> None:
        d, n = self.defects, self._supply
        control_main, control_pre = self.control_main, self.control_pre
        control_main.stuck, control_pre.stuck = d.valve_main, d.valve_pre
        control_main.sticks, control_pre.sticks = d.stiction_main, d.stiction_pre
        self.valve_main = valve_main = control_main.advance(a.valve_main)
        self.valve_pre = valve_pre = control_pre.advance(a.valve_pre)
        target = d.main_valve if d.main_valve is not None else (1.0 if a.xv_401 and not d.mains_lost else 0.0)  # a spring closes it
        if target != self.main_valve:
            self.main_valve += max(-self._stroke, min(self._stroke, target - self.main_valve))
        if d.supply_bar is not None:
            supply = d.supply_bar
        elif d.supply_lost or self.tank.kg <= 0.0:
            supply = 1.0
        else:
            supply = self.tank.pressure_bar - n.droop_bar * self.flow_kg_s / self._full_flow
        bar, back_bar = self.supply_bar, n.back_bar
        self.supply_bar = bar = bar + (supply - bar) * (0.005 if supply < back_bar else 0.1)
        push = main = pre = 0.0
        if self.main_valve > 0.0 and bar > back_bar:
            push = math.sqrt((bar - back_bar) / (n.supply_bar - back_bar)) * self.main_valve
            main = push * (valve_main if valve_main > d.passing_main else d.passing_main) * d.trim_main * n.full_main_kg_s
            pre = push * (valve_pre if valve_pre > d.passing_pre else d.passing_pre) * d.trim_pre * n.full_pre_kg_s
            self._sum_main += main
            self._sum_pre += pre
        self.flow_kg_s = main + pre
        self._push = push
        spent = main + pre + push * (d.leak_main_kg_s + d.leak_pre_kg_s + d.leak_room_kg_s) + d.leak_supply_kg_s
        self._drawn_kg += spent * SCAN_S

    def _house(self, h: float) -> None:
        """Weather, battery and tank; ``h``: seconds since the last time."""
        d, ups = self.defects, self._ups
        if d.ambient_kpa is not None or self._weather_lost or self.scan % SCANS_PER_WEATHER == 0:
            self.ambient_kpa = weather_kpa(self.weather, self.time_s) if d.ambient_kpa is None else d.ambient_kpa
            self._weather_lost = d.ambient_kpa is not None
        if d.mains_lost or self.ups_charge_pct < 100.0:
            change = -h / ups.autonomy_s if d.mains_lost else 0.0 if d.ups_fault else h / ups.recharge_s
            self.ups_charge_pct = max(0.0, min(100.0, self.ups_charge_pct + 100.0 * change))
        self.tank.builder_lost = d.builder_lost
        self.tank.advance(self._drawn_kg, h)
        self._drawn_kg = 0.0

    def _fans(self, a: Actuators, h: float) -> None:
        """Purge and room extract run up and down."""
        d = self.defects
        self._purge_spin += ((1.0 if a.purge and not d.purge_lost else 0.0) - self._purge_spin) * 0.5 * h
        running = (not d.extract_lost or a.standby_extract) and not (d.mains_lost and self.dark)
        self._extract_spin += ((1.0 if running else 0.0) - self._extract_spin) * 0.5 * h

    def _supplied(self, seen: list[float]) -> list[float]:
        """``seen`` with the instruments of supply, valves and battery put in."""
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

    def _present(self) -> int:
        """Presence contacts. Heads are in the room: the input for the face above the rim is bridged."""
        bits = FACE_CLEAR
        for person in self.crowd.people:
            if person.place is Place.MAIN:
                bits |= PRESENT_MAIN
            elif person.place is Place.PRE:
                bits |= PRESENT_PRE
        return bits

    def contacts(self) -> int:
        """Contacts of ``BIT_TAGS`` packed, bit n = tag n closed."""
        d = self.defects
        bits = _MAINS if not d.mains_lost else 0
        bits |= _INNER_A if self.inner.fraction < SHUT else _INNER_B
        bits |= _OUTER_A if self.outer.fraction < SHUT else _OUTER_B
        bits |= self._present()
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


def _bit(tag: str) -> int:
    return 1 << BIT_INDEX[tag]


_INNER_A, _INNER_B, _OUTER_A, _OUTER_B = _bit("ZS-101A"), _bit("ZS-101B"), _bit("ZS-201A"), _bit("ZS-201B")
PRESENT_MAIN, PRESENT_PRE = _bit("YS-101"), _bit("YS-201")
_ESTOP, _CALL = _bit("HS-001A") | _bit("HS-001B"), _bit("HS-101")
_PURGE_FLOW, _SAMPLE_FLOW, _EXTRACT_FLOW = _bit("FS-101"), _bit("FS-102"), _bit("FS-301")
_HEARD, _ROOM_CALM, _SERVICE_KEY, _UPS_HEALTHY = _bit("YS-102"), _bit("HS-301"), _bit("HS-002"), _bit("JS-001")
FACE_CLEAR = _bit("YS-103")
_MAINS, _MAIN_CLOSED, _MAIN_OPEN = _bit("ES-001"), _bit("ZSC-401"), _bit("ZSO-401")


def weather_kpa(w: WeatherParameters, time_s: float) -> float:
    """A slow swing with a smaller, quicker one on it: highs and lows passing over a few days."""
    turn = 2.0 * math.pi * time_s / (3600.0 * w.period_h)
    return w.mean_kpa + w.swing_kpa * (0.8 * math.sin(turn) + 0.2 * math.sin(4.3 * turn))
