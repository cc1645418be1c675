"""Each fault of an instrument, played on the simulated plant until its check finds it; the healthy ones stay good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chamber.cause_effect import Action
from chamber.events import EventKind
from chamber.instruments.limits import KINDS, Kind
from chamber.profile import Commissioned
from chamber.readings import Quality, Why
from chamber.states import CycleState
from control.publish import tag_views
from simulator.parameters import AnalyserParameters
from simulator.plant import Plant
from tests.control.day import Day

pytestmark = pytest.mark.req("SRS-TMP-005")


def found(day: Day, tag: str, why: Why, within_s: float, *, quality: Quality | None = None) -> float:
    """Until the tag is so; all others stay good the whole time."""

    def so(d: Day) -> bool:
        readings = d.chamber.state.perception.analog
        assert {t for t, r in readings.items() if r.quality is not Quality.GOOD} <= {tag}
        r = readings[tag]
        return r.why is why and (quality is None or r.quality is quality)

    return day.until(so, within_s)


@pytest.mark.parametrize(
    ("kind", "tag", "params", "why", "within_s"),
    [
        ("sensor_offset", "TT-102", {"offset": 3.0}, Why.DRIFT, 120.0),
        ("sensor_drift", "TT-103", {"per_minute": -1.0}, Why.DRIFT, 300.0),
        ("sensor_noise", "TT-101", {"deviation": 0.5}, Why.NOISE, 30.0),
        ("sensor_noise", "AT-101B", {"deviation": 0.2}, Why.NOISE, 30.0),
        ("sensor_short", "TT-201", {}, Why.FAILURE_LOW, 0.3),
        ("sensor_open", "TT-202", {}, Why.FAILURE_HIGH, 0.3),
        ("sensor_offset", "TT-101", {"offset": 8.0}, Why.DISAGREES, 12.0),
    ],
)
def test_found_in_an_empty_chamber(idle: Day, kind: str, tag: str, params: dict[str, float], why: Why, within_s: float) -> None:
    idle.inject(kind, tag, **params)
    found(idle, tag, why, within_s)
    idle.run(5.0)
    assert idle.state is CycleState.READY
    idle.assert_safe()


def test_a_frozen_sensor_is_found_when_the_room_moves(idle: Day) -> None:
    idle.inject("sensor_frozen", "TT-102")
    idle.run(100.0)
    assert idle.chamber.state.perception.analog["TT-102"].quality is Quality.GOOD  # a steady hold proves nothing
    idle.chamber.world.hold_door("outer", True)
    idle.chamber.world.hold_door("inner", True)
    idle.run(3.0)
    idle.chamber.world.hold_door("inner", False)
    idle.chamber.world.hold_door("outer", False)
    idle.until(lambda d: d.chamber.state.perception.analog["TT-102"].why is Why.STUCK, 120.0)


def test_a_frozen_analyser_is_found_in_ten_minutes(idle: Day) -> None:
    idle.inject("sensor_frozen", "AT-201B")
    took = found(idle, "AT-201B", Why.STUCK, 610.0)
    assert took > 590.0
    idle.until(lambda d: "O2-SENS-BAD" in d.acting, 5.0)  # uncertain is bad for safety


def test_a_work_order_for_what_is_still_good(idle: Day) -> None:
    idle.inject("sensor_offset", "TT-201", offset=3.5)
    idle.until(lambda d: d.told(EventKind.ALARM, alarm="SENSOR-MAINT"), 400.0)
    assert idle.chamber.state.perception.analog["TT-201"].quality is Quality.GOOD
    assert idle.chamber.state.verdict.action is Action.NOTIFY
    assert idle.state is CycleState.READY


@pytest.mark.req("SRS-LN2-007")
def test_a_valve_that_passes_is_seen_by_the_use(idle: Day) -> None:
    idle.inject("valve_passing", "TCV-201", flow=60.0)
    idle.until(lambda d: "LN2-USE-HI" in d.acting, 480.0)


@pytest.mark.req("SRS-LN2-001")
def test_warm_air_that_gives_its_warmth_to_cold_walls_is_no_stuck_valve(exposed: Day) -> None:
    """After an exit nobody confirms: the nitrogen stays shut, and the room falls by itself once the doors are shut again."""
    exposed.operator = None
    exposed.until_state(CycleState.EXIT, 60.0)
    exposed.run(600.0)
    assert exposed.told(EventKind.CAUSE, cause="VALVE-STUCK") == []
    exposed.assert_safe()


@pytest.mark.req("SRS-O2-009")
def test_an_analyser_that_fails_in_fresh_air_is_out_of_service_until_it_passes() -> None:
    day = Day()
    fault = day.inject("sensor_offset", "AT-101C", offset=-0.9)
    day.until(lambda d: d.chamber.state.cycle.self_test_failed, 60.0)
    day.run(0.1)
    reading = day.chamber.state.perception.analog["AT-101C"]
    assert (reading.quality, reading.why, reading.good) == (Quality.BAD, Why.FRESH_AIR, None)
    day.mend(fault)
    day.run(5.0)
    assert day.chamber.state.perception.analog["AT-101C"].why is Why.FRESH_AIR  # it reads well, but nobody has checked it


@pytest.mark.req("SRS-O2-010")
@pytest.mark.parametrize("barometer", [True, False])
def test_cells_that_see_partial_pressure_at_altitude(barometer: bool) -> None:
    """A site at 1500 m with cells set at sea level: the air is good, and it says so; without barometer it counts as less."""
    day = Day()
    world, profile = day.chamber.world, day.chamber.state.profile
    plant = world.plant
    assert isinstance(plant, Plant)
    plant.p = replace(plant.p, analysers=AnalyserParameters(0.0))
    plant.weather = replace(plant.weather, mean_kpa=84.6, swing_kpa=0.5)
    cells = {t: Commissioned(partial_pressure_at_kpa=101.325) for t in KINDS if KINDS[t] is Kind.OXYGEN}
    mountain = profile.model_copy(update={"commissioned": profile.commissioned | cells | {"PT-301": Commissioned(mean_kpa=84.6)}})
    day.chamber.state = day.chamber.state._replace(profile=mountain)
    if not barometer:
        day.inject("sensor_open", "PT-301")
    day.run(60.0)
    for tag in cells:
        r = day.chamber.state.perception.analog[tag]
        assert r.good is not None
        assert r.good == pytest.approx(20.95, abs=0.2) if barometer else 20.0 <= r.good < 20.4
        assert r.why is (Why.NONE if barometer else Why.PRESSURE_UNKNOWN)
    assert ("SENSOR-MAINT" in day.acting) is False
    day.run(15.0)
    assert ("SENSOR-MAINT" in day.acting) is not barometer


def test_the_service_screen_shows_ne_107_and_its_reason(idle: Day) -> None:
    idle.inject("sensor_offset", "TT-201", offset=3.5)
    idle.inject("sensor_short", "TT-211")
    idle.inject("sensor_noise", "TT-101", deviation=0.5)
    idle.run(400.0)
    shown = tag_views(idle.chamber.state, idle.now)
    assert {(t, shown[t].ne107, shown[t].why) for t in ("TT-102", "TT-201", "TT-211")} == {
        ("TT-102", "good", "none"),
        ("TT-211", "failure", "failure_low"),
        ("TT-201", "maintenance_required", "drift"),
    }
    assert shown["TT-101"].ne107 in ("out_of_specification", "failure")
    assert shown["TT-201"].v is not None
