"""Plays a random day in virtual time under the eyes of the judge."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from chamber.commands import Command
from chamber.events import Event, EventKind
from chamber.profile import DeviceProfile
from chamber.states import SESSION, CycleState
from cryochamber.chance import Day
from cryochamber.deeds import Deeds
from cryochamber.fault_case import Act
from cryochamber.judge import Judge, Violation
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession, ScenarioError
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator import population
from simulator.people import Place

READY_WITHIN_S = 600.0
ENTRY_PROVEN_S = 61.0  # oxygen good for so long: boarding is allowed
AFTER_S = 12.0  # a day that ends is watched for so long with everybody out
GIVEN_UP_S = 120.0  # nothing goes on for so long and nothing is to happen or to be mended: the rest of the day does not take place
HOLDS_UP_S = 900.0  # ... where the operator brings the chamber back: the ten minutes after a broken-off exposure, and a precool
LOOKED_IN_S = 4.0  # the operator holds the outer door open for so long to look in
DAY_S = 7200.0
_OUTSIDE = Place.OUTSIDE  # looked up once: asked for in every scan
_CALM = frozenset({CycleState.RECOOL, CycleState.READY, CycleState.PRECOOL, CycleState.STOPPED, CycleState.IDLE})
_BROKEN_OFF = frozenset({"fault", "evacuate", "estop", "locked_out"})

Watcher = Callable[[VirtualChamber, Sequence[Event]], None]


class Outcome(NamedTuple):
    """What became of a day. ``begun``: sessions in which guests were let in; ``whole``: those that ran their time.

    ``upset``: begun sessions in which or before which something was broken. ``given_up``: it could not go on.
    """

    day: Day
    begun: int
    whole: int
    upset: int
    persons: int
    happened: tuple[str, ...]
    simulated_s: float
    violations: tuple[Violation, ...]
    face_o2_min_pct: float | None
    skin_min_c: float | None
    stay_max_s: float
    given_up: bool


class Trials:
    """Chambers that stand ready, made once and copied for each day. One for each process."""

    def __init__(self, profile: DeviceProfile) -> None:
        self.profile = profile
        self._ready: dict[int, VirtualChamber] = {}

    def chamber(self, day: Day) -> VirtualChamber:
        if day.stage not in self._ready:
            self._ready[day.stage] = _bring_ready(self.profile, day.stage)
        ready = self._ready[day.stage]
        # what the supervisor knows and has asked for is never changed in place: the copy shares it
        made = copy.deepcopy(ready, {id(shared): shared for shared in (ready.state, ready.outputs)})
        made.world.reseed(day.seed)
        made.world.plant.crowd.draw = partial(population.draw, random.Random(f"{day.seed}/people"))  # noqa: S311
        return made

    def play(self, day: Day, watch: Watcher | None = None) -> Outcome:
        """Deterministic. ``watch`` sees every scan. Raises ScenarioError."""
        return _Trial(day, self.chamber(day)).run(watch)


def _bring_ready(profile: DeviceProfile, stage: int) -> VirtualChamber:
    chamber = VirtualChamber(profile, stage + 1, "precooled")
    chamber.world.guests.autopilot = True
    operator = Operator("standard", (), random.Random(f"{stage}/operator"))  # noqa: S311
    while chamber.now_s < READY_WITHIN_S:
        chamber.scan(operator.look(chamber.state, chamber.now_s))
        facts = chamber.state.facts
        if chamber.state.cycle.state is CycleState.READY and facts is not None and facts.o2_entry_good_s >= ENTRY_PROVEN_S:
            return chamber
    raise ScenarioError(f"the simulated chamber was not ready within {READY_WITHIN_S:g} s")


class _Trial:
    def __init__(self, day: Day, chamber: VirtualChamber) -> None:
        self.day, self.chamber = day, chamber
        self.began_s = chamber.now_s
        self.judge = Judge(chamber)
        rng = random.Random(f"{day.seed}/operator")  # noqa: S311
        self.operator = Operator("standard", (), rng, inside=self._inside, name="day", look_in=self._look_in)
        self.deeds = Deeds(f"day {day.number}", chamber, self.operator, (), "standard")
        self.deeds.restarted = self._restarted
        self._waiting = list(day.visits)
        self._happened: list[str] = []
        self._due: list[tuple[float, str]] = []
        self._begun = self._whole = self._upset = self._persons = 0
        self._calm_since_s: float | None = None
        self._progress_s = 0.0
        self._been: set[str] = set()  # states since the last session began
        self._broken_off = self._given_up = False
        self._plan_next(0.0)

    def _inside(self) -> int:
        """The operator looks through the window."""
        people = self.chamber.world.plant.crowd.people
        return len([p for p in people if p.place is not _OUTSIDE]) if people else 0

    def _look_in(self) -> None:
        """The operator opens the outer door, as asked, and lets it fall shut."""
        self.deeds.hold("outer", LOOKED_IN_S, self.chamber.now_s - self.began_s)

    def _plan_next(self, t_s: float) -> None:
        if self._waiting:
            if not self._inside():
                self.chamber.world.plant.crowd.people.clear()  # those who come next are others
            visit = self._waiting[0]
            at_s = self.began_s + t_s + visit.pause_s
            self.operator.expect(PlannedSession(at_s=at_s, persons=visit.persons, program=visit.program))

    def _restarted(self, t_s: float) -> None:
        self.judge.restarted()

    def run(self, watch: Watcher | None) -> Outcome:
        chamber, judge, deeds, operator = self.chamber, self.judge, self.deeds, self.operator
        nothing: tuple[Event, ...] = ()
        n = 0
        t_s = 0.0
        while not self._over(t_s):
            commands: Sequence[Command] = deeds.due(t_s)
            while self._due and self._due[0][0] <= t_s:
                self._happened.append(self._due.pop(0)[1])
                judge.broken = True
            if deeds.away(t_s):
                chamber.hang()
                events, ran = nothing, False
            else:
                events, ran = chamber.scan((*commands, *operator.look(chamber.state, chamber.now_s))), True
            n += 1
            t_s = n * SCAN_S
            judge.look(events, ran)
            for event in events:
                self._follow(event, t_s)
            if watch is not None:
                watch(chamber, events)
        return Outcome(
            self.day, self._begun, self._whole, self._upset, judge.persons_in_main, tuple(self._happened), t_s,
            tuple(judge.violations), judge.face_o2_min_pct, judge.skin_min_c, judge.stay_max_s, self._given_up,
        )  # fmt: skip

    def _follow(self, event: Event, t_s: float) -> None:
        if event.kind is EventKind.SESSION_OPENED:
            self._progress_s = t_s
            self._been.clear()
            visit = self._waiting.pop(0)
            self._begun += 1
            for act in visit.mishaps:
                self.deeds.add(act.model_copy(update={"at_s": act.at_s + t_s}))
                self._due.append((act.at_s + t_s, _name(act)))
            self._due.sort()
            self._upset += bool(visit.mishaps) or self.judge.broken
        elif event.kind is EventKind.SESSION_CLOSED:
            self._progress_s = t_s
            self._whole += event.data["ended_by"] == "cause:TIME-LIMIT"
            self._plan_next(t_s)
        elif event.kind is EventKind.STATE:
            state = event.data["to"]
            if state not in self._been:  # round and round in the same states is no way on
                self._been.add(state)
                self._progress_s = t_s
            self._broken_off = self._broken_off or state in _BROKEN_OFF

    def _over(self, t_s: float) -> bool:
        """Every guest has been and is out again, or nothing goes on any more."""
        if t_s >= DAY_S:
            return True
        if self._inside():
            self._calm_since_s = None
            return False
        state = self.chamber.state.cycle.state
        done = not self._waiting or not self.operator.waiting
        ends = state not in SESSION and ((state in _CALM and not self._waiting) or (self._broken_off and not self.day.goes_on) or done)
        if not ends:
            self._calm_since_s = None
            if not self.deeds.idle:
                self._progress_s = t_s
            self._given_up = t_s - self._progress_s > (HOLDS_UP_S if self.day.goes_on else GIVEN_UP_S)
            return self._given_up
        self._calm_since_s = t_s if self._calm_since_s is None else self._calm_since_s
        return t_s - self._calm_since_s >= AFTER_S


def _name(act: Act) -> str:
    return f"{act.kind} {act.target}".strip() if act.act == "inject" else act.kind if act.act == "command" else act.act
