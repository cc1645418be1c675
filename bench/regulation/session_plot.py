"""Piece: one session of three regulators on the nominal plant, and the drawing of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.regulation.columns import packed, unpacked
from bench.regulation.commissioning import SETPOINT_C
from bench.regulation.regulators import MODEL, PID, SIMPLE, Job, trace
from bench.regulation.scenario import Conditions

if TYPE_CHECKING:
    from bench.regulation.work import Work

SHOWN = ((SIMPLE, 0.0), (PID, 0.0), (MODEL, 0.0), (MODEL, 20.0))
BEFORE_S, AFTER_S = 60, 480


class Line(NamedTuple):
    """Once a second from BEFORE_S before the entry door opens: °C, %."""

    regulator: str
    notice_s: float
    room_c: list[float]
    valve_pct: list[float]


def line(job: Job) -> Line:
    tr, notice_s = trace(job), job.conditions.notice_s
    t = tr.t_s - tr.plan.starts[0]
    w = (t >= -BEFORE_S) & (t < AFTER_S)
    return Line(job.maker, notice_s, tr.true_c[w].round(2).tolist(), tr.valve_pct[w].round(1).tolist())


def play(work: Work) -> dict[str, Any]:
    return packed(work.map(line, [Job(maker, work.nominal, Conditions(sessions=1, notice_s=notice)) for maker, notice in SHOWN]))


def draw(figures: dict[str, Any], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (top, low) = plt.subplots(2, 1, figsize=(9, 5.5), sharex=True)
    for told in unpacked(Line, figures):
        label = told.regulator + (f", {told.notice_s:.0f} s notice" if told.notice_s else "")
        minutes = [(i - BEFORE_S) / 60.0 for i in range(len(told.room_c))]
        top.plot(minutes, told.room_c, label=label, linewidth=1.2)
        low.plot(minutes, told.valve_pct, linewidth=0.8)
    top.axhspan(SETPOINT_C - 2.0, SETPOINT_C + 2.0, alpha=0.15, color="grey")
    top.set_ylabel("room, °C")
    low.set_ylabel("valve, %")
    low.set_xlabel("minutes from the entry door's opening")
    top.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
