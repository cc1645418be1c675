"""Safety requirements: read from docs/safety/requirements.toml, one table each, checked key by key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError, field_validator, model_validator

from chamber.hazards import HAZARDS
from chamber.profile import Strict
from cryochamber.scenario import ScenarioError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "safety"
KINDS = ("cause", "trip", "alarm", "limit", "check", "invariant", "command", "code")
T = TypeVar("T", bound=Strict)


class Requirement(Strict):
    """One thing that shall hold.

    ``by``: what implements it, ``kind:name`` of a table row or ``code:path::name``. ``faults``: cases of the campaign that
    show it. ``proof``: proof tests that show it again and again on the plant. ``how``: for analysis and inspection, what to do
    or where the result stands. ``open``: what is missing; an open requirement is not met, and the pages say so.
    """

    id: Annotated[str, Field(pattern=r"^SRS-[A-Z0-9]{2,4}-\d{3}$")]
    text: Annotated[str, Field(min_length=20)]
    why: Annotated[str, Field(min_length=10)]
    level: Literal["A", "B", "C"]  # IEC 62304 class if nothing outside this software answered: C death or serious injury, B injury, A none
    hazards: Annotated[tuple[str, ...], Field(min_length=1)]
    allocated: Annotated[tuple[Literal["supervisor", "PLC", "panel", "hard-wired", "people"], ...], Field(min_length=1)]
    verify: Literal["test", "analysis", "inspection"] = "test"
    by: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    how: str | None = None
    open: Annotated[str, Field(min_length=20)] | None = None

    @field_validator("text")
    @classmethod
    def _shall(cls, text: str) -> str:
        if text.count(" shall ") != 1:
            raise ValueError("a requirement says 'shall' exactly once")
        return text

    @field_validator("hazards")
    @classmethod
    def _known(cls, hazards: tuple[str, ...]) -> tuple[str, ...]:
        for h in hazards:
            if h not in HAZARDS:
                raise ValueError(f"no hazard {h}; they stand in chamber/hazards.py")
        return hazards

    @field_validator("by")
    @classmethod
    def _kinds(cls, by: tuple[str, ...]) -> tuple[str, ...]:
        for ref in by:
            if ref.partition(":")[0] not in KINDS:
                raise ValueError(f"{ref!r}: write kind:name with a kind of {', '.join(KINDS)}")
        return by

    @property
    def ours(self) -> bool:
        """Built in this repository, the PLC's program included; else in wiring, or done by people."""
        return bool(set(self.allocated) & {"supervisor", "PLC", "panel"})

    @model_validator(mode="after")
    def _whole(self) -> Requirement:
        if self.verify != "test" and self.how is None:
            raise ValueError("analysis and inspection need how: what is looked at, by whom or where")
        if not self.ours and (self.by or self.verify == "test"):
            raise ValueError("what is hard-wired or done by people has no rule here and is shown by inspection")
        return self


class Anomaly(Strict):
    """A known shortcoming or limit of this release that no open requirement names."""

    id: Annotated[str, Field(pattern=r"^KA-\d\d$")]
    text: Annotated[str, Field(min_length=20)]
    effect: Annotated[str, Field(min_length=10)]  # on safety
    remedy: Annotated[str, Field(min_length=5)]  # what whoever installs or uses it has to do
    hazards: tuple[str, ...] = ()


class Soup(Strict):
    """Software of unknown provenance (IEC 62304): a package of others. The version comes from requirements.lock.

    ``runs``: in the control process, only in the API process, in neither in service (demo, plots, PostgreSQL), or only as tool.
    """

    name: str
    purpose: Annotated[str, Field(min_length=5)]
    licence: Annotated[str, Field(min_length=3)]
    runs: Literal["control", "api", "other", "tool"]
    failure: str = ""  # what its failure could do; required unless a tool

    @model_validator(mode="after")
    def _whole(self) -> Soup:
        if self.runs in ("control", "api") and len(self.failure) < 10:
            raise ValueError("say what its failure could do")
        return self


class Control62443(Strict):
    """A component requirement of IEC 62443-4-2 in short form. ``tests``: node ids without parameters."""

    id: Annotated[str, Field(pattern=r"^CR \d\.\d+$")]
    title: str
    status: Literal["met", "partly", "not met", "not applicable"]
    how: Annotated[str, Field(min_length=10)]
    tests: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _shown(self) -> Control62443:
        if self.status in ("met", "partly") and not self.tests:
            raise ValueError("name a test that shows it, or say it is not met")
        return self


def read_tables(path: Path, key: str, kind: type[T]) -> tuple[T, ...]:
    """All ``[[key]]`` tables of a TOML file, ids unique. Raises ScenarioError naming file, entry and what is wrong."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file; the safety file is part of the source tree, not of an installed package") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not valid TOML: {error}") from None
    entries = data.get(key, [])
    try:
        made: tuple[T, ...] = TypeAdapter(tuple[kind, ...]).validate_python(entries)  # pyright: ignore[reportInvalidTypeForm]
    except ValidationError as error:
        raise ScenarioError("\n".join(f"{path}: {_which(entries, e['loc'])}: {e['msg']}" for e in error.errors())) from None
    ids = [getattr(m, "id", None) or getattr(m, "name", "") for m in made]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ScenarioError(f"{path}: twice: {', '.join(twice)}")
    return made


def _which(entries: list[dict[str, Any]], loc: tuple[int | str, ...]) -> str:
    entry = entries[loc[0]] if loc and isinstance(loc[0], int) else {}
    return ".".join([str(entry.get("id") or entry.get("name") or loc[:1]), *map(str, loc[1:])])


def read_requirements(path: Path = FOLDER / "requirements.toml") -> tuple[Requirement, ...]:
    """Raises ScenarioError."""
    return read_tables(path, "requirement", Requirement)
