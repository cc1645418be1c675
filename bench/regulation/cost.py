"""Piece: CPU time of a step of each law, over a precool and two sessions with announced doors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bench.regulation.circumstances import NAMES
from bench.regulation.columns import packed
from bench.regulation.commissioning import Commissioned
from bench.regulation.regulators import Job, trace
from bench.regulation.scenario import Conditions

if TYPE_CHECKING:
    from bench.regulation.work import Work

CONDITIONS = Conditions(notice_s=20.0, hold_s=600.0, sessions=2)


class Cost(NamedTuple):
    regulator: str
    median_us: float
    p99_us: float


def costs(nominal: Commissioned) -> list[Cost]:
    """One after the other in one process, so that they are comparable; absolute figures are this machine's."""
    out: list[Cost] = []
    for name in NAMES:
        us = trace(Job(name, nominal, CONDITIONS)).cpu_us
        out.append(Cost(name, float(np.median(us)), float(np.percentile(us, 99))))
    return out


def play(work: Work) -> dict[str, Any]:
    return packed(work.map(costs, [work.nominal])[0])
