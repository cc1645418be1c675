"""Sessions on the simulated chamber, with guests drawn at random, and what the estimate said of each of them in each second.

The truth is the simulator's body (``simulator.body``), which shares no line, no grid and no formula of the film with
``control.skin``. Each guest has two: one in the mean of the room, as the plant has it, and one at a place of its own, with
other film, air speed and gas. A spot that cools most is a site of both, in 1.25 to 2.0 times the convection.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
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
from simulator.body import Body, Template
from simulator.gas import KELVIN
from simulator.people import AIR_SPEED_M_S, Person, Place
from simulator.thermal import T_MAIN, T_PRE, WALL_MAIN, WALL_PRE

OF_SITE = {
    assumed.TRUNK: ("chest", "back"),
    assumed.ARM: ("arm",),
    assumed.LEG: ("thigh", "leg"),
    assumed.FACE: ("head",),
    assumed.SPOT: ("spot",),
}
SPOT_FILM = (1.25, 2.0)
FILM_SD, GAS_SD_K, SPEED_M_S = 0.125, 3.0, (0.1, 0.4)  # of places; half of what the estimate moves by, which is two deviations
EVERY_S = 10
WITHIN_S = 900.0


class Said(NamedTuple):
    """One site of one person in one second: seconds in the main room, estimate and both truths in °C."""

    seconds: int
    estimate: Estimate
    true_c: float
    placed_c: float


class Guest:
    """A guest's body with its coldest spot, at the mean place of the room or at one of its own."""

    def __init__(self, person: Person, rng: random.Random, *, placed: bool) -> None:
        build = person.physique.build()
        film = math.exp(rng.gauss(0.0, FILM_SD)) if placed else 1.0
        head = person.physique.site("spot", "head")
        spot = head._replace(film=rng.uniform(*SPOT_FILM), area_m2=1e-6, shivers=0.0, skin_c=head.skin_c - 1.5)
        sites = (*(site._replace(film=site.film * film) for site in build.sites), spot)
        self.body = Body(Template(replace(build, sites=sites)))
        self._warmer_k = rng.gauss(0.0, GAS_SD_K) if placed else 0.0
        self._speed_m_s = rng.uniform(*SPEED_M_S) if placed else AIR_SPEED_M_S
        self._area = {site.name: site.area_m2 for site in sites}

    def stand(self, gas_k: float, wall_k: float) -> None:
        """A second in a room."""
        self.body.stand(gas_k + self._warmer_k, wall_k + self._warmer_k, self._speed_m_s, 1.0)

    def true_c(self, site: str) -> float:
        """Mean of the parts that make one of our sites."""
        parts = OF_SITE[site]
        return sum(self._area[p] * self.body.surface_of(p) for p in parts) / sum(self._area[p] for p in parts) - KELVIN


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
        self.guests: dict[int, tuple[Guest, Guest]] = {}
        self.closed: dict[str, object] = {}

    def seconds(self) -> Iterator[list[Said]]:
        """What is said of everybody inside, once a second, until the session is closed."""
        scans = round(1.0 / SCAN_S)
        while self.chamber.now_s < WITHIN_S and not self.closed:
            for _ in range(scans):
                for event in self.chamber.scan(self.operator.look(self.chamber.state, self.chamber.now_s)):
                    if event.kind == "session_closed":
                        self.closed = event.data
            self._stand()
            if self.chamber.state.cycle.state in (CycleState.PRE_CHAMBER, CycleState.EXPOSURE):
                yield self._said()

    def _stand(self) -> None:
        """The guests stand where their owners in the plant stand."""
        plant = self.chamber.world.plant
        for i, person in enumerate(plant.crowd.people):
            if person.place is Place.OUTSIDE:
                continue
            if i not in self.guests:
                self.guests[i] = (Guest(person, self._rng, placed=False), Guest(person, self._rng, placed=True))
            gas, wall = (T_MAIN, WALL_MAIN) if person.place is Place.MAIN else (T_PRE, WALL_PRE)
            for guest in self.guests[i]:
                guest.stand(plant.y[gas], plant.y[wall])

    def _said(self) -> list[Said]:
        skin = self.chamber.state.skin
        people = [i for i, p in enumerate(self.chamber.world.plant.crowd.people) if p.place is Place.MAIN]
        if skin is None or skin.main_from_s is None or not skin.now:
            return []
        found: list[Said] = []
        seconds = round(self.chamber.now_s - skin.main_from_s)
        for of, i in zip(skin.now, people, strict=False):
            mean, placed = self.guests[i]
            found += [Said(seconds, e, mean.true_c(e.site), placed.true_c(e.site)) for e in of]
        return found
