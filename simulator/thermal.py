"""The heat, gas and frost balance of one plant: parameters and inputs as vectors, and the step. Equations: ``simulator.kernel``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from struct import Struct
from typing import Any, cast

from simulator.compiled import COMPILED
from simulator.gas import OXYGEN_AIR, PRESSURE
from simulator.kernel import (
    CARRIED,
    COIL_MAIN,
    COIL_PRE,
    FITTINGS,
    FOAM_NODES,
    FROST_MAIN,
    FROST_PRE,
    LINE,
    LIQUID_MAIN,
    LIQUID_PRE,
    NEVER_NEGATIVE,
    NITROGEN,
    RIME_MAIN,
    RIME_PRE,
    SMALLEST,
    SPREAD_MAIN,
    SPREAD_PRE,
    STATES,
    T_MAIN,
    T_PRE,
    T_ROOM,
    W_MAIN,
    W_PRE,
    WALL_MAIN,
    WALL_PRE,
    X_BREATHING,
    X_FLOOR,
    X_MAIN,
    X_PRE,
    derivative,
    rk4,
)
from simulator.parameters import PlantParameters, RoomParameters

__all__ = [
    "CARRIED", "COIL_MAIN", "COIL_PRE", "FITTINGS", "FOAM_NODES", "FROST_MAIN", "FROST_PRE", "INPUTS", "LINE",
    "LIQUID_MAIN", "LIQUID_PRE", "NITROGEN", "RIME_MAIN", "RIME_PRE", "SPREAD_MAIN", "SPREAD_PRE", "STATES", "T_MAIN",
    "T_PRE", "T_ROOM", "WALL_MAIN", "WALL_PRE", "W_MAIN", "W_PRE", "X_BREATHING", "X_FLOOR", "X_MAIN", "X_PRE",
    "Inputs", "Model", "State", "vector", "warm_state",
]  # fmt: skip

State = list[float]
SPREAD_SPAN_K = 132.0  # treatment room minus gas at which a room's ``spread_k`` holds (22 to -110 °C)


class Inputs:
    """What acts on the plant during one step (SI units, mean values of the step), in the kernel's order."""

    feed_main: float  # kg/s of nitrogen to the coils
    feed_pre: float
    door_inner: float  # open fraction
    door_outer: float
    heat_main: float  # W from people into the gas
    heat_pre: float
    radiation_main: float  # W from people onto the liner
    radiation_pre: float
    oxygen_main: float  # kg/s of air-equivalent taken from the gas as oxygen
    oxygen_pre: float
    water_main: float  # kg/s of vapour
    water_pre: float
    leak_main: float  # kg/s of liquid nitrogen
    leak_pre: float
    leak_room: float
    purge: float  # kg/s of room air into the main room
    fresh: float  # kg/s of dried air
    fan: float  # 1 running, 0 standing
    extract: float  # m³/s out of the treatment room
    boost: float  # m³/s of extra mixing that the boosted extract brings
    drying: float  # 1 heaters on
    door_heater: float
    pressure: float  # Pa, ambient
    saturation_shift: float  # K, boiling point in the coils above that at nominal pressure
    liquid_oxygen: float  # mole fraction of oxygen in the liquid, where it is blown into the rooms

    __slots__ = tuple(__annotations__)

    def __init__(self) -> None:
        for name in INPUTS:
            setattr(self, name, 0.0)
        self.fan = 1.0
        self.pressure = PRESSURE


INPUTS = Inputs.__slots__
_STATE, _INPUT = Struct(f"{STATES}d"), Struct(f"{len(INPUTS)}d")
_values = cast(Callable[[Inputs], tuple[float, ...]], attrgetter(*INPUTS))


def vector(p: PlantParameters) -> list[float]:
    """Parameters in the order in which ``kernel.derivative`` takes them apart."""
    n, wall, air, door, room, mix = p.nitrogen, p.wall, p.air, p.door, p.room, p.height
    return [
        n.saturation_k, n.flash, n.line_j_k, n.line_boil_w_k, n.line_ambient_w_k, n.vapour_effectiveness, n.carry_over_rate_s,
        wall.liner_j_m2k, wall.inside_w_m2k, wall.partition_w_k, wall.fan_off_factor,
        air.fresh_recovery, air.fresh_humidity, air.room_k, air.room_humidity, air.drying_main_w, air.drying_pre_w, air.door_heater_w,
        door.area_m2, door.height_m, door.flow_factor,
        room.volume_m3, room.floor_m3, room.floor_share, room.leakage_m3_s, room.mixing_m3_s, room.heat_j_k, room.loss_w_k,
        room.exhaust_captured,
        *_room(p.main, p), *_room(p.pre, p),
        p.main.fittings_j_k, p.main.fittings_w_k,
        p.main.droplet_s, p.pre.droplet_s, p.main.spread_k / SPREAD_SPAN_K, p.pre.spread_k / SPREAD_SPAN_K,
        mix.mixing_s, mix.still_mixing, mix.still_spread, mix.person_k_kw / 1e3, mix.door_k_kw / 1e3, air.main_ducted,
    ]  # fmt: skip


_MAIN_AT, _PRE_AT = 29, 42  # where ``_room`` of either room begins in ``vector``


def _room(room: RoomParameters, p: PlantParameters) -> list[float]:
    """One cold room; the last three: foam layer W/m²K, last half layer with the outer film W/m²K, layer J/m²K."""
    layer, foam = room.foam_m / FOAM_NODES, p.wall.foam_w_mk
    return [
        room.volume_m3, room.wall_area_m2, room.bridge_w_k, room.fan_w, room.coil_gas_w_k, room.coil_boil_w_k, room.coil_j_k,
        room.coil_liquid_max_kg, room.coil_liquid_half_kg, room.frost_half_kg,
        foam / layer, 1.0 / (1.0 / p.wall.outside_w_m2k + layer / (2.0 * foam)), p.wall.foam_j_m3k * layer,
    ]  # fmt: skip


class Model:
    """The differential equations of one plant. States go in and out as lists, whatever computes in between."""

    def __init__(self, p: PlantParameters) -> None:
        self.p = p
        self.parameters = vector(p)
        self._insulation = (1.0, 1.0)
        if COMPILED:
            import numpy as np

            self._y: Any = np.empty(STATES)
            self._u: Any = np.empty(len(INPUTS))
            self._p = np.array(self.parameters)
            self._work = np.empty(STATES), np.empty(STATES), np.empty(STATES)
            self.step(warm_state(p), Inputs(), 0.1)  # compiles or loads now, not in the middle of somebody's real-time scan

    def insulate(self, main: float, pre: float) -> None:
        """Walls of main room and pre-chamber conduct so many times what dry foam does: foam and thermal bridges."""
        if (main, pre) == self._insulation:
            return
        self._insulation = (main, pre)
        outside = self.p.wall.outside_w_m2k
        for at, factor, room in ((_MAIN_AT, main, self.p.main), (_PRE_AT, pre, self.p.pre)):
            foam, layer = factor * self.p.wall.foam_w_mk, room.foam_m / FOAM_NODES
            wet = ((2, factor * room.bridge_w_k), (10, foam / layer), (11, 1.0 / (1.0 / outside + layer / (2.0 * foam))))
            for i, value in wet:
                self.parameters[at + i] = value
                if COMPILED:
                    self._p[at + i] = value

    def derivative(self, y: Sequence[float], u: Inputs) -> State:
        """dy/dt in SI units per second."""
        if COMPILED:
            self._y[:], self._u[:] = y, _values(u)
            derivative(self._y, self._u, self._p, self._work[0])
            return self._work[0].tolist()
        out = [0.0] * STATES
        derivative(y, _values(u), self.parameters, out)
        return out

    def step(self, y: State, u: Inputs, h: float) -> State:
        """One classical Runge-Kutta step of ``h`` s; liquid and humidity cannot go below zero.

        Stable and exact to the millikelvin up to 0.5 s (the fastest mode is the coil's inventory, about 1 s); at 2 s the
        result is wrong by tens of kelvin without looking wrong, hence the step-halving test.
        """
        if COMPILED:
            _STATE.pack_into(self._y, 0, *y)  # twice as fast as to assign a list
            _INPUT.pack_into(self._u, 0, *_values(u))
            rk4(self._y, self._u, self._p, h, *self._work)
            return self._y.tolist()
        return _plain(y, _values(u), self.parameters, h)


def _plain(y: State, u: Sequence[float], p: Sequence[float], h: float) -> State:
    """``kernel.rk4`` for lists, where comprehensions are several times faster than loops over an index."""
    k1, k2, k3, k4 = [0.0] * STATES, [0.0] * STATES, [0.0] * STATES, [0.0] * STATES
    half = 0.5 * h
    derivative(y, u, p, k1)
    derivative([a + half * b for a, b in zip(y, k1, strict=True)], u, p, k2)
    derivative([a + half * b for a, b in zip(y, k2, strict=True)], u, p, k3)
    derivative([a + h * b for a, b in zip(y, k3, strict=True)], u, p, k4)
    sixth = h / 6.0
    new = [a + sixth * (b + 2.0 * (c + d) + e) for a, b, c, d, e in zip(y, k1, k2, k3, k4, strict=True)]
    for i in NEVER_NEGATIVE:
        if new[i] < SMALLEST:
            new[i] = 0.0
    return new


def warm_state(p: PlantParameters) -> State:
    """Everything at room temperature, doors shut, no frost."""
    y = [p.air.room_k] * STATES
    y[X_MAIN] = y[X_PRE] = y[X_BREATHING] = y[X_FLOOR] = OXYGEN_AIR
    y[W_MAIN] = y[W_PRE] = p.air.room_humidity
    for i in (LIQUID_MAIN, LIQUID_PRE, FROST_MAIN, FROST_PRE, NITROGEN, RIME_MAIN, RIME_PRE, SPREAD_MAIN, SPREAD_PRE, CARRIED):
        y[i] = 0.0
    return y
