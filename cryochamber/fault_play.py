"""Plays a fault case in virtual time: brings a chamber to the moment, then breaks things scan by scan and watches."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence

from chamber.commands import Command
from chamber.states import CycleState
from cryochamber.config import ConfigError, load_profile
from cryochamber.deeds import Deeds
from cryochamber.fault_case import Case
from cryochamber.fault_watch import Seen
from cryochamber.figures import Collector
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession, ScenarioError
from cryochamber.virtual import SCAN_S, VirtualChamber

_SCANS_PER_S = round(1.0 / SCAN_S)
_REACHED_WITHIN_S = 900.0
_ENTRY_PROVEN_S = 61.0  # oxygen good for so long: boarding would be allowed


class Stage:
    """A chamber with guests and an operator, brought to the moment at which something is going to break."""

    def __init__(self, case: Case) -> None:
        try:
            profile = load_profile()
        except ConfigError as error:
            raise ScenarioError(str(error)) from None
        if profile.program(case.program) is None:
            raise ScenarioError(f"{case.id}: no program {case.program!r} in profile {profile.id}")
        self.chamber = VirtualChamber(profile, case.seed, "precooled")
        self.chamber.world.guests.autopilot = True
        plan = [PlannedSession(at_s=0, persons=case.persons, program=case.program)] if case.persons > 0 else []
        self.operator = Operator(case.program, plan, random.Random(f"{case.seed}/operator"))  # noqa: S311
        self.collector = Collector()

    def scan(self, commands: Sequence[Command] = ()) -> None:
        if self.chamber.scans % _SCANS_PER_S == 0:
            self.collector.second(self.chamber)
        pressed = self.operator.look(self.chamber.state, self.chamber.now_s)
        self.collector.take(self.chamber.scan((*commands, *pressed)))

    def reach(self, case: Case) -> None:
        """Run until the state of ``case.after`` is entered, and ``delay_s`` more."""
        wanted = CycleState[case.after.upper()]
        while not self._reached(wanted):
            if self.chamber.now_s > _REACHED_WITHIN_S:
                raise ScenarioError(f"{case.id}: {case.after} not reached within {_REACHED_WITHIN_S:g} s; are there guests (persons)?")
            self.scan()
        for _ in range(round(case.delay_s / SCAN_S)):
            self.scan()

    def _reached(self, wanted: CycleState) -> bool:
        state = self.chamber.state
        if state.cycle.state is not wanted:
            return False
        return wanted is not CycleState.READY or (state.facts is not None and state.facts.o2_entry_good_s >= _ENTRY_PROVEN_S)


class Stages:
    """Stages by what leads to them: cases that begin alike share the way there."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Stage] = {}

    def of(self, case: Case) -> Stage:
        key = (case.seed, case.program, case.persons, case.after, case.delay_s)
        if key not in self._made:
            stage = Stage(case)
            stage.reach(case)
            self._made[key] = stage
        return copy.deepcopy(self._made[key])


class Player:
    """Does what the case says from the injection on, scan by scan, and watches."""

    def __init__(self, case: Case, stage: Stage) -> None:
        self.case, self.stage = case, stage
        self.began_s = stage.chamber.now_s
        self.seen = Seen(stage.chamber, case)
        self._deeds = Deeds(case.id, stage.chamber, stage.operator, case.do, case.program)
        self._deeds.restarted = self.seen.restarted

    def run(self) -> None:
        for n in range(round(self.case.run_s / SCAN_S)):
            self._one(n * SCAN_S)

    def _one(self, t_s: float) -> None:
        stage = self.stage
        commands = self._deeds.due(t_s)
        known = len(stage.collector.events)
        if self._deeds.away(t_s):
            if stage.chamber.scans % _SCANS_PER_S == 0:
                stage.collector.second(stage.chamber)
            stage.chamber.hang()
        else:
            stage.scan(commands)
        self.seen.look(t_s + SCAN_S, stage.collector.events[known:])
