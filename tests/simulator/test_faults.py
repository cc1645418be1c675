"""Faults that grow, come later, last for a time, and those added to the list."""

from __future__ import annotations

import pytest

from simulator.fault_kinds import KINDS
from simulator.faults import MAX_PLANNED, SURPRISES, FaultError
from simulator.people import Place
from simulator.sensors import BIT_INDEX, INDEX
from simulator.world import World


@pytest.fixture
def world() -> World:
    return World(1, "precooled")


def run(world: World, seconds: float) -> None:
    for _ in range(round(10 * seconds)):
        world.advance_scan()


def reading(world: World, tag: str) -> float:
    return world.sensors.read(world.plant.true_values(), [0] * len(INDEX))[INDEX[tag]]


def test_an_offset_grows_from_nothing_to_its_value(world: World) -> None:
    before = reading(world, "TT-301")
    world.faults.inject("sensor_offset", "TT-301", {"offset": 20.0}, ramp_s=10.0)
    assert reading(world, "TT-301") == pytest.approx(before, abs=0.5)
    run(world, 5.0)
    assert reading(world, "TT-301") - before == pytest.approx(10.0, abs=1.0)
    run(world, 20.0)
    assert reading(world, "TT-301") - before == pytest.approx(20.0, abs=1.0)


def test_a_valve_creeps_open_and_is_mended(world: World) -> None:
    record = world.faults.inject("valve_stuck", "TCV-201", {"position": 80.0}, ramp_s=10.0, for_s=30.0)
    run(world, 5.0)
    assert world.plant.defects.valve_pre == pytest.approx(0.4, abs=0.02)
    run(world, 10.0)
    assert world.plant.defects.valve_pre == pytest.approx(0.8)
    run(world, 16.0)
    assert world.plant.defects.valve_pre is None
    assert record.began_s is not None
    assert record.ended_s == pytest.approx(record.began_s + 30.0, abs=0.11)


@pytest.mark.parametrize("kind", [k.kind for k in KINDS.values() if any(p.rest is not None for p in k.params)])
def test_whatever_can_grow_grows_and_goes_without_a_trace(world: World, kind: str) -> None:
    target = KINDS[kind].targets[0]
    record = world.faults.inject(kind, target, ramp_s=2.0)
    run(world, 1.0)
    fault = world.faults.active[record.id]
    for p in KINDS[kind].params:
        if p.rest is not None:
            assert min(p.rest, p.default) < fault.params[p.name] < max(p.rest, p.default)
    run(world, 1.5)
    assert fault.params == {p.name: p.default for p in KINDS[kind].params}
    world.faults.clear(record.id)
    assert not world.sensors.distortions
    assert (world.plant.defects.valve_main, world.plant.defects.supply_bar, world.plant.defects.ambient_kpa) == (None, None, None)


def test_a_planned_fault_comes_when_due_and_may_be_taken_back(world: World) -> None:
    first = world.faults.inject("mains_lost", after_s=2.0)
    second = world.faults.inject("plc_silent", after_s=2.0)
    world.faults.clear(second.id)
    run(world, 1.9)
    assert not world.faults.active
    run(world, 0.3)
    assert list(world.faults.active) == [first.id]
    assert (second.began_s, second.refused) == (None, "taken back")


def test_what_is_broken_when_its_time_comes_is_not_broken_twice(world: World) -> None:
    later = world.faults.inject("sensor_open", "TT-101", after_s=1.0)
    world.faults.inject("sensor_short", "TT-101")
    run(world, 1.5)
    assert len(world.faults.active) == 1
    assert "already has" in later.refused


def test_plans_are_bounded(world: World) -> None:
    for _ in range(MAX_PLANNED):
        world.faults.inject("mains_lost", after_s=10.0)
    with pytest.raises(FaultError, match="planned already"):
        world.faults.inject("mains_lost", after_s=10.0)


def test_every_surprise_can_be_drawn_once_and_no_more(world: World) -> None:
    for kind, target, params in SURPRISES:
        assert target in KINDS[kind].targets
        assert set(params) <= {p.name for p in KINDS[kind].params}
    drawn = {(r.kind.kind, r.target) for r in (world.faults.surprise(100.0) for _ in SURPRISES)}
    assert drawn == {(kind, target) for kind, target, _ in SURPRISES}
    with pytest.raises(FaultError, match="every surprise"):
        world.faults.surprise(1.0)


def test_spikes_come_and_go(world: World) -> None:
    before = reading(world, "TT-301")
    world.faults.inject("sensor_spikes", "TT-301", {"per_minute": 60.0, "size": 30.0})
    seen = []
    for _ in range(300):
        world.advance_scan()
        seen.append(reading(world, "TT-301") - before)
    assert 0.05 < sum(v > 20.0 for v in seen) / len(seen) < 0.8


def test_a_sluggish_sensor_lags(world: World) -> None:
    world.faults.inject("sensor_sluggish", "ZT-101", {"lag_s": 60.0})
    run(world, 1.0)
    shut = reading(world, "ZT-101")
    world.faults.inject("valve_stuck", "TCV-101", {"position": 100.0})
    run(world, 10.0)
    assert shut < reading(world, "ZT-101") < 50.0


def test_a_contact_bounces(world: World) -> None:
    bit = 1 << BIT_INDEX["ZS-101A"]
    record = world.faults.inject("contact_bounces", "ZS-101A", {"each_s": 0.5})
    seen = set()
    for _ in range(20):
        world.advance_scan()
        seen.add(bool(world.contacts_open & bit))
    assert seen == {True, False}
    world.faults.clear(record.id)
    assert (world.contacts_closed | world.contacts_open) & bit == 0


def test_people_who_do_what_they_should_not(world: World) -> None:
    walker = world.faults.inject("guest_walks_in", for_s=30.0)
    run(world, 20.0)
    assert world.plant.crowd.count(Place.MAIN) == 1
    held = world.faults.inject("door_held", "outer")
    pressed = [world.faults.inject(k) for k in ("guest_calls", "estop_pressed")]
    run(world, 2.0)
    assert world.plant.call_pressed
    assert world.plant.estop_pressed
    for record in (held, *pressed):
        world.faults.clear(record.id)
    assert (world.plant.call_pressed, world.plant.estop_pressed, world.plant.outer.held_open) == (False, False, False)
    run(world, 30.0)
    assert walker.ended_s is not None
    assert world.plant.crowd.count(Place.MAIN) == 0
