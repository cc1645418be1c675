"""Figures of the device: cool-down, hold, a group's visit. Reference prototype ±25 %, a plain PI regulates."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from simulator.gas import KELVIN
from simulator.house import weather_kpa
from simulator.parameters import AnalyserParameters, ParameterError, PlantParameters, walk_ins
from simulator.people import Place
from simulator.plant import Actuators, Plant
from simulator.precool import Regulated, precooled_state, simulate
from simulator.sensors import INDEX
from simulator.thermal import LIQUID_MAIN, STATES, T_MAIN, T_PRE


@pytest.fixture(scope="module")
def cooled(parameters: PlantParameters) -> tuple[Regulated, dict[str, float]]:
    """A plant cooled down and held; the first hour of holding counts from 60 min after the start, when it has settled."""
    regulated = Regulated(Plant(parameters))
    figures = {"cool_down_min": regulated.cool_down() / 60.0}
    figures["cool_down_kg"] = regulated.plant.truth().nitrogen_kg
    regulated.fresh_air = True
    regulated.advance(3600.0 - regulated.plant.time_s)
    for hour in ("first", "second"):
        before = regulated.plant.truth().nitrogen_kg
        regulated.advance(3600.0)
        figures[f"{hour}_hour_kg"] = regulated.plant.truth().nitrogen_kg - before
    return regulated, figures


@pytest.mark.parametrize(
    ("figure", "reference"), [("cool_down_min", 35.3), ("cool_down_kg", 103.0), ("first_hour_kg", 28.6), ("second_hour_kg", 22.6)]
)
def test_cool_down_and_hold(cooled: tuple[Regulated, dict[str, float]], figure: str, reference: float) -> None:
    assert cooled[1][figure] == pytest.approx(reference, rel=0.25)


def _visit(regulated: Regulated, persons: int) -> dict[str, float]:
    """30 s pre-chamber, 180 s main room, out through both doors, 7 min gap; figures of it (K, °C, kg, s)."""
    plant = regulated.plant
    crowd = plant.crowd
    before = plant.truth().nitrogen_kg
    crowd.send(Place.PRE, persons, plant.time_s)
    while crowd.count(Place.PRE) < persons or not plant.outer.shut:
        regulated.advance(0.1)
    regulated.advance(30.0)
    crowd.send(Place.MAIN, persons, plant.time_s)
    peak, heat, count = -273.0, 0.0, 0
    while crowd.count(Place.MAIN) < persons or not plant.inner.shut:
        regulated.advance(0.1)
        peak = max(peak, plant.y[T_MAIN] - KELVIN)
    for _ in range(1800):
        regulated.advance(0.1)
        heat, count = heat + plant.y[T_MAIN] - KELVIN, count + 1
    skin = crowd.people[0].body.surface_k - KELVIN
    crowd.send(Place.OUTSIDE, persons, plant.time_s)
    pre = -273.0
    while crowd.count(Place.OUTSIDE) < persons or not plant.outer.shut:
        regulated.advance(0.1)
        pre = max(pre, plant.y[T_PRE] - KELVIN)
    recovery = 0.0
    while plant.y[T_MAIN] - KELVIN > regulated.main_c + 2.0:
        regulated.advance(0.1)
        recovery += 0.1
    regulated.advance(420.0 - recovery)
    nitrogen = plant.truth().nitrogen_kg - before
    return {"peak": peak, "mean": heat / count, "pre": pre, "recovery": recovery, "kg": nitrogen, "skin": skin}


def test_visits_of_three(parameters: PlantParameters) -> None:
    plant = Plant(parameters, precooled_state())
    regulated = Regulated(plant)
    regulated.fresh_air = True
    regulated.advance(3600.0)
    begin = plant.time_s, plant.truth().nitrogen_kg
    visits = [_visit(regulated, 3) for _ in range(3)]
    hours = (plant.time_s - begin[0]) / 3600.0
    nitrogen = plant.truth().nitrogen_kg - begin[1]
    last = visits[-1]
    assert nitrogen / 9.0 == pytest.approx(4.07, rel=0.25)  # kg per person, holding between groups included
    assert nitrogen / hours == pytest.approx(66.6, rel=0.25)  # kg/h in service
    assert last["peak"] == pytest.approx(-98.5, abs=4.0)
    assert last["mean"] == pytest.approx(-101.7, abs=3.0)
    assert 15.0 < last["recovery"] < 70.0
    assert -40.0 < last["pre"] < 0.0
    assert last["skin"] == pytest.approx(12.5, abs=2.0)


def test_inner_door_held_open_for_a_minute(parameters: PlantParameters) -> None:
    """Prototype: -101 °C after 60 s with the regulator on."""
    plant = Plant(parameters, precooled_state())
    regulated = Regulated(plant)
    regulated.fresh_air = True
    regulated.advance(1200.0)
    plant.inner.held_open = True
    regulated.advance(60.0)
    plant.inner.held_open = False
    assert plant.y[T_MAIN] - KELVIN == pytest.approx(-101.0, abs=5.0)


def test_warming_up_after_the_nitrogen_is_lost(parameters: PlantParameters) -> None:
    """Prototype with fans on: -105.5 °C after 5 min, -100 after 15, -94 after 30."""
    plant = Plant(parameters, precooled_state())
    off = Actuators(recirculation=True, fresh_air=True)
    for minute in range(1, 31):
        for _ in range(600):
            plant.advance(off)
        if minute in (5, 15, 30):
            assert plant.y[T_MAIN] - KELVIN == pytest.approx({5: -105.5, 15: -100.0, 30: -94.0}[minute], abs=3.5)


def test_purge_and_drying_warm_the_rooms(parameters: PlantParameters) -> None:
    plant = Plant(parameters, precooled_state())
    for _ in range(6000):
        plant.advance(Actuators(recirculation=True, purge=True))
    assert plant.y[T_MAIN] - KELVIN > -40.0
    for _ in range(60_000):
        plant.advance(Actuators(recirculation=True, drying=True, door_heater=True))
    assert plant.y[T_MAIN] - KELVIN > 40.0
    assert plant.truth().nitrogen_kg == 0.0


def test_flooded_coil_carries_liquid_over(parameters: PlantParameters) -> None:
    """Fan off and valve wide open: the outlet then shows liquid at 1 atm, -195.8 °C."""
    plant = Plant(parameters, precooled_state())
    for _ in range(12_000):
        plant.advance(Actuators(xv_401=True, valve_main=100.0))
        if plant.y[LIQUID_MAIN] > parameters.main.coil_liquid_max_kg:
            break
    assert plant.y[LIQUID_MAIN] > parameters.main.coil_liquid_max_kg
    assert plant.true_values()[3] == pytest.approx(-195.75, abs=0.01)


def test_main_valve_in_series(parameters: PlantParameters) -> None:
    plant = Plant(parameters)
    for _ in range(300):
        plant.advance(Actuators(xv_401=False, valve_main=100.0, valve_pre=100.0))
    assert plant.truth().nitrogen_kg == 0.0
    for _ in range(300):
        plant.advance(Actuators(xv_401=True, valve_main=100.0, valve_pre=100.0))
    assert plant.truth().nitrogen_kg > 1.0
    assert plant.flow_kg_s == pytest.approx(0.052, rel=0.1)


def test_control_valve_closes_within_2_s(parameters: PlantParameters) -> None:
    plant = Plant(parameters)
    for _ in range(200):
        plant.advance(Actuators(xv_401=True, valve_main=100.0))
    for _ in range(21):
        plant.advance(Actuators(xv_401=True))
    assert plant.valve_main < 0.05


@pytest.mark.parametrize("name", walk_ins())
def test_stored_cold_state_is_that_of_the_model(name: str) -> None:
    stored, fresh = precooled_state(name), simulate(name)
    assert len(stored) == STATES
    assert stored == pytest.approx(fresh, rel=1e-6, abs=1e-6)
    assert stored[T_MAIN] - KELVIN == pytest.approx(-110.0, abs=2.0)
    assert stored[T_PRE] - KELVIN == pytest.approx(-60.0, abs=3.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "no cold state stored"), ("{", "python -m simulator.precool"), ("[1, 2]", "has 2 states"), ("{}", "has 0 states")],
)
def test_bad_cold_state_names_file_and_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, message: str) -> None:
    monkeypatch.setattr("simulator.precool.PLANTS", tmp_path)
    if text is not None:
        (tmp_path / "hut.precooled.json").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=message):
        precooled_state("hut")


def test_battery_falls_without_mains_and_fills_again(parameters: PlantParameters) -> None:
    plant = Plant(parameters, precooled_state())
    plant.defects.mains_lost = True
    for _ in range(4500):
        plant.advance(Actuators())
    assert plant.ups_charge_pct == pytest.approx(50.0, abs=0.1)  # half of 15 min
    plant.defects.mains_lost = False
    for _ in range(6000):
        plant.advance(Actuators())
    assert plant.ups_charge_pct == pytest.approx(50.0 + 100.0 * 600.0 / 14_400.0, abs=0.1)


def test_weather_stays_near_its_mean_and_moves(parameters: PlantParameters) -> None:
    kpa = [weather_kpa(parameters.weather, 3600.0 * h) for h in range(200)]
    assert 98.0 < min(kpa) < 99.5
    assert 101.0 < max(kpa) < 102.0
    assert max(abs(b - a) for a, b in pairwise(kpa)) < 0.3  # kPa in an hour


def test_uncompensated_analysers_read_partial_pressure(parameters: PlantParameters) -> None:
    for compensated, expected in ((1.0, 20.95), (0.0, 20.95 * 80.0 / 101.325)):
        plant = Plant(replace(parameters, analysers=AnalyserParameters(compensated)))
        plant.defects.ambient_kpa = 80.0
        for _ in range(4):
            plant.advance(Actuators())
        assert plant.true_values()[INDEX["AT-301"]] == pytest.approx(expected, abs=0.01)
