"""Many chambers at once: the same equations stepped in one compiled batch, each chamber with its own scatter, guests and regulator.

For figures of a whole make of device, not of one: how far temperature and nitrogen spread between chambers that leave the
same factory. Much simpler than ``World``: no PLC, no supervisor, doors that are open or shut, a plain PI of its own, and
people as a plate of skin. Without numba it runs as plain Python, some fifty times slower.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import NamedTuple

from simulator.compiled import COMPILED, Vector, compiled
from simulator.gas import KELVIN, PRESSURE
from simulator.kernel import NITROGEN, STATES, T_MAIN, T_PRE, X_MAIN, rk4
from simulator.parameters import PlantParameters, RoomParameters, load
from simulator.plant import SCAN_S, SCANS_PER_STEP
from simulator.precool import SETPOINT_MAIN_C, SETPOINT_PRE_C, precooled_state
from simulator.thermal import INPUTS, vector, warm_state

STEP_S = SCAN_S * SCANS_PER_STEP
_CHUNK_STEPS = 150  # a minute
_SPREAD = 0.10  # standard deviation of what differs from chamber to chamber, share of the value, assumed
_SKIN_K, _SKIN_M2, _FILM_W_M2K, _EFFUSIVITY = 305.0, 1.52, 10.3, 1200.0  # hand formula for skin under a constant film
_RADIATED = 0.2  # share of it that goes to the walls
_BREATH_W, _BREATH_KG_S, _OXYGEN_KG_S = 45.0, 1.2e-5, 1.2e-5  # per person, as in ``simulator.people`` for the mean man
_PRE_S, _MAIN_S = 30.0, 180.0  # s, time in each room
_GAIN, _INTEGRAL_S, _LAG_S = 0.06, 240.0, 15.0  # PI in 1/K and s; thermometer
_U = {name: i for i, name in enumerate(INPUTS)}
_FEED_MAIN, _FEED_PRE, _INNER, _OUTER = _U["feed_main"], _U["feed_pre"], _U["door_inner"], _U["door_outer"]
_HEAT_MAIN, _HEAT_PRE, _RADIATION_MAIN, _RADIATION_PRE = _U["heat_main"], _U["heat_pre"], _U["radiation_main"], _U["radiation_pre"]
_WATER_MAIN, _WATER_PRE, _OXYGEN_MAIN, _OXYGEN_PRE = _U["water_main"], _U["water_pre"], _U["oxygen_main"], _U["oxygen_pre"]
# what a chamber remembers beside its state
_SUM_MAIN, _SUM_PRE, _SEEN_MAIN, _SEEN_PRE, _VALVE_MAIN, _VALVE_PRE, _OCCUPIED_S, _OCCUPIED_K_S, _PEAK_K, _OXYGEN_MIN = range(10)
_MEMORY = 10
# what it is told once: full feeds kg/s, set points K, valve lag s
_FULL_MAIN, _FULL_PRE, _SET_MAIN, _SET_PRE, _VALVE_S = range(5)


@compiled
def _regulate(memory: Vector, at_sum: int, at_seen: int, at_valve: int, gas_k: float, set_k: float, valve_s: float, h: float) -> None:
    """Thermometer, PI with conditional integration, valve."""
    memory[at_seen] += (gas_k - memory[at_seen]) * (1.0 - math.exp(-h / _LAG_S))
    error = memory[at_seen] - set_k
    wanted = _GAIN * error + memory[at_sum]
    output = min(1.0, max(0.0, wanted))
    if output == wanted or (wanted > 1.0 and error < 0.0) or (wanted < 0.0 and error > 0.0):
        memory[at_sum] = min(1.0, max(0.0, memory[at_sum] + _GAIN / _INTEGRAL_S * error * h))
    memory[at_valve] += (output - memory[at_valve]) * (1.0 - math.exp(-h / valve_s))


@compiled
def _visit(u: Vector, gas_k: float, since_s: float, persons: float) -> float:
    """Doors and loads of a group ``since_s`` after it opened the outer door, into ``u``; returns how many are in the main room."""
    door_s = 5.0 + persons
    enter_main = door_s + _PRE_S
    leave_main = enter_main + door_s + _MAIN_S
    leave_pre = leave_main + 2.0 * door_s
    for i in (_HEAT_MAIN, _HEAT_PRE, _RADIATION_MAIN, _RADIATION_PRE, _WATER_MAIN, _WATER_PRE, _OXYGEN_MAIN, _OXYGEN_PRE):
        u[i] = 0.0
    u[_INNER] = 1.0 if enter_main <= since_s < enter_main + door_s or leave_main <= since_s < leave_main + door_s else 0.0
    u[_OUTER] = 1.0 if 0.0 <= since_s < door_s or leave_main + door_s <= since_s < leave_pre else 0.0
    if since_s < 0.0 or since_s >= leave_pre:
        return 0.0
    cooled = 1.0 + 2.0 * _FILM_W_M2K / _EFFUSIVITY * math.sqrt(since_s / math.pi)
    heat = persons * _SKIN_M2 * _FILM_W_M2K * (_SKIN_K - gas_k) / cooled
    inside = enter_main + 0.5 * door_s <= since_s < leave_main + 0.5 * door_s
    if inside:
        u[_HEAT_MAIN], u[_RADIATION_MAIN] = (1.0 - _RADIATED) * heat + persons * _BREATH_W, _RADIATED * heat
        u[_WATER_MAIN], u[_OXYGEN_MAIN] = persons * _BREATH_KG_S, persons * _OXYGEN_KG_S
        return persons
    if 0.5 * door_s <= since_s:
        u[_HEAT_PRE], u[_RADIATION_PRE] = (1.0 - _RADIATED) * heat + persons * _BREATH_W, _RADIATED * heat
        u[_WATER_PRE], u[_OXYGEN_PRE] = persons * _BREATH_KG_S, persons * _OXYGEN_KG_S
    return 0.0


@compiled
def run_chamber(
    y: Vector,
    u: Vector,
    p: Vector,
    told: Vector,
    memory: Vector,
    begins: Vector,
    groups: Vector,
    begin_s: float,
    steps: int,
    h: float,
    now: Vector,
    rate: Vector,
    total: Vector,
) -> None:
    """``steps`` steps of one chamber in place. ``begins`` and ``groups``: when the next groups come and how many they are."""
    for k in range(steps):
        time_s = begin_s + k * h
        since, persons = -1.0, 0.0
        for i in range(len(begins)):
            if begins[i] <= time_s:
                since, persons = time_s - begins[i], groups[i]
        inside = _visit(u, y[T_MAIN], since, persons) if persons > 0.0 else 0.0
        _regulate(memory, _SUM_MAIN, _SEEN_MAIN, _VALVE_MAIN, y[T_MAIN], told[_SET_MAIN], told[_VALVE_S], h)
        _regulate(memory, _SUM_PRE, _SEEN_PRE, _VALVE_PRE, y[T_PRE], told[_SET_PRE], told[_VALVE_S], h)
        u[_FEED_MAIN], u[_FEED_PRE] = told[_FULL_MAIN] * memory[_VALVE_MAIN], told[_FULL_PRE] * memory[_VALVE_PRE]
        rk4(y, u, p, h, now, rate, total)
        if inside > 0.0:
            memory[_OCCUPIED_S] += h
            memory[_OCCUPIED_K_S] += h * y[T_MAIN]
            memory[_PEAK_K] = max(memory[_PEAK_K], y[T_MAIN])
            memory[_OXYGEN_MIN] = min(memory[_OXYGEN_MIN], y[X_MAIN])


@compiled
def run_fleet(
    y: Vector,
    u: Vector,
    p: Vector,
    told: Vector,
    memory: Vector,
    begins: Vector,
    groups: Vector,
    begin_s: float,
    steps: int,
    h: float,
    now: Vector,
    rate: Vector,
    total: Vector,
) -> None:
    """All chambers, one after the other: a chamber's numbers stay in the cache for the whole chunk."""
    for i in range(len(y)):
        run_chamber(y[i], u[i], p[i], told[i], memory[i], begins[i], groups[i], begin_s, steps, h, now, rate, total)


def scattered(p: PlantParameters, rng: random.Random) -> PlantParameters:
    """Another chamber of the same make: what workmanship, place and wear change differs by some ten percent."""

    def about(value: float) -> float:
        return value * math.exp(rng.gauss(0.0, _SPREAD))

    def room(r: RoomParameters) -> RoomParameters:
        return replace(
            r,
            coil_gas_w_k=about(r.coil_gas_w_k),
            coil_boil_w_k=about(r.coil_boil_w_k),
            coil_feed_kg_s=about(r.coil_feed_kg_s),
            bridge_w_k=about(r.bridge_w_k),
            fan_w=about(r.fan_w),
            frost_half_kg=about(r.frost_half_kg),
        )

    return replace(
        p,
        main=room(p.main),
        pre=room(p.pre),
        wall=replace(p.wall, foam_w_mk=about(p.wall.foam_w_mk), inside_w_m2k=about(p.wall.inside_w_m2k)),
        nitrogen=replace(p.nitrogen, line_ambient_w_k=about(p.nitrogen.line_ambient_w_k), flash=about(p.nitrogen.flash)),
        door=replace(p.door, flow_factor=about(p.door.flow_factor)),
        air=replace(p.air, fresh_kg_s=about(p.air.fresh_kg_s), room_k=p.air.room_k + rng.gauss(0.0, 1.5)),
    )


class Figures(NamedTuple):
    """One chamber over the whole run; temperatures in °C, None where nobody came in."""

    main_c: float
    nitrogen_kg: float
    persons: int
    occupied_mean_c: float | None
    peak_c: float | None
    oxygen_min_pct: float | None


class Fleet:
    """``chambers`` chambers of one plant. Deterministic by seed. Groups come about every ``every_s``."""

    def __init__(
        self, chambers: int, hours: float, seed: int = 1, plant: str = "walk-in-two-room", *, warm: bool = False, every_s: float = 900.0
    ) -> None:
        if chambers < 1 or hours <= 0.0:
            raise ValueError(f"chambers = {chambers}, hours = {hours:g}: both must be above 0")
        base = load(plant)
        cold = None if warm else precooled_state(plant)
        self.time_s, self.end_s = 0.0, 3600.0 * hours
        rows: list[tuple[list[float], ...]] = []
        most = math.ceil(self.end_s / every_s) + 1
        for i in range(chambers):
            rng = random.Random(f"{seed}/fleet/{i}")  # noqa: S311  simulation, reproducible by seed
            p = scattered(base, rng)
            y = warm_state(p) if cold is None else list(cold)
            u = [0.0] * len(INPUTS)
            u[_U["fan"]], u[_U["fresh"]], u[_U["extract"]], u[_U["pressure"]] = 1.0, p.air.fresh_kg_s, p.room.extract_m3_s, PRESSURE
            u[_U["liquid_oxygen"]] = p.tank.oxygen
            told = [p.main.coil_feed_kg_s, p.pre.coil_feed_kg_s, SETPOINT_MAIN_C + KELVIN, SETPOINT_PRE_C + KELVIN, p.valve.opening_tau_s]
            memory = [0.0] * _MEMORY
            memory[_SEEN_MAIN], memory[_SEEN_PRE], memory[_OXYGEN_MIN] = y[T_MAIN], y[T_PRE], 1.0
            first = rng.uniform(0.0, every_s) + (3600.0 if warm else 0.0)
            begins = [first + k * every_s + rng.uniform(0.0, 0.3 * every_s) for k in range(most)]
            rows.append((y, u, vector(p), told, memory, begins, [float(rng.randint(1, 3)) for _ in range(most)]))
        columns: list[Vector] = [list(column) for column in zip(*rows, strict=True)]
        work: list[Vector] = [[0.0] * STATES for _ in range(3)]
        if COMPILED:
            import numpy as np

            columns, work = [np.array(column) for column in columns], [np.array(row) for row in work]
        self.y, self._u, self._p, self._told, self._memory, self._begins, self._groups = columns
        self._work = work

    def advance(self) -> None:
        """A minute for everybody."""
        run_fleet(
            self.y, self._u, self._p, self._told, self._memory, self._begins, self._groups,
            self.time_s, _CHUNK_STEPS, STEP_S, self._work[0], self._work[1], self._work[2],
        )  # fmt: skip
        self.time_s += _CHUNK_STEPS * STEP_S

    @property
    def done(self) -> bool:
        return self.time_s >= self.end_s

    def figures(self) -> list[Figures]:
        found: list[Figures] = []
        for y, memory, begins, groups in zip(self.y, self._memory, self._begins, self._groups, strict=True):
            stayed = float(memory[_OCCUPIED_S])
            visited = stayed > 0.0
            found.append(
                Figures(
                    float(y[T_MAIN]) - KELVIN,
                    float(y[NITROGEN]),
                    sum(int(n) for t, n in zip(begins, groups, strict=True) if t + _PRE_S + 20.0 <= self.time_s),
                    float(memory[_OCCUPIED_K_S]) / stayed - KELVIN if visited else None,
                    float(memory[_PEAK_K]) - KELVIN if visited else None,
                    100.0 * float(memory[_OXYGEN_MIN]) if visited else None,
                )
            )
        return found


def spread(values: list[float]) -> tuple[float, float, float]:
    """(5th, 50th, 95th percentile)."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return ordered[round(0.05 * last)], ordered[round(0.5 * last)], ordered[round(0.95 * last)]
