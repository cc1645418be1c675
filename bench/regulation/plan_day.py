"""A day of twelve sessions on the project's own plant, the whole supervisor in virtual time: held all day against the day plan.

Three blocks of four sessions every 12 minutes, 90 and 120 minutes between them, three people each. The day begins warm: held, the
precool is ordered at once; with the plan at the time that the panel names. It ends 12 minutes after the last session began.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from chamber.commands import Command, CommandKind, Role
from chamber.events import EventKind
from chamber.states import CycleState
from control import day_plan
from control.plan_view import plan_view
from control.state import Booking, Inputs, ReadyTime
from cryochamber.config import load_profile
from cryochamber.figures import Collector
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession
from cryochamber.virtual import EPOCH_UTC_S, VirtualChamber
from simulator.gas import KELVIN
from simulator.thermal import T_MAIN

FIRST_S, GAP_S, IDLE_S, PEOPLE = 3600, 720, (5400, 7200), 3
SETPOINT_C = -110.0
LOOK_S, GOOD_S = 10.0, 60.0


class Day(NamedTuple):
    """``kg`` with the precool, ``after_kg`` from the first session's begin on. At each block's begin: error in K and for how long the room
    had been READY, s (None: not yet). Worst errors of the ready times foretold, s: of the precool, of each re-cool out of a break, of the
    worst one after guests; ``precool_good_s``: for so long before READY the precool's was within a minute for good.
    """

    policy: str
    kg: float
    after_kg: float
    sessions: int
    block_error_k: tuple[float, ...]
    ready_early_s: tuple[float | None, ...]
    precool_s: float
    precool_error_s: float
    precool_good_s: float
    break_errors_s: tuple[float, ...]
    guests_error_s: float
    alarms: int
    violations: int


def starts() -> tuple[int, ...]:
    """Begin of the sessions, s from the begin of the day."""
    out: list[int] = []
    at = FIRST_S
    for idle in (*IDLE_S, 0):
        out += [at + i * GAP_S for i in range(4)]
        at += 4 * GAP_S + idle
    return tuple(out)


def play(policy: str, at: tuple[int, ...], ready: ReadyTime) -> tuple[Day, ReadyTime]:
    """``policy``: "hold" or "plan"; ``at``: the sessions, s; ``ready``: what earlier days have taught. Deterministic.

    Returns what this one has taught, too.
    """
    profile = load_profile()
    program = profile.programs[1]
    chamber = VirtualChamber(profile, 1, "warm")
    chamber.world.guests.autopilot = True
    chamber.state = chamber.state._replace(ready=ready)
    chamber.schedule = tuple(Booking(EPOCH_UTC_S + s, day_plan.length_s(program), PEOPLE) for s in at)
    operator = Operator(program.id, [PlannedSession(at_s=s, persons=PEOPLE) for s in at], random.Random("day"))
    run = _Run(policy, at, chamber, operator)
    while chamber.now_s < at[-1] + GAP_S:
        run.scan()
    kg = chamber.world.truth().nitrogen_kg
    alarms = sum(e.kind is EventKind.ALARM for e in run.collector.events)
    done = sum(e.kind is EventKind.SESSION_CLOSED for e in run.collector.events)
    violations = len(run.collector.violations)
    day = Day(
        policy,
        kg,
        kg - run.began_kg,
        done,
        tuple(run.errors),
        tuple(run.early),
        *run.precool,
        tuple(run.breaks),
        run.guests,
        alarms,
        violations,
    )
    return day, chamber.state.ready


class _Run:
    def __init__(self, policy: str, at: tuple[int, ...], chamber: VirtualChamber, operator: Operator) -> None:
        self.chamber, self.operator, self.at = chamber, operator, at
        self.collector = Collector()
        self.ordered = policy == "hold"
        self.waits = policy == "plan"  # for the time at which the panel says to precool
        self.firsts = [s for i, s in enumerate(at) if i == 0 or s - at[i - 1] > GAP_S + 60]
        self.errors: list[float] = []
        self.early: list[float | None] = []
        self.precool = (0.0, 0.0, 0.0)  # how long it took, worst error, within a minute for good
        self.breaks: list[float] = []
        self.guests = self.began_kg = 0.0
        self._foretold: list[tuple[float, float]] = []
        self._was, self._since_s, self._rested = CycleState.RECOVERY, 0.0, False

    def scan(self) -> None:
        c, o = self.chamber, self.operator
        self._watch_clock()
        asked = list(o.look(c.state, c.now_s))
        if not self.ordered and c.state.cycle.state in (CycleState.PRECOOL, CycleState.READY) and c.now_s - self._since_s > 10.0:
            self.ordered = True
            asked.append(Command("plan", CommandKind.FOLLOW_PLAN, {}, "anna", Role.OPERATOR, "bench"))
        self.collector.take(c.scan(asked))
        self._look()

    def _watch_clock(self) -> None:
        c, o = self.chamber, self.operator
        if self.waits and c.scans % 100 == 50 and c.state.facts is not None:
            inputs = Inputs(c.now_s, None, schedule=c.schedule, day_began_utc_s=EPOCH_UTC_S)
            by = plan_view(c.state, inputs, c.now_s).precool_by
            self.waits = by is None or by.timestamp() - EPOCH_UTC_S > c.now_s
        guests = o.waiting > 0 or c.state.session is not None or c.now_s < self.at[-1] + GAP_S / 2  # then the day is over
        o.present = guests and not (self.waits and c.state.cycle.state is CycleState.IDLE)

    def _look(self) -> None:
        c = self.chamber
        state, now = c.state.cycle.state, c.now_s
        if state is not self._was:
            if state is CycleState.READY and self._foretold:
                self._judge(now)
            self._foretold, self._was, self._since_s, self._rested = [], state, now, False
        self._rested = self._rested or c.state.cycle.set_back is not None
        if c.scans % 100 == 0 and c.state.ready.at_s is not None:
            self._foretold.append((now, c.state.ready.at_s))
        if c.scans % 10 == 0 and round(now) in self.firsts:
            self.errors.append(c.world.plant.y[T_MAIN] - KELVIN - SETPOINT_C)
            self.early.append(round(now - self._since_s, 1) if state is CycleState.READY else None)
            if round(now) == self.at[0]:
                self.began_kg = c.world.truth().nitrogen_kg

    def _judge(self, now: float) -> None:
        """What was foretold since the state before READY began."""
        worst = max(abs(ready_s - now) for _, ready_s in self._foretold)
        if self._was is CycleState.PRECOOL:
            bad = [t for t, ready_s in self._foretold if abs(ready_s - now) > GOOD_S]
            took = now - self._since_s
            if took > self.precool[0]:  # that of the morning
                self.precool = (took, worst, now - bad[-1] - LOOK_S if bad else took)
        elif self._was is CycleState.RECOOL and self._rested:
            self.breaks.append(worst)
        elif self._was is CycleState.RECOOL:
            self.guests = max(self.guests, worst)
