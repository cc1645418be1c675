"""`cryochamber validate`: the simulator held against published measurements, its page written or compared."""

from __future__ import annotations

from pathlib import Path

import typer

from simulator.device_figures import rows
from simulator.validation import climate
from simulator.validation.cases import Case, read_cases
from simulator.validation.plots import checks, draw
from simulator.validation.predict import Prediction, predict
from simulator.validation.report import case_table, page, score
from simulator.validation.walk_in import FULL_GAP_S, Morning, figures, play_morning


def _predictions(cases: list[Case], climates: dict[str, climate.Climate]) -> list[Prediction]:
    return [p for case in cases for p in predict(case, climates)]


def show_case(cases: list[Case]) -> None:
    """Print what the model says to somebody's own cases."""
    found = _predictions(cases, climate.stored())
    typer.echo(case_table(found))
    if any(p.measurement.use == "scored" for p in found):
        typer.echo("\n" + score(found))


def _play() -> tuple[str, list[Prediction], dict[str, climate.Climate], Morning]:
    climates = climate.play()
    predictions = _predictions(read_cases(), climates)
    morning = play_morning()
    return page(predictions, morning, [*figures(morning, play_morning(FULL_GAP_S)), *rows()], checks()), predictions, climates, morning


def write(target: Path) -> str:
    """Play devices and cases, write page, plots and climates; returns the score line."""
    text, predictions, climates, morning = _play()
    climate.store(climates)
    target.write_text(text, encoding="utf-8")
    draw(target.parent / "validation", predictions, morning)
    return score(predictions)


def up_to_date(target: Path) -> bool:
    """Whether the stored page is what the simulator says now."""
    return target.exists() and target.read_text(encoding="utf-8") == _play()[0]
