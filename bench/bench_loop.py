"""How many times faster than real time the closed loop runs in virtual time, and what each half takes.

Side by side in one run: plant and PLC alone, and the whole (supervisor, PLC, plant, operator, guests) over two sessions.
Processor time of one core; the machine's other load hardly enters.
"""

from __future__ import annotations

import random
import time

from cryochamber.config import load_profile
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession
from cryochamber.virtual import SCAN_S, VirtualChamber
from simulator.world import World

SIMULATED_S = 1500.0


def whole(seed: int) -> float:
    chamber = VirtualChamber(load_profile(), seed, "precooled")
    chamber.world.guests.autopilot = True
    operator = Operator("standard", [PlannedSession(at_s=70), PlannedSession(at_s=700)], random.Random(seed))
    began = time.process_time()
    for _ in range(round(SIMULATED_S / SCAN_S)):
        chamber.scan(operator.look(chamber.state, chamber.now_s))
    return time.process_time() - began


def world_alone(seed: int) -> float:
    world = World(seed, "precooled")
    began = time.process_time()
    for _ in range(round(SIMULATED_S / SCAN_S)):
        world.advance_scan()
    return time.process_time() - began


def main() -> None:
    rounds = 3
    loop = sorted(SIMULATED_S / whole(seed) for seed in range(rounds))
    world = sorted(SIMULATED_S / world_alone(seed) for seed in range(rounds))
    print(f"closed loop, two sessions of three: {loop[rounds // 2]:.0f} x real time (min {loop[0]:.0f}, max {loop[-1]:.0f}); goal 300 x")
    print(f"plant and PLC alone, empty chamber: {world[rounds // 2]:.0f} x real time (min {world[0]:.0f}, max {world[-1]:.0f})")


if __name__ == "__main__":
    main()
