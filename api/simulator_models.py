"""Models of the simulated plant: its hands, people and faults, the exercises and their debriefing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.models import Model


class SimDoors(Model):
    model_config = ConfigDict(extra="ignore")
    inner: str
    outer: str


class SimPeople(Model):
    model_config = ConfigDict(extra="ignore")
    outside: int
    pre: int
    main: int
    moving: int


class SimFault(Model):
    model_config = ConfigDict(extra="ignore")
    id: str
    kind: str
    target: str | None
    text: str
    since_s: float


Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


class SimulatorStatus(Model):
    """State of the simulated plant, its people and its faults. ``truth`` is what instruments cannot see."""

    model_config = ConfigDict(extra="ignore")
    time_s: float
    doors: SimDoors
    people: SimPeople
    estop: bool
    call: bool
    autopilot: bool
    voice: str
    faults: list[SimFault]
    truth: dict[str, float]


class SimDoor(Model):
    op: Literal["door"]
    door: Literal["inner", "outer"]
    open: bool


class SimWalk(Model):
    op: Literal["walk"]
    to: Literal["outside", "pre", "main"]
    persons: Annotated[int, Field(ge=1, le=5)] | None = None


class SimEstop(Model):
    op: Literal["estop"]
    pressed: bool


class SimCall(Model):
    op: Literal["call"]
    pressed: bool


class SimAutopilot(Model):
    op: Literal["autopilot"]
    on: bool


class SimInject(Model):
    """Start a fault of the catalogue, now or ``after_s``, growing over ``ramp_s``, for ``for_s``; needs role service."""

    op: Literal["inject"]
    kind: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    target: Annotated[str, StringConstraints(max_length=64)] | None = None
    params: dict[str, float] = {}
    after_s: Seconds | None = None
    ramp_s: Seconds | None = None
    for_s: Seconds | None = None


class SimSurprise(Model):
    """Start a fault that nobody knows at a moment that nobody knows, within ``within_s``; needs role service."""

    op: Literal["surprise"]
    within_s: Seconds = 120.0


class SimForget(Model):
    """A new exercise: every fault ends, what is planned is taken back, the list is empty; needs role service."""

    op: Literal["forget"]


class SimClear(Model):
    """End one fault by id, or all of them; needs role service."""

    op: Literal["clear"]
    id: Annotated[str, StringConstraints(max_length=64)] | None = None
    all: bool = False


SimulatorRequest = Annotated[
    SimDoor | SimWalk | SimEstop | SimCall | SimAutopilot | SimInject | SimSurprise | SimForget | SimClear, Field(discriminator="op")
]


class SimulatorReply(Model):
    model_config = ConfigDict(extra="ignore")
    ok: bool
    id: str | None = Field(default=None, description="id of the injected fault")


class FaultParam(Model):
    """``rest``: where a growing fault begins; null if it cannot grow."""

    model_config = ConfigDict(extra="ignore")
    name: str
    unit: str
    low: float
    high: float
    default: float
    rest: float | None = None


class FaultKind(Model):
    model_config = ConfigDict(extra="ignore")
    kind: str
    text: str
    targets: list[str]
    params: list[FaultParam]


class ExerciseFault(Model):
    """As the simulated plant remembers it. Seconds ago; below zero: still to come."""

    model_config = ConfigDict(extra="ignore")
    id: str
    kind: str
    target: str
    text: str
    surprise: bool
    due_ago_s: float
    began_ago_s: float | None
    ended_ago_s: float | None
    refused: str


class Exercise(Model):
    model_config = ConfigDict(extra="ignore")
    faults: list[ExerciseFault]


class DebriefAlarm(Model):
    """``after_s`` from the beginning of the fault; ``allowed_s``: time to respond of the alarm list.

    ``answered_in_s``: from the alarm to the first command taken that does what its action asks for. ``answer``: who did that:
    the operator, the chamber by itself, nobody, or it is done by hand (no journal knows). ``missed``: neither acknowledged nor
    answered in the time allowed, though the exercise lasted so long.
    """

    alarm: str
    title: str
    action: str
    after_s: float
    acknowledged_in_s: float | None
    answered_in_s: float | None
    answer: Literal["operator", "chamber", "hand", "none"]
    allowed_s: float | None
    missed: bool


class DebriefAct(Model):
    """A command with its outcome, or a change of state with its cause, ``after_s`` from the beginning of the fault.

    ``verdict``: right, what an alarm then standing asks for; wrong, against it (tried counts); null: neither.
    ``alarm``: which alarm that is.
    """

    after_s: float
    what: str
    outcome: str
    user: str | None
    verdict: Literal["right", "wrong"] | None = None
    alarm: str | None = None


class DebriefFault(Model):
    """A fault of an exercise and the answer to it. Seconds from its beginning; null: never happened.

    ``reaction_s``: from the first alarm to the first command taken after it; ``allowed_s``: time to respond of that alarm;
    ``in_time``: null while there is still time.
    ``safe_s``: the session ended, or nitrogen stopped; ``empty_s``: the chamber was confirmed empty.
    """

    id: str
    kind: str
    target: str
    text: str
    surprise: bool
    due: datetime
    began: datetime | None
    refused: str
    alarms: list[DebriefAlarm]
    acts: list[DebriefAct]
    states: list[DebriefAct]
    first_alarm_s: float | None
    first_action_s: float | None
    acknowledged_s: float | None
    safe_s: float | None
    empty_s: float | None
    mended_s: float | None
    reaction_s: float | None
    allowed_s: float | None
    in_time: bool | None


class DebriefSummary(Model):
    """Counts over all faults that began; reactions are those of ``DebriefFault.reaction_s``."""

    faults: int
    alarms: int
    missed: int
    right: int
    wrong: int
    mean_reaction_s: float | None
    worst_reaction_s: float | None


class Debrief(Model):
    """Report on an exercise on a simulated plant, from the journal."""

    made: datetime
    chamber: str
    summary: DebriefSummary
    faults: list[DebriefFault]


class FaultCatalogue(Model):
    model_config = ConfigDict(extra="ignore")
    faults: list[FaultKind]
