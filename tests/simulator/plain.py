"""What a process computes, with or without compilation, as JSON: two runs to compare.

CRYOCHAMBER_COMPILED=0 python -m tests.simulator.plain
"""

from __future__ import annotations

import json

from simulator.fleet import Fleet
from simulator.parameters import load, walk_ins
from simulator.precool import precooled_state
from simulator.thermal import Inputs, Model


def states() -> dict[str, list[float]]:
    """Each plant after two minutes with everything switched once, and two chambers of a fleet after four minutes with guests."""
    found: dict[str, list[float]] = {}
    for name in walk_ins():
        model, y, u = Model(load(name)), precooled_state(name), Inputs()
        u.feed_main, u.feed_pre, u.fresh, u.extract, u.leak_room, u.liquid_oxygen = 0.03, 0.01, 0.0067, 0.167, 0.002, 0.21
        for k in range(300):
            u.door_inner, u.door_outer = float(40 <= k < 55), float(60 <= k < 80)
            u.heat_main, u.water_main, u.oxygen_main = (3000.0, 3e-5, 3e-5) if k > 60 else (0.0, 0.0, 0.0)
            u.fan, u.purge, u.drying = float(k < 200), 0.1 * (k > 220), float(k > 250)
            u.leak_main, u.leak_pre, u.pressure = 0.004 * (k > 100), 0.001 * (k > 120), 1e5
            y = model.step(y, u, 0.4)
        found[name] = y
    fleet = Fleet(2, 1.0, every_s=120.0)
    for _ in range(4):
        fleet.advance()
    found["fleet"] = [float(x) for row in fleet.y for x in row]
    return found


if __name__ == "__main__":
    print(json.dumps(states()))
