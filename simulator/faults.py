"""Faults as data: what can break, with what parameters, and how to break and mend it at run time.

Works the same in virtual time and live: a fault acts on the world between two scans.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chamber.tags import ANALOG, ANALOG_TAGS, BIT_TAGS
from plc_bridge.contract import QualityNibble
from plc_bridge.fingerprint import PROGRAM_ID
from simulator.sensors import BIT_INDEX, INDEX

if TYPE_CHECKING:
    from simulator.world import World

_GOOD = QualityNibble.GOOD.value
_SHORTED_RTD_C = -240.0
_PER_HOUR = 3600.0


class FaultError(ValueError):
    """An unknown fault, target or parameter, or one out of range; the message names it and what is possible."""


class Parameter(NamedTuple):
    name: str
    unit: str
    low: float
    high: float
    default: float


class Kind(NamedTuple):
    """A kind of fault: id, plain text, what it can befall, parameters, how it starts and ends."""

    kind: str
    text: str
    targets: tuple[str, ...]
    params: tuple[Parameter, ...]
    start: Callable[[World, Fault], None]
    stop: Callable[[World, Fault], None]


@dataclass(slots=True)
class Fault:
    """A fault in force. ``since_s`` is plant time."""

    id: str
    kind: Kind
    target: str
    params: dict[str, float]
    since_s: float
    until_s: float | None = None

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
    offset = fault.params["offset"]
    return lambda value: _card(fault.target, value + offset)


def _drift(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    rate = fault.params["per_minute"] / 60.0
    return lambda value: _card(fault.target, value + rate * (world.time_s - fault.since_s))


def _noise(world: World, fault: Fault) -> Callable[[float], tuple[float, int]]:
    spread = fault.params["deviation"]
    return lambda value: _card(fault.target, value + world.fault_rng.gauss(0.0, spread))


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


# -- plant --------------------------------------------------------------------------------------------------------------

_VALVES = {"TCV-101": "valve_main", "TCV-201": "valve_pre", "XV-401": "main_valve"}
_PASSING = {"TCV-101": "passing_main", "TCV-201": "passing_pre"}
_LEAKS = {"main": "leak_main_kg_s", "pre": "leak_pre_kg_s", "room": "leak_room_kg_s", "supply": "leak_supply_kg_s"}


def _valve(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _VALVES[fault.target], fault.params["position"] / 100.0)


def _valve_free(world: World, fault: Fault) -> None:
    setattr(world.plant.defects, _VALVES[fault.target], None)


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
            (Parameter("offset", "in the tag's unit", -200.0, 200.0, 5.0),),
            _distort(_offset),
            _undistort,
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
            (Parameter("deviation", "in the tag's unit", 0.0, 50.0, 1.0),),
            _distort(_noise),
            _undistort,
        ),
        Kind("sensor_open", "Sensor wire open", _ANALOG, (), _distort(_open), _undistort),
        Kind("sensor_short", "Sensor wire short", _ANALOG, (), _distort(_short), _undistort),
        Kind("contact_stuck", "Contact stuck", _BITS, (Parameter("closed", "1 closed, 0 open", 0.0, 1.0, 1.0),), _contact, _contact_free),
        Kind("valve_stuck", "Valve stuck", tuple(_VALVES), (Parameter("position", "%", 0.0, 100.0, 100.0),), _valve, _valve_free),
        Kind(
            "valve_passing",
            "Valve passes although it reports closed",
            tuple(_PASSING),
            (Parameter("flow", "%", 0.0, 100.0, 40.0),),
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
            (Parameter("bar", "bar(a)", 1.0, 9.0, 3.9),),
            _pressure,
            _pressure_end,
        ),
        Kind(
            "ambient_pressure",
            "Ambient pressure of another place or weather",
            ("room",),
            (Parameter("kpa", "kPa", 60.0, 110.0, 80.0),),
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
        Kind("guest_slow", "Guests are slow", ("guests",), (Parameter("factor", "times", 1.0, 10.0, 3.0),), _slow, _brisk),
        Kind("guest_faints", "A guest faints in the main room", ("guests",), (), _faint, _revive),
        Kind(
            "guest_leaves_early",
            "Guests leave early",
            ("guests",),
            (Parameter("after_s", "s in the main room", 1.0, 180.0, 30.0),),
            _early,
            _patient,
        ),
    )
}
_RAMPED = frozenset({"nitrogen_leak"})
_SENSOR_KINDS = frozenset(k for k in KINDS if k.startswith("sensor_"))


class Faults:
    """The faults in force in one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._count = 0
        self.active: dict[str, Fault] = {}

    def inject(self, kind: str, target: str | None = None, params: Mapping[str, float] | None = None) -> Fault:
        """Start a fault now. Raises FaultError for anything unknown, out of range, or already broken."""
        what = KINDS.get(kind)
        if what is None:
            raise FaultError(f"unknown fault {kind!r}; known: {', '.join(KINDS)}")
        if target is None:
            target = what.targets[0] if len(what.targets) == 1 else ""
        if target not in what.targets:
            raise FaultError(f"{kind}: unknown target {target!r}; known: {', '.join(what.targets)}")
        for other in self.active.values():
            same = other.kind.kind == kind or (other.kind.kind in _SENSOR_KINDS and kind in _SENSOR_KINDS)
            if same and other.target == target:
                raise FaultError(f"{target} already has the fault {other.id} ({other.kind.kind}); clear it first")
        values = _checked(what, params or {})
        self._count += 1
        fault = Fault(f"f{self._count}", what, target, values, self._world.time_s)
        self.active[fault.id] = fault
        what.start(self._world, fault)
        return fault

    def clear(self, fault_id: str) -> None:
        """Mend one fault. Raises FaultError if there is none of that id."""
        fault = self.active.pop(fault_id, None)
        if fault is None:
            raise FaultError(f"no fault {fault_id!r} is active; active: {', '.join(self.active) or 'none'}")
        fault.kind.stop(self._world, fault)

    def clear_all(self) -> int:
        """Mend everything; returns how many faults there were."""
        ids = list(self.active)
        for fault_id in ids:
            self.clear(fault_id)
        return len(ids)

    def advance(self) -> None:
        """Ramps and faults that end by themselves; once a scan."""
        now = self._world.time_s
        for fault in list(self.active.values()):
            if fault.kind.kind in _RAMPED:
                fault.kind.start(self._world, fault)
            elif fault.until_s is not None and now >= fault.until_s - 1e-9:
                self.clear(fault.id)


def _checked(what: Kind, params: Mapping[str, object]) -> dict[str, float]:
    known = {p.name: p for p in what.params}
    for name in params:
        if name not in known:
            raise FaultError(f"{what.kind}: unknown parameter {name!r}; known: {', '.join(known) or 'none'}")
    values: dict[str, float] = {}
    for name, p in known.items():
        value: object = params.get(name, p.default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not p.low <= value <= p.high:
            raise FaultError(f"{what.kind}: {name} = {value!r} must be a number from {p.low:g} to {p.high:g} {p.unit}")
        values[name] = float(value)
    return values


def catalogue() -> list[dict[str, object]]:
    """All kinds of fault, as the side channel shows them."""
    return [{"kind": k.kind, "text": k.text, "targets": list(k.targets), "params": [p._asdict() for p in k.params]} for k in KINDS.values()]
