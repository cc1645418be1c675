"""Sessions on the simulated chamber, with guests drawn at random, and what the estimate said of each of them in each second.

The truth is the simulator's body (``simulator.body``), which shares no line, no grid and no formula of the film with ``control.skin``.
A spot that cools most is no part of that body: its truth is a slab of its own, thin and in 1.25 to 2.0 times the convection.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from chamber.profile import DeviceProfile
from chamber.states import CycleState
from control.skin import body as assumed
from control.skin.model import Estimate
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator import population
from simulator.body import KELVIN, Body, Build, Template
from simulator.people import AIR_SPEED_M_S, Person, Place
from simulator.thermal import T_MAIN, T_PRE, WALL_MAIN, WALL_PRE

OF_SITE = {
    assumed.TRUNK: ("chest", "back"),
    assumed.ARM: ("arm",),
    assumed.LEG: ("thigh", "leg"),
    assumed.FACE: ("head",),
}
SPOT_FILM = (1.25, 2.0)
EVERY_S = 10
WITHIN_S = 900.0


class Said(NamedTuple):
    """One site of one person in one second: seconds in the main room, estimate and truth in °C."""

    seconds: int
    person: int
    estimate: Estimate
    true_c: float


class Spot:
    """The part of a guest that cools most, in the gas they stand in."""

    def __init__(self, person: Person, rng: random.Random) -> None:
        head = person.physique.site("spot", "head")
        site = head._replace(film=rng.uniform(*SPOT_FILM), fat_m=head.fat_m, skin_c=head.skin_c - 1.5)
        self.body = Body(Template(Build((site,), core_j_k=1e9)))


class Play:
    """A chamber that stands ready, its guests, and every second of their visit."""

    def __init__(self, profile: DeviceProfile, seed: int, persons: int, program: str = "standard") -> None:
        self.chamber = VirtualChamber(profile, seed, "precooled")
        world = self.chamber.world
        world.guests.autopilot = True
        self._rng = random.Random(f"{seed}/spots")
        world.plant.crowd.draw = partial(population.draw, random.Random(f"{seed}/people"))
        plan = [PlannedSession(at_s=0, persons=persons, program=program)]
        self.operator = Operator(program, plan, random.Random(f"{seed}/operator"))
        self.spots: dict[int, Spot] = {}
        self.closed: dict[str, object] = {}

    def seconds(self) -> Iterator[list[Said]]:
        """What is said of everybody inside, once a second, until the session is closed."""
        scans = round(1.0 / SCAN_S)
        while self.chamber.now_s < WITHIN_S and not self.closed:
            for _ in range(scans):
                for event in self.chamber.scan(self.operator.look(self.chamber.state, self.chamber.now_s)):
                    if event.kind == "session_closed":
                        self.closed = event.data
            self._spots()
            if self.chamber.state.cycle.state in (CycleState.PRE_CHAMBER, CycleState.EXPOSURE):
                yield self._said()

    def _spots(self) -> None:
        """The spots stand where their owners stand."""
        plant = self.chamber.world.plant
        for i, person in enumerate(plant.crowd.people):
            if person.place is Place.OUTSIDE:
                continue
            spot = self.spots.setdefault(i, Spot(person, self._rng))
            gas, wall = (T_MAIN, WALL_MAIN) if person.place is Place.MAIN else (T_PRE, WALL_PRE)
            spot.body.stand(plant.y[gas], plant.y[wall], AIR_SPEED_M_S, 1.0)

    def _said(self) -> list[Said]:
        skin = self.chamber.state.skin
        people = [(i, p) for i, p in enumerate(self.chamber.world.plant.crowd.people) if p.place is Place.MAIN]
        if skin is None or skin.main_from_s is None or not skin.now:
            return []
        found: list[Said] = []
        seconds = round(self.chamber.now_s - skin.main_from_s)
        for of, (i, person) in zip(skin.now, people, strict=False):
            person.catch_up()
            for e in of:
                found.append(Said(seconds, i, e, self._true_c(i, person, e.site)))
        return found

    def _true_c(self, i: int, person: Person, site: str) -> float:
        if site == assumed.SPOT:
            return self.spots[i].body.surfaces_k[0] - KELVIN
        parts = OF_SITE[site]
        area = {s.name: s.area_m2 for s in person.physique.build().sites}
        return sum(area[p] * person.body.surface_of(p) for p in parts) / sum(area[p] for p in parts) - KELVIN
