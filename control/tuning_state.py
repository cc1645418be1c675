"""What the automatic tuning keeps between two scans; see ``control.autotune``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from chamber.profile import Regulator
from control.relay import Relay


class Sample(NamedTuple):
    """One second of a recording: what the sensor said, where the valve stood, whether a door was open."""

    measured_c: float
    actual_pct: float
    door: bool


class Phase(StrEnum):
    SETTLING = "settling"  # precool, and until the room stands still
    RELAY = "relay"
    AFTER = "after"
    FITTING = "fitting"
    PROPOSED = "proposed"


class Candidate(NamedTuple):
    """Gains by one rule, with the peak of the sensitivity they leave on the identified room."""

    gain_pct_per_k: float
    integral_s: float
    derivative_s: float
    ms: float


class Proposal(NamedTuple):
    """``before`` and ``after`` as judged on the room identified now. ``model_refused``: why the model may not regulate; None: it may."""

    regulator: Regulator
    before: Candidate
    after: Candidate
    amigo: Candidate
    slope_k_s_pct: float
    dead_s: float
    dead_std_s: float
    residual_k: float
    model_refused: str | None
    fingerprint: str
    relay_s: float = 0.0
    excursion_k: float = 0.0


class Fitted(NamedTuple):
    """What came of the fit of run ``number``: the proposal, or why there is none."""

    number: int
    proposal: Proposal | None
    refused: str = ""


class Run(NamedTuple):
    """One tuning under way. ``known``: causes that acted when it began; a new one ends it."""

    room: str
    by: str
    phase: Phase
    since_s: float
    known: frozenset[str]
    relay: Relay | None = None
    proposal: Proposal | None = None


class Job(NamedTuple):
    """What is to be fitted, outside the scan."""

    number: int
    regulator: Regulator
    samples: tuple[Sample, ...]
    setpoint_c: float


class Tuning(NamedTuple):
    """``recorded``: main room and pre-chamber, once a second since a precool out of the warm. ``undo``: by room, the regulator
    before the last acceptance. ``base``: by room, the fingerprint of the regulator in the profile's file."""

    number: int = 0
    recorded: tuple[tuple[Sample, ...], tuple[Sample, ...]] | None = None
    run: Run | None = None
    job: Job | None = None
    ended: str = ""
    ended_by: str = ""
    undo: Mapping[str, Regulator] = {}
    base: Mapping[str, str] = {}
