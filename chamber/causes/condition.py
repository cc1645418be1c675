"""Condition of the chamber as the digital twin sees it (``control.twin``): work to plan. These rows never act on anything."""

from __future__ import annotations

from chamber.cause_effect import Action, Cause, Clear
from chamber.facts import Facts


def _row(alarm: str, text: str, *hazards: str) -> Cause:
    def present(f: Facts) -> bool:
        return alarm in f.maintenance

    def detail(f: Facts) -> str:
        return f.maintenance.get(alarm, "")

    return Cause(
        alarm, 32, text, hazards, present, detail, 0.0, "---------", Action.NOTIFY, Action.NOTIFY, Clear.WHEN_CLEAR, alarm, stands=True
    )


ROWS: tuple[Cause, ...] = (
    _row("DRYING-DUE", "Coil iced: drying due", "H-08", "H-09"),
    _row("SEAL-LEAK", "Door seal leaks", "H-09", "H-12"),
    _row("HEAT-LEAK", "Insulation lets in more heat", "H-09"),
    _row("VALVE-WORN", "Nitrogen valve worn", "H-07", "H-09"),
    _row("LN2-PRESS-LO", "Nitrogen line pressure lower than it was", "H-09"),
    _row("LN2-USE-UP", "More nitrogen used than the work explains", "H-02", "H-07"),
)
