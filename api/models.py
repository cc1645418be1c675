"""Models that exist only at the API: requests, lists, errors. Those of the simulated plant and of the stream have files of their own.

What the control process publishes (snapshot, description, command result) is defined in ``control.snapshot`` and used
here as it is. Times named ``*_s`` are seconds, ``*_ms`` milliseconds; absolute times are UTC. ``None`` means unknown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chamber.commands import CommandKind, Role
from control.snapshot import AlarmView, SkinSiteView


class Model(BaseModel):
    """Unknown fields are errors, also in what we send: a typing mistake never travels."""

    model_config = ConfigDict(extra="forbid")


class Problem(Model):
    """Every error of this API: what is wrong, where, and what to do about it."""

    detail: str
    remedy: str
    code: str = Field(description="machine-readable reason, e.g. not_signed_in, role_too_low, control_silent")
    retry_after_s: float | None = Field(default=None, description="when trying again makes sense, s")


# --- health and commands ----------------------------------------------------------------------------------------------


class ControlHealth(Model):
    connected: bool
    snapshot_age_s: float | None = Field(description="s since the last snapshot of the control process; None: never")


class MqttHealth(Model):
    configured: bool
    connected: bool
    backlog: int | None = Field(description="journal entries not yet delivered to the broker; None: not known")


class HealthView(Model):
    """``ok``: everything answers. ``degraded``: a part is missing, people and nitrogen are supervised. ``down``: no control."""

    status: Literal["ok", "degraded", "down"]
    control: ControlHealth
    plc: Literal["ok", "slow", "silent", "unknown"]
    records_ok: bool
    mqtt: MqttHealth
    panels: int
    panel_age_s: float | None = Field(description="s since an operated, visible panel last gave a sign of life; None: never")
    version: str
    simulated: bool | None


CommandId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class CommandBody(Model):
    """``id`` is chosen by the client (a UUID): the same id again gets the same answer and does nothing twice."""

    id: CommandId
    kind: CommandKind
    args: dict[str, str | int | float | list[str]] = {}


class AcknowledgeBody(Model):
    """Optional body of an acknowledgement; without it the server chooses the command id."""

    id: CommandId | None = None


# --- alarms, history, records -----------------------------------------------------------------------------------------


class AlarmChange(Model):
    """One change of an alarm's ISA-18.2 state. ``user`` is shown to signed-in users only.

    ``reason``: what changed it; for a hidden alarm what the person said.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    time: datetime
    alarm: str
    from_state: str | None = Field(alias="from")
    to: str
    priority: str | None
    detail: str
    reason: str
    user: str | None


class SignInBody(Model):
    name: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    pin: Annotated[str, StringConstraints(min_length=1, max_length=32)] = Field(repr=False)


class OutOfServiceBody(Model):
    """``second`` signs, too: needed for an alarm of safety class. The PIN is checked here and goes no further."""

    id: CommandId | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    second: SignInBody | None = None


class AlarmFigure(Model):
    """One figure with its target. ``met`` is None without a target, or while the figure cannot be told."""

    id: str
    value: float | None
    unit: str
    most: float | None = Field(description="target: at most this")
    met: bool | None


class AlarmCount(Model):
    alarm: str
    count: int


class AlarmFlood(Model):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_time: datetime = Field(alias="from")
    to: datetime
    alarms: int


class AlarmFigures(Model):
    """Figures of ISA-18.2 from the journal. ``top``: most frequent first. ``priorities``: announced, by priority."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_time: datetime = Field(alias="from")
    to: datetime
    announced: int
    sessions: int
    figures: list[AlarmFigure]
    top: list[AlarmCount]
    priorities: dict[str, int]
    floods: list[AlarmFlood]
    chattering: list[str]
    stale: list[str]
    unanswered: list[str]


class AlarmsView(Model):
    active: list[AlarmView]
    history: list[AlarmChange]


class Trend(Model):
    """Minimum and maximum per bucket; ``None`` where nothing good was recorded. ``t`` is the bucket's middle, epoch s."""

    t: list[float]
    min: list[float | None]
    max: list[float | None]


class HistoryView(Model):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_time: datetime = Field(alias="from")
    to: datetime
    bucket_s: float
    tags: dict[str, Trend]


class HistoryTag(Model):
    tag: str
    text: str
    unit: str
    kind: Literal["analog", "bit", "derived"]


class SessionRow(Model):
    """One session as recorded. Temperatures in °C of the main room, oxygen in vol%."""

    id: int
    chamber: str
    program: str
    state: Literal["open", "closed", "interrupted"]
    opened: datetime
    closed: datetime | None
    persons: int | None
    limit_s: float | None
    elapsed_s: float | None
    ended_by: str | None
    reason: str | None
    main_min_c: float | None
    main_mean_c: float | None
    main_max_c: float | None
    o2_main_min_pct: float | None
    o2_room_min_pct: float | None
    skin: list[SkinSiteView] = Field(description="lowest estimate of each person, with its bounds; empty: none")


class SessionSample(Model):
    """One second of a session's trace; ``t_s`` counts from the opening of the session."""

    t_s: float
    main_c: float | None
    coldest_c: float | None
    warmest_c: float | None
    pre_c: float | None
    o2_main: float | None
    o2_pre: float | None
    o2_room: float | None


class SessionRecord(SessionRow):
    data: dict[str, Any] = Field(description="what was known at the opening: checks, set point, phases")
    trace: list[SessionSample]


class SessionsView(Model):
    sessions: list[SessionRow]
    next_before: int | None = Field(description="pass as `before` for the next page; None: no more")


class JournalEntry(Model):
    """One line of the journal. ``mono_s`` counts within one ``boot_id``. ``user`` is shown to signed-in users only."""

    id: int
    time: datetime
    boot_id: str
    mono_s: float
    kind: str
    data: dict[str, Any]
    user: str | None


class JournalView(Model):
    entries: list[JournalEntry]
    next_before: int | None


# --- schedule and users -----------------------------------------------------------------------------------------------

ProgramId = Annotated[str, StringConstraints(min_length=1, max_length=32)]


class AppointmentBody(Model):
    """What is planned; it starts nothing."""

    starts: datetime
    program: ProgramId
    persons: Annotated[int, Field(ge=1, le=9)]


class Appointment(AppointmentBody):
    id: int


class ScheduleView(Model):
    appointments: list[Appointment]


UserName = Annotated[str, StringConstraints(min_length=1, max_length=32)]


class UserView(Model):
    name: str
    role: Role
    created: datetime
    disabled: datetime | None


class UsersView(Model):
    users: list[UserView]


class UserBody(Model):
    name: UserName
    role: Role


class NewPin(Model):
    """The one time a PIN is shown."""

    name: str
    pin: str = Field(repr=False)


# --- sign-in ----------------------------------------------------------------------------------------------------------


class SignInView(Model):
    name: str
    role: Role
    expires: datetime


class Me(Model):
    """``name`` is None when nobody is signed in; the role is then ``anonymous``."""

    name: str | None
    role: Role
