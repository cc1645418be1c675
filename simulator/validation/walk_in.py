"""Device A, the two-room chamber: a first morning played once, its figures beside reported ones, its cool-down for a plot."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from simulator.device_figures import WALK_INS_C, Figure, gas_at, single
from simulator.gas import KELVIN
from simulator.parameters import load
from simulator.people import Place
from simulator.plant import Plant
from simulator.precool import SETPOINT_MAIN_C, Regulated
from simulator.thermal import T_MAIN, T_PRE
from simulator.validation.climate import EVERY_S, ROOM_C, Climate, stored

GROUP = 3
GAP_S = 420.0
FULL_GAP_S = 180.0  # full service: the next three come in so long after the last have left, assumed
LOW_M, HIGH_M = 0.6, 1.8  # between which the gas of real walk-ins was measured
_AIR_LIQUIDE = "Bernard and Dallais, Air Liquide, taken as the average since the cool-down began, in full service"
_FLUIDS = "Fluids 9 (2024) 61, its conclusion: flow computed for another chamber"
_HEIGHTS = "Cholewka, Ciszek and Drzazga, table 1: two other chambers"
_COOL_DOWN = "Polish encyclopaedia: about 90 kg for a chamber of 15 m³"
_MEMORY = "vendors, from memory"


@dataclass
class Morning:
    """From a warm start: cool-down, groups of three for four hours, an hour at rest."""

    cool_down_min: float = 0.0
    cool_down_kg: float = 0.0
    opened_kg: float = 0.0  # nitrogen used before the first guest
    rest_kg: float = 0.0
    rest_sd_k: float = 0.0
    trace: list[tuple[float, float, float]] = field(default_factory=list)  # min, main °C, pre °C
    hours: list[tuple[float, int]] = field(default_factory=list)  # nitrogen kg and guests of each hour of service
    peak_c: list[float] = field(default_factory=list)
    mean_c: list[float] = field(default_factory=list)
    recovery_s: list[float] = field(default_factory=list)
    skin_c: list[float] = field(default_factory=list)


def play_morning(gap_s: float = GAP_S) -> Morning:
    """Some seconds of work. ``gap_s`` from the last out to the next in."""
    found = Morning()
    regulated = Regulated(Plant(load()))
    plant = regulated.plant

    def main_c() -> float:
        return plant.y[T_MAIN] - KELVIN

    while main_c() > SETPOINT_MAIN_C + 2.0:
        found.trace.append((plant.time_s / 60.0, main_c(), plant.y[T_PRE] - KELVIN))
        regulated.advance(10.0)
    found.cool_down_min, found.cool_down_kg = plant.time_s / 60.0, plant.truth().nitrogen_kg
    regulated.fresh_air = True
    for _ in range(90):
        regulated.advance(10.0)
        found.trace.append((plant.time_s / 60.0, main_c(), plant.y[T_PRE] - KELVIN))
    found.opened_kg = used = plant.truth().nitrogen_kg
    begin, guests = plant.time_s, 0
    while len(found.hours) < 4:
        _visit(regulated, found, gap_s)
        guests += GROUP
        if plant.time_s - begin >= 3600.0 * (len(found.hours) + 1):
            found.hours.append((plant.truth().nitrogen_kg - used, guests))
            used, guests = plant.truth().nitrogen_kg, 0
    before, seen = plant.truth().nitrogen_kg, list[float]()
    for _ in range(360):
        regulated.advance(10.0)
        seen.append(main_c())
    found.rest_kg, found.rest_sd_k = plant.truth().nitrogen_kg - before, statistics.pstdev(seen)
    return found


def _visit(regulated: Regulated, found: Morning, gap_s: float) -> None:
    """30 s pre-chamber, 180 s main room, out through both doors, gap."""
    plant, crowd = regulated.plant, regulated.plant.crowd
    crowd.send(Place.PRE, GROUP, plant.time_s)
    while crowd.count(Place.PRE) < GROUP or not plant.outer.shut:
        regulated.advance(0.1)
    regulated.advance(30.0)
    crowd.send(Place.MAIN, GROUP, plant.time_s)
    peak, seen = SETPOINT_MAIN_C, list[float]()
    while crowd.count(Place.MAIN) < GROUP or not plant.inner.shut:
        regulated.advance(0.2)
        peak = max(peak, plant.y[T_MAIN] - KELVIN)
    for _ in range(180):
        regulated.advance(1.0)
        seen.append(plant.y[T_MAIN] - KELVIN)
    person = crowd.people[0]
    person.catch_up()
    found.skin_c.append(person.body.surface_k - KELVIN)
    crowd.send(Place.OUTSIDE, GROUP, plant.time_s)
    while crowd.count(Place.OUTSIDE) < GROUP or not plant.outer.shut:
        regulated.advance(0.2)
    began = plant.time_s
    while plant.y[T_MAIN] - KELVIN > SETPOINT_MAIN_C + 2.0:
        regulated.advance(0.5)
    found.recovery_s.append(plant.time_s - began)
    found.peak_c.append(peak)
    found.mean_c.append(statistics.fmean(seen))
    regulated.advance(max(0.0, gap_s - found.recovery_s[-1]))


def _three_minutes(of: Climate) -> slice:
    return slice(0, min(len(of.gas), round(180.0 / EVERY_S)))


def crowding(persons: int, set_c: float = -92.0) -> float:
    """How much warmer guests find the main room than it is held empty, K, on the mean of three minutes."""
    climate = stored()[f"main {persons}"]
    return (ROOM_C - set_c) * statistics.fmean(climate.gas[_three_minutes(climate)])


def layers(set_c: float = -110.0) -> float:
    """K by which the main room's gas is warmer at the height of a head than below the knee, three guests inside."""
    climate = stored()["main 3"]
    return (HIGH_M - LOW_M) * (ROOM_C - set_c) * statistics.fmean(climate.per_m[_three_minutes(climate)])


def _averages(m: Morning, hours: int) -> float:
    """Nitrogen per guest since the cool-down began, kg, after so many hours of service."""
    played = m.hours[:hours]
    return (m.opened_kg + sum(kg for kg, _ in played)) / sum(guests for _, guests in played)


def figures(m: Morning, full: Morning) -> list[Figure]:
    """Rows for the page: of a calm morning, nitrogen of one in full service. What only the reference model says is no report."""
    a = "two-room"
    measured = [gas_at(profile, HIGH_M) - gas_at(profile, LOW_M) for profile in WALK_INS_C]
    return [
        Figure(a, "cool-down from warm to -108 °C", m.cool_down_min, "min", 30.0, 60.0, _MEMORY),
        Figure(a, "nitrogen of the cool-down", m.cool_down_kg, "kg", *single(90.0), _COOL_DOWN),
        Figure(a, "nitrogen per guest after two hours, cool-down spread over them", _averages(full, 2), "kg", *single(6.2), _AIR_LIQUIDE),
        Figure(a, "nitrogen per guest after four hours, cool-down spread over them", _averages(full, 4), "kg", *single(4.0), _AIR_LIQUIDE),
        Figure(a, "steadiness at rest, standard deviation", m.rest_sd_k, "K", 0.0, 3.0, _MEMORY),
        Figure(a, "main room warmer with three than empty, -92 °C, mean of 3 min", crowding(3), "K", *single(6.7), _FLUIDS),
        Figure(a, "gas at 1.8 m warmer than at 0.6 m, three inside", layers(), "K", min(measured), max(measured), _HEIGHTS),
        Figure(a, "set point + 2 K again after three have left", statistics.fmean(m.recovery_s), "s", 0.0, 120.0, _MEMORY),
    ]
