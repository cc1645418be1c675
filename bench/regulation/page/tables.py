"""Paragraphs, cells and the table of regulators."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Callable, Sequence

from bench.regulation.scenario import Figures


def said(*sentences: str) -> str:
    """A paragraph."""
    return textwrap.fill(" ".join(sentences), 155, break_long_words=False, break_on_hyphens=False) + "\n"


def head(*columns: str) -> list[str]:
    return ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]


def mid(values: Sequence[float | None]) -> str:
    """Median and worst; None is worse than any figure."""
    known = [v if v is not None else float("inf") for v in values]
    return f"{statistics.median(known):.2f} / {max(known):.2f}"


def listed(values: Sequence[float | None], form: str = ".0f") -> str:
    """In words: 1, 2 and 3; None is never."""
    told = ["never" if v is None else f"{v:{form}}" for v in values]
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1]))) if told else "none"


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


def regulators(rows: Sequence[tuple[str, Sequence[Figures]]]) -> list[str]:
    """Median / worst of the plants; of a single plant the one figure."""

    def cell(values: Sequence[float | None]) -> str:
        return mid(values) if len(values) > 1 else mid(values).split(" /")[0]

    lines = (f"| {name} | " + " | ".join(cell([get(f) for f in group]) for _, get in _COLUMNS) + " |" for name, group in rows)
    return [*head("regulator", *(name for name, _ in _COLUMNS)), *lines, ""]
