"""Plant, PLC, people and faults together, over the wire format, in virtual time."""

from __future__ import annotations

import random

import pytest

from chamber.states import CycleState
from chamber.tags import ANALOG_TAGS
from plc_bridge.codec import encode
from plc_bridge.contract import NONCE_XOR, Flag, Output, PlcState, QualityNibble, Trip, Voice
from plc_bridge.register_map import COMMAND, STATUS
from simulator.people import Place
from simulator.world import World
from tests.simulator.driver import Driver

# -- determinism -----------------------------------------------------------------------------------------------------


def _trace(seed: int) -> list[list[int]]:
    world = World(seed)
    world.guests.autopilot = True
    rng = random.Random(5)
    words: list[list[int]] = []
    nonce = 0
    for k in range(600):
        voice = Voice.WELCOME_PRE if k > 50 else Voice.SILENT
        told = {r.name: 0 for r in COMMAND} | {"hb_seq": k, "hb_echo": nonce ^ NONCE_XOR, "cycle_state": CycleState.BOARDING}
        told |= {"voice": voice, "persons": 2, "occupied": 1, "valve_main": rng.randrange(100)}
        status = world.advance_scan(encode(COMMAND, told))
        nonce = status[next(r.address for r in STATUS if r.name == "nonce")]
        if k == 100:
            world.faults.inject("sensor_noise", "TT-101", {"deviation": 2.0})
        words.append(status)
    return words


def test_same_seed_same_words() -> None:
    assert _trace(11) == _trace(11)
    assert _trace(11) != _trace(12)


def test_unknown_start_is_refused() -> None:
    with pytest.raises(ValueError, match="warm, precooled"):
        World(start="lukewarm")  # type: ignore[arg-type]


def test_ready_can_be_reached_within_90_s_from_precooled(driver: Driver) -> None:
    driver.start()
    driver.tell(cycle_state=CycleState.PRECOOL)
    driver.regulate(90.0, 21.0, 24.0)
    for tag in ("TT-101", "TT-102", "TT-103"):
        assert float(driver.status[tag]) == pytest.approx(-110.0, abs=3.5)
    assert not driver.trips


def test_sensors_show_height_offsets_and_stay_near_the_truth(driver: Driver) -> None:
    driver.run_for(20.0)
    truth = driver.world.truth()
    assert float(driver.status["TT-101"]) - float(driver.status["TT-103"]) == pytest.approx(3.5, abs=0.9)
    assert float(driver.status["TT-102"]) == pytest.approx(truth.t_main_c, abs=0.8)
    assert float(driver.status["AT-101A"]) == pytest.approx(truth.o2_main_pct, abs=0.15)
    assert all(driver.nibble(t.tag) == QualityNibble.GOOD for t in ANALOG_TAGS)


def test_empty_chamber_at_rest_has_no_cause(driver: Driver) -> None:
    driver.run_for(120.0)
    assert not driver.causes
    assert driver.state is PlcState.SAFE


# -- people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("persons", [1, 3, 5])
def test_guests_follow_the_voice_in_and_out(driver: Driver, persons: int) -> None:
    driver.world.guests.autopilot = True
    driver.session(persons, 30.0)
    assert driver.contact("YS-101")
    assert not driver.contact("YS-201")
    driver.tell(cycle_state=CycleState.EXIT, voice=Voice.LEAVE_NOW)
    driver.run_for(6.0 + 6.0 * persons)
    assert driver.world.plant.crowd.count(Place.OUTSIDE) == persons
    driver.tell(occupied=0, persons=0)
    driver.run_for(3.0)
    assert not driver.flag(Flag.OCCUPIED)
    assert driver.status["exposure_elapsed"] == 0
    assert not driver.trips


def test_inner_and_outer_door_are_not_open_together(driver: Driver) -> None:
    world = driver.world
    world.walk("main", 3)
    both = 0
    for _ in range(600):
        driver.scan()
        both += not world.plant.inner.shut and not world.plant.outer.shut
    assert world.plant.crowd.count(Place.MAIN) == 3
    assert both == 0


def test_fainted_guest_stays_and_the_exposure_timer_of_the_plc_trips(driver: Driver) -> None:
    world = driver.world
    world.guests.autopilot = True
    world.faults.inject("guest_faints")
    driver.tell(exposure_limit=60.0)
    driver.session(1, 70.0)
    assert Trip.EXPOSURE_LIMIT in driver.trips
    driver.run_for(30.0)
    assert world.plant.crowd.count(Place.MAIN) == 1
    assert driver.state is PlcState.EVACUATE
    world.faults.clear_all()
    driver.run_for(30.0)
    assert world.plant.crowd.count(Place.OUTSIDE) == 1


def test_guest_leaving_early_opens_the_door_and_closes_the_valves(driver: Driver) -> None:
    driver.world.guests.autopilot = True
    driver.world.faults.inject("guest_leaves_early", params={"after_s": 15.0})
    driver.session(1, 20.0)
    assert driver.world.plant.crowd.count(Place.MAIN) == 0


def test_somebody_walking_in_while_ready_trips(driver: Driver) -> None:
    driver.start()
    driver.tell(cycle_state=CycleState.READY)
    driver.world.walk("pre", 1)
    driver.run_for(15.0)
    assert driver.first_out is Trip.UNEXPECTED_OCCUPANCY


@pytest.mark.parametrize(("to", "persons"), [("moon", 1), ("pre", 0), ("main", 6)])
def test_bad_walks_are_refused(world: World, to: str, persons: int) -> None:
    with pytest.raises(ValueError, match=r"known:|must be 1 to 5"):
        world.walk(to, persons)


# -- hands -----------------------------------------------------------------------------------------------------------


def test_estop_and_call_button(driver: Driver) -> None:
    driver.world.press_estop(True)
    driver.scan()
    assert driver.trips == {Trip.ESTOP}
    assert not driver.contact("HS-001A")
    driver.world.press_call(True)
    driver.scan()
    assert driver.trips == {Trip.ESTOP, Trip.CALL_INSIDE}


def test_held_door_stays_open_and_falls_shut_by_itself(driver: Driver) -> None:
    driver.world.hold_door("outer", True)
    driver.run_for(20.0)
    assert driver.contact("ZS-201B")
    driver.world.hold_door("outer", False)
    driver.run_for(2.0)
    assert driver.contact("ZS-201A")
    assert not driver.trips


def test_unknown_door_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="inner, outer"):
        world.hold_door("back", True)


def test_turning_round_in_a_doorway_leads_through_that_door(world: World) -> None:
    driver = Driver(world)
    world.walk("main", 1)
    person = world.plant.crowd.people[0]
    while not (person.place is Place.PRE and person.through_at_s is not None):
        driver.scan()
    world.walk("outside", 1)
    places = [person.place]
    for _ in range(300):
        driver.scan()
        if person.place is not places[-1]:
            places.append(person.place)
    assert places == [Place.PRE, Place.MAIN, Place.PRE, Place.OUTSIDE]


def test_drying_heater_runs_only_told_drying_untripped_and_empty(driver: Driver) -> None:
    driver.tell(demand_bits=1 << Output.DRY_HEATER)
    driver.scan(2)
    assert not driver.driven(Output.DRY_HEATER)
    driver.tell(cycle_state=CycleState.DRYING)
    driver.scan(2)
    assert driver.driven(Output.DRY_HEATER)
    assert driver.world.actuators.drying
    driver.world.walk("pre", 1)
    driver.run_for(10.0)
    assert Trip.UNEXPECTED_OCCUPANCY in driver.trips
    assert not driver.driven(Output.DRY_HEATER)
