"""People who walk through the two doors, and what they do to the air: heat, water vapour, oxygen."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from simulator.body import Body
from simulator.doors import Door
from simulator.population import REFERENCE, Physique, breath_w, breath_water_kg_s, template
from simulator.thermal import SPREAD_MAIN, SPREAD_PRE, T_MAIN, T_PRE, WALL_MAIN, WALL_PRE, Inputs, State

AIR_KG_M3 = 1.293  # at 0 °C: the room's balance takes oxygen as the air of the same volume
AIR_SPEED_M_S = 0.2
BODY_STEP_S = 2.0  # bodies move on this slowly, a change of place aside; 5 mK by halving, see tests
SPREAD_MAIN_M, SPREAD_PRE_M = 1.1, 0.7  # between the heights that the plant's spreads are about
DOOR_HOLD_S = 1.2  # a door stays open this long after the last person went through


class Place(IntEnum):
    OUTSIDE = 0
    PRE = 1
    MAIN = 2


class Person:
    """One person: where they are, where they want to be, and their body. Times in s; ``pace`` is a factor on walking times."""

    __slots__ = (
        "_breath_kg_s",
        "_due_s",
        "_gas_k_s",
        "_k_per_m",
        "_others",
        "_since_s",
        "_stood_s",
        "_wall_k_s",
        "body",
        "fainted",
        "gas_w",
        "goal",
        "into",
        "oxygen_kg_s",
        "pace",
        "physique",
        "place",
        "ready_at_s",
        "through_at_s",
        "wall_w",
        "water_kg_s",
    )

    def __init__(self, pace: float = 1.0, physique: Physique = REFERENCE) -> None:
        self.place = Place.OUTSIDE
        self.goal = Place.OUTSIDE
        self.physique = physique
        self.pace = pace * physique.pace
        self.ready_at_s: float | None = None  # at the door, after reaction and a few steps
        self.through_at_s: float | None = None  # set while passing a door ...
        self.into = Place.OUTSIDE  # ... into this place, whatever they decide meanwhile
        self.fainted = False
        self._breath_kg_s = physique.breath_kg_s
        self.oxygen_kg_s = AIR_KG_M3 * physique.oxygen_m3_s
        self.rest()

    def rest(self) -> None:
        """The body as it is long after and before any visit."""
        self.body = Body(template(self.physique))
        self._stood_s = self._gas_k_s = self._wall_k_s = self._due_s = self._since_s = self._k_per_m = 0.0
        self._others = 0.0
        self.gas_w = self.wall_w = self.water_kg_s = 0.0  # given to the gas (breath included), to the walls, breathed out

    def stand(self, gas_k: float, wall_k: float, dt_s: float, k_per_m: float = 0.0, others: int = 0) -> None:
        """Be in a room for ``dt_s``. The body follows every ``BODY_STEP_S``; what it gives holds until the next."""
        self._stood_s += dt_s
        self._k_per_m, self._others = k_per_m, float(others)
        self._gas_k_s += gas_k * dt_s
        self._wall_k_s += wall_k * dt_s
        if self._stood_s > self._due_s:
            self.catch_up()

    def catch_up(self) -> None:
        """Bring the body up to now: its time has come, or it goes somewhere else, or somebody looks at it."""
        if self._stood_s <= 0.0:
            return
        body = self.body
        gas_k = self._gas_k_s / self._stood_s
        body.stand(gas_k, self._wall_k_s / self._stood_s, AIR_SPEED_M_S, self._stood_s, self._k_per_m, self._others)
        self.gas_w = body.convection_w + breath_w(self._breath_kg_s, gas_k)
        self.wall_w = body.radiation_w
        self.water_kg_s = breath_water_kg_s(self._breath_kg_s, gas_k)
        self._since_s += self._stood_s
        self._due_s = min(BODY_STEP_S, 0.25 * self._since_s) - 1e-6
        self._stood_s = self._gas_k_s = self._wall_k_s = 0.0

    def go(self, goal: Place, now_s: float, after_s: float = 1.0) -> None:
        """Set off for ``goal``; a fainted person does not."""
        if self.fainted or goal is self.goal:
            return
        self.goal = goal
        self.ready_at_s = now_s + after_s * self.pace

    def arrive(self, place: Place) -> None:
        """Stand in another room from now on: the body follows in small steps at first."""
        self.catch_up()
        self.place = place
        self._due_s = self._since_s = 0.0

    @property
    def moving(self) -> bool:
        return self.place is not self.goal and not self.fainted


class Crowd:
    """Everybody who may enter. Moves them one by one through the doors, inner and outer never open together unless they flee.

    Of a device with one room, ``inner`` and ``outer`` are the same door, and who goes in is in the main room at once.
    """

    def __init__(self, inner: Door, outer: Door) -> None:
        self.inner, self.outer = inner, outer
        self.entrance = Place.MAIN if inner is outer else Place.PRE  # where one comes to from outside
        self.people: list[Person] = []
        self.fleeing = False
        self.draw: Callable[[], Physique] | None = None  # who comes next; None: the mean man

    def newcomer(self) -> Person:
        """Somebody new, outside."""
        person = Person(1.0, self.draw() if self.draw is not None else REFERENCE)
        self.people.append(person)
        return person

    def count(self, place: Place) -> int:
        return sum(p.place is place for p in self.people)

    @property
    def moving(self) -> int:
        return sum(p.moving for p in self.people)

    def send(self, goal: Place, persons: int, now_s: float) -> int:
        """Send up to ``persons`` towards ``goal`` (those nearest first, new ones from outside); returns how many set off."""
        for _ in range(persons - len(self.people)):
            self.newcomer()
        candidates = sorted((p for p in self.people if p.goal is not goal and not p.fainted), key=lambda p: abs(p.place - goal))
        for person in candidates[:persons]:
            person.go(goal, now_s)
        return min(len(candidates), persons)

    def advance(self, now_s: float) -> None:
        """Move people through doors as time stands at ``now_s``."""
        for person in self.people:
            if person.place is not person.goal or person.through_at_s is not None:
                break
        else:
            return  # everybody stands where they want to be
        passing_inner = passing_outer = False
        for person in self.people:
            if person.through_at_s is not None:
                if now_s >= person.through_at_s:
                    self._arrive(person, now_s)
                elif Place.MAIN in (person.place, person.into):
                    passing_inner = True
                else:
                    passing_outer = True
        for person in self.people:
            if not person.moving or person.through_at_s is not None or person.ready_at_s is None or now_s < person.ready_at_s:
                continue
            door = self._door(person)
            other = self.outer if door is self.inner else self.inner
            if not (other.shut or self.fleeing or other is door):
                continue
            door.push(now_s + DOOR_HOLD_S)
            busy = passing_inner if door is self.inner else passing_outer
            if door.fraction > 0.6 and not busy:
                person.through_at_s = now_s + 1.0 * person.pace
                person.into = self._next(person)
                if door is self.inner:
                    passing_inner = True
                else:
                    passing_outer = True

    def _next(self, person: Person) -> Place:
        if person.place is Place.OUTSIDE:
            return self.entrance
        if person.place is self.entrance and person.goal is Place.OUTSIDE:
            return Place.OUTSIDE
        return Place.MAIN if person.goal is Place.MAIN else Place.PRE

    def _door(self, person: Person) -> Door:
        return self.outer if Place.OUTSIDE in (person.place, self._next(person)) else self.inner

    def _arrive(self, person: Person, now_s: float) -> None:
        door = self.inner if Place.MAIN in (person.place, person.into) else self.outer
        person.arrive(person.into)
        person.through_at_s = None
        person.ready_at_s = now_s + 1.0 * person.pace
        door.push(now_s + DOOR_HOLD_S)
        if person.place is Place.OUTSIDE and not person.moving:
            person.rest()  # the next visit starts from it

    def load(self, u: Inputs, y: State, dt_s: float) -> None:
        """Advance everybody's body by ``dt_s`` and put heat, water and oxygen use into the plant's inputs."""
        in_main: list[Person] = []
        in_pre: list[Person] = []
        for person in self.people:
            if person.place is Place.MAIN:
                in_main.append(person)
            elif person.place is Place.PRE:
                in_pre.append(person)
        here = y[T_MAIN], y[WALL_MAIN], y[SPREAD_MAIN] / SPREAD_MAIN_M
        u.heat_main, u.radiation_main, u.water_main, u.oxygen_main = _load(in_main, here, dt_s) if in_main else _NOBODY
        here = y[T_PRE], y[WALL_PRE], y[SPREAD_PRE] / SPREAD_PRE_M
        u.heat_pre, u.radiation_pre, u.water_pre, u.oxygen_pre = _load(in_pre, here, dt_s) if in_pre else _NOBODY


_NOBODY = (0.0, 0.0, 0.0, 0.0)


def _load(people: list[Person], here: tuple[float, float, float], dt_s: float) -> tuple[float, float, float, float]:
    """W into gas and onto walls, kg/s of water and oxygen of those in one room; ``here``: gas K, walls K, K per metre."""
    heat = radiation = water = oxygen = 0.0
    gas_k, wall_k, k_per_m = here
    others = len(people) - 1
    for person in people:
        person.stand(gas_k, wall_k, dt_s, k_per_m, others)
        heat += person.gas_w
        radiation += person.wall_w
        water += person.water_kg_s
        oxygen += person.oxygen_kg_s
    return heat, radiation, water, oxygen
