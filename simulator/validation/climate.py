"""What a guest really stands in when a device is set to a temperature: the simulator's own devices, run through a visit.

A published protocol names what the display showed. The room of the two-room plant warms when people enter, the cabin's
upper zone hardly follows its supply duct at all; both are played here and kept as shares f of the way from the set point to
the room, T = T_set + f (T_room - T_set), second by second since the guest came in. ``cryochamber validate`` plays them anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from simulator.body import MIDDLE_M
from simulator.cabin import equations as eq
from simulator.cabin.device import GUEST_STEP_S, Cabin, Guest
from simulator.cabin.visits import PRECOOL_MIN_S
from simulator.gas import KELVIN
from simulator.parameters import load
from simulator.people import SPREAD_MAIN_M, SPREAD_PRE_M, Place
from simulator.plant import Plant
from simulator.precool import Regulated, precooled_state
from simulator.thermal import SPREAD_MAIN, SPREAD_PRE, T_MAIN, T_PRE, WALL_MAIN, WALL_PRE

FILE = Path(__file__).parent / "climate.json"
ROOM_C = 22.0
EVERY_S = 5
STAY_S = 240
GROUPS = (1, 3)  # people at a time
CABIN_SET_C = -160.0


@dataclass(frozen=True, slots=True)
class Climate:
    """Shares of the way from set point to room, every ``EVERY_S`` since the guest came in: gas, walls, gas per metre of height."""

    gas: tuple[float, ...]
    wall: tuple[float, ...]
    per_m: tuple[float, ...]

    def at(self, seconds: float, set_c: float, height_m: float = MIDDLE_M) -> tuple[float, float]:
        """(gas K at a height, wall K) so long after coming in."""
        k = min(len(self.gas) - 1, int(seconds / EVERY_S))
        span, base = ROOM_C - set_c, set_c + KELVIN
        return base + span * (self.gas[k] + self.per_m[k] * (height_m - MIDDLE_M)), base + span * self.wall[k]


def _walk_in(persons: int) -> dict[str, Climate]:
    """A group through the two-room plant: 30 s in the pre-chamber, the rest in the main room."""
    plant = Plant(load(), precooled_state())
    regulated = Regulated(plant)
    regulated.fresh_air = True
    regulated.advance(600.0)
    crowd = plant.crowd
    crowd.send(Place.PRE, persons, plant.time_s)
    rooms = {
        Place.PRE: ("pre", T_PRE, WALL_PRE, SPREAD_PRE, SPREAD_PRE_M, -60.0),
        Place.MAIN: ("main", T_MAIN, WALL_MAIN, SPREAD_MAIN, SPREAD_MAIN_M, -110.0),
    }
    felt: dict[str, list[list[tuple[float, ...]]]] = {"pre": [], "main": []}
    since: dict[tuple[int, Place], float] = {}
    told = False
    while len(since) < 2 * persons or plant.time_s - max(since.values()) < STAY_S + EVERY_S:
        regulated.advance(0.1)
        for k, person in enumerate(crowd.people):
            if person.place is Place.OUTSIDE:
                continue
            name, gas, wall, spread, metres, set_c = rooms[person.place]
            begin = since.setdefault((k, person.place), plant.time_s)
            slot = int((plant.time_s - begin + 1e-6) / EVERY_S)
            trace = felt[name]
            while len(trace) <= slot:
                trace.append([])
            span = ROOM_C - set_c
            y = plant.y
            trace[slot].append(((y[gas] - KELVIN - set_c) / span, (y[wall] - KELVIN - set_c) / span, y[spread] / metres / span))
        if not told and crowd.count(Place.PRE) == persons and plant.time_s - min(since.values()) > 30.0:
            crowd.send(Place.MAIN, persons, plant.time_s)
            told = True
    return {name: _mean(trace) for name, trace in felt.items()}


def _cabin() -> dict[str, Climate]:
    """The second guest of a cabin that was pre-cooled for 45 s: legs and trunk."""
    cabin = Cabin()
    felt: dict[str, list[list[tuple[float, ...]]]] = {"legs": [], "trunk": []}
    for visit in range(2):
        cabin.set_c = CABIN_SET_C
        for _ in range(round(PRECOOL_MIN_S / GUEST_STEP_S)):
            cabin.advance()
        cabin.guest = Guest()
        for k in range(round(STAY_S / GUEST_STEP_S)):
            cabin.advance()
            if visit == 0 or k * GUEST_STEP_S >= STAY_S:
                continue
            for name, gas, wall in (("legs", eq.T_LOWER, eq.WALL_LOWER), ("trunk", eq.T_UPPER, eq.WALL_UPPER)):
                if k % round(EVERY_S / GUEST_STEP_S) == 0:
                    felt[name].append([])
                span = ROOM_C - CABIN_SET_C
                felt[name][-1].append(((cabin.celsius(gas) - CABIN_SET_C) / span, (cabin.celsius(wall) - CABIN_SET_C) / span, 0.0))
        cabin.guest = None
        cabin.set_c = None
        for _ in range(round(420.0 / GUEST_STEP_S)):
            cabin.advance()
    return {name: _mean(trace) for name, trace in felt.items()}


def _mean(trace: list[list[tuple[float, ...]]]) -> Climate:
    slots = [[round(sum(values) / len(slot), 4) for values in zip(*slot, strict=True)] for slot in trace]
    return Climate(*(tuple(column) for column in zip(*slots, strict=True)))


def play() -> dict[str, Climate]:
    """All climates from the devices, some seconds of work. Names: "pre 3" is the pre-chamber with three people."""
    found = {f"{name} {n}": climate for n in GROUPS for name, climate in _walk_in(n).items()}
    return found | _cabin()


def store(climates: dict[str, Climate]) -> None:
    text = json.dumps({name: {"gas": c.gas, "wall": c.wall, "per_m": c.per_m} for name, c in climates.items()}, indent=1)
    FILE.write_text(text + "\n", encoding="utf-8")


def stored() -> dict[str, Climate]:
    """The climates that ``cryochamber validate`` stored."""
    raw = cast(dict[str, dict[str, list[float]]], json.loads(FILE.read_text(encoding="utf-8")))
    return {name: Climate(tuple(c["gas"]), tuple(c["wall"]), tuple(c["per_m"])) for name, c in raw.items()}
