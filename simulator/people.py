"""People who walk through the two doors, and what they do to the air: heat, water vapour, oxygen."""

from __future__ import annotations

from enum import IntEnum

from simulator.doors import Door
from simulator.skin import AREA_M2, RESPIRATION_W, Skin
from simulator.thermal import T_MAIN, T_PRE, WALL_MAIN, WALL_PRE, Inputs, State

OXYGEN_KG_S = 0.5e-3 / 60.0 * 1.4  # 0.5 L/min of oxygen per person at rest
WATER_KG_S = 1.2e-5  # breath
AIR_SPEED_M_S = 0.2
DOOR_HOLD_S = 1.2  # a door stays open this long after the last person went through


class Place(IntEnum):
    OUTSIDE = 0
    PRE = 1
    MAIN = 2


class Person:
    """One person: where they are, where they want to be, and their skin. Times in s."""

    __slots__ = ("fainted", "goal", "into", "pace", "place", "ready_at_s", "skin", "through_at_s")

    def __init__(self, pace: float = 1.0) -> None:
        self.place = Place.OUTSIDE
        self.goal = Place.OUTSIDE
        self.pace = pace  # factor on walking times
        self.ready_at_s: float | None = None  # at the door, after reaction and a few steps
        self.through_at_s: float | None = None  # set while passing a door ...
        self.into = Place.OUTSIDE  # ... into this place, whatever they decide meanwhile
        self.fainted = False
        self.skin = Skin()

    def go(self, goal: Place, now_s: float, after_s: float = 1.0) -> None:
        """Set off for ``goal``; a fainted person does not."""
        if self.fainted or goal is self.goal:
            return
        self.goal = goal
        self.ready_at_s = now_s + after_s * self.pace

    @property
    def moving(self) -> bool:
        return self.place is not self.goal and not self.fainted


class Crowd:
    """Everybody who may enter. Moves them one by one through the doors, inner and outer never open together unless they flee."""

    def __init__(self, inner: Door, outer: Door) -> None:
        self.inner, self.outer = inner, outer
        self.people: list[Person] = []
        self.fleeing = False

    def count(self, place: Place) -> int:
        return sum(p.place is place for p in self.people)

    @property
    def moving(self) -> int:
        return sum(p.moving for p in self.people)

    def send(self, goal: Place, persons: int, now_s: float) -> int:
        """Send up to ``persons`` towards ``goal`` (those nearest first, new ones from outside); returns how many set off."""
        for _ in range(persons - len(self.people)):
            self.people.append(Person())
        candidates = sorted((p for p in self.people if p.goal is not goal and not p.fainted), key=lambda p: abs(p.place - goal))
        for person in candidates[:persons]:
            person.go(goal, now_s)
        return min(len(candidates), persons)

    def advance(self, now_s: float) -> None:
        """Move people through doors as time stands at ``now_s``."""
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
            if not (other.shut or self.fleeing):
                continue
            door.push(now_s + DOOR_HOLD_S)
            busy = passing_inner if door is self.inner else passing_outer
            if door.fraction > 0.6 and not busy:
                person.through_at_s = now_s + 1.0 * person.pace
                person.into = Place(person.place + (1 if person.goal > person.place else -1))
                if door is self.inner:
                    passing_inner = True
                else:
                    passing_outer = True

    def _door(self, person: Person) -> Door:
        here, goal = person.place, person.goal
        return self.outer if here is Place.OUTSIDE or (here is Place.PRE and goal is Place.OUTSIDE) else self.inner

    def _arrive(self, person: Person, now_s: float) -> None:
        door = self.inner if Place.MAIN in (person.place, person.into) else self.outer
        person.place = person.into
        person.through_at_s = None
        person.ready_at_s = now_s + 1.0 * person.pace
        door.push(now_s + DOOR_HOLD_S)
        if person.place is Place.OUTSIDE and not person.moving:
            person.skin = Skin()  # the next visit starts from rest

    def load(self, u: Inputs, y: State, dt_s: float) -> None:
        """Advance everybody's skin by ``dt_s`` and put heat, water and oxygen use into the plant's inputs."""
        u.heat_main = u.heat_pre = u.radiation_main = u.radiation_pre = 0.0
        u.water_main = u.water_pre = u.oxygen_main = u.oxygen_pre = 0.0
        for person in self.people:
            if person.place is Place.MAIN:
                person.skin.step(y[T_MAIN], y[WALL_MAIN], AIR_SPEED_M_S, dt_s)
                u.heat_main += person.skin.convective * AREA_M2 + RESPIRATION_W
                u.radiation_main += person.skin.radiative * AREA_M2
                u.water_main += WATER_KG_S
                u.oxygen_main += OXYGEN_KG_S
            elif person.place is Place.PRE:
                person.skin.step(y[T_PRE], y[WALL_PRE], AIR_SPEED_M_S, dt_s)
                u.heat_pre += person.skin.convective * AREA_M2 + RESPIRATION_W
                u.radiation_pre += person.skin.radiative * AREA_M2
                u.water_pre += WATER_KG_S
                u.oxygen_pre += OXYGEN_KG_S
