"""The day of the reference scenario: twelve sessions in three blocks, 90 and 120 minutes idle; held all day against the day plan.

As the reference has it: three people every 12 minutes, the day begins at 20 °C one hour before the first of them and ends 12 minutes
after the last began. Held, the room is cooled from the first second on; by the plan when the panel would ask for the precool. The
model-based law on a model identified on this very plant, and the same planner as in the supervisor.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from bench.regulation.commissioning import Commissioned
from bench.regulation.plant import STEP_S, Plant
from bench.regulation.scenario import DOOR_S, GAP_S, PEOPLE, PERIOD_S, STAY_S, plan_of
from control import lqr, observer
from control.day_plan import DOUBT, MARGIN_S, READY_WITHIN_K, TOGETHER_S, WARMER_K, Way, choose
from control.forecast import SETTLES_S, cool, returning_w
from control.ready_time import fall_w, held
from control.room_model import ZERO_C_K, Room, RoomModel
from control.state import ReadyTime

SETPOINT_C = -110.0
FIRST_S, IDLE_S = 3600.0, (5400.0, 7200.0)
START_UP_S = 60.0
LOOK_S = 10.0
READY_K = 2.0


class Day(NamedTuple):
    """``after_kg``: from the first session on; ``ready_k``: largest error in the last 30 s before a block."""

    policy: str
    kg: float
    after_kg: float
    ready_k: float
    occupied_rms_k: float
    ways: tuple[str, ...]


class Job(NamedTuple):
    policy: str  # "hold" or "plan"
    commissioned: Commissioned


def starts() -> tuple[float, ...]:
    out: list[float] = []
    at = FIRST_S
    for idle in (*IDLE_S, 0.0):
        out += [at + i * GAP_S for i in range(4)]
        at += 4 * GAP_S + idle
    return tuple(out)


class _Order:
    """What is asked of the valve: nothing, a warmer room, or the set point."""

    def __init__(self, policy: str, m: RoomModel) -> None:
        self._m, self._hold = m, policy == "hold"
        self.warmer_k: float | None = 0.0 if self._hold else None  # None: shut
        self.ways: list[str] = []
        self._decided: float | None = None
        self._since: float | None = None
        self._r = ReadyTime()
        self._heat_w: list[float] = []

    def look(self, o: observer.Observed, t: float, next_s: float | None, *, idle: bool, first: bool) -> None:
        """Every LOOK_S while nobody is there."""
        if self._hold or not idle:
            return
        if next_s is None:
            self.warmer_k = None
            return
        left = next_s - t
        self._learn(o.room, t)
        room = o.room if self._since is None or first else o.room._replace(heat_w=returning_w(o.room.heat_w, self._r.held_w))
        takes = cool(self._m, room, SETPOINT_C + ZERO_C_K + READY_WITHIN_K, 1.0).s
        if self.warmer_k != 0.0 and (1.0 + DOUBT) * takes + MARGIN_S + (START_UP_S if first else 0.0) >= left:
            self.warmer_k = 0.0
        elif self.warmer_k == 0.0 and left > TOGETHER_S and self._decided != next_s and not first:
            self._decided = next_s
            choice = choose(self._m, o.room, SETPOINT_C, left, 1.0, self._r.held_w, fall_w(self._r))
            self.ways.append(choice.way.value)
            self.warmer_k = {Way.HOLD: 0.0, Way.SET_BACK: WARMER_K, Way.REST: None}[choice.way]

    def _learn(self, room: Room, t: float) -> None:
        """As the supervisor does, held cold and during a set-back."""
        if self.warmer_k == 0.0:
            if self._heat_w and self._r.held_w is not None:
                self._r = self._r._replace(fall_w=max(0.0, self._r.held_w - sum(self._heat_w) / len(self._heat_w)))
            self._since, self._heat_w = None, []
            if abs(room.sensor_k - ZERO_C_K - SETPOINT_C) < READY_K:
                self._r = held(held(self._r, room.heat_w), room.heat_w)  # twice in LOOK_S
        elif self._since is None:
            self._since = t
        elif t - self._since >= SETTLES_S and self._r.held_w is not None:
            self._heat_w.append(room.heat_w)


def play(job: Job) -> Day:
    """One day. Deterministic."""
    m, parameters = job.commissioned.identified.model, job.commissioned.parameters
    plant, at = Plant(parameters, 3), starts()
    layout = plan_of(at)
    order = _Order(job.policy, m)
    o = observer.begin(m, plant.measured_c())
    steps = round(PERIOD_S / STEP_S)
    pct, began_kg = 0.0, 0.0
    ready: list[float] = []
    squares: list[float] = []
    for k in range(round(at[-1] + GAP_S)):
        t = float(k)
        door = next((b - t for a, b in layout.doors if a <= t < b), 0.0)
        stay = next((a for a, b in layout.stays if a <= t < b), None)
        session = any(a <= t < a + STAY_S + DOOR_S for a in at)
        next_s = next((a for a in at if a >= t), None)
        persons = 0 if stay is None else PEOPLE
        o = observer.observe(m, o, plant.measured_c(), pct, persons, door=door > 0.0)
        if k % round(LOOK_S) == 0:
            order.look(o, t, next_s, idle=not session, first=t < at[0])
        if order.warmer_k is None:
            asked = 0.0
        else:
            asked = lqr.law(m, o, SETPOINT_C + order.warmer_k, pct, persons, lqr.Ahead(door, None))
        if t == at[0]:
            began_kg = plant.used_kg
        people_w = 0.0 if stay is None else plant.people_w(PEOPLE, t - stay)
        pressure = 1.0 + 0.03 * math.sin(2.0 * math.pi * t / 97.0)
        pct = plant.drive(asked, steps, door=door > 0.0, people_w=people_w, pressure=pressure)
        e = plant.true_c - SETPOINT_C
        if any(a - 30.0 <= t < a for a in at[::4]):
            ready.append(abs(e))
        if any(a + DOOR_S + 60.0 <= t < a + STAY_S for a in at):
            squares.append(e * e)
    rms = math.sqrt(sum(squares) / len(squares))
    return Day(job.policy, plant.used_kg, plant.used_kg - began_kg, max(ready), rms, tuple(order.ways))
