"""Right-hand side of the plant and its Runge-Kutta step.

Constant pressure and volume, ideal gas. Rooms breathe: a room that cools inhales (main from pre, pre from the
treatment room), one that warms or is fed exhales the same way back. State vector and units: see the index constants.
Plain scalars on purpose: numpy's call overhead is larger than the whole right-hand side.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.gas import (
    CP_AIR,
    CP_NITROGEN,
    KELVIN,
    LATENT_ICE,
    LATENT_MELT,
    LATENT_NITROGEN,
    OXYGEN_AIR,
    density,
    door_flow,
    humidity_over_ice,
)
from simulator.parameters import PlantParameters, RoomParameters

FOAM_NODES = 7
T_MAIN, T_PRE, T_ROOM = 0, 1, 2  # K, gas
X_MAIN, X_PRE, X_BREATHING, X_FLOOR = 3, 4, 5, 6  # mole fraction of oxygen
W_MAIN, W_PRE = 7, 8  # kg/kg
COIL_MAIN, LIQUID_MAIN, FROST_MAIN = 9, 10, 11  # K, kg, kg
COIL_PRE, LIQUID_PRE, FROST_PRE = 12, 13, 14
LINE, NITROGEN, FITTINGS = 15, 16, 17  # K, kg used since start, K
WALL_MAIN = 18  # liner, then foam from inside to outside, K
WALL_PRE = WALL_MAIN + 1 + FOAM_NODES
STATES = WALL_PRE + 1 + FOAM_NODES

State = list[float]


class Inputs:
    """What acts on the plant during one step (SI units, mean values of the step)."""

    __slots__ = (
        "boost",
        "door_heater",
        "door_inner",
        "door_outer",
        "drying",
        "extract",
        "fan",
        "feed_main",
        "feed_pre",
        "fresh",
        "heat_main",
        "heat_pre",
        "leak_main",
        "leak_pre",
        "leak_room",
        "oxygen_main",
        "oxygen_pre",
        "purge",
        "radiation_main",
        "radiation_pre",
        "water_main",
        "water_pre",
    )

    def __init__(self) -> None:
        self.feed_main = self.feed_pre = 0.0  # kg/s of nitrogen to the coils
        self.door_inner = self.door_outer = 0.0  # open fraction
        self.heat_main = self.heat_pre = 0.0  # W from people into the gas
        self.radiation_main = self.radiation_pre = 0.0  # W from people onto the liner
        self.oxygen_main = self.oxygen_pre = 0.0  # kg/s of air-equivalent taken from the gas as oxygen
        self.water_main = self.water_pre = 0.0  # kg/s
        self.leak_main = self.leak_pre = self.leak_room = 0.0  # kg/s of liquid nitrogen
        self.purge = 0.0  # kg/s of room air into the main room
        self.fresh = 0.0  # kg/s of dried air
        self.fan = 1.0  # 1 running, 0 standing
        self.extract = 0.0  # m³/s out of the treatment room
        self.boost = 0.0  # extra mixing that the boosted extract brings, m³/s
        self.drying = 0.0  # 1 heaters on
        self.door_heater = 0.0


class Coil:
    """Constants of one room's coil and walls, precomputed for speed."""

    __slots__ = (
        "area",
        "boil",
        "bridge",
        "coil_j_k",
        "conduct",
        "conduct_first",
        "conduct_last",
        "feed",
        "foam_j",
        "frost_half",
        "gas",
        "half",
        "maximum",
        "volume",
    )

    def __init__(self, room: RoomParameters, p: PlantParameters) -> None:
        thickness = room.foam_m / FOAM_NODES
        self.volume, self.area, self.bridge = room.volume_m3, room.wall_area_m2, room.bridge_w_k
        self.gas, self.boil, self.coil_j_k = room.coil_gas_w_k, room.coil_boil_w_k, room.coil_j_k
        self.maximum, self.half, self.feed, self.frost_half = (
            room.coil_liquid_max_kg,
            room.coil_liquid_half_kg,
            room.coil_feed_kg_s,
            room.frost_half_kg,
        )
        self.conduct = p.wall.foam_w_mk / thickness
        self.conduct_first = 2.0 * self.conduct
        self.conduct_last = 1.0 / (1.0 / p.wall.outside_w_m2k + thickness / (2.0 * p.wall.foam_w_mk))
        self.foam_j = p.wall.foam_j_m3k * thickness


class Model:
    """The differential equations of one plant."""

    def __init__(self, p: PlantParameters) -> None:
        self.p = p
        self.main = Coil(p.main, p)
        self.pre = Coil(p.pre, p)

    def line(self, flow: float, line_k: float, ambient_k: float) -> tuple[float, float]:
        """(liquid fraction delivered, dT/dt of the line in K/s) at a total flow in kg/s."""
        n = self.p.nitrogen
        boiled = 0.0
        liquid = 1.0 - n.flash
        if flow > 1e-6:
            boiled = min(n.line_boil_w_k * (line_k - n.saturation_k), flow * (1.0 - n.flash) * LATENT_NITROGEN)
            liquid -= boiled / (flow * LATENT_NITROGEN)
        return liquid, (n.line_ambient_w_k * (ambient_k - line_k) - boiled) / n.line_j_k

    def coil(
        self, c: Coil, y: Sequence[float], at: int, gas_k: float, humidity: float, feed: float, liquid_share: float, fan: float
    ) -> tuple[float, float, float, float, float]:
        """One coil: (heat from gas W, frost kg/s, dT metal, d liquid, d frost). ``at`` is the index of the metal state."""
        n = self.p.nitrogen
        metal, liquid, frost = y[at], y[at + 1], y[at + 2]
        conductance = c.gas * fan / (1.0 + frost / c.frost_half)
        heat = conductance * (gas_k - metal)
        deposit = conductance / CP_AIR * max(0.0, humidity - humidity_over_ice(metal))
        above = metal - n.saturation_k
        boiled = vent = 0.0
        if above > 0.0:
            wetted = liquid / (liquid + c.half) if liquid > 0.0 else 0.0
            boiled = c.boil * wetted * above / LATENT_NITROGEN
            vent = (boiled + feed * (1.0 - liquid_share)) * CP_NITROGEN * n.vapour_effectiveness * above
        melt = 0.0
        if metal > KELVIN and frost > 0.0:
            melt = conductance * (metal - KELVIN) / LATENT_MELT * min(1.0, frost / 0.1)
        carry = n.carry_over_rate_s * (liquid - c.maximum) if liquid > c.maximum else 0.0
        d_metal = (heat + deposit * LATENT_ICE - boiled * LATENT_NITROGEN - vent - melt * LATENT_MELT) / c.coil_j_k
        return heat, deposit, d_metal, feed * liquid_share - boiled - carry, deposit - melt

    def wall(self, c: Coil, y: Sequence[float], at: int, gas_k: float, ambient_k: float, film: float, radiation: float, out: State) -> None:
        """Liner and foam of one room into ``out``."""
        liner = y[at]
        inner = y[at + 1]
        into = c.conduct_first * (inner - liner)
        out[at] = (film * (gas_k - liner) + into + radiation / c.area) / self.p.wall.liner_j_m2k
        conduct, heat = c.conduct, c.foam_j
        for i in range(at + 1, at + FOAM_NODES):
            outer = y[i + 1]
            onward = conduct * (outer - inner)
            out[i] = (onward - into) / heat
            into, inner = onward, outer
        out[at + FOAM_NODES] = (c.conduct_last * (ambient_k - inner) - into) / heat

    def derivative(self, y: Sequence[float], u: Inputs) -> State:
        """dy/dt in SI units per second."""
        p, main, pre = self.p, self.main, self.pre
        n, air, wall = p.nitrogen, p.air, p.wall
        t_m, t_p, t_r, x_m, x_p, x_b, x_f, w_m, w_p = y[0:9]
        out = [0.0] * STATES
        rho_m, rho_p, rho_r = density(t_m), density(t_p), density(t_r)
        mass_m, mass_p = rho_m * main.volume, rho_p * pre.volume

        flow = u.feed_main + u.feed_pre
        liquid, out[LINE] = self.line(flow, y[LINE], t_r)
        out[NITROGEN] = flow + u.leak_main + u.leak_pre + u.leak_room
        fan = 1.0 if u.fan > 0.5 else wall.fan_off_factor
        heat_m, frost_m, out[COIL_MAIN], out[LIQUID_MAIN], out[FROST_MAIN] = self.coil(
            main, y, COIL_MAIN, t_m, w_m, u.feed_main, liquid, fan
        )
        heat_p, frost_p, out[COIL_PRE], out[LIQUID_PRE], out[FROST_PRE] = self.coil(pre, y, COIL_PRE, t_p, w_p, u.feed_pre, liquid, fan)

        film = wall.inside_w_m2k if u.fan > 0.5 else 0.5 * wall.inside_w_m2k
        self.wall(main, y, WALL_MAIN, t_m, t_r, film, u.radiation_main, out)
        self.wall(pre, y, WALL_PRE, t_p, t_r, film, u.radiation_pre, out)

        door = p.door
        inner = outer = 0.0
        if u.door_inner > 0.0:
            cold, warm = (rho_m, rho_p) if rho_m > rho_p else (rho_p, rho_m)
            inner = u.door_inner * door.flow_factor * cold * door_flow(door.area_m2, door.height_m, cold, warm)
        if u.door_outer > 0.0:
            cold, warm = (rho_p, rho_r) if rho_p > rho_r else (rho_r, rho_p)
            outer = u.door_outer * door.flow_factor * cold * door_flow(door.area_m2, door.height_m, cold, warm)

        # main room: heat, then what it inhales from or exhales to the pre-chamber
        fitting = 0.0
        if p.main.fittings_j_k > 0.0:
            fitting = p.main.fittings_w_k * (y[FITTINGS] - t_m)
            out[FITTINGS] = -fitting / p.main.fittings_j_k
        partition = wall.partition_w_k * (t_p - t_m)
        evaporate = (1.0 - n.flash) * LATENT_NITROGEN
        s_m = (
            film * main.area * (y[WALL_MAIN] - t_m)
            + main.bridge * (t_r - t_m)
            + fitting
            + partition
            - heat_m
            + u.fan * p.main.fan_w
            + u.heat_main
            + u.drying * air.drying_main_w
            + 0.5 * u.door_heater * air.door_heater_w
            + inner * CP_AIR * (t_p - t_m)
            + u.fresh * CP_AIR * (1.0 - air.fresh_recovery) * (t_r - t_m)
            + u.purge * CP_AIR * (t_r - t_m)
            - u.leak_main * (evaporate + CP_NITROGEN * (t_m - n.saturation_k))
        )
        net_m = u.fresh + u.purge + u.leak_main
        dt_m, inhale_m, exhale_m = _breathe(s_m, net_m, mass_m, t_m, t_p)

        # pre-chamber: the same against the treatment room
        s_p = (
            film * pre.area * (y[WALL_PRE] - t_p)
            + pre.bridge * (t_r - t_p)
            - partition
            - heat_p
            + u.fan * p.pre.fan_w
            + u.heat_pre
            + u.drying * air.drying_pre_w
            + 0.5 * u.door_heater * air.door_heater_w
            + (inner + exhale_m) * CP_AIR * (t_m - t_p)
            + outer * CP_AIR * (t_r - t_p)
            - u.leak_pre * (evaporate + CP_NITROGEN * (t_p - n.saturation_k))
        )
        dt_p, inhale_p, exhale_p = _breathe(s_p, exhale_m - inhale_m + u.leak_pre, mass_p, t_p, t_r)
        out[T_MAIN], out[T_PRE] = dt_m, dt_p

        from_pre = inner + inhale_m
        out[X_MAIN] = (
            u.fresh * (OXYGEN_AIR - x_m) + u.purge * (x_b - x_m) - u.leak_main * x_m + from_pre * (x_p - x_m) - u.oxygen_main * (1.0 - x_m)
        ) / mass_m
        from_main = inner + exhale_m
        from_room = outer + inhale_p
        out[X_PRE] = (from_main * (x_m - x_p) + from_room * (x_b - x_p) - u.leak_pre * x_p - u.oxygen_pre * (1.0 - x_p)) / mass_p
        wall_m = film * main.area / CP_AIR * max(0.0, w_m - humidity_over_ice(y[WALL_MAIN]))
        wall_p = film * pre.area / CP_AIR * max(0.0, w_p - humidity_over_ice(y[WALL_PRE]))
        out[W_MAIN] = (
            u.fresh * (air.fresh_humidity - w_m)
            + u.purge * (air.room_humidity - w_m)
            + from_pre * (w_p - w_m)
            - u.leak_main * w_m
            + u.water_main
            - frost_m
            - wall_m
        ) / mass_m
        out[W_PRE] = (
            from_main * (w_m - w_p) + from_room * (air.room_humidity - w_p) - u.leak_pre * w_p + u.water_pre - frost_p - wall_p
        ) / mass_p
        self._room(u, out, t_r, rho_r, x_b, x_f, x_p, t_p, outer, exhale_p)
        return out

    def _room(
        self, u: Inputs, out: State, t_r: float, rho: float, x_b: float, x_f: float, x_p: float, t_p: float, outer: float, exhale: float
    ) -> None:
        """Treatment room: floor and breathing layer for oxygen, one temperature. Cold gas enters at the floor."""
        room, n = self.p.room, self.p.nitrogen
        spill = exhale * (1.0 - room.exhaust_captured)
        extract = rho * (u.extract if u.extract > room.leakage_m3_s else room.leakage_m3_s)
        mixing = rho * (room.mixing_m3_s + u.boost)
        floor_out = extract * room.floor_share
        supply = max(0.0, extract - u.leak_room - spill - u.purge)
        down = floor_out - u.leak_room - spill  # net flow from the breathing layer to the floor, negative: upwards
        fall, rise = (down, 0.0) if down > 0.0 else (0.0, -down)
        out[X_FLOOR] = ((mixing + fall) * (x_b - x_f) - u.leak_room * x_f + (spill + outer) * (x_p - x_f)) / (rho * room.floor_m3)
        out[X_BREATHING] = (supply * (OXYGEN_AIR - x_b) + (mixing + rise) * (x_f - x_b)) / (rho * (room.volume_m3 - room.floor_m3))
        heat = (
            (room.loss_w_k + supply * CP_AIR) * (self.p.air.room_k - t_r)
            + (outer + spill) * CP_AIR * (t_p - t_r)
            - u.leak_room * ((1.0 - n.flash) * LATENT_NITROGEN + CP_NITROGEN * (t_r - n.saturation_k))
        )
        out[T_ROOM] = heat / room.heat_j_k

    def step(self, y: State, u: Inputs, h: float) -> State:
        """One classical Runge-Kutta step of ``h`` s; liquid and humidity cannot go below zero.

        Stable and exact to the millikelvin up to 0.5 s (the fastest mode is the coil's inventory, about 1 s); at 2 s the
        result is wrong by tens of kelvin without looking wrong, hence the step-halving test.
        """
        f = self.derivative
        half = 0.5 * h
        k1 = f(y, u)
        k2 = f([a + half * b for a, b in zip(y, k1, strict=True)], u)
        k3 = f([a + half * b for a, b in zip(y, k2, strict=True)], u)
        k4 = f([a + h * b for a, b in zip(y, k3, strict=True)], u)
        sixth = h / 6.0
        new = [a + sixth * (b + 2.0 * (c + d) + e) for a, b, c, d, e in zip(y, k1, k2, k3, k4, strict=True)]
        for i in (W_MAIN, W_PRE, LIQUID_MAIN, LIQUID_PRE, FROST_MAIN, FROST_PRE):
            if new[i] < 1e-12:  # also keeps denormal numbers, which are slow, out of the way
                new[i] = 0.0
        return new


def _breathe(heat: float, net: float, mass: float, t: float, t_source: float) -> tuple[float, float, float]:
    """(dT/dt K/s, inhaled kg/s, exhaled kg/s) of a room of constant volume at constant pressure.

    ``heat`` W includes all streams but the inhaled one, ``net`` kg/s is the net forced inflow. Inhaled gas comes at
    ``t_source``; solved in closed form because it depends on dT/dt itself.
    """
    rate = heat / (mass * CP_AIR)
    out = net + mass / t * rate
    if out >= 0.0:
        return rate, 0.0, out
    rate = (heat - net * CP_AIR * (t_source - t)) / (mass * CP_AIR * t_source / t)
    return rate, max(0.0, -mass / t * rate - net), 0.0


def warm_state(p: PlantParameters) -> State:
    """Everything at room temperature, doors shut, no frost."""
    y = [p.air.room_k] * STATES
    y[X_MAIN] = y[X_PRE] = y[X_BREATHING] = y[X_FLOOR] = OXYGEN_AIR
    y[W_MAIN] = y[W_PRE] = p.air.room_humidity
    for i in (LIQUID_MAIN, LIQUID_PRE, FROST_MAIN, FROST_PRE, NITROGEN):
        y[i] = 0.0
    return y
