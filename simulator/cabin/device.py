"""The cabin as a device: supply-gas control, lift, door and guest around the equations. Lockstep, no clock of its own.

The controller holds the temperature in the supply duct, which is what such a device displays; what the guest feels is the
gas of the zones. PI on the valve with clamped integral: enough for a duct with a lag of seconds, and independent of the
regulators of the product.
"""

from __future__ import annotations

import math

from simulator.body import ENV, Body
from simulator.cabin import equations as eq
from simulator.cabin.equations import Array, Inputs
from simulator.cabin.parameters import CabinParameters, load
from simulator.gas import KELVIN
from simulator.population import REFERENCE, Physique, template

GAIN_PER_K, INTEGRAL_S = 0.02, 60.0  # of the supply-gas controller, assumed: overshoots by less than 6 K at any set point while gas flows
MOUTH_ABOVE_RIM_M = 0.15  # m, what the lift is set to: chin clear of the rim
GUEST_STEP_S = 0.5  # s, the guest's skin moves in steps of this (operator splitting)
_STEPS = round(GUEST_STEP_S / eq.STEP_S)


LOWER = ("foot", "leg", "thigh", "pelvis")  # sites of the guest in the lower zone ...
UPPER = ("chest", "back", "arm", "hand")  # ... and in the upper; the head is in the room
LEGS, TRUNK = ("leg", "thigh"), ("chest", "back")  # bare skin that the figures speak of
ROOM_SPEED_M_S = 0.1  # air about head, and about the whole guest after the session, assumed


def stand(
    body: Body, y: Array, p: CabinParameters, *, fan: bool, dt_s: float, head_inside: bool = False
) -> tuple[float, float, float, float]:
    """Advance a body in the cabin; gives W into the gas of the lower and upper zone, then W radiated onto their liners.

    ``head_inside``: sunk below the rim.
    """
    speed = p.gas_speed_m_s if fan else 0.0
    lower = (float(y[eq.T_LOWER]), float(y[eq.WALL_LOWER]), speed, 0.0)
    upper = (float(y[eq.T_UPPER]), float(y[eq.WALL_UPPER]), speed, 0.0)
    outside = upper if head_inside else (p.room_k, p.room_k, ROOM_SPEED_M_S, 0.0)
    for j, name in enumerate(body.names):
        around = lower if name in LOWER else upper if name in UPPER else outside
        for i, value in enumerate(around):
            body.env[ENV * j + i] = value
    body.step(dt_s)
    legs, trunk = _given(body, LOWER), _given(body, UPPER)
    return legs[0], trunk[0], legs[1], trunk[1]


def _given(body: Body, sites: tuple[str, ...]) -> tuple[float, float]:
    heats = [body.heat_of(name) for name in sites]
    return sum(h[0] for h in heats), sum(h[1] for h in heats)


def oxygen_at(y: Array, p: CabinParameters, above_rim_m: float) -> float:
    """vol% at a height above the rim: the collar's lack of oxygen dies away with it; below the rim towards the upper zone's."""
    if above_rim_m >= 0.0:
        room, collar = float(y[eq.X_BREATHING]), float(y[eq.X_COLLAR])
        return 100.0 * (room - (room - collar) * math.exp(-above_rim_m / p.face_decay_m))
    below = min(1.0, -above_rim_m / (0.5 * p.zone_m))
    return 100.0 * float(y[eq.X_COLLAR] + (y[eq.X_UPPER] - y[eq.X_COLLAR]) * below)


class Guest:
    """One person: legs and hips in the lower zone, trunk and arms in the upper, the head outside."""

    __slots__ = ("_build", "body", "resting_k")

    def __init__(self, physique: Physique = REFERENCE) -> None:
        made = template(physique)
        self._build = made.build
        self.body = Body(made)
        bare = tuple(site.name for site in made.build.sites if site.cloth <= 0.0)
        self.resting_k = self.celsius(bare) + KELVIN  # mean of the bare skin on entry

    def step(self, y: Array, p: CabinParameters, *, fan: bool, dt_s: float) -> tuple[float, float, float, float]:
        """Advance; gives W into the gas of the lower and upper zone, then W radiated onto their liners."""
        return stand(self.body, y, p, fan=fan, dt_s=dt_s)

    def celsius(self, sites: tuple[str, ...]) -> float:
        """Mean skin temperature of some sites by area."""
        areas = {site.name: site.area_m2 for site in self._build.sites if site.name in sites}
        return sum(areas[n] * self.body.surface_of(n) for n in areas) / sum(areas.values()) - KELVIN


class Cabin:
    """A cabin in its room. ``advance`` moves everything by GUEST_STEP_S."""

    def __init__(self, p: CabinParameters | None = None) -> None:
        self.p = load() if p is None else p
        self.y = eq.warm_state(self.p)
        self.now_s = 0.0
        self.set_c: float | None = None  # none: valve shut, fan off
        self.door_open = False
        self.extract = self.fresh = 1.0  # shares of nominal; less than 1 is a fault
        self.valve_stuck: float | None = None  # fault: stands at this opening whatever is asked
        self.display_error_k = 0.0  # fault: the sensor in the duct reads so much too warm
        self.mouth_above_rim_m = MOUTH_ABOVE_RIM_M
        self.guest: Guest | None = None
        self.heat_w = 0.0  # given off by the guest
        self._integral = 0.0

    def advance(self) -> None:
        """One step of GUEST_STEP_S. Nitrogen and fan rest while the door is open."""
        running = self.set_c is not None and not self.door_open
        loads = (0.0, 0.0, 0.0, 0.0)
        if self.guest is not None:
            loads = self.guest.step(self.y, self.p, fan=running, dt_s=GUEST_STEP_S)
        self.heat_w = sum(loads)
        demand = self._demand(running) if self.valve_stuck is None else self.valve_stuck
        u = Inputs(demand, float(running), float(self.door_open), self.extract, self.fresh, *loads)
        self.y = eq.advance(self.y, self.p, u, eq.STEP_S, _STEPS)
        self.now_s += GUEST_STEP_S

    def _demand(self, running: bool) -> float:
        if not running or self.set_c is None:
            return 0.0  # the integral stays: the next session begins where this one ended
        error = self.display_c - self.set_c
        wanted = GAIN_PER_K * error + self._integral
        if 0.0 <= wanted <= 1.0:
            self._integral = min(1.0, max(0.0, self._integral + GAIN_PER_K / INTEGRAL_S * error * GUEST_STEP_S))
        return min(1.0, max(0.0, wanted))

    @property
    def display_c(self) -> float:
        """What the device shows: its sensor in the supply duct."""
        return float(self.y[eq.DISPLAY]) - KELVIN + self.display_error_k

    @property
    def nitrogen_kg(self) -> float:
        return float(self.y[eq.NITROGEN])

    @property
    def oxygen_face_pct(self) -> float:
        """vol% where the guest breathes."""
        return oxygen_at(self.y, self.p, self.mouth_above_rim_m)

    def celsius(self, state: int) -> float:
        return float(self.y[state]) - KELVIN

    def oxygen_pct(self, state: int) -> float:
        return 100.0 * float(self.y[state])
