"""The regulators compared, and one of them through one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bench.regulation.commissioning import SETPOINT_C, Commissioned
from bench.regulation.ours import ModelBased, Pid
from bench.regulation.peers import KilnWindow, SimplePid, Thermostat
from bench.regulation.scenario import Conditions, Figures, Regulator, Trace, figures, run
from control.room_model import RoomModel
from control.tuning import process_at, simc

ON_OFF, SIMPLE, KILN, PID, MODEL = "on/off ±1 K", "simple-pid (SIMC)", "kiln style, 5 K window", "ours, PID", "ours, model-based"
MAKERS: dict[str, Callable[[RoomModel], Regulator]] = {
    ON_OFF: lambda _m: Thermostat(),
    SIMPLE: lambda m: SimplePid(simc(process_at(m, SETPOINT_C)), SIMPLE),
    KILN: lambda m: KilnWindow(simc(process_at(m, SETPOINT_C))),
    PID: lambda m: Pid(m, PID),
    MODEL: lambda m: ModelBased(m, MODEL),
}


class Job(NamedTuple):
    maker: str
    commissioned: Commissioned
    conditions: Conditions


def trace(job: Job) -> Trace:
    return run(MAKERS[job.maker](job.commissioned.identified.model), job.commissioned.parameters, job.conditions)


def one(job: Job) -> Figures:
    return figures(trace(job), job.conditions)
