"""Piece: every regulator on the random plants of the reference scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.regulation.columns import packed, rounded
from bench.regulation.commissioning import SETPOINT_C
from bench.regulation.plant import Parameters
from bench.regulation.regulators import MAKERS, MODEL, Job, one
from bench.regulation.scenario import Conditions, Seen, run

if TYPE_CHECKING:
    from bench.regulation.work import Work

SHORT = Conditions(hold_s=1200.0, sessions=3)
NOTICES_S = (10.0, 20.0)


class _Full:
    name = "full"

    def step(self, seen: Seen) -> float:
        return 100.0


def full_open_s(p: Parameters) -> float:
    """Time the plant itself needs: valve full open until within 2 K."""
    tr = run(_Full(), p, Conditions(sessions=0, hold_s=0.0, cool_limit_s=5400.0))
    return float(tr.t_s[int((tr.true_c < SETPOINT_C + 2.0).argmax())])


def jobs(work: Work, maker: str, notice_s: float = 0.0) -> list[Job]:
    """One regulator on every plant, each plant with its own noise."""
    return [Job(maker, c, SHORT._replace(seed=50 + i, notice_s=notice_s)) for i, c in enumerate(work.found)]


def play(work: Work) -> dict[str, Any]:
    groups = {maker: jobs(work, maker) for maker in MAKERS}
    groups |= {f"{MODEL}, {notice:.0f} s notice": jobs(work, MODEL, notice) for notice in NOTICES_S}
    many = iter(work.map(one, [job for group in groups.values() for job in group]))
    played = {name: packed(next(many) for _ in group) for name, group in groups.items()}
    return {"regulators": played, "full_open_s": rounded(work.map(full_open_s, [c.parameters for c in work.found]))}
