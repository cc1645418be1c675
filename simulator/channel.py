"""Side channel of the simulator: hands and faults as JSON requests. Pure: bytes in, bytes out, no socket.

Every answer is ``{"ok": true, ...}`` or ``{"ok": false, "error": "..."}``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from plc_bridge.contract import Voice
from simulator.cabin.plant import CabinPlant
from simulator.faults import catalogue
from simulator.people import Place
from simulator.plant import Plant
from simulator.world import World

MAX_REQUEST_BYTES = 65_536
Request = Mapping[str, Any]
Reply = dict[str, Any]


class RequestError(ValueError):
    """A request that cannot be carried out; the text goes back to the caller."""


def _flag(request: Request, key: str) -> bool:
    value = request.get(key)
    if not isinstance(value, bool):
        raise RequestError(f"{request['op']}: {key} must be true or false")
    return value


def _text(request: Request, key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str):
        raise RequestError(f"{request['op']}: {key} must be a text")
    return value


def status(world: World, request: Request) -> Reply:
    """Doors, people, voice, faults and ground truth."""
    crowd, truth, plant = world.plant.crowd, world.truth(), world.plant
    return {
        "time_s": round(world.time_s, 3),
        "doors": {"inner": plant.inner.word(), "outer": plant.outer.word()},
        "people": {p.name.lower(): crowd.count(p) for p in Place} | {"moving": crowd.moving},
        "estop": plant.estop_pressed,
        "call": plant.call_pressed,
        "autopilot": world.guests.autopilot,
        "voice": Voice(world.voice).name.lower(),
        "faults": [
            {"id": f.id, "kind": f.kind.kind, "target": f.target, "text": f.text, "since_s": round(f.since_s, 3)}
            for f in world.faults.active.values()
        ],
        "truth": {
            "o2_main_pct": round(truth.o2_main_pct, 3),
            "o2_pre_pct": round(truth.o2_pre_pct, 3),
            "o2_room_pct": round(truth.o2_room_pct, 3),
            "t_main_c": round(truth.t_main_c, 2),
            "t_pre_c": round(truth.t_pre_c, 2),
            **_lift(plant),
        },
    }


def _lift(plant: Plant | CabinPlant) -> Reply:
    """Of a cabin: how far its platform is up, and where the mouth of who stands on it is."""
    if not isinstance(plant, CabinPlant):
        return {}
    mouth = plant.mouth_above_rim_m
    return {"lift_m": round(plant.lift_m, 3)} | ({} if mouth is None else {"mouth_m": round(mouth, 3)})


def _door(world: World, request: Request) -> Reply:
    world.hold_door(_text(request, "door"), _flag(request, "open"))
    return {}


def _walk(world: World, request: Request) -> Reply:
    persons = request.get("persons")
    if persons is not None and (isinstance(persons, bool) or not isinstance(persons, int)):
        raise RequestError("walk: persons must be a whole number")
    return {"moving": world.walk(_text(request, "to"), persons)}


def _estop(world: World, request: Request) -> Reply:
    world.press_estop(_flag(request, "pressed"))
    return {}


def _call(world: World, request: Request) -> Reply:
    world.press_call(_flag(request, "pressed"))
    return {}


def _autopilot(world: World, request: Request) -> Reply:
    world.guests.autopilot = _flag(request, "on")
    return {}


def _faults(world: World, request: Request) -> Reply:
    return {"faults": catalogue(world.plant.lacks)}


def _inject(world: World, request: Request) -> Reply:
    target, params = request.get("target"), request.get("params", {})
    if target is not None and not isinstance(target, str):
        raise RequestError("inject: target must be a text")
    if not isinstance(params, dict):
        raise RequestError("inject: params must be an object of numbers")
    fault = world.faults.inject(
        _text(request, "kind"),
        target,
        cast(dict[str, float], params),
        after_s=_seconds(request, "after_s") or 0.0,
        ramp_s=_seconds(request, "ramp_s") or 0.0,
        for_s=_seconds(request, "for_s"),
    )
    return {"id": fault.id, "text": fault.text}


def _surprise(world: World, request: Request) -> Reply:
    return {"id": world.faults.surprise(_seconds(request, "within_s") or 0.0).id}


def _exercise(world: World, request: Request) -> Reply:
    """What was broken, and is going to be, since the exercise began; times as seconds ago, in the future below zero."""
    now = world.time_s
    return {
        "time_s": round(now, 3),
        "faults": [
            {
                "id": r.id,
                "kind": r.kind.kind,
                "target": r.target,
                "text": r.kind.text,
                "surprise": r.surprise,
                "due_ago_s": round(now - r.due_s, 3),
                "began_ago_s": None if r.began_s is None else round(now - r.began_s, 3),
                "ended_ago_s": None if r.ended_s is None else round(now - r.ended_s, 3),
                "refused": r.refused,
            }
            for r in world.faults.history
        ],
    }


def _forget(world: World, request: Request) -> Reply:
    world.faults.forget()
    return {}


def _seconds(request: Request, key: str) -> float | None:
    value = request.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RequestError(f"{request['op']}: {key} must be a number of seconds")
    return float(value)


def _clear(world: World, request: Request) -> Reply:
    if request.get("all") is True:
        return {"cleared": world.faults.clear_all()}
    world.faults.clear(_text(request, "id"))
    return {"cleared": 1}


OPERATIONS: dict[str, Callable[[World, Request], Reply]] = {
    "status": status,
    "door": _door,
    "walk": _walk,
    "estop": _estop,
    "call": _call,
    "autopilot": _autopilot,
    "faults": _faults,
    "inject": _inject,
    "clear": _clear,
    "surprise": _surprise,
    "exercise": _exercise,
    "forget": _forget,
}


def _refuse_constant(name: str) -> float:
    raise RequestError(f"{name} is not a JSON number")


def handle(world: World, message: bytes) -> bytes:
    """Carry out one request and answer it; a bad request changes nothing."""
    try:
        if len(message) > MAX_REQUEST_BYTES:
            raise RequestError(f"request of {len(message)} bytes is longer than {MAX_REQUEST_BYTES}")
        request: object = json.loads(message, parse_constant=_refuse_constant)
        if not isinstance(request, dict):
            raise RequestError("a request is a JSON object with an op")
        named = cast(dict[str, Any], request)
        operation = named.get("op")
        work = OPERATIONS.get(operation) if isinstance(operation, str) else None
        if work is None:
            raise RequestError(f"unknown op {operation!r}; known: {', '.join(OPERATIONS)}")
        reply: Reply = {"ok": True} | work(world, named)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        reply = {"ok": False, "error": f"not JSON: {error}"}
    except ValueError as error:  # RequestError, FaultError and the world's own refusals
        reply = {"ok": False, "error": str(error)}
    return json.dumps(reply, ensure_ascii=False).encode()
