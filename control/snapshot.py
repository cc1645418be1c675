"""What the control process publishes ten times a second, and how it is told commands.

These models are the one source of the API's schema and of the panel's TypeScript types.
Times named ``*_s`` are seconds; ages are seconds since the last successful read. ``None`` means unknown, never zero.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonView(Model):
    """Why something is so or is refused: ``code`` for translation, ``params`` for the numbers, ``text`` in English."""

    code: str
    params: dict[str, float | int | str] = {}
    text: str


class TagView(Model):
    """One signal. ``v`` is None when unknown; ``q`` is the quality after validation; ``age_s`` is None if never read.

    ``ne107``: state of the instrument after NAMUR NE 107; ``why`` is its reason, too.
    """

    v: float | bool | None
    q: Literal["good", "uncertain", "bad"]
    ne107: Literal["failure", "function_check", "out_of_specification", "maintenance_required", "good"]
    why: str
    age_s: float | None


class LinkView(Model):
    plc: Literal["ok", "slow", "silent"]
    plc_age_s: float | None
    requests: int
    timeouts: int
    refused_blocks: int
    reconnects: int


class ScanView(Model):
    count: int
    late: int
    missed: int
    duration_ms: float
    lateness_ms: float


class SiteView(Model):
    site: str
    chamber: str
    name: str
    profile: str
    device: str
    simulated: bool | None
    version: str


class GuidanceView(Model):
    """What to do or wait for next. ``command`` is the command that does it, if one does."""

    code: str
    params: dict[str, float | int | str] = {}
    text: str
    command: str | None = None


class UnknownView(Model):
    """Somebody may be inside since before control started. ``elapsed_s``: the longer of PLC timer and age of the open record."""

    session: int | None
    persons: int | None
    elapsed_s: float


class ForcedView(Model):
    """An output forced in SERVICE: percent of a valve, 1 for a discrete output."""

    output: str
    value: float
    left_s: float


class CycleView(Model):
    state: str
    packml: str
    since_s: float
    may_enter: bool
    ready_in_s: float | None
    guidance: GuidanceView
    voice: str
    cool_off_left_s: float
    """Boarding is locked out for so long after a broken-off exposure; 0: not."""
    day_checked: bool
    """The start-up checklist of the site's day is signed."""
    unknown: UnknownView | None
    forced: list[ForcedView]


class DoorView(Model):
    state: Literal["shut", "open", "fault", "unknown"]
    since_s: float | None


class RoomView(Model):
    """A room as voted: temperatures in °C, oxygen in vol%. ``band_k`` is the READY band around the set point."""

    name: str
    temperature_c: float | None
    coldest_c: float | None
    warmest_c: float | None
    setpoint_c: float | None
    band_k: float
    oxygen_pct: float | None
    oxygen_good: int
    oxygen_total: int
    presence: bool | None
    valve_pct: float | None
    door: DoorView


class RoomAirView(Model):
    oxygen_pct: float | None
    oxygen_floor_pct: float | None
    temperature_c: float | None
    extract_proven: bool | None


class GateView(Model):
    """Whether one may go in. ``reason`` says why not; data older than the panel's limit count as do_not_enter."""

    state: Literal["allowed", "do_not_enter"]
    reason: ReasonView | None


class EntryView(Model):
    """For the page and the beacon outside: treatment room, and chamber (its air; guidance says when guests go in)."""

    room: GateView
    chamber: GateView


class SkinSiteView(Model):
    """Estimated bare skin of a site in °C with its bounds (two standard deviations): an estimate, no measurement."""

    site: Literal["trunk", "arm", "leg", "face", "spot"]
    c: float
    low_c: float
    high_c: float


class SkinView(Model):
    """Skin of the people inside, every two seconds. ``off``: why there is no estimate, "" if there is one. ``unread``: the gas about them
    is not measured now and is taken to be the coldest seen or set. ``end_c``: a lower bound at it ends the session.

    ``persons``: of each, in the order of going in, every site.
    """

    off: Literal["", "nobody_inside", "not_measured"]
    unread: bool
    end_c: float
    persons: list[list[SkinSiteView]]


class SessionView(Model):
    id: int
    program: str
    persons: int
    phase: Literal["boarding", "pre_chamber", "exposure", "exit"]
    limit_s: float
    elapsed_s: float
    remaining_s: float
    pre_chamber_remaining_s: float | None
    confirm_in_s: float | None
    confirm_every_s: float
    confirm_due: bool
    """The operator is asked to confirm presence now."""
    count_due: int | None
    """People still to be counted out before the chamber can be confirmed empty."""
    durable: bool
    limit_reason: str
    skin: SkinView


class CauseView(Model):
    """An active or latched row of the cause-and-effect table."""

    id: str
    row: int
    text: str
    detail: str
    action: str
    since_s: float
    present: bool
    latched: bool
    first_out: bool


class CommandView(Model):
    allowed: bool
    reasons: list[ReasonView]


PriorityName = Literal["high", "medium", "low"]
MelodyName = Literal["general", "oxygen", "temperature"]
ClassName = Literal["safety", "equipment", "comfort"]


class AlarmView(Model):
    """One annunciated alarm (ISA-18.2). ``state`` is one of unack, ack, rtn_unack, latched_unack, latched_ack.

    ``under``: id of the first-out alarm of the episode when this one is its consequence.
    """

    id: str
    priority: PriorityName
    state: str
    title: str
    detail: str
    action: str
    since: datetime
    first_out: bool
    count: int
    active: bool
    melody: MelodyName
    under: str | None


class HiddenAlarmView(Model):
    """An alarm that is not annunciated: shelved, suppressed by design, or out of service. Its causes act all the same.

    ``active``: its condition is on. ``reason``: why it is hidden. ``remaining_s``: until the shelving ends by itself.
    """

    id: str
    state: Literal["shelved", "suppressed", "out_of_service"]
    priority: PriorityName
    klass: ClassName
    title: str
    active: bool
    reason: str
    remaining_s: float | None


class AudioView(Model):
    """The one sound of this moment: ``alarm`` is the alarm behind it, None when nothing sounds.

    ``paused_s``: the sound is paused for so long still; None: it is not paused.
    """

    priority: PriorityName | None
    melody: MelodyName | None
    alarm: str | None
    paused_s: float | None


class BypassView(Model):
    """A row that service has put out of force for a while. No session is possible meanwhile."""

    cause: str
    text: str
    reason: str
    measure: str
    remaining_s: float
    ends_soon: bool


class PlcView(Model):
    state: str
    trips: list[str]
    causes: list[str]
    first_out: str | None
    lease_remaining_s: float
    exposure_elapsed_s: float
    exposure_limit_s: float
    occupied: bool
    outputs: dict[str, bool]
    valve_main_pct: float
    valve_pre_pct: float
    clamped: bool


class NitrogenView(Model):
    tank_kg: float | None
    flow_kg_h: float | None
    pressure_bar_a: float | None
    today_kg: float
    persons_today: int
    per_person_kg: float | None
    main_valve_open: bool | None


class RegulatorView(Model):
    mode: Literal["off", "auto", "hold", "model", "relay"]
    refused: str | None
    load_w: float | None
    liner_c: float | None
    surprise: float | None
    error_k: float | None
    proportional_pct: float
    integral_pct: float
    derivative_pct: float
    feedforward_pct: float
    output_pct: float
    valve: Literal["proportional", "on_off"]
    travel_pct: float
    """Sum of the valve's moves since it was fitted, % of its stroke."""
    cycles: int
    """Openings from shut since it was fitted."""


class RecordsView(Model):
    ok: bool
    queued: int
    journal_id: int
    detail: str


class Snapshot(Model):
    """The whole state at one scan. ``seq`` grows by one a scan within one ``boot_id``."""

    seq: int
    boot_id: str
    server_time: datetime
    mono_s: float
    site: SiteView
    link: LinkView
    scan: ScanView
    cycle: CycleView
    main: RoomView
    pre: RoomView | None
    """None: a device with one room."""
    room: RoomAirView
    entry: EntryView
    session: SessionView | None
    action: str
    causes: list[CauseView]
    commands: dict[str, CommandView]
    alarms: list[AlarmView]
    hidden_alarms: list[HiddenAlarmView]
    audio: AudioView
    bypasses: list[BypassView]
    plc: PlcView | None
    nitrogen: NitrogenView
    regulators: dict[str, RegulatorView]
    records: RecordsView
    tags: dict[str, TagView]


class CommandRequest(Model):
    """A command as it travels from the API to the control process."""

    id: str
    kind: str
    args: dict[str, str | int | float | list[str]] = {}
    user: str
    role: str
    origin: str
    second: str | None = None
    """A second person who signed for it, checked by the API; never what a client merely claims."""
    expires_mono_s: float | None = None
    """Monotonic time of this machine after which the command is no longer wanted; STOP and EVACUATE never expire."""


class CommandResult(Model):
    """``uncertain``: sent, but the effect was not seen in time; look at the plant before trying again."""

    id: str
    kind: str
    outcome: Literal["accepted", "rejected", "uncertain"]
    reasons: list[ReasonView] = []
