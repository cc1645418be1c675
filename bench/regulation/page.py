"""What the sections of the page share: the plants commissioned once, the regulators compared, one job of a pool, one table."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Callable, Sequence
from multiprocessing.pool import Pool
from typing import NamedTuple

from bench.regulation.commissioning import SETPOINT_C, Commissioned
from bench.regulation.ours import ModelBased, Pid
from bench.regulation.peers import KilnWindow, SimplePid, Thermostat
from bench.regulation.scenario import Conditions, Figures, Regulator, figures, run
from control.room_model import RoomModel
from control.tuning import process_at, simc

MAKERS: dict[str, Callable[[RoomModel], Regulator]] = {
    "on/off ±1 K": lambda _m: Thermostat(),
    "simple-pid (SIMC)": lambda m: SimplePid(simc(process_at(m, SETPOINT_C)), "simple-pid (SIMC)"),
    "kiln style, 5 K window": lambda m: KilnWindow(simc(process_at(m, SETPOINT_C))),
    "ours, PID": lambda m: Pid(m, "ours, PID"),
    "ours, model-based": lambda m: ModelBased(m, "ours, model-based"),
}


class Work(NamedTuple):
    """``found``: the random plants, each commissioned by its own identification; ``nominal``: plant 0, likewise."""

    pool: Pool
    found: list[Commissioned]
    nominal: Commissioned


class Job(NamedTuple):
    maker: str
    commissioned: Commissioned
    conditions: Conditions


def one(job: Job) -> Figures:
    tr = run(MAKERS[job.maker](job.commissioned.identified.model), job.commissioned.parameters, job.conditions)
    return figures(job.maker, tr, job.conditions)


def said(*sentences: str) -> str:
    """A paragraph."""
    return textwrap.fill(" ".join(sentences), 155, break_long_words=False, break_on_hyphens=False) + "\n"


def mid(values: Sequence[float | None]) -> str:
    """Median and worst."""
    known = [v if v is not None else float("inf") for v in values]
    return f"{statistics.median(known):.2f} / {max(known):.2f}"


_COLUMNS: tuple[tuple[str, Callable[[Figures], float | None]], ...] = (
    ("cool, min", lambda f: None if f.cooled_s is None else f.cooled_s / 60.0),
    ("over, K", lambda f: f.overshoot_k),
    ("hold RMS, K", lambda f: f.hold_rms_k),
    ("occupied RMS, K", lambda f: f.occupied_rms_k),
    ("settle in, s", lambda f: f.settle_in_s),
    ("settle out, s", lambda f: f.settle_out_s),
    ("under, K", lambda f: f.undershoot_k),
    ("kg/session", lambda f: f.session_kg),
    ("travel, %", lambda f: f.travel_pct),
)


def table(rows: Sequence[tuple[str, Sequence[Figures]]]) -> str:
    head = "| regulator | " + " | ".join(name for name, _ in _COLUMNS) + " |\n|" + "---|" * (len(_COLUMNS) + 1) + "\n"
    lines = (f"| {name} | " + " | ".join(cell([get(f) for f in group]) for _, get in _COLUMNS) + " |" for name, group in rows)
    return head + "\n".join(lines) + "\n"


def cell(values: Sequence[float | None]) -> str:
    """Median / worst; of a single plant the one figure."""
    return mid(values) if len(values) > 1 else mid(values).split(" /")[0]
