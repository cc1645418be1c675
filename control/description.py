"""What the control process says of itself on request: tags, programs, limits, alarms, causes. It does not change while it runs."""

from __future__ import annotations

from typing import Literal

from control.snapshot import ClassName, MelodyName, Model, PriorityName, SiteView


class TagInfo(Model):
    tag: str
    text: str
    unit: str
    kind: Literal["analog", "bit", "estimate"]
    low: float | None
    high: float | None
    true: str | None
    not_fitted: str | None
    """Why this device does not have it; None if it is fitted."""
    usual_low: float | None = None
    usual_high: float | None = None
    """What it reads from READY to the end of an exposure, as the profile says; None: it does not."""


class ProgramInfo(Model):
    id: str
    name: str
    setpoint_main_c: float
    setpoint_pre_c: float
    pre_chamber_s: float
    exposure_s: float


class AlarmInfo(Model):
    """Rationalised alarm: everything an operator needs to act (ISA-18.2 documentation fields).

    ``shelf_max_s``: longest shelving, None: never. ``re_alarm_s``: an acknowledged alarm that lasts is announced again.
    """

    id: str
    priority: PriorityName
    priority_occupied: PriorityName
    klass: ClassName
    melody: MelodyName
    title: str
    cause: str
    consequence: str
    action: str
    time_to_respond_s: float
    latching: bool
    off_delay_s: float
    re_alarm_s: float | None
    shelf_max_s: float | None
    alone: bool
    hazards: list[str]


class PulseInfo(Model):
    """One pulse of a burst; ``note`` is the index into the melody."""

    start_s: float
    duration_s: float
    note: int


class SignalInfo(Model):
    """Light and sound of one priority (IEC 60601-1-8). ``flash_hz`` None: constant. ``edge_s``: rise and fall of a pulse."""

    colour: str
    flash_hz: float | None
    duty_pct: float
    pulses: list[PulseInfo]
    burst_s: float
    inter_burst_s: float
    edge_s: float


class HarmonicInfo(Model):
    """``multiple`` of the fundamental, ``level_db`` against it."""

    multiple: int
    level_db: float


class SignalsInfo(Model):
    """What alarms look and sound like: the one source for every panel and sounder. ``melodies``: fundamentals in Hz."""

    audio_pause_max_s: float
    priorities: dict[PriorityName, SignalInfo]
    melodies: dict[MelodyName, list[float]]
    harmonics: list[HarmonicInfo]


class CauseInfo(Model):
    id: str
    row: int
    text: str
    where: str
    delay_s: float
    action_empty: str
    action_occupied: str
    clear: str
    hazards: list[str]
    alarm: str | None
    off: str | None
    """Why the row is off on this device: an instrument it needs is not fitted. None if it is in force."""


class LimitInfo(Model):
    name: str
    unit: str
    value: float
    low: float
    high: float
    recommended_low: float
    recommended_high: float
    basis: str
    hazards: list[str]


class Description(Model):
    """What does not change while the process runs."""

    site: SiteView
    tags: list[TagInfo]
    programs: list[ProgramInfo]
    checklist: list[str]
    persons_max: int
    limits: list[LimitInfo]
    alarms: list[AlarmInfo]
    signals: SignalsInfo
    causes: list[CauseInfo]
    states: dict[str, str]
    forcible: list[str]
    """Outputs that may be forced in SERVICE."""
