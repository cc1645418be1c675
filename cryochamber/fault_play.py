"""Plays a fault case in virtual time: brings a chamber to the moment, then breaks things scan by scan and watches."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from functools import partial

from chamber.commands import CHECKLIST, Command, CommandKind
from chamber.states import CycleState
from cryochamber.config import ConfigError, load_profile
from cryochamber.fault_case import Act, Case
from cryochamber.fault_watch import Seen
from cryochamber.figures import Collector
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession, ScenarioError
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator.faults import FaultError

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
        self._todo = sorted(case.do, key=lambda a: a.at_s)
        self._mend: list[tuple[float, Callable[[], object]]] = []
        self._away_until_s: float | None = None
        self._starts_anew = False
        self._pressed = 0

    def run(self) -> None:
        for n in range(round(self.case.run_s / SCAN_S)):
            self._one(n * SCAN_S)

    def _one(self, t_s: float) -> None:
        stage, commands = self.stage, list[Command]()
        while self._todo and self._todo[0].at_s <= t_s + 1e-9:
            self._act(self._todo.pop(0), t_s, commands)
        for mend in [m for m in self._mend if m[0] <= t_s + 1e-9]:
            mend[1]()
            self._mend.remove(mend)
        known = len(stage.collector.events)
        if self._away(t_s):
            if stage.chamber.scans % _SCANS_PER_S == 0:
                stage.collector.second(stage.chamber)
            stage.chamber.hang()
        else:
            stage.scan(commands)
        self.seen.look(t_s + SCAN_S, stage.collector.events[known:])

    def _away(self, t_s: float) -> bool:
        if self._away_until_s is None:
            return False
        if t_s < self._away_until_s - 1e-9:
            return True
        self._away_until_s = None
        if self._starts_anew:
            self.stage.chamber.restart()
            self.seen.restarted(t_s)
            self._starts_anew = False
        return False

    def _act(self, act: Act, t_s: float, commands: list[Command]) -> None:
        chamber, operator = self.stage.chamber, self.stage.operator
        match act.act:
            case "inject":
                self._inject(act, t_s)
            case "hang" | "die":
                if act.for_s is None:
                    raise ScenarioError(f"{self.case.id}: {act.act} needs for_s")
                self._away_until_s, self._starts_anew = t_s + act.for_s, act.act == "die"
            case "command":
                commands.append(self._command(act))
            case "operator_leaves" | "operator_returns":
                operator.present = act.act == "operator_returns"
            case "estop":
                chamber.world.press_estop(True)
            case "call":
                chamber.world.press_call(True)
            case "walk":
                chamber.world.guests.autopilot = False
                chamber.world.walk(act.target or "", act.persons)
            case "hold_inner" | "hold_outer":
                door = act.act.removeprefix("hold_")
                chamber.world.hold_door(door, True)
                if act.for_s is not None:
                    self._mend.append((t_s + act.for_s, partial(chamber.world.hold_door, door, False)))
            case "records_fail":
                chamber.records_ok = False
            case "api_silent":
                chamber.api_age_s = 60.0
            case "clock_step":
                chamber.utc_offset_s += act.by_s
            case "restart":
                chamber.restart()
                self.seen.restarted(t_s)

    def _inject(self, act: Act, t_s: float) -> None:
        try:
            fault = self.stage.chamber.world.faults.inject(act.kind, act.target, act.params)
        except FaultError as error:
            raise ScenarioError(f"{self.case.id}: do: {error}") from None
        if act.mend_after_s is not None:
            self._mend.append((t_s + act.mend_after_s, partial(self.stage.chamber.world.faults.clear, fault.id)))

    def _command(self, act: Act) -> Command:
        try:
            kind = CommandKind(act.kind)
        except ValueError:
            raise ScenarioError(f"{self.case.id}: no command {act.kind!r}; known: {', '.join(CommandKind)}") from None
        self._pressed += 1
        filled: dict[str, str | int | float | list[str]] = {}
        if kind is CommandKind.BEGIN_BOARDING:
            filled = {"program": self.case.program, "persons": act.persons, "checks": list(CHECKLIST)}
        elif kind is CommandKind.PRECOOL:
            filled = {"program": self.case.program}
        return Command(f"case-{self._pressed}", kind, filled | act.args, act.role.value, act.role, "fault case")
