"""Device A, the two-room chamber: a first morning played once, its figures beside reported ones, its cool-down for a plot."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from simulator.device_figures import Figure, single
from simulator.gas import KELVIN
from simulator.parameters import load
from simulator.people import Place
from simulator.plant import Plant
from simulator.precool import SETPOINT_MAIN_C, Regulated
from simulator.thermal import T_MAIN, T_PRE
from simulator.validation.climate import EVERY_S, ROOM_C, stored

GROUP = 3
GAP_S = 420.0
_AIR_LIQUIDE = "Bernard and Dallais, Air Liquide"
_FLUIDS = "Fluids 9 (2024) 61: flow computed for another chamber"
_MEMORY = "vendors, from memory"


@dataclass
class Morning:
    """From a warm start: cool-down, groups of three for four hours, an hour at rest."""

    cool_down_min: float = 0.0
    cool_down_kg: float = 0.0
    rest_kg: float = 0.0
    rest_sd_k: float = 0.0
    trace: list[tuple[float, float, float]] = field(default_factory=list)  # min, main °C, pre °C
    hours: list[tuple[float, int]] = field(default_factory=list)  # nitrogen kg and guests of each hour of service
    peak_c: list[float] = field(default_factory=list)
    mean_c: list[float] = field(default_factory=list)
    recovery_s: list[float] = field(default_factory=list)
    skin_c: list[float] = field(default_factory=list)


def play_morning() -> Morning:
    """Some seconds of work."""
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
    begin, used, guests = plant.time_s, plant.truth().nitrogen_kg, 0
    while len(found.hours) < 4:
        _visit(regulated, found)
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


def _visit(regulated: Regulated, found: Morning) -> None:
    """30 s pre-chamber, 180 s main room, out through both doors, 7 min gap."""
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
    regulated.advance(max(0.0, GAP_S - found.recovery_s[-1]))


def crowding() -> float:
    """How much warmer three guests find the main room than one, K, on the mean of three minutes in a chamber set to -92 °C."""
    climates = stored()
    one, three = (climates[f"main {n}"].gas[: round(180.0 / EVERY_S)] for n in (1, 3))
    return (ROOM_C + 92.0) * (statistics.fmean(three) - statistics.fmean(one))


def figures(m: Morning) -> list[Figure]:
    """Rows for the page. What only the reference model says is no report and not in here."""
    a = "two-room"
    (_, _), (second_kg, second_n), _, (fourth_kg, fourth_n) = m.hours
    all_kg, all_n = sum(kg for kg, _ in m.hours), sum(n for _, n in m.hours)
    early = (m.cool_down_kg + m.hours[0][0] + second_kg) / (m.hours[0][1] + second_n)
    late = (m.cool_down_kg + all_kg) / all_n
    return [
        Figure(a, "cool-down from warm to -108 °C", m.cool_down_min, "min", 30.0, 60.0, _MEMORY),
        Figure(a, "nitrogen of the cool-down, inferred from the fall of the average", m.cool_down_kg, "kg", 66.0, 154.0, _AIR_LIQUIDE),
        Figure(a, "nitrogen per guest in the second hour of service", second_kg / second_n, "kg", *single(6.2), _AIR_LIQUIDE),
        Figure(a, "nitrogen per guest, cool-down spread over the first two hours", early, "kg", *single(6.2), _AIR_LIQUIDE),
        Figure(a, "nitrogen per guest in the fourth hour of service", fourth_kg / fourth_n, "kg", *single(4.0), _AIR_LIQUIDE),
        Figure(a, "nitrogen per guest, cool-down spread over four hours", late, "kg", *single(4.0), _AIR_LIQUIDE),
        Figure(a, "steadiness at rest, standard deviation", m.rest_sd_k, "K", 0.0, 3.0, _MEMORY),
        Figure(a, "main room warmer with three than with one, -92 °C, mean of 3 min", crowding(), "K", *single(6.7), _FLUIDS),
        Figure(a, "set point + 2 K again after three have left", statistics.fmean(m.recovery_s), "s", 0.0, 120.0, _MEMORY),
    ]
