"""Piece: the nominal plant colder, with the valve shut while a door is open, with an on/off valve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench.regulation.columns import packed
from bench.regulation.regulators import MAKERS, ON_OFF, Job, one
from bench.regulation.scenario import Conditions

if TYPE_CHECKING:
    from bench.regulation.work import Work

PLAIN, SWITCHED = "as above, proportional valve", "on/off valve, 2 s dwell"
CIRCUMSTANCES = {
    PLAIN: Conditions(),
    "−160 °C": Conditions(setpoint_c=-160.0, cool_limit_s=9000.0),
    "valve shut while a door is open": Conditions(shut_while_open=True),
    SWITCHED: Conditions(on_off_dwell_s=2.0),
}
NAMES = [m for m in MAKERS if m != ON_OFF]


def play(work: Work) -> dict[str, Any]:
    """Circumstance -> a row for each of NAMES."""
    rows = iter(work.map(one, [Job(m, work.nominal, c) for c in CIRCUMSTANCES.values() for m in NAMES]))
    return {name: packed(next(rows) for _ in NAMES) for name in CIRCUMSTANCES}
