"""Fault cases: what breaks, when, who is inside, and what must be seen of it and by when. One TOML file each."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from chamber import texts
from chamber.alarm_list import ALARMS
from chamber.causes import CAUSES
from chamber.commands import CommandKind, Role
from chamber.profile import Strict
from chamber.states import CycleState
from cryochamber.scenario import ScenarioError
from plc_bridge.contract import Output, PlcState, Trip, Voice

FOLDER = Path(__file__).resolve().parent.parent / "scenarios" / "faults"
INJECTION = "injection"
TRUE_MARKS = frozenset({"nitrogen_closed", "everybody_out", "somebody_inside", "inner_open", "outer_open"})
"""What only the plant knows. Also ``o2_main<19.5``: the true oxygen of main, pre, room or floor fell below this (vol%)."""
_OXYGEN = re.compile(r"o2_(main|pre|room|floor)<(\d+(?:\.\d+)?)")
_COMMANDS = frozenset(k.value for k in CommandKind)
KNOWN: dict[str, frozenset[str]] = {
    "cause": frozenset(c.id for c in CAUSES),  # set by the supervisor
    "first_cause": frozenset(c.id for c in CAUSES),  # the first the supervisor names as the reason
    "alarm": frozenset(ALARMS),
    "trip": frozenset(t.name for t in Trip),  # latched by the PLC
    "first_out": frozenset(t.name for t in Trip),  # the PLC's first trip
    "state": frozenset(s.name.lower() for s in CycleState),
    "plc": frozenset(s.name.lower() for s in PlcState),
    "voice": frozenset(v.name for v in Voice),  # what is played inside
    "output": frozenset(o.name for o in Output),  # driven by the PLC
    "accepted": _COMMANDS,
    "refused": _COMMANDS,
    "reason": frozenset(texts.REASONS),  # of a refusal
    "blocked": frozenset(c.id for c in CAUSES),  # a command was refused because this cause acts
    "guidance": frozenset(texts.GUIDANCE),  # what the panel says next
    "bad": frozenset(),  # a tag's reading is bad for the supervisor; the tag is checked below
}


def oxygen_mark(name: str) -> tuple[str, float] | None:
    """("main", 19.5) of ``o2_main<19.5``, None if it is no such mark."""
    found = _OXYGEN.fullmatch(name)
    return None if found is None else (found[1], float(found[2]))


def check_mark(mark: str) -> str:
    """Raises ValueError: a mark that can never be seen would make an expectation that cannot fail."""
    kind, _, name = mark.partition(":")
    if kind == "true" and (name in TRUE_MARKS or oxygen_mark(name) is not None):
        return mark
    if kind == "bad":
        from chamber.tags import ANALOG

        if name in ANALOG:
            return mark
        raise ValueError(f"{mark!r}: no such analogue tag")
    if kind not in KNOWN:
        raise ValueError(f"{mark!r}: write kind:name with a kind of {', '.join((*KNOWN, 'true'))}")
    if name not in KNOWN[kind]:
        raise ValueError(f"{mark!r}: no such {kind}; known: {', '.join(sorted(KNOWN[kind]))}")
    return mark


class Act(Strict):
    """Something that is done ``at_s`` after the injection begins.

    ``inject`` needs ``kind``, may have ``target``, ``params``, ``mend_after_s`` and ``ramp_s``, over which it grows; ``hang``
    and ``die`` take ``for_s``: the supervisor does not run for so long, and after ``die`` it starts anew; ``hold_inner`` and
    ``hold_outer`` hold a door open, for ``for_s`` if given; so do ``walk`` (back out after it), ``estop``, ``call``,
    ``operator_leaves``, ``records_fail`` and ``api_silent``; ``restart`` starts the supervisor anew in order; ``clock_step``
    moves the wall clock by ``by_s``; ``command`` presses ``kind`` with ``args`` as ``role`` (begin_boarding and precool fill in
    their own).
    """

    at_s: Annotated[float, Field(ge=0)] = 0.0
    act: Literal[
        "inject", "hang", "die", "command", "operator_leaves", "operator_returns", "estop", "call", "walk", "hold_inner", "hold_outer",
        "records_fail", "api_silent", "clock_step", "restart",
    ]  # fmt: skip
    kind: str = ""
    target: str | None = None
    params: dict[str, float] = {}
    mend_after_s: Annotated[float, Field(gt=0)] | None = None
    ramp_s: Annotated[float, Field(ge=0)] = 0.0
    for_s: Annotated[float, Field(gt=0)] | None = None
    by_s: float = 0.0
    persons: Annotated[int, Field(ge=1, le=5)] = 1
    args: dict[str, str | int | float | list[str]] = {}
    role: Role = Role.OPERATOR


class Expect(Strict):
    """One of ``seen`` must be seen within ``within_s`` after ``after`` (the first of these marks), and not before ``not_before_s``.

    With ``known_gap`` the product is known to fall short here: shown as GAP, and as a failure once it does not.
    """

    seen: Annotated[tuple[str, ...], Field(min_length=1)]
    within_s: Annotated[float, Field(ge=0)]
    not_before_s: float | None = None
    after: tuple[str, ...] = (INJECTION,)
    known_gap: str | None = None

    @field_validator("seen")
    @classmethod
    def _seen(cls, marks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_mark(m) for m in marks)

    @field_validator("after")
    @classmethod
    def _after(cls, marks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(m if m == INJECTION else check_mark(m) for m in marks)

    @property
    def text(self) -> str:
        after = "" if self.after == (INJECTION,) else f" after {' or '.join(self.after)}"
        early = "" if self.not_before_s is None else f", not before {self.not_before_s:g} s"
        return f"{' or '.join(self.seen)} within {self.within_s:g} s{after}{early}"


class Case(Strict):
    """``how``: run in virtual time; proven by tests elsewhere; only to be shown on hardware; or not built (``known_gap``).

    ``may_overstay``: why a guest stays in the main room past 190 s although all goes as it should (a door that is stuck).
    ``hardware``: what of it only a real plant or cabinet can show.
    ``bump_max_k``: how far the true main temperature may come from that of the same run without the fault.
    """

    id: Annotated[str, Field(pattern=r"^FI-\d\d[a-z]?$")]
    title: str
    hazards: tuple[str, ...]
    how: Literal["virtual", "elsewhere", "hardware", "gap"] = "virtual"
    text: str = ""
    proven_by: tuple[str, ...] = ()
    known_gap: str | None = None
    hardware: Annotated[str, Field(min_length=10)] | None = None
    seed: Annotated[int, Field(ge=0)] = 1
    program: str = "standard"
    persons: Annotated[int, Field(ge=0, le=5)] = 3
    after: str = "exposure"
    delay_s: Annotated[float, Field(ge=0)] = 10.0
    run_s: Annotated[float, Field(gt=0, le=86400)] = 120.0
    face_o2_min_pct: Annotated[float, Field(ge=18.0, le=21.0)] = 18.0
    may_overstay: Annotated[str, Field(min_length=10)] | None = None
    bump_max_k: Annotated[float, Field(gt=0)] | None = None
    do: tuple[Act, ...] = ()
    expect: tuple[Expect, ...] = ()
    never: tuple[str, ...] = ()

    @field_validator("after")
    @classmethod
    def _state(cls, name: str) -> str:
        if name not in KNOWN["state"]:
            raise ValueError(f"no such state; known: {', '.join(sorted(KNOWN['state']))}")
        return name

    @field_validator("never")
    @classmethod
    def _never(cls, marks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(check_mark(m) for m in marks)

    @model_validator(mode="after")
    def _whole(self) -> Case:
        if self.how == "virtual" and not (self.do and self.expect):
            raise ValueError("a case in virtual time needs [[do]] and [[expect]]")
        if self.how == "elsewhere" and not self.proven_by:
            raise ValueError("name the tests in proven_by")
        if (self.how == "gap") != (self.known_gap is not None):
            raise ValueError('known_gap belongs to how = "gap", and to single expectations')
        return self

    @property
    def gaps(self) -> tuple[str, ...]:
        own = () if self.known_gap is None else (self.known_gap,)
        return own + tuple(e.known_gap for e in self.expect if e.known_gap is not None)


def read_case(path: Path) -> Case:
    """Raises ScenarioError naming file, key and what is wrong."""
    try:
        with path.open("rb") as f:
            case = Case.model_validate(tomllib.load(f))
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file; the project's own cases are in scenarios/faults/") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(str(k) for k in e['loc']) or 'case'}: {e['msg']}" for e in error.errors()]
        raise ScenarioError("\n".join(lines)) from None
    if case.id != path.stem:
        raise ScenarioError(f"{path}: id = {case.id!r} must be the name of the file")
    return case


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """All cases of a folder by id. Raises ScenarioError, also if there are none."""
    cases = [read_case(path) for path in sorted(folder.glob("*.toml"))]
    if not cases:
        raise ScenarioError(f"{folder}: no fault cases (*.toml) there; the project's own are in scenarios/faults/ of the source tree")
    return cases
