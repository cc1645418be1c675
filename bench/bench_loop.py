"""How many times faster than real time the closed loop runs in virtual time, and what each half takes.

Side by side in one run: plant and PLC alone, and the whole (supervisor, PLC, plant, operator, guests) over two sessions.
Processor time of one core; the machine's other load hardly enters.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import NamedTuple

from cryochamber.config import load_profile
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator.world import World

SIMULATED_S = 1500.0
GOAL = 1000  # x real time


class Split(NamedTuple):
    """Processor seconds of a run: all of it, of which plant and PLC, of which the scripted operator; the rest is the supervisor."""

    whole_s: float
    world_s: float
    operator_s: float


def whole(seed: int) -> Split:
    chamber = VirtualChamber(load_profile(), seed, "precooled")
    chamber.world.guests.autopilot = True
    operator = Operator("standard", [PlannedSession(at_s=70), PlannedSession(at_s=700)], random.Random(seed))
    world_s, advance = [0.0], chamber.world.advance_scan

    def clocked(command: Sequence[int] | None = None, mailbox: Sequence[int] | None = None) -> list[int]:
        at = time.process_time()
        words = advance(command, mailbox)
        world_s[0] += time.process_time() - at
        return words

    chamber.world.advance_scan = clocked
    operator_s, began = 0.0, time.process_time()
    for _ in range(round(SIMULATED_S / SCAN_S)):
        at = time.process_time()
        pressed = operator.look(chamber.state, chamber.now_s)
        operator_s += time.process_time() - at
        chamber.scan(pressed)
    return Split(time.process_time() - began, world_s[0], operator_s)


def world_alone(seed: int) -> float:
    world = World(seed, "precooled")
    began = time.process_time()
    for _ in range(round(SIMULATED_S / SCAN_S)):
        world.advance_scan()
    return time.process_time() - began


def main() -> None:
    rounds = 3
    runs = sorted(whole(seed) for seed in range(rounds))
    loop = [SIMULATED_S / run.whole_s for run in reversed(runs)]
    world = sorted(SIMULATED_S / world_alone(seed) for seed in range(rounds))
    print(f"closed loop, two sessions of three: {loop[rounds // 2]:.0f} x real time (min {loop[0]:.0f}, max {loop[-1]:.0f}); goal {GOAL} x")
    print(f"plant and PLC alone, empty chamber: {world[rounds // 2]:.0f} x real time (min {world[0]:.0f}, max {world[-1]:.0f})")
    run, us = runs[rounds // 2], 1e6 * SCAN_S / SIMULATED_S
    supervisor_s = run.whole_s - run.world_s - run.operator_s
    print(f"µs per scan: supervisor {supervisor_s * us:.0f}, plant and PLC {run.world_s * us:.0f}, operator {run.operator_s * us:.0f}")


if __name__ == "__main__":
    main()
