"""Guests on their own: they follow the voice as people do, with reaction times, and sometimes they do not."""

from __future__ import annotations

import random

from plc_bridge.contract import Voice
from simulator.people import Crowd, Person, Place

REACTION_S = (0.6, 2.0)
_MAIN = Place.MAIN  # looked up once: asked for in every scan
_OUT = (Voice.LEAVE_NOW, Voice.EVACUATE)


class Guests:
    """Autopilot for as many guests as the supervisor has told the PLC. Times in s."""

    def __init__(self, crowd: Crowd, rng: random.Random) -> None:
        self._crowd = crowd
        self._rng = rng
        self.autopilot = False
        self.pace = 1.0  # factor on reaction and walking times
        self.faint = False  # the next one in the main room sinks down and stays
        self.leave_after_s: float | None = None  # leaves by themselves this long after entering the main room
        self._heard = int(Voice.SILENT)
        self._main_since_s: float | None = None

    def reseed(self, rng: random.Random) -> None:
        self._rng = rng

    def advance(self, now_s: float, voice: int, persons: int) -> None:
        """Hear the voice of this scan and act on a change of it; ``persons`` is the number told to the PLC."""
        self._crowd.fleeing = voice == Voice.EVACUATE
        if not self.autopilot:
            return
        if voice != self._heard:
            self._heard = voice
            self._obey(now_s, voice, persons)
        self._misbehave(now_s)

    def _obey(self, now_s: float, voice: int, persons: int) -> None:
        people = self._crowd.people
        if voice == Voice.WELCOME_PRE:
            inside = sum(p.place is not Place.OUTSIDE or p.goal is not Place.OUTSIDE for p in people)
            for person in self._outside(max(1, persons) - inside):
                person.go(self._crowd.entrance, now_s, self._reaction())
        elif voice == Voice.GO_TO_MAIN:
            for person in people:
                if person.place is Place.PRE or person.goal is Place.PRE:
                    person.go(Place.MAIN, now_s, self._reaction())
        elif voice in _OUT:
            for person in people:
                if person.place is not Place.OUTSIDE or person.goal is not Place.OUTSIDE:
                    person.go(Place.OUTSIDE, now_s, self._reaction())

    def _outside(self, wanted: int) -> list[Person]:
        people = self._crowd.people
        waiting = [p for p in people if p.place is Place.OUTSIDE and p.goal is Place.OUTSIDE]
        while len(waiting) < wanted:
            waiting.append(self._crowd.newcomer())
        for person in waiting:
            person.pace = self.pace * person.physique.pace
        return waiting[: max(0, wanted)]

    def _reaction(self) -> float:
        return self._rng.uniform(*REACTION_S) * self.pace

    def _misbehave(self, now_s: float) -> None:
        in_main = [p for p in self._crowd.people if p.place is _MAIN]
        if not in_main:
            self._main_since_s = None
            return
        if self._main_since_s is None:
            self._main_since_s = now_s
        if self.faint and not any(p.fainted for p in in_main):
            in_main[0].fainted = True
        if self.leave_after_s is not None and now_s - self._main_since_s >= self.leave_after_s:
            for person in in_main:
                person.go(Place.OUTSIDE, now_s, self._reaction())

    def revive(self) -> None:
        """Help has come: those who fainted can walk again and leave when told."""
        for person in self._crowd.people:
            person.fainted = False
        self._heard = int(Voice.SILENT)
