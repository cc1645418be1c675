"""What the world may see of the automatic tuning: the run, its proposal beside what is in force, what may be reverted."""

from __future__ import annotations

from typing import Literal

from control.autotune import room_of, rooms_of, settling
from control.snapshot import Model
from control.state import State
from control.tuning_state import Candidate, Proposal


class GainsView(Model):
    """ISA form; gain in % of valve per K. ``ms``: peak of the sensitivity on the room as identified; None: no room was identified."""

    gain_pct_per_k: float
    integral_s: float
    derivative_s: float
    ms: float | None


class ProposalView(Model):
    """``model_refused``: why the identified model may not regulate (then the one before, if any, stays); None: it comes with it."""

    fingerprint: str
    before: GainsView
    after: GainsView
    amigo: GainsView
    slope_k_s_pct: float
    dead_s: float
    dead_std_s: float
    residual_k: float
    relay_s: float
    excursion_k: float
    model_refused: str | None


class InForceView(Model):
    """The regulator of one room. ``revertible``: one from before an acceptance is kept."""

    room: Literal["main", "pre"]
    gains: GainsView
    revertible: bool


class WaitsView(Model):
    """What keeps the relay test from beginning: the chamber is not "ready", the "record" of the room is too short (s), the "room" was
    away from its set point (K) or the "valve" moved (%) in that time. ``limit``: what ``value`` has to come to."""

    why: Literal["ready", "record", "room", "valve"]
    value: float | None
    limit: float | None


class TuningView(Model):
    """``recorded_s``: length of the recording since a precool out of the warm, None: there is none, and no tuning is possible.

    ``waits``: what the phase "settling" waits for.

    ``ended``: why the last run was over without a proposal, "" if it was not.
    """

    recorded_s: int | None
    room: Literal["main", "pre"] | None
    phase: Literal["settling", "relay", "after", "fitting", "proposed"] | None
    since_s: float | None
    by: str | None
    waits: WaitsView | None
    relay_s: float | None
    excursion_k: float | None
    proposal: ProposalView | None
    ended: str
    ended_by: str
    in_force: list[InForceView]

    def without_names(self) -> TuningView:
        """For who is not signed in."""
        return self.model_copy(update={"by": None, "ended_by": "" if self.ended == "asked" else self.ended_by})


def tuning_view(state: State, now_s: float) -> TuningView:
    t = state.tuning
    run = t.run
    relay = None if run is None else run.relay
    waits = settling(t, state.cycle)
    return TuningView.model_validate(
        {
            "recorded_s": None if t.recorded is None else len(t.recorded[0]),
            "room": None if run is None else run.room,
            "phase": None if run is None else run.phase.value,
            "since_s": None if run is None else max(0.0, now_s - run.since_s),
            "by": None if run is None else run.by,
            "waits": None if waits is None else waits._asdict(),
            "relay_s": None if relay is None else relay.elapsed_s,
            "excursion_k": None if relay is None else relay.worst_k,
            "proposal": None if run is None or run.proposal is None else _proposal(run.proposal),
            "ended": t.ended,
            "ended_by": t.ended_by,
            "in_force": [_in_force(state, room) for room in rooms_of(state.profile)],
        }
    )


def _in_force(state: State, room: str) -> InForceView:
    p = room_of(state.profile, room)
    gains = GainsView(gain_pct_per_k=p.gain_pct_per_k, integral_s=p.integral_s, derivative_s=p.derivative_s, ms=None)
    return InForceView.model_validate({"room": room, "gains": gains, "revertible": room in state.tuning.undo})


def _gains(c: Candidate) -> GainsView:
    return GainsView(**c._asdict())


def _proposal(p: Proposal) -> ProposalView:
    return ProposalView(
        fingerprint=p.fingerprint,
        before=_gains(p.before),
        after=_gains(p.after),
        amigo=_gains(p.amigo),
        slope_k_s_pct=p.slope_k_s_pct,
        dead_s=p.dead_s,
        dead_std_s=p.dead_std_s,
        residual_k=p.residual_k,
        relay_s=p.relay_s,
        excursion_k=p.excursion_k,
        model_refused=p.model_refused,
    )
