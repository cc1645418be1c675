"""Faults of sensors and contacts: what reaches the PLC's input cards is not what is there."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from chamber.tags import ANALOG, ANALOG_TAGS, BIT_TAGS
from plc_bridge.contract import QualityNibble
from simulator.fault import Fault, Kind, Parameter
from simulator.sensors import BIT_INDEX, INDEX

if TYPE_CHECKING:
    from simulator.fault import Deed
    from simulator.world import World

    Distortion = Callable[[float], tuple[float, int]]

_GOOD = QualityNibble.GOOD.value
_SHORTED_RTD_C = -240.0
_SPIKE_S = 0.3
_ANALOG = tuple(t.tag for t in ANALOG_TAGS)
_BITS = tuple(t.tag for t in BIT_TAGS)


def _card(tag: str, value: float) -> tuple[float, int]:
    """What an input card makes of a value outside the instrument's range."""
    low, high = ANALOG[tag].low, ANALOG[tag].high
    if value < low:
        return low, QualityNibble.FAILURE_LOW.value
    if value > high:
        return high, QualityNibble.FAILURE_HIGH.value
    return value, _GOOD


def _distort(make: Callable[[World, Fault], Distortion]) -> Deed:
    def start(world: World, fault: Fault) -> None:
        world.sensors.distortions[INDEX[fault.target]] = make(world, fault)

    return start


def _undistort(world: World, fault: Fault) -> None:
    world.sensors.distortions.pop(INDEX[fault.target], None)


def _frozen(world: World, fault: Fault) -> Distortion:
    held: list[float] = []

    def distort(value: float) -> tuple[float, int]:
        if not held:
            held.append(value)
        return held[0], _GOOD

    return distort


def _offset(world: World, fault: Fault) -> Distortion:
    return lambda value: _card(fault.target, value + fault.params["offset"])


def _drift(world: World, fault: Fault) -> Distortion:
    rate = fault.params["per_minute"] / 60.0
    return lambda value: _card(fault.target, value + rate * (world.time_s - fault.since_s))


def _noise(world: World, fault: Fault) -> Distortion:
    return lambda value: _card(fault.target, value + world.fault_rng.gauss(0.0, fault.params["deviation"]))


def _spikes(world: World, fault: Fault) -> Distortion:
    until_s = [-1.0]

    def distort(value: float) -> tuple[float, int]:
        if world.time_s > until_s[0] and world.fault_rng.random() < fault.params["per_minute"] / 600.0:
            until_s[0] = world.time_s + _SPIKE_S
        return _card(fault.target, value + fault.params["size"] if world.time_s <= until_s[0] else value)

    return distort


def _sluggish(world: World, fault: Fault) -> Distortion:
    shown: list[float] = []

    def distort(value: float) -> tuple[float, int]:
        if not shown:
            shown.append(value)
        shown[0] += (value - shown[0]) * -math.expm1(-0.1 / fault.params["lag_s"])
        return shown[0], _GOOD

    return distort


def _open(world: World, fault: Fault) -> Distortion:
    return lambda _: (ANALOG[fault.target].high, QualityNibble.FAILURE_HIGH.value)


def _short(world: World, fault: Fault) -> Distortion:
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


KINDS = (
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
)
