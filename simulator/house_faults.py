"""What people do in and about the chamber, and what the PLC does: guests, buttons, key, doors held, silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plc_bridge.fingerprint import PROGRAM_ID
from simulator.fault import Fault, Kind, Parameter
from simulator.people import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.fault import Deed
    from simulator.world import World


def _switch(turn: Callable[[World, bool], None]) -> tuple[Deed, Deed]:
    """Start and stop of what is either on or off."""
    return lambda world, _: turn(world, True), lambda world, _: turn(world, False)


def _key(world: World, on: bool) -> None:
    world.plant.service_key = on


def _room_call(world: World, on: bool) -> None:
    world.plant.room_emergency = on


def _other_program(world: World, on: bool) -> None:
    world.plc.program_id = PROGRAM_ID ^ 0xFFFF if on else PROGRAM_ID


def _silence(world: World, on: bool) -> None:
    world.silent = on


def _faint(world: World, on: bool) -> None:
    world.guests.faint = on
    if not on:
        world.guests.revive()


def _hold(world: World, fault: Fault) -> None:
    world.hold_door(fault.target, True)


def _let_go(world: World, fault: Fault) -> None:
    world.hold_door(fault.target, False)


def _reboot(world: World, fault: Fault) -> None:
    world.reboot_plc(fault.params["off_s"])
    fault.until_s = world.time_s + fault.params["off_s"]


def _rebooted(world: World, fault: Fault) -> None:
    world.end_reboot()


def _pace(world: World, factor: float) -> None:
    world.guests.pace = factor
    for person in world.plant.crowd.people:
        person.pace = factor


def _slow(world: World, fault: Fault) -> None:
    _pace(world, fault.params["factor"])


def _brisk(world: World, fault: Fault) -> None:
    _pace(world, 1.0)


def _early(world: World, fault: Fault) -> None:
    world.guests.leave_after_s = fault.params["after_s"]


def _patient(world: World, fault: Fault) -> None:
    world.guests.leave_after_s = None


def _walk_in(world: World, fault: Fault) -> None:
    world.walk("main", 1)


def _walk_out(world: World, fault: Fault) -> None:
    for person in world.plant.crowd.people:
        person.go(Place.OUTSIDE, world.time_s)


KINDS = (
    Kind("door_held", "Door held open by somebody", ("inner", "outer"), (), _hold, _let_go),
    Kind("service_key", "Service key turned", ("cabinet",), (), *_switch(_key)),
    Kind("room_emergency", "Emergency call in the room, or fire alarm", ("room",), (), *_switch(_room_call)),
    Kind("plc_program_changed", "PLC runs another program", ("plc",), (), *_switch(_other_program)),
    Kind("plc_silent", "PLC does not answer", ("plc",), (), *_switch(_silence)),
    Kind("plc_reboot", "PLC restarts", ("plc",), (Parameter("off_s", "s", 0.5, 60.0, 3.0),), _reboot, _rebooted),
    Kind("guest_slow", "Guests are slow", ("guests",), (Parameter("factor", "times", 1.0, 10.0, 3.0, 1.0),), _slow, _brisk),
    Kind("guest_walks_in", "Somebody walks in without a session", ("guests",), (), _walk_in, _walk_out),
    Kind("guest_calls", "A guest presses the call button", ("chamber",), (), *_switch(lambda world, on: world.press_call(on))),
    Kind("estop_pressed", "Somebody presses the emergency stop", ("cabinet",), (), *_switch(lambda world, on: world.press_estop(on))),
    Kind("guest_faints", "A guest faints inside", ("guests",), (), *_switch(_faint)),
    Kind(
        "guest_leaves_early",
        "Guests leave early",
        ("guests",),
        (Parameter("after_s", "s inside", 1.0, 180.0, 30.0),),
        _early,
        _patient,
    ),
)
