"""The catalogue of faults: what can break in the simulated plant, with what parameters, and how it is broken and mended."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chamber.tags import ANALOG, ANALOG_TAGS, BIT_TAGS
from plc_bridge.contract import QualityNibble
from plc_bridge.fingerprint import PROGRAM_ID
from simulator.people import Place
from simulator.sensors import BIT_INDEX, INDEX

if TYPE_CHECKING:
    from simulator.world import World

_GOOD = QualityNibble.GOOD.value
_SHORTED_RTD_C = -240.0
_PER_HOUR = 3600.0
_SPIKE_S = 0.3
DOOR_CM2 = 15_200.0  # opening of the two-room chamber's doors


class Parameter(NamedTuple):
    """``rest``: the value at which nothing is broken; a fault that grows begins there. None: it cannot grow."""

    name: str
    unit: str
    low: float
    high: float
    default: float
    rest: float | None = None


class Kind(NamedTuple):
    """A kind of fault: id, plain text, what it can befall, parameters, how it starts and ends.

    ``each_scan``: ``start`` is repeated in every scan, because what it does changes with time; ``live``: what was started reads
    the parameters anew each time; else a growing fault is started again with each new value.
    """

    kind: str
    text: str
    targets: tuple[str, ...]
    params: tuple[Parameter, ...]
    start: Callable[[World, Fault], None]
    stop: Callable[[World, Fault], None]
    each_scan: bool = False
    live: bool = False


@dataclass(slots=True)
class Fault:
    """A fault in force. ``since_s`` and ``until_s`` are plant time; ``params`` are those of the moment, ``final`` those it grows to."""

    id: str
    kind: Kind
    target: str
    params: dict[str, float]
    since_s: float
    until_s: float | None = None
    final: dict[str, float] | None = None
    ramp_s: float = 0.0

    @property
    def text(self) -> str:
        values = ", ".join(f"{p.name} {self.params[p.name]:g} {p.unit}".rstrip() for p in self.kind.params)
        return f"{self.kind.text}: {self.target}" + (f" ({values})" if values else "")


# -- sensors ------------------------------------------------------------------------------------------------------------


def _card(tag: str, value: float) -> tuple[float, int]:
    """What an input card makes of a value outside the instrument's range."""
    low, high = ANALOG[tag].low, ANALOG[tag].high
    if value < low:
        return low, QualityNibble.FAILURE_LOW.value
    if value > high:
        return high, QualityNibble.FAILURE_HIGH.value
    return value, _GOOD


def _distort(make: Callable[[World, Fault], Callable[[float], tuple[float, int]]]) -> Callable[[World, Fault], None]:
    def start(world: World, fault: Fault) -> None:
        world.sensors.distortions[INDEX[fault.target]] = make(world, fault)

    return start


def _undistort(world: World, fault: Fault) -> None:
    world.sensors.distortions.pop(INDEX[fault.target], None)


def _frozen(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    held: list[float] = []

    def distort(value: float) -> tuple[float, int]:
        if not held:
            held.append(value)
        return held[0], _GOOD

    return distort


def _offset(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    return lambda value: _card(fault.target, value + fault.params["offset"])


def _drift(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    rate = fault.params["per_minute"] / 60.0
    return lambda value: _card(fault.target, value + rate * (world.time_s - fault.since_s))


def _noise(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    return lambda value: _card(fault.target, value + world.fault_rng.gauss(0.0, fault.params["deviation"]))


def _spikes(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    until_s = [-1.0]

    def distort(value: float) -> tuple[float, int]:
        if world.time_s > until_s[0] and world.fault_rng.random() < fault.params["per_minute"] / 600.0:
            until_s[0] = world.time_s + _SPIKE_S
        return _card(fault.target, value + fault.params["size"] if world.time_s <= until_s[0] else value)

    return distort


def _sluggish(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    shown: list[float] = []

    def distort(value: float) -> tuple[float, int]:
        if not shown:
            shown.append(value)
        shown[0] += (value - shown[0]) * -math.expm1(-0.1 / fault.params["lag_s"])
        return shown[0], _GOOD

    return distort


def _open(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    return lambda _: (ANALOG[fault.target].high, QualityNibble.FAILURE_HIGH.value)


def _short(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    low = _SHORTED_RTD_C if fault.target.startswith("TT-") else ANALOG[fault.target].low
    return lambda _: (low, QualityNibble.FAILURE_LOW.value)


def _contact(world: World, fault: Fault) -> None:
    bit = 1 << BIT_INDEX[fault.target]
    if fault.params["closed"] >= 0.5:
        world.contacts_closed |= bit
    else:
        world.contacts_open |= bit


def _contact_free(world: World, fault: Fault) -> None:
    bit = 1 << BIT_INDEX[fault.target]
    world.contacts_closed &= ~bit
    world.contacts_open &= ~bit


def _bounce(world: World, fault: Fault) -> None:
    """Closed and open by turns, whatever the door or button does."""
    bit = 1 << BIT_INDEX[fault.target]
    closed = int((world.time_s - fault.since_s) / fault.params["each_s"]) % 2 == 0
    world.contacts_closed = world.contacts_closed | bit if closed else world.contacts_closed & ~bit
    world.contacts_open = world.contacts_open & ~bit if closed else world.contacts_open | bit


# -- plant --------------------------------------------------------------------------------------------------------------

_VALVES = {"TCV-101": "valve_main", "TCV-201": "valve_pre", "XV-401": "main_valve"}
_PASSING = {"TCV-101": "passing_main", "TCV-201": "passing_pre"}
_LEAKS = {"main": "leak_main_kg_s", "pre": "leak_pre_kg_s", "room": "leak_room_kg_s", "supply": "leak_supply_kg_s"}


def _valve(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _VALVES[fault.target], fault.params["position"] / 100.0)


def _valve_free(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _VALVES[fault.target], None)


def _number(
    attributes: dict[str, str], parameter: str, scale: float, rest: float
) -> tuple[Callable[[World, Fault], None], Callable[[World, Fault], None]]:
    """Start and stop of a defect that is one number by target: ``parameter`` times ``scale``, ``rest`` when mended."""

    def start(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, attributes[fault.target], scale * fault.params[parameter])

    def stop(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, attributes[fault.target], rest)

    return start, stop


def _pass(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _PASSING[fault.target], fault.params["flow"] / 100.0)


def _pass_end(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _PASSING[fault.target], 0.0)


def _leak(world: World, fault: Fault) -> None:
    ramp = fault.params["ramp_s"]
    share = min(1.0, (world.time_s - fault.since_s) / ramp) if ramp > 0.0 else 1.0
    setattr(world.plant.defects, _LEAKS[fault.target], share * fault.params["rate"] / _PER_HOUR)


def _leak_end(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _LEAKS[fault.target], 0.0)


def _door(world: World, fault: Fault) -> None:
    world.door(fault.target).stuck = True


def _door_free(world: World, fault: Fault) -> None:
    world.door(fault.target).stuck = False


def _lost(defect: str, kind: str, text: str, target: str) -> Kind:
    def start(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, defect, True)

    def stop(world: World, fault: Fault) -> None:
        setattr(world.plant.defects, defect, False)

    return Kind(kind, text, (target,), (), start, stop)


# -- PLC and guests -----------------------------------------------------------------------------------------------------


def _pressure(world: World, fault: Fault) -> None:
    world.plant.defects.supply_bar = fault.params["bar"]


def _pressure_end(world: World, fault: Fault) -> None:
    world.plant.defects.supply_bar = None


def _weather(world: World, fault: Fault) -> None:
    world.plant.defects.ambient_kpa = fault.params["kpa"]


def _weather_end(world: World, fault: Fault) -> None:
    world.plant.defects.ambient_kpa = None


def _drained(world: World, fault: Fault) -> None:
    world.plant.defects.ups_fault = True
    world.plant.ups_charge_pct = min(world.plant.ups_charge_pct, fault.params["charge"])


def _recharged(world: World, fault: Fault) -> None:
    world.plant.defects.ups_fault = False


def _key_turned(world: World, fault: Fault) -> None:
    world.plant.service_key = True


def _key_back(world: World, fault: Fault) -> None:
    world.plant.service_key = False


def _room_call(world: World, fault: Fault) -> None:
    world.plant.room_emergency = True


def _room_calm(world: World, fault: Fault) -> None:
    world.plant.room_emergency = False


def _other_program(world: World, fault: Fault) -> None:
    world.plc.program_id = PROGRAM_ID ^ 0xFFFF


def _own_program(world: World, fault: Fault) -> None:
    world.plc.program_id = PROGRAM_ID


def _silence(world: World, fault: Fault) -> None:
    world.silent = True


def _answer(world: World, fault: Fault) -> None:
    world.silent = False


def _reboot(world: World, fault: Fault) -> None:
    world.reboot_plc(fault.params["off_s"])
    fault.until_s = world.time_s + fault.params["off_s"]


def _rebooted(world: World, fault: Fault) -> None:
    world.end_reboot()


def _slow(world: World, fault: Fault) -> None:
    world.guests.pace = fault.params["factor"]
    for person in world.plant.crowd.people:
        person.pace = fault.params["factor"]


def _brisk(world: World, fault: Fault) -> None:
    world.guests.pace = 1.0
    for person in world.plant.crowd.people:
        person.pace = 1.0


def _faint(world: World, fault: Fault) -> None:
    world.guests.faint = True


def _revive(world: World, fault: Fault) -> None:
    world.guests.faint = False
    world.guests.revive()


def _early(world: World, fault: Fault) -> None:
    world.guests.leave_after_s = fault.params["after_s"]


def _patient(world: World, fault: Fault) -> None:
    world.guests.leave_after_s = None


def _walk_in(world: World, fault: Fault) -> None:
    world.walk("main", 1)


def _walk_out(world: World, fault: Fault) -> None:
    for person in world.plant.crowd.people:
        person.go(Place.OUTSIDE, world.time_s)


def _lift_low(world: World, fault: Fault) -> None:
    world.plant.defects.lift_m = fault.params["height"]


def _lift_free(world: World, fault: Fault) -> None:
    world.plant.defects.lift_m = None


def _call(world: World, fault: Fault) -> None:
    world.press_call(True)


def _call_over(world: World, fault: Fault) -> None:
    world.press_call(False)


def _estop(world: World, fault: Fault) -> None:
    world.press_estop(True)


def _estop_freed(world: World, fault: Fault) -> None:
    world.press_estop(False)


def _hold(world: World, fault: Fault) -> None:
    world.hold_door(fault.target, True)


def _let_go(world: World, fault: Fault) -> None:
    world.hold_door(fault.target, False)


_ANALOG = tuple(t.tag for t in ANALOG_TAGS)
_BITS = tuple(t.tag for t in BIT_TAGS)

KINDS: dict[str, Kind] = {
    k.kind: k
    for k in (
        Kind("sensor_frozen", "Sensor frozen at its last value", _ANALOG, (), _distort(_frozen), _undistort),
        Kind(
            "sensor_offset",
            "Sensor reads wrong by an offset",
            _ANALOG,
            (Parameter("offset", "in the tag's unit", -200.0, 200.0, 5.0, 0.0),),
            _distort(_offset),
            _undistort,
            live=True,
        ),
        Kind(
            "sensor_drift",
            "Sensor drifts",
            _ANALOG,
            (Parameter("per_minute", "in the tag's unit per min", -60.0, 60.0, 0.5),),
            _distort(_drift),
            _undistort,
        ),
        Kind(
            "sensor_noise",
            "Sensor noisy",
            _ANALOG,
            (Parameter("deviation", "in the tag's unit", 0.0, 50.0, 1.0, 0.0),),
            _distort(_noise),
            _undistort,
            live=True,
        ),
        Kind(
            "sensor_spikes",
            "Sensor with a loose wire: short spikes",
            _ANALOG,
            (Parameter("per_minute", "a min", 0.5, 60.0, 6.0), Parameter("size", "in the tag's unit", -200.0, 200.0, 20.0)),
            _distort(_spikes),
            _undistort,
            live=True,
        ),
        Kind(
            "sensor_sluggish",
            "Sensor answers slowly",
            _ANALOG,
            (Parameter("lag_s", "s", 1.0, 600.0, 60.0),),
            _distort(_sluggish),
            _undistort,
            live=True,
        ),
        Kind("sensor_open", "Sensor wire open", _ANALOG, (), _distort(_open), _undistort),
        Kind("sensor_short", "Sensor wire short", _ANALOG, (), _distort(_short), _undistort),
        Kind("contact_stuck", "Contact stuck", _BITS, (Parameter("closed", "1 closed, 0 open", 0.0, 1.0, 1.0),), _contact, _contact_free),
        Kind(
            "contact_bounces",
            "Contact opens and closes by itself",
            _BITS,
            (Parameter("each_s", "s", 0.1, 60.0, 0.5),),
            _bounce,
            _contact_free,
            each_scan=True,
        ),
        Kind("valve_stuck", "Valve stuck", tuple(_VALVES), (Parameter("position", "%", 0.0, 100.0, 100.0, 0.0),), _valve, _valve_free),
        Kind(
            "valve_passing",
            "Valve passes although it reports closed",
            tuple(_PASSING),
            (Parameter("flow", "%", 0.0, 100.0, 40.0, 0.0),),
            _pass,
            _pass_end,
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
            *_number({"main": "frost_main_kg_s", "pre": "frost_pre_kg_s"}, "rate", 1.0 / _PER_HOUR, 0.0),
        ),
        Kind("door_stuck", "Door does not move", ("inner", "outer"), (), _door, _door_free),
        Kind("door_held", "Door held open by somebody", ("inner", "outer"), (), _hold, _let_go),
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
            _pressure,
            _pressure_end,
        ),
        Kind(
            "ambient_pressure",
            "Ambient pressure of another place or weather",
            ("room",),
            (Parameter("kpa", "kPa", 60.0, 110.0, 80.0, 101.3),),
            _weather,
            _weather_end,
        ),
        Kind(
            "ups_fault",
            "UPS reports a fault and does not charge",
            ("supply",),
            (Parameter("charge", "%, at most", 0.0, 100.0, 100.0),),
            _drained,
            _recharged,
        ),
        Kind("service_key", "Service key turned", ("cabinet",), (), _key_turned, _key_back),
        Kind("room_emergency", "Emergency call in the room, or fire alarm", ("room",), (), _room_call, _room_calm),
        Kind("plc_program_changed", "PLC runs another program", ("plc",), (), _other_program, _own_program),
        Kind("plc_silent", "PLC does not answer", ("plc",), (), _silence, _answer),
        Kind("plc_reboot", "PLC restarts", ("plc",), (Parameter("off_s", "s", 0.5, 60.0, 3.0),), _reboot, _rebooted),
        Kind("guest_slow", "Guests are slow", ("guests",), (Parameter("factor", "times", 1.0, 10.0, 3.0, 1.0),), _slow, _brisk),
        Kind("guest_walks_in", "Somebody walks in without a session", ("guests",), (), _walk_in, _walk_out),
        Kind(
            "lift_low",
            "Lift of a cabin goes no higher",
            ("lift",),
            (Parameter("height", "m", 0.0, 0.6, 0.0),),
            _lift_low,
            _lift_free,
        ),
        Kind("guest_calls", "A guest presses the call button", ("chamber",), (), _call, _call_over),
        Kind("estop_pressed", "Somebody presses the emergency stop", ("cabinet",), (), _estop, _estop_freed),
        Kind("guest_faints", "A guest faints inside", ("guests",), (), _faint, _revive),
        Kind(
            "guest_leaves_early",
            "Guests leave early",
            ("guests",),
            (Parameter("after_s", "s inside", 1.0, 180.0, 30.0),),
            _early,
            _patient,
        ),
    )
}
