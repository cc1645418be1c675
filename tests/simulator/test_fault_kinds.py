"""What each kind of fault does to plant, PLC and people, over the wire format, in virtual time."""

from __future__ import annotations

import pytest

from chamber.states import CycleState
from chamber.tags import BIT_TAGS
from plc_bridge.contract import Flag, Output, PlcState, QualityNibble, Trip, Voice
from plc_bridge.fingerprint import PROGRAM_ID
from simulator.faults import KINDS, FaultError, catalogue
from simulator.people import Place
from simulator.signals import Defects
from simulator.world import World
from tests.simulator.driver import Driver


@pytest.mark.parametrize(
    ("kind", "params", "value", "nibble"),
    [
        ("sensor_offset", {"offset": 20.0}, -90.0, QualityNibble.GOOD),
        ("sensor_offset", {"offset": -150.0}, -205.0, QualityNibble.FAILURE_LOW),
        ("sensor_open", {}, 60.0, QualityNibble.FAILURE_HIGH),
        ("sensor_short", {}, -240.0, QualityNibble.FAILURE_LOW),
        ("sensor_drift", {"per_minute": 10.0}, -100.0, QualityNibble.GOOD),
    ],
)
def test_sensor_faults_and_their_end(driver: Driver, kind: str, params: dict[str, float], value: float, nibble: int) -> None:
    before = float(driver.status["TT-102"])
    fault = driver.world.faults.inject(kind, "TT-102", params)
    driver.run_for(60.0)
    assert float(driver.status["TT-102"]) == pytest.approx(value, abs=2.5)
    assert driver.nibble("TT-102") == nibble
    driver.world.faults.clear(fault.id)
    driver.scan()
    assert float(driver.status["TT-102"]) == pytest.approx(before, abs=2.5)
    assert driver.nibble("TT-102") == QualityNibble.GOOD


def test_frozen_sensor_does_not_move(driver: Driver) -> None:
    driver.world.faults.inject("sensor_frozen", "TT-101")
    driver.scan()
    held = driver.status["TT-101"]
    driver.world.hold_door("inner", True)
    driver.run_for(30.0)
    assert driver.status["TT-101"] == held
    assert float(driver.status["TT-102"]) > -105.0


@pytest.mark.parametrize("tag", [t.tag for t in BIT_TAGS])
@pytest.mark.parametrize("closed", [0.0, 1.0])
def test_any_contact_can_stick(world: World, tag: str, closed: float) -> None:
    driver = Driver(world)
    world.faults.inject("contact_stuck", tag, {"closed": closed})
    driver.scan()
    assert driver.contact(tag) is bool(closed)
    world.faults.clear_all()
    assert world.contacts_open == world.contacts_closed == 0


@pytest.mark.parametrize(
    ("kind", "target", "params", "trip", "within_s"),
    [
        ("valve_stuck", "TCV-101", {"position": 60.0}, Trip.VALVE_STUCK_OPEN, 8.0),
        ("valve_stuck", "XV-401", {"position": 100.0}, Trip.VALVE_STUCK_OPEN, 8.0),
        ("nitrogen_leak", "main", {"rate": 180.0, "ramp_s": 10.0}, Trip.O2_FALLING, 60.0),
        ("nitrogen_leak", "pre", {"rate": 60.0, "ramp_s": 0.0}, Trip.O2_PRE_LL, 60.0),
        ("nitrogen_leak", "room", {"rate": 600.0, "ramp_s": 10.0}, Trip.O2_ROOM_EVAC, 120.0),
        ("door_stuck", "inner", {}, Trip.DOOR_STUCK, 25.0),
        ("extract_fan_lost", "room", {}, Trip.EXTRACT_LOST, 10.0),
        ("mains_lost", "supply", {}, Trip.MAINS_LOST, 1.0),
        ("sample_flow_lost", "chamber", {}, Trip.O2_SAMPLE_FLOW, 6.0),
    ],
)
def test_faults_during_a_session_trip_and_oxygen_stays_breathable(
    driver: Driver, kind: str, target: str, params: dict[str, float], trip: Trip, within_s: float
) -> None:
    driver.world.guests.autopilot = True
    driver.session(2, 20.0)
    driver.world.faults.inject(kind, target, params)
    if kind in ("valve_stuck", "door_stuck"):
        driver.tell(cycle_state=CycleState.EXIT, voice=Voice.LEAVE_NOW, demand_bits=1 << Output.RECIRC_FAN)
    lowest = 21.0
    for _ in range(round(within_s * 10)):
        driver.scan()
        lowest = min(lowest, driver.world.truth().o2_main_pct)
        if trip in driver.trips:
            break
    assert trip in driver.trips
    assert driver.state is PlcState.EVACUATE or not driver.flag(Flag.OCCUPIED)
    assert lowest > 18.0


def test_purge_fan_lost_is_found_when_it_is_needed(driver: Driver) -> None:
    driver.world.faults.inject("purge_fan_lost")
    driver.world.press_estop(True)
    driver.run_for(7.0)
    assert driver.trips == {Trip.ESTOP, Trip.PURGE_FAILED}


def test_passing_valve_is_found_by_the_flow_meter(driver: Driver) -> None:
    driver.start()
    driver.tell(cycle_state=CycleState.READY)
    driver.world.faults.inject("valve_passing", "TCV-101", {"flow": 40.0})
    driver.run_for(15.0)
    assert driver.first_out is Trip.VALVE_STUCK_OPEN
    assert float(driver.status["ZT-101"]) < 2.0
    driver.run_for(5.0)
    assert driver.world.plant.flow_kg_s == 0.0  # the main valve stops what the control valve does not


def test_lost_supply_shows_in_pressure_and_flow(driver: Driver) -> None:
    driver.start()
    driver.tell(cycle_state=CycleState.READY)
    driver.regulate(10.0, 60.0, 20.0)
    assert float(driver.status["FT-401"]) > 60.0
    driver.world.faults.inject("ln2_supply_lost")
    driver.run_for(60.0)
    assert float(driver.status["PT-401"]) < 1.25
    assert float(driver.status["FT-401"]) < 3.0


def test_silent_plc_takes_nothing_in_and_trips_on_its_own(driver: Driver) -> None:
    driver.start()
    fault = driver.world.faults.inject("plc_silent")
    assert not driver.world.answering
    driver.run_for(6.0)
    assert driver.trips == {Trip.LEASE_LOST}
    driver.world.faults.clear(fault.id)
    assert driver.world.answering


def test_reboot_empties_the_registers_and_keeps_memory(driver: Driver) -> None:
    world = driver.world
    world.guests.autopilot = True
    driver.session(1, 20.0)
    elapsed = float(driver.status["exposure_elapsed"])
    world.faults.inject("plc_reboot", params={"off_s": 3.0})
    driver.scan()
    assert driver.status["magic"] == 0
    assert world.actuators == type(world.actuators)()
    driver.beating = False
    for _ in range(31):
        world.advance_scan()
    driver.scan()
    assert world.answering
    assert not world.faults.active
    assert driver.state is PlcState.SAFE
    assert driver.flag(Flag.OCCUPIED)
    assert float(driver.status["exposure_elapsed"]) >= elapsed - 0.1


@pytest.mark.parametrize(
    ("kind", "target", "params", "message"),
    [
        ("gremlin", None, {}, "unknown fault"),
        ("sensor_open", "TT-999", {}, "unknown target"),
        ("sensor_open", None, {}, "unknown target"),
        ("sensor_offset", "TT-101", {"shift": 1.0}, "unknown parameter"),
        ("nitrogen_leak", "main", {"rate": 5000.0}, "from 0 to 900"),
        ("nitrogen_leak", "main", {"rate": float("nan")}, "must be a number"),
        ("nitrogen_leak", "main", {"rate": True}, "must be a number"),
    ],
)
def test_bad_faults_are_refused_with_reason(world: World, kind: str, target: str | None, params: dict[str, float], message: str) -> None:
    with pytest.raises(FaultError, match=message):
        world.faults.inject(kind, target, params)
    assert not world.faults.active


def test_a_tag_carries_one_sensor_fault_at_a_time(world: World) -> None:
    world.faults.inject("sensor_open", "TT-101")
    with pytest.raises(FaultError, match="already has the fault f1"):
        world.faults.inject("sensor_noise", "TT-101")
    with pytest.raises(FaultError, match="no fault 'f9'"):
        world.faults.clear("f9")


def test_every_kind_starts_and_stops_and_leaves_a_healthy_plant(world: World) -> None:
    for what in KINDS.values():
        for target in [t for t in what.targets if t not in world.plant.lacks][:3]:
            world.faults.inject(what.kind, target)
            world.advance_scan()
            world.faults.clear_all()
    assert vars(world.plant.defects) == vars(Defects())
    assert not world.sensors.distortions
    assert world.answering


def test_catalogue_describes_every_kind() -> None:
    assert [entry["kind"] for entry in catalogue()] == list(KINDS)
    assert {k for k in KINDS if k not in [entry["kind"] for entry in catalogue({"lift"})]} == {"lift_low"}
    for what in KINDS.values():
        assert what.text
        assert what.targets
        for p in what.params:
            assert p.low <= p.default <= p.high


# -- nitrogen into rooms ---------------------------------------------------------------------------------------------


def _leak(driver: Driver, target: str, rate: float, seconds: float) -> tuple[float, float]:
    """Lowest true oxygen in main room and treatment room (breathing height), vol%, during a leak from exposure on."""
    driver.world.guests.autopilot = True
    driver.session(2, 40.0)
    driver.world.faults.inject("nitrogen_leak", target, {"rate": rate, "ramp_s": 10.0})
    lowest = [21.0, 21.0]
    for _ in range(round(seconds * 10)):
        driver.scan()
        truth = driver.world.truth()
        lowest = [min(lowest[0], truth.o2_main_pct), min(lowest[1], truth.o2_room_pct)]
    return lowest[0], lowest[1]


def test_coil_leak_of_3_kg_per_min_is_stopped_in_time_by_the_plc_alone(driver: Driver) -> None:
    """The told state stays EXPOSURE throughout: no help from a supervisor. People leave by the PLC's voice."""
    main, room = _leak(driver, "main", 180.0, 60.0)
    assert driver.trips
    assert driver.world.plant.main_valve == 0.0
    assert main > 18.6
    assert room > 20.0
    assert driver.world.plant.crowd.count(Place.OUTSIDE) == 2
    assert driver.world.truth().o2_main_pct > main  # purge works


def test_hose_burst_in_the_room_of_10_kg_per_min(driver: Driver) -> None:
    _, room = _leak(driver, "room", 600.0, 60.0)
    assert driver.trips & {Trip.O2_ROOM_LL, Trip.O2_ROOM_EVAC}
    assert driver.driven(Output.BEACON_NO_ENTRY)
    assert driver.driven(Output.EXTRACT_BOOST)
    assert room > 18.0


def test_leak_before_the_main_valve_goes_on_whatever_the_plc_does(driver: Driver) -> None:
    driver.world.faults.inject("nitrogen_leak", "supply", {"rate": 600.0, "ramp_s": 0.0})
    driver.run_for(60.0)
    before = driver.world.truth().nitrogen_kg
    driver.run_for(60.0)
    assert Trip.O2_ROOM_EVAC in driver.trips
    assert driver.world.truth().nitrogen_kg - before == pytest.approx(10.0, rel=0.01)


def test_slow_guests_take_longer_to_leave() -> None:
    def way_out(slow: bool) -> float:
        other = World(seed=7)
        driver = Driver(other)
        other.guests.autopilot = True
        driver.session(1, 10.0)
        if slow:
            other.faults.inject("guest_slow", params={"factor": 3.0})
        begin = other.time_s
        driver.tell(cycle_state=CycleState.EXIT, voice=Voice.LEAVE_NOW)
        while other.plant.crowd.count(Place.OUTSIDE) < 1:
            driver.scan()
        return other.time_s - begin

    assert way_out(slow=True) > way_out(slow=False) + 5.0


def test_lost_circulation_warms_the_room(driver: Driver) -> None:
    """Without the fans the coil loses most of its air side: the same valve no longer holds the temperature."""
    driver.start()
    driver.tell(cycle_state=CycleState.READY)
    driver.world.faults.inject("recirculation_fan_lost")
    before = driver.world.truth().t_main_c
    driver.regulate(180.0, 17.0, 20.0)
    assert driver.world.truth().t_main_c > before + 1.0


@pytest.mark.parametrize(
    ("kind", "tag", "quiet"),
    [("service_key", "HS-002", False), ("room_emergency", "HS-301", True), ("ups_fault", "JS-001", True)],
)
def test_contact_of_the_house(driver: Driver, kind: str, tag: str, quiet: bool) -> None:
    driver.scan(2)
    assert driver.contact(tag) is quiet
    fault = driver.world.faults.inject(kind)
    driver.scan(2)
    assert driver.contact(tag) is not quiet
    driver.world.faults.clear(fault.id)
    driver.scan(2)
    assert driver.contact(tag) is quiet


def test_the_loudspeaker_is_heard_while_it_speaks_and_is_connected(driver: Driver) -> None:
    driver.scan(3)
    assert not driver.contact("YS-102")
    driver.tell(voice=Voice.TEST)
    driver.scan(3)
    assert driver.status["voice"] == Voice.TEST
    assert driver.contact("YS-102")
    driver.world.faults.inject("loudspeaker_lost")
    driver.scan(2)
    assert driver.status["voice"] == Voice.TEST
    assert not driver.contact("YS-102")


def test_line_pressure_and_weather_can_be_set(driver: Driver) -> None:
    driver.world.faults.inject("ln2_pressure", params={"bar": 3.9})
    driver.world.faults.inject("ambient_pressure", params={"kpa": 80.0})
    driver.run_for(20.0)
    assert float(driver.status["PT-401"]) == pytest.approx(3.9, abs=0.05)
    assert float(driver.status["PT-301"]) == pytest.approx(80.0, abs=0.2)


def test_drained_battery_reports_its_charge(driver: Driver) -> None:
    driver.world.faults.inject("ups_fault", params={"charge": 12.0})
    driver.run_for(3.0)
    assert float(driver.status["JT-001"]) == pytest.approx(12.0, abs=1.5)


def test_another_program_has_another_fingerprint(driver: Driver) -> None:
    driver.scan()
    assert driver.status["program_id"] == PROGRAM_ID
    driver.world.faults.inject("plc_program_changed")
    driver.scan()
    assert driver.status["program_id"] not in (0, PROGRAM_ID)


def test_a_dead_battery_takes_the_plc_down_and_the_mains_bring_it_back(driver: Driver) -> None:
    driver.start()
    driver.world.faults.inject("ups_fault", params={"charge": 1.0})
    mains = driver.world.faults.inject("mains_lost")
    driver.run_for(5.0)
    assert driver.world.answering
    assert driver.trips == {Trip.MAINS_LOST}
    driver.run_for(10.0)  # one percent lasts 9 s
    assert not driver.world.answering
    assert driver.world.plant.main_valve == 0.0
    driver.world.faults.clear(mains.id)
    driver.mailbox = [0] * len(driver.mailbox)  # a supervisor sends a command once
    driver.run_for(2.0)
    assert driver.world.answering
    assert driver.state is not PlcState.RUN
    assert driver.world.boots == 2
