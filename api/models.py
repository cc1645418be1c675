"""Models that exist only at the API: requests, lists, stream messages, errors.

What the control process publishes (snapshot, description, command result) is defined in ``control.snapshot`` and used
here as it is. Times named ``*_s`` are seconds, ``*_ms`` milliseconds; absolute times are UTC. ``None`` means unknown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chamber.commands import CommandKind, Role
from control.snapshot import AlarmView, CommandResult, Snapshot


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


# --- simulated plant --------------------------------------------------------------------------------------------------


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


# --- stream (WebSocket) -----------------------------------------------------------------------------------------------


class Ages(Model):
    """How old the news is when it leaves the server, ms. ``plc_ms`` is None when the PLC was never read."""

    snapshot_ms: float
    plc_ms: float | None


class SnapshotMessage(Model):
    """Everything. First message of a connection, after a resync and when the control process has restarted.

    ``seq`` counts the snapshot and changes messages of this connection, without gaps.
    """

    type: Literal["snapshot"]
    seq: int
    server_time: datetime
    mono_s: float
    ages: Ages
    snapshot: Snapshot


class ChangesMessage(Model):
    """What changed since the previous message of this connection.

    ``set`` holds whole sections of the snapshot by name (``main``, ``session``, ...); sections that are tables (tags,
    commands, regulators) are set by entry, ``tags/TT-101``. ``remove`` names entries that are gone. A slow client gets
    fewer messages, never older ones.
    """

    type: Literal["changes"]
    seq: int
    server_time: datetime
    mono_s: float
    ages: Ages
    set: dict[str, Any]
    remove: list[str]


class NoDataAges(Model):
    snapshot_ms: float | None


class NoDataMessage(Model):
    """Every 200 ms while the control process is silent for more than 500 ms."""

    type: Literal["no_data"]
    server_time: datetime
    ages: NoDataAges


class CommandMessage(Model):
    """Answer to a stop or evacuate sent over this connection."""

    type: Literal["command"]
    result: CommandResult


StreamMessage = Annotated[SnapshotMessage | ChangesMessage | NoDataMessage | CommandMessage, Field(discriminator="type")]


class ResyncRequest(Model):
    type: Literal["resync"]


class StopRequest(Model):
    """Stop without sign-in: the second path beside ``POST /commands``. ``id`` ties both paths together."""

    type: Literal["stop"]
    id: CommandId | None = None


class EvacuateRequest(Model):
    type: Literal["evacuate"]
    id: CommandId | None = None


class PanelHeartbeat(Model):
    """The page is alive and its screen shows; the control process watches the panels by it."""

    type: Literal["panel"]
    visible: bool


StreamRequest = Annotated[ResyncRequest | StopRequest | EvacuateRequest | PanelHeartbeat, Field(discriminator="type")]
