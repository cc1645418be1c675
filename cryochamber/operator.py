"""An operator for runs in virtual time: does what the panel says next, after a human pause, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from chamber.alarm_states import AlarmState
from chamber.checklist import BY_PERSON
from chamber.commands import CHECKLIST, Command, CommandKind, Role
from chamber.states import CycleState
from control.outlook import outlook
from control.state import State
from cryochamber.scenario import PlannedSession

LOOKS_EVERY_S = 1.0
CONFIRMS_EVERY_S = 20.0
ACKNOWLEDGES_AFTER_S = 8.0
_WHEN_EMPTY = frozenset({CommandKind.CONFIRM_EMPTY, CommandKind.RESET, CommandKind.PRECOOL, CommandKind.BEGIN_BOARDING})
LOOKS_IN = 3  # a door whose contact is stuck proves nothing however often it is opened
_NO_DOOR = "door_not_opened"
_WATCHING = (CycleState.PRE_CHAMBER, CycleState.EXPOSURE, CycleState.EXIT)


class Operator:
    """Follows the guidance; starts the planned sessions in order when guests wait and the chamber is ready.

    ``inside``: what a look through the window shows; with it nobody is declared out, and nothing reset, while somebody is in.
    ``name``: its commands are numbered under it; a chamber takes each only once. ``look_in``: opens the outer door for a moment; done where
    a command was turned down because no door has been opened.
    """

    def __init__(
        self,
        program: str,
        plan: Sequence[PlannedSession],
        rng: random.Random,
        inside: Callable[[], int] | None = None,
        name: str = "operator",
        look_in: Callable[[], None] | None = None,
    ) -> None:
        self._inside, self._name, self._look_in = inside, name, look_in
        self._looks_in = LOOKS_IN
        self._pressed: str | None = None  # what may still be turned down
        self._program = program
        self._plan = list(plan)
        self._rng = rng
        self._count = 0
        self._looks_at_s = 0.0
        self._acts: tuple[CommandKind, float] | None = None
        self._confirmed_s = 0.0
        self.present = True

    @property
    def waiting(self) -> int:
        return len(self._plan)

    def expect(self, session: PlannedSession) -> None:
        """One more group of guests, after those already planned."""
        self._plan.append(session)

    def look(self, state: State, now_s: float) -> tuple[Command, ...]:
        """What is pressed at this moment: nothing most of the time."""
        if now_s < self._looks_at_s or state.facts is None or not self.present:
            return ()
        self._looks_at_s = now_s + LOOKS_EVERY_S
        if state.cycle.state in _WATCHING and now_s - self._confirmed_s >= CONFIRMS_EVERY_S:
            self._confirmed_s = now_s
            return (self._press(CommandKind.OPERATOR_PRESENT),)
        unseen = [a for a in state.alarms.values() if a.state in (AlarmState.UNACK, AlarmState.LATCHED_UNACK, AlarmState.RTN_UNACK)]
        if unseen and now_s - min(a.since_s for a in unseen) >= ACKNOWLEDGES_AFTER_S:
            return (self._press(CommandKind.ACKNOWLEDGE),)
        if self._look_in is not None and self._looks_in > 0 and self._turned_down(state):
            self._looks_in -= 1
            self._look_in()
            return ()
        wanted = self._next(state, now_s)
        if wanted is not None:
            self._pressed = wanted.id
        return () if wanted is None else (wanted,)

    def _turned_down(self, state: State) -> bool:
        """The last command was refused, here or by the PLC, because no door has been opened. Told once."""
        answer = None if self._pressed is None else state.answers.get(self._pressed)
        if answer is None:
            return False
        self._pressed = None
        return any(_NO_DOOR in (r.code, r.params.get("reason")) for r in answer.reasons)

    def _next(self, state: State, now_s: float) -> Command | None:
        kind = self._guided(state, now_s)
        if kind is None:
            self._acts = None
            return None
        if self._acts is None or self._acts[0] is not kind:
            self._acts = (kind, now_s + self._rng.uniform(2.0, 5.0))
            return None
        if now_s < self._acts[1]:
            return None
        self._acts = None
        return self._command(kind, state)

    def _guided(self, state: State, now_s: float) -> CommandKind | None:
        facts = state.facts
        if facts is None:
            return None
        # a person presses nothing in the first second; by then the record is on disk, or the step refuses
        durable = state.session is None or now_s - state.session.opened_s > LOOKS_EVERY_S
        now = state.cycle.state
        refused, g = outlook(state, facts if facts.state is now else facts._replace(state=now), durable=durable, ready_in_s=None)
        if g.command is None or refused[g.command]:
            return None
        if g.command is CommandKind.BEGIN_BOARDING and not (self._plan and self._plan[0].at_s <= now_s):
            return None
        if self._inside is not None and g.command in _WHEN_EMPTY and self._inside() > 0:
            return None
        return g.command

    def _command(self, kind: CommandKind, state: State) -> Command:
        match kind:
            case CommandKind.PRECOOL:
                return self._press(kind, program=self._program)
            case CommandKind.BEGIN_BOARDING:
                planned = self._plan.pop(0)
                self._confirmed_s = 0.0
                return self._press(kind, program=planned.program, persons=planned.persons, checks=list(CHECKLIST))
            case CommandKind.SIGN_CHECKLIST:
                return self._press(kind, confirmed=list(BY_PERSON))
            case CommandKind.START_SESSION:
                return self._press(kind, persons=1 if state.session is None else state.session.persons)
            case CommandKind.CONFIRM_EMPTY if state.session is not None and state.session.count_due is not None:
                return self._press(kind, count=state.session.count_due)
            case _:
                return self._press(kind)

    def _press(self, kind: CommandKind, **args: str | int | list[str]) -> Command:
        self._count += 1
        return Command(f"{self._name}-{self._count}", kind, dict(args), "operator", Role.OPERATOR, "scenario")
