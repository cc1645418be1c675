"""How fast the simulated plant runs, side by side in one run.

    python -m bench.bench_plant

Ours compiled and as plain Python, scipy's LSODA on the same equations, and a naive implementation (numpy vectors, small fixed
step) integrate the same cool-down of 1500 s. Then the plant with three people, scan by scan as the closed loop uses it, and a
thousand chambers. Processor time of one core, rounds interleaved, median; the ratios hold on any machine, the figures on this one.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from bench.naive_plant import Naive
from simulator.compiled import COMPILED
from simulator.fleet import STEP_S, Fleet
from simulator.gas import KELVIN
from simulator.parameters import load
from simulator.people import Place
from simulator.plant import SCAN_S, Actuators, Plant
from simulator.precool import precooled_state
from simulator.thermal import T_MAIN, Inputs, Model, warm_state
from simulator.world import World

COOL_DOWN_S = 1500.0
ROUNDS = 5
NAIVE_STEP_S = 0.05
FLEET, FLEET_MINUTES = 1000, 5
Run = Callable[[], tuple[float, float]]
"""(simulated s, main room at the end °C or nan)."""


def _inputs() -> Inputs:
    u = Inputs()
    u.feed_main, u.feed_pre, u.extract = 0.040, 0.012, 0.167
    return u


def integrator() -> tuple[float, float]:
    model, u = Model(load()), _inputs()
    y = warm_state(model.p)
    for _ in range(round(COOL_DOWN_S / STEP_S)):
        y = model.step(y, u, STEP_S)
    return COOL_DOWN_S, y[T_MAIN] - KELVIN


def lsoda() -> tuple[float, float]:
    model, u = Model(load()), _inputs()
    result = solve_ivp(
        lambda _, x: model.derivative(x.tolist(), u),
        (0.0, COOL_DOWN_S),
        np.array(warm_state(model.p)),
        method="LSODA",
        rtol=1e-6,
        atol=1e-8,
    )
    return COOL_DOWN_S, float(result.y[T_MAIN, -1]) - KELVIN


def naive() -> tuple[float, float]:
    """A tenth of the time, because it is slow; the end temperature is compared over the whole in ``main``."""
    plant, feed = Naive(load()), np.array([0.040, 0.012])
    for _ in range(round(0.1 * COOL_DOWN_S / NAIVE_STEP_S)):
        plant.advance(feed, NAIVE_STEP_S)
    return 0.1 * COOL_DOWN_S, float("nan")


def lsoda_in_steps() -> tuple[float, float]:
    """As a closed loop needs it: inputs may change every step, so the integrator starts anew each time. A minute."""
    model, u = Model(load()), _inputs()
    y = np.array(warm_state(model.p))
    for _ in range(round(60.0 / STEP_S)):
        y = solve_ivp(lambda _, x: model.derivative(x.tolist(), u), (0.0, STEP_S), y, method="LSODA", rtol=1e-6, atol=1e-8).y[:, -1]
    return 60.0, float(y[T_MAIN]) - KELVIN


def with_people() -> tuple[float, float]:
    """Heat balance and three people in the cold, step by step, without valves, doors and scans."""
    device, u = Plant(load(), precooled_state()), _inputs()
    device.crowd.send(Place.MAIN, 3, 0.0)
    while device.crowd.count(Place.MAIN) < 3:
        device.advance(Actuators(recirculation=True))
    crowd, model, y = device.crowd, device.model, device.y
    for _ in range(round(300.0 / STEP_S)):
        crowd.load(u, y, STEP_S)
        y = model.step(y, u, STEP_S)
    return 300.0, y[T_MAIN] - KELVIN


def plant(persons: int, seen: bool) -> Run:
    """Plant scan by scan while it holds, people standing in the main room; ``seen``: with what instruments and contacts look at."""

    def run() -> tuple[float, float]:
        device = Plant(load(), precooled_state())
        cold = Actuators(True, 30.0, 10.0, recirculation=True, fresh_air=True)
        if persons:
            device.crowd.send(Place.MAIN, persons, 0.0)
        for _ in range(round(1200.0 / SCAN_S)):  # long enough for the making of a plant not to count
            device.advance(cold)
            if seen:
                device.true_values()
                device.contacts()
        return device.time_s, device.y[T_MAIN] - KELVIN

    return run


def world() -> tuple[float, float]:
    """Plant, instruments and PLC without a supervisor."""
    simulated = World(1)
    for _ in range(3000):
        simulated.advance_scan()
    return simulated.time_s, float("nan")


def fleet() -> tuple[float, float]:
    many = Fleet(FLEET, 1.0)
    for _ in range(FLEET_MINUTES):
        many.advance()
    return many.time_s, float("nan")


RUNS: dict[str, Run] = {
    "heat balance, ours": integrator,
    "heat balance, LSODA (rtol 1e-6)": lsoda,
    "heat balance, LSODA anew every step": lsoda_in_steps,
    "heat balance and three people": with_people,
    "plant, empty": plant(0, seen=False),
    "plant, three people": plant(3, seen=False),
    "plant, three people, with what is seen": plant(3, seen=True),
    "plant + instruments + PLC": world,
}


def measure(names: list[str]) -> dict[str, tuple[float, float]]:
    """(x real time, end °C) of each run; the first call of each, which may compile, is not timed."""
    found: dict[str, tuple[float, float]] = {}
    for name in names:
        began = time.process_time()
        simulated, end = (RUNS | {"naive": naive, "fleet": fleet})[name]()
        found[name] = simulated / max(time.process_time() - began, 1e-9), end
    return found


def _elsewhere(names: list[str]) -> dict[str, tuple[float, float]]:
    """The same as plain Python, in a process of its own."""
    text = subprocess.run(
        [sys.executable, "-m", "bench.bench_plant", *names],
        env=os.environ | {"CRYOCHAMBER_COMPILED": "0"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {name: (speed, end) for name, (speed, end) in json.loads(text).items()}


def _naive_end() -> float:
    whole, feed = Naive(load()), np.array([0.040, 0.012])
    for _ in range(round(COOL_DOWN_S / NAIVE_STEP_S)):
        whole.advance(feed, NAIVE_STEP_S)
    return float(whole.y["t"][0]) - KELVIN


def main() -> None:
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {'numba' if COMPILED else 'no numba'}")
    print(
        f"integration step {STEP_S:g} s (naive {NAIVE_STEP_S:g} s), scan {SCAN_S:g} s, median of {ROUNDS} rounds, x real time on one core\n"
    )
    names = list(RUNS)
    rounds: dict[str, list[float]] = {}
    ends: dict[str, float] = {}
    measure([*names, "fleet"])  # compiles
    for _ in range(ROUNDS):
        for suffix, found in ((" | ours", measure([*names, "naive", "fleet"])), (" | plain", _elsewhere(names))):
            for name, (speed, end) in found.items():
                rounds.setdefault(name + suffix, []).append(speed)
                ends[name + suffix] = end
    speed = {name: statistics.median(values) for name, values in rounds.items()}
    print(f"{'':42}{'compiled':>12}{'plain':>12}{'ratio':>8}")
    for name in names:
        fast, slow = speed[f"{name} | ours"], speed[f"{name} | plain"]
        print(f"{name:42}{fast:12.0f}{slow:12.0f}{fast / slow:8.1f}")
    ours = speed["heat balance, ours | ours"]
    print(f"{'heat balance, naive numpy':42}{'':12}{speed['naive | ours']:12.0f}")
    print(f"{f'{FLEET} chambers, each':42}{speed['fleet | ours']:12.0f}")
    print(
        f"\nours against LSODA on the same compiled equations {ours / speed['heat balance, LSODA (rtol 1e-6) | ours']:.1f} x in one go,"
        f" {ours / speed['heat balance, LSODA anew every step | ours']:.0f} x where inputs change every step,"
        f"\nagainst naive {ours / speed['naive | ours']:.0f} x;"
        f" plain Python against naive {speed['heat balance, ours | plain'] / speed['naive | ours']:.1f} x"
    )
    print(
        f"main room after {COOL_DOWN_S:.0f} s: ours {ends['heat balance, ours | ours']:.4f} °C,"
        f" LSODA {ends['heat balance, LSODA (rtol 1e-6) | ours']:.4f} °C, naive {_naive_end():.4f} °C"
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1:])))
    else:
        main()
