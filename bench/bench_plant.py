"""How fast the simulated chamber runs: plant alone, plant with PLC, and scipy's LSODA on the same equations.

    python -m bench.bench_plant

Prints simulated seconds per second of processor time. The plant alone and LSODA integrate the same 1500 s cool-down.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp

from chamber.states import CycleState
from plc_bridge.codec import encode
from plc_bridge.contract import NONCE_XOR, Opcode, Output, Voice
from plc_bridge.register_map import COMMAND, STATUS
from simulator.gas import KELVIN
from simulator.parameters import load
from simulator.plant import SCAN_S, SCANS_PER_STEP, Actuators, Plant
from simulator.thermal import T_MAIN, Inputs, Model, warm_state
from simulator.world import World

COOL_DOWN_S = 1500.0
_NONCE = next(r.address for r in STATUS if r.name == "nonce")


def _timed(run: Callable[[], float]) -> tuple[float, float]:
    """(simulated s, processor s)."""
    begin = time.process_time()
    simulated = run()
    return simulated, time.process_time() - begin


def _inputs() -> Inputs:
    u = Inputs()
    u.feed_main, u.feed_pre, u.extract = 0.040, 0.012, 0.167
    return u


def integrator() -> tuple[Callable[[], float], list[float]]:
    """Runge-Kutta steps of the heat balance alone; also gives the end state."""
    model, u, end = Model(load()), _inputs(), list[float]()

    def run() -> float:
        y, h = warm_state(model.p), SCAN_S * SCANS_PER_STEP
        for _ in range(round(COOL_DOWN_S / h)):
            y = model.step(y, u, h)
        end[:] = y
        return COOL_DOWN_S

    return run, end


def lsoda() -> tuple[Callable[[], float], list[float]]:
    model, u, end = Model(load()), _inputs(), list[float]()

    def run() -> float:
        result = solve_ivp(
            lambda _, x: model.derivative(x.tolist(), u),
            (0.0, COOL_DOWN_S),
            np.array(warm_state(model.p)),
            method="LSODA",
            rtol=1e-6,
            atol=1e-8,
        )
        end[:] = result.y[:, -1].tolist()
        return COOL_DOWN_S

    return run, end


def plant() -> float:
    """Plant scan by scan, cooling down."""
    device = Plant(load())
    full = Actuators(True, 100.0, 100.0, recirculation=True)
    for _ in range(round(COOL_DOWN_S / SCAN_S)):
        device.advance(full)
    return device.time_s


def world(persons: int) -> Callable[[], float]:
    """Plant, sensors, PLC and guests for 10 min with a heartbeat, persons inside for the last nine."""

    def run() -> float:
        simulated = World(1)
        simulated.guests.autopilot = persons > 0
        told = {r.name: 0 for r in COMMAND} | {"cycle_state": CycleState.READY, "setpoint_main": -110, "valve_main": 30, "valve_pre": 30}
        told["demand_bits"] = (1 << Output.XV_401) | (1 << Output.RECIRC_FAN)
        words, mailbox = encode(COMMAND, told), [0] * 5
        for k in range(6000):
            words[0], words[1] = k & 0xFFFF, simulated.status[_NONCE] ^ NONCE_XOR
            if k == 20:
                mailbox = [1, Opcode.START_COOLING, 0, 0, ~1 & 0xFFFF]
            if k == 600 and persons:
                told |= {"cycle_state": CycleState.BOARDING, "occupied": 1, "persons": persons, "voice": Voice.WELCOME_PRE}
                words[2:] = encode(COMMAND, told)[2:]
            simulated.advance_scan(words, mailbox)
        return simulated.time_s

    return run


def main() -> None:
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    print(f"integration step {SCAN_S * SCANS_PER_STEP:g} s, PLC scan {SCAN_S:g} s\n")
    print(f"{'':42}{'sim s':>8}{'cpu s':>9}{'x real time':>13}")
    fixed, fixed_end = integrator()
    reference, reference_end = lsoda()
    for name, run in (
        ("heat balance, Runge-Kutta", fixed),
        ("heat balance, LSODA (rtol 1e-6)", reference),
        ("plant", plant),
        ("plant + sensors + PLC, empty", world(0)),
        ("plant + sensors + PLC, 3 persons", world(3)),
    ):
        simulated, spent = min((_timed(run) for _ in range(3)), key=lambda t: t[1])
        print(f"{name:42}{simulated:8.0f}{spent:9.3f}{simulated / spent:13.0f}")
    print(f"\nmain room after {COOL_DOWN_S:.0f} s: {fixed_end[T_MAIN] - KELVIN:.4f} °C, LSODA {reference_end[T_MAIN] - KELVIN:.4f} °C")


if __name__ == "__main__":
    main()
