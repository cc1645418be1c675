"""What the world may see of the digital twin: each estimate with its uncertainty, reference, and what it rests on."""

from __future__ import annotations

from control.snapshot import Model
from control.state import State
from control.twin.findings import estimates


class EstimateView(Model):
    """``reference``: as commissioned, or what the twin found when it took its reference; None: not yet taken. ``valid``: it is judged.

    ``seen``: how many minutes, sessions or hours it rests on. ``alarm``: what it raises, "" for none; ``due``: it does now.
    """

    id: str
    unit: str
    value: float
    std: float
    reference: float | None
    valid: bool
    seen: int
    alarm: str
    due: bool


class TwinView(Model):
    """``off``: why there is no twin here, "" if there is one. ``minutes``: watched so far."""

    off: str
    minutes: int
    quiet: bool
    estimates: list[EstimateView]


def twin_view(state: State) -> TwinView:
    t, design = state.twin, state.profile.twin
    if t is None or design is None:
        return TwinView(off=f"the profile {state.profile.id} holds no design data ([twin])", minutes=0, quiet=False, estimates=[])
    rows = [
        EstimateView(
            id=e.id, unit=e.unit, value=e.value, std=e.std, reference=e.reference, valid=e.valid, seen=e.seen, alarm=e.due,
            due=e.id in t.found,
        )
        for e in estimates(t, design)
    ]  # fmt: skip
    return TwinView(off="", minutes=t.minutes, quiet=t.quiet > 0, estimates=rows)


def trends(state: State) -> dict[str, float | None]:
    """Valid estimates for the trends, once a minute; empty in between."""
    t, design = state.twin, state.profile.twin
    if t is None or design is None or t.gathering.seconds != 0:
        return {}
    return {e.id: e.value if e.valid else None for e in estimates(t, design)}
