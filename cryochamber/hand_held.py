"""A scenario of the hand-held device: a treatment by file, its figures and what is expected of them. No supervisor: it has none yet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from chamber.profile import Strict
from cryochamber.device_record import write_local
from cryochamber.scenario import Range, ScenarioError, unmet
from simulator.local.device import LocalDevice, SkinTarget, Target, Treatment, treat
from simulator.local.phantom import Phantom


class HandScenario(Strict):
    """``phantom_c``: a gel phantom of this temperature, °C, instead of skin. ``duty``: share of the time on the site, less is sweeping."""

    name: str
    text: str = ""
    device: Literal["hand-held"]
    distance_cm: Annotated[float, Field(ge=1, le=100)] = 15.0
    minutes: Annotated[float, Field(gt=0, le=30)] = 3.0
    duty: Annotated[float, Field(gt=0, le=1)] = 1.0
    phantom_c: Annotated[float, Field(ge=10, le=45)] | None = None
    expect: dict[str, Range] = {}


def play(scenario: HandScenario) -> Treatment:
    """Deterministic: no random numbers in it."""
    target: Target = SkinTarget() if scenario.phantom_c is None else Phantom(scenario.phantom_c)
    return treat(
        LocalDevice(),
        target,
        distance_m=scenario.distance_cm / 100.0,
        seconds=60.0 * scenario.minutes,
        duty=scenario.duty,
        row_s=1.0,
    )


def figures(t: Treatment) -> dict[str, float | None]:
    """Name (with unit) -> value."""
    return {
        "hose_cold_s": t.cold_hose_s,
        "surface_end_c": t.rows[-1].surface_c,
        "surface_drop_k": t.drop_k,
        "deep_end_c": t.rows[-1].deep_c,
        "jet_end_c": t.rows[-1].jet_c,
        "flow_g_min": t.rows[-1].flow_g_min,
        "nitrogen_kg": t.nitrogen_kg,
        "o2_min_room_pct": min(r.oxygen_pct for r in t.rows),
        "warnings": float(len(t.warnings)),
    }


def run_scenario(path: Path, scenario: HandScenario, out: Path, *, plot: bool) -> bool:
    """Run, write and print. Returns whether everything expected held. Raises ScenarioError."""
    treatment = play(scenario)
    values = figures(treatment)
    missed = unmet(values, scenario.expect)
    try:
        written = write_local(treatment, out, path.stem, plot=plot)
    except OSError as error:
        raise ScenarioError(f"{out}: cannot write results: {error.strerror or error}. Name another folder with --out.") from None
    print(scenario.name)
    for name, value in values.items():
        print(f"  {name:28} {'-' if value is None else f'{value:10.2f}'}")
    for text in treatment.warnings:
        print(f"  WARNING {text}")
    print(f"  written: {', '.join(str(file) for file in written)}")
    for line in missed:
        print(f"  NOT AS EXPECTED {line}")
    print("  FAILED" if missed else "  all expectations met")
    return not missed
