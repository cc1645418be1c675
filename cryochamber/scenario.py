"""Scenario files: what happens in a run in virtual time, and what is expected of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from chamber.profile import Strict
from simulator.fault_kinds import KINDS


class ScenarioError(Exception):
    """The scenario cannot be run; the text names file, key and remedy."""


class PlannedSession(Strict):
    """A group of guests who are there from ``at_s`` (since the start of the run) and wait until the chamber is ready."""

    at_s: Annotated[float, Field(ge=0)]
    persons: Annotated[int, Field(ge=1, le=5)] = 3
    program: str = "standard"


class PlannedFault(Strict):
    at_s: Annotated[float, Field(ge=0)]
    kind: str
    target: str | None = None
    params: dict[str, float] = {}
    ramp_s: Annotated[float, Field(ge=0)] = 0.0
    """The fault grows over this time from nothing to its parameters."""
    clear_at_s: float | None = None


class RandomFaults(Strict):
    """Faults at random, by the scenario's seed: ``per_hour`` by kind, each mended after ``lasts_s`` (shortest, longest).

    ``targets`` narrows what they befall; default: whatever the kind can.
    """

    per_hour: Annotated[dict[str, Annotated[float, Field(gt=0, le=3600)]], Field(min_length=1)]
    targets: tuple[str, ...] = ()
    lasts_s: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] = (10.0, 120.0)
    from_s: Annotated[float, Field(ge=0)] = 0.0
    until_s: float | None = None

    @model_validator(mode="after")
    def _known(self) -> RandomFaults:
        for kind in self.per_hour:
            if kind not in KINDS or kind == "plc_reboot":
                known = ", ".join(k for k in KINDS if k != "plc_reboot")
                raise ValueError(f"per_hour.{kind}: no fault that may come and go at random; known: {known}")
            if not self.targets_of(kind):
                raise ValueError(f"targets: none of them for {kind}; it can befall: {', '.join(KINDS[kind].targets)}")
        if self.lasts_s[0] > self.lasts_s[1]:
            raise ValueError("lasts_s: the shortest first")
        return self

    def targets_of(self, kind: str) -> tuple[str, ...]:
        return tuple(t for t in KINDS[kind].targets if not self.targets or t in self.targets)


class Range(Strict):
    """A figure and the range it must lie in; None: not bounded on this side."""

    low: float | None = None
    high: float | None = None


class Scenario(Strict):
    name: str
    text: str = ""
    seed: int = 1
    start: Literal["warm", "precooled"] = "warm"
    profile: str = "walk-in-two-room"
    plant: str | None = None  # default: the plant of the profile's name
    program: str = "standard"
    duration_s: Annotated[float, Field(gt=0, le=7 * 86400)]
    sessions: tuple[PlannedSession, ...] = ()
    faults: tuple[PlannedFault, ...] = ()
    random_faults: RandomFaults | None = None
    expect: dict[str, Range] = {}


M = TypeVar("M", bound=BaseModel)


def read(path: Path) -> Scenario:
    """Raises ScenarioError."""
    return as_model(path, table(path), Scenario)


def table(path: Path) -> dict[str, Any]:
    """What the file holds. Raises ScenarioError."""
    try:
        with path.open("rb") as f:
            return tomllib.load(f)
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such scenario file; the project's own are in scenarios/") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not valid TOML: {error}") from None


def as_model(path: Path, values: dict[str, Any], model: type[M]) -> M:
    """The values checked. Raises ScenarioError."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(str(k) for k in e['loc'])} = {e['input']!r}: {e['msg']}" for e in error.errors()]
        raise ScenarioError("\n".join(lines)) from None


def unmet(values: dict[str, float | None], expect: dict[str, Range]) -> list[str]:
    """What of ``expect`` does not hold. Raises ScenarioError for a figure that there is not."""
    found: list[str] = []
    for name, bounds in expect.items():
        if name not in values:
            raise ScenarioError(f"expect.{name}: no such figure; known: {', '.join(values)}")
        value = values[name]
        low_ok = value is not None and (bounds.low is None or value >= bounds.low)
        high_ok = value is not None and (bounds.high is None or value <= bounds.high)
        if not (low_ok and high_ok):
            wanted = f"{'' if bounds.low is None else f'{bounds.low:g}'}..{'' if bounds.high is None else f'{bounds.high:g}'}"
            found.append(f"{name} = {'unknown' if value is None else f'{value:.3g}'}, expected {wanted}")
    return found
