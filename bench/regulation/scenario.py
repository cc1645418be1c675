"""The reference scenario: cool from 20 °C, hold 30 min, sessions of three people every 12 min; and its figures.

A session: the door is open 10 s, three people stay 190 s, the door is open 10 s again. From the middle of the third on the
supply pressure is 14 % lower, unmeasured. Regulators run once a second and see what a supervisor sees: one temperature,
the door, the number of people, where the valve was; those that use it also when the door will be released.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from bench.regulation.plant import STEP_S, Parameters, Plant
from control.valve_stage import Stage, stage

PERIOD_S = 1.0
DOOR_S = 10.0
STAY_S = 190.0
GAP_S = 720.0
PEOPLE = 3
SETTLED_K = 2.0


class Seen(NamedTuple):
    """What a regulator may know at this step. ``door_in_s``: until the door is released, None: nothing announced."""

    t_s: float
    measured_c: float
    setpoint_c: float
    door: bool
    door_left_s: float
    door_in_s: float | None
    persons: int
    actual_pct: float
    persons_next: int | None = None  # after the announced door


class Regulator(Protocol):
    name: str

    def step(self, seen: Seen) -> float:
        """Valve demand in %."""
        ...


class Plan(NamedTuple):
    """Door openings and stays on the clock of the run, s."""

    doors: tuple[tuple[float, float], ...]
    stays: tuple[tuple[float, float], ...]
    starts: tuple[float, ...]


def plan(first_s: float, sessions: int, gap_s: float = GAP_S) -> Plan:
    starts = tuple(first_s + i * gap_s for i in range(sessions))
    return plan_of(starts)


def plan_of(starts: Sequence[float]) -> Plan:
    doors = tuple(d for a in starts for d in ((a, a + DOOR_S), (a + STAY_S, a + STAY_S + DOOR_S)))
    return Plan(doors, tuple((a + 5.0, a + STAY_S + 5.0) for a in starts), tuple(starts))


@dataclass
class Trace:
    t_s: np.ndarray
    true_c: np.ndarray
    valve_pct: np.ndarray
    used_kg: np.ndarray
    cpu_us: np.ndarray
    cycles: int
    plan: Plan
    cooled_s: float | None
    hold_from_s: float


class Figures(NamedTuple):
    """Times s, temperatures K, travel and cycles a session. ``cooled_s`` None: never within the band for a minute."""

    cooled_s: float | None
    overshoot_k: float
    hold_rms_k: float
    occupied_rms_k: float
    occupied_max_k: float
    settle_in_s: float
    settle_out_s: float
    settle_worst_s: float
    undershoot_k: float
    precool_kg: float
    session_kg: float
    travel_pct: float
    cycles: float


class Conditions(NamedTuple):
    setpoint_c: float = -110.0
    hold_s: float = 1800.0
    sessions: int = 6
    notice_s: float = 0.0
    shut_while_open: bool = False
    on_off_dwell_s: float | None = None
    seed: int = 1
    cool_limit_s: float = 5400.0


def _plan_now(now: float, doors: tuple[tuple[float, float], ...], notice_s: float) -> tuple[bool, float, float | None]:
    for begin, end in doors:
        if begin <= now < end:
            return True, end - now, None
        if begin > now:
            ahead = begin - now
            return False, 0.0, ahead if ahead <= notice_s else None
    return False, 0.0, None


def run(regulator: Regulator, parameters: Parameters, c: Conditions = Conditions()) -> Trace:  # noqa: B008
    """One regulator through the whole scenario on one plant."""
    plant = Plant(parameters, c.seed)
    steps = round(PERIOD_S / STEP_S)
    rows: list[tuple[float, float, float, float, float]] = []
    t, actual, inside, cooled = 0.0, 0.0, 0.0, None
    hold_from: float | None = None
    layout = Plan((), (), ())
    valve = Stage()
    cycles = 0
    end = math.inf
    while t < end:
        if hold_from is None:
            inside = inside + PERIOD_S if abs(plant.true_c - c.setpoint_c) < SETTLED_K else 0.0
            if inside >= 60.0 or t > c.cool_limit_s:
                cooled = t - 60.0 if inside >= 60.0 else None
                hold_from = t
                layout = plan(t + c.hold_s, c.sessions)
                end = t + c.hold_s + c.sessions * GAP_S
        door, left, ahead = _plan_now(t, layout.doors, c.notice_s)
        stay = next((a for a, b in layout.stays if a <= t < b), None)
        pressure = 1.0 + 0.03 * math.sin(2.0 * math.pi * t / 97.0)
        if layout.starts and t > layout.starts[0] + 2.5 * GAP_S:
            pressure *= 0.86
        people_w = 0.0 if stay is None else plant.people_w(PEOPLE, t - stay)
        seen = Seen(
            t, plant.measured_c(), c.setpoint_c, door, left, ahead, 0 if stay is None else PEOPLE, actual, PEOPLE if stay is None else 0
        )
        began = time.thread_time_ns()
        asked = regulator.step(seen)
        spent = time.thread_time_ns() - began
        driven = 0.0 if c.shut_while_open and door else asked
        if c.on_off_dwell_s is None:
            actual = plant.drive(driven, steps, door=door, people_w=people_w, pressure=pressure)
        else:
            open_steps = 0
            for _ in range(steps):
                before = valve.on
                valve = stage(valve, driven, STEP_S, c.on_off_dwell_s)
                cycles += bool(layout.starts) and t >= layout.starts[0] and valve.on and not before
                open_steps += valve.on
                plant.advance(1.0 if valve.on else 0.0, door=door, people_w=people_w, pressure=pressure)
            actual = 100.0 * open_steps / steps
        t += PERIOD_S
        rows.append((t, plant.true_c, actual if c.on_off_dwell_s is None else asked, plant.used_kg, spent / 1000.0))
    a = np.array(rows)
    return Trace(a[:, 0], a[:, 1], a[:, 2], a[:, 3], a[:, 4], cycles, layout, cooled, hold_from or 0.0)


def _settled(t: np.ndarray, e: np.ndarray, begin: float, end: float) -> float:
    """Last instant outside ±2 K after the door has shut, counted from there."""
    w = (t > begin) & (t <= end)
    out = np.abs(e[w]) >= SETTLED_K
    return float(t[w][out][-1] - begin) if out.any() else 0.0


def figures(tr: Trace, c: Conditions) -> Figures:
    t, e = tr.t_s, tr.true_c - c.setpoint_c
    reached = int(np.argmax(e < SETTLED_K))
    hold = (t > t[reached]) & (t < tr.hold_from_s + c.hold_s)
    still = (t > tr.hold_from_s + c.hold_s - min(1200.0, 0.6 * c.hold_s)) & (t <= tr.hold_from_s + c.hold_s)
    squares: list[float] = []
    peaks: list[float] = []
    ins: list[float] = []
    outs: list[float] = []
    kg: list[float] = []
    travel: list[float] = []
    under: list[float] = []
    for a in tr.plan.starts:
        stay = (t > a + DOOR_S + 60.0) & (t <= a + STAY_S)
        squares.append(float(np.mean(e[stay] ** 2)))
        peaks.append(float(np.abs(e[stay]).max()))
        ins.append(_settled(t, e, a + DOOR_S, a + STAY_S))
        outs.append(_settled(t, e, a + STAY_S + DOOR_S, a + GAP_S))
        whole = (t > a) & (t <= a + GAP_S)
        kg.append(float(tr.used_kg[whole][-1] - tr.used_kg[whole][0]))
        travel.append(float(np.abs(np.diff(tr.valve_pct[whole])).sum()))
        under.append(max(0.0, float(-e[whole].min())))
    return Figures(
        cooled_s=tr.cooled_s,
        overshoot_k=max(0.0, float(-e[hold].min())),
        hold_rms_k=float(np.sqrt(np.mean(e[still] ** 2))),
        occupied_rms_k=math.sqrt(float(np.mean(squares))),
        occupied_max_k=max(peaks),
        settle_in_s=float(np.median(ins)),
        settle_out_s=float(np.median(outs)),
        settle_worst_s=max(*ins, *outs),
        undershoot_k=max(under),
        precool_kg=float(tr.used_kg[np.searchsorted(t, tr.hold_from_s) - 1]),
        session_kg=float(np.mean(kg)),
        travel_pct=float(np.mean(travel)),
        cycles=tr.cycles / len(tr.plan.starts),
    )
