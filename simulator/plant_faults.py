"""Faults of the plant: valves, pipes, doors, fans, supplies, insulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.fault import Fault, Kind, Parameter

if TYPE_CHECKING:
    from simulator.fault import Deed
    from simulator.world import World

_PER_HOUR = 1.0 / 3600.0
DOOR_CM2 = 15_200.0  # opening of the two-room chamber's doors
_POSITION = {"TCV-101": "valve_main", "TCV-201": "valve_pre", "XV-401": "main_valve"}
_PASSING = {"TCV-101": "passing_main", "TCV-201": "passing_pre"}
_LEAKS = {"main": "leak_main_kg_s", "pre": "leak_pre_kg_s", "room": "leak_room_kg_s", "supply": "leak_supply_kg_s"}


def _number(attributes: dict[str, str], parameter: str, scale: float, rest: float | None) -> tuple[Deed, Deed]:
    """Start and stop of a defect that is one number by target: ``parameter`` times ``scale``, ``rest`` when mended."""

    def start(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, attributes[fault.target], scale * fault.params[parameter])

    def stop(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, attributes[fault.target], rest)

    return start, stop


def _lost(defect: str, kind: str, text: str, target: str) -> Kind:
    def start(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, defect, True)

    def stop(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, defect, False)

    return Kind(kind, text, (target,), (), start, stop)


def _leak(world: World, fault: Fault) -> None:
    ramp = fault.params["ramp_s"]
    share = min(1.0, (world.time_s - fault.since_s) / ramp) if ramp > 0.0 else 1.0
    setattr(world.plant.defects, _LEAKS[fault.target], share * fault.params["rate"] * _PER_HOUR)


def _leak_end(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _LEAKS[fault.target], 0.0)


def _door(world: World, fault: Fault) -> None:
    world.door(fault.target).stuck = True


def _door_free(world: World, fault: Fault) -> None:
    world.door(fault.target).stuck = False


def _drained(world: World, fault: Fault) -> None:
    world.plant.defects.ups_fault = True
    world.plant.ups_charge_pct = min(world.plant.ups_charge_pct, fault.params["charge"])


def _recharged(world: World, fault: Fault) -> None:
    world.plant.defects.ups_fault = False


KINDS = (
    Kind(
        "valve_stuck",
        "Valve stuck",
        tuple(_POSITION),
        (Parameter("position", "%", 0.0, 100.0, 100.0, 0.0),),
        *_number(_POSITION, "position", 0.01, None),
    ),
    Kind(
        "valve_passing",
        "Valve passes although it reports closed",
        tuple(_PASSING),
        (Parameter("flow", "%", 0.0, 100.0, 40.0, 0.0),),
        *_number(_PASSING, "flow", 0.01, 0.0),
    ),
    Kind(
        "nitrogen_leak",
        "Nitrogen leak (main, pre, room: behind the main valve; supply: into the room, before it)",
        tuple(_LEAKS),
        (Parameter("rate", "kg/h", 0.0, 900.0, 60.0), Parameter("ramp_s", "s", 0.0, 600.0, 10.0)),
        _leak,
        _leak_end,
        each_scan=True,
    ),
    Kind(
        "valve_worn",
        "Valve lets through more or less than when new, at the same opening",
        ("TCV-101", "TCV-201"),
        (Parameter("flow", "% of new", 20.0, 200.0, 130.0, 100.0),),
        *_number({"TCV-101": "trim_main", "TCV-201": "trim_pre"}, "flow", 0.01, 1.0),
    ),
    Kind(
        "valve_sticky",
        "Valve sticks before it moves",
        ("TCV-101", "TCV-201"),
        (Parameter("stiction", "% of the stroke", 0.0, 30.0, 5.0, 0.0),),
        *_number({"TCV-101": "stiction_main", "TCV-201": "stiction_pre"}, "stiction", 0.01, 0.0),
    ),
    Kind(
        "seal_leak",
        "Door seal leaks",
        ("inner", "outer"),
        (Parameter("gap", "cm2", 0.0, 600.0, 150.0, 0.0),),
        *_number({"inner": "seal_inner", "outer": "seal_outer"}, "gap", 1.0 / DOOR_CM2, 0.0),
    ),
    Kind(
        "insulation_wet",
        "Insulation wet",
        ("main", "pre"),
        (Parameter("conductance", "times dry", 1.0, 10.0, 2.0, 1.0),),
        *_number({"main": "insulation_main", "pre": "insulation_pre"}, "conductance", 1.0, 1.0),
    ),
    Kind(
        "coil_frost",
        "Frost grows on the coil",
        ("main", "pre"),
        (Parameter("rate", "kg/h", 0.0, 60.0, 3.0, 0.0),),
        *_number({"main": "frost_main_kg_s", "pre": "frost_pre_kg_s"}, "rate", _PER_HOUR, 0.0),
    ),
    Kind("door_stuck", "Door does not move", ("inner", "outer"), (), _door, _door_free),
    _lost("extract_lost", "extract_fan_lost", "Room extract fan lost", "room"),
    _lost("purge_lost", "purge_fan_lost", "Purge fan lost", "main"),
    _lost("recirculation_lost", "recirculation_fan_lost", "Recirculation fans lost", "chamber"),
    _lost("mains_lost", "mains_lost", "Mains lost, on UPS", "supply"),
    _lost("supply_lost", "ln2_supply_lost", "Nitrogen supply lost", "supply"),
    _lost("sample_flow_lost", "sample_flow_lost", "Oxygen sample flow lost", "chamber"),
    _lost("loudspeaker_lost", "loudspeaker_lost", "Loudspeaker disconnected", "chamber"),
    Kind(
        "ln2_pressure",
        "Nitrogen line at another pressure",
        ("supply",),
        (Parameter("bar", "bar(a)", 1.0, 9.0, 3.9, 2.0),),
        *_number({"supply": "supply_bar"}, "bar", 1.0, None),
    ),
    Kind(
        "ambient_pressure",
        "Ambient pressure of another place or weather",
        ("room",),
        (Parameter("kpa", "kPa", 60.0, 110.0, 80.0, 101.3),),
        *_number({"room": "ambient_kpa"}, "kpa", 1.0, None),
    ),
    Kind(
        "ups_fault",
        "UPS reports a fault and does not charge",
        ("supply",),
        (Parameter("charge", "%, at most", 0.0, 100.0, 100.0),),
        _drained,
        _recharged,
    ),
    Kind(
        "lift_low",
        "Lift of a cabin goes no higher",
        ("lift",),
        (Parameter("height", "m", 0.0, 0.6, 0.0),),
        *_number({"lift": "lift_m"}, "height", 1.0, None),
    ),
)
