"""What the world may see of upkeep: every proof test with its standing, the last work, the configuration, the bypasses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from chamber.bypasses import DEFAULT_MIN, MAX_MIN, REMINDER_S
from chamber.causes import BY_ID
from chamber.checklist import POINTS
from chamber.upkeep import differences, fingerprint, statuses
from control.snapshot import BypassView, Model
from control.state import State
from control.upkeep import BYPASSABLE

CHANGES_SHOWN = 200


class ProofTestView(Model):
    """One test for one instrument ("" is the whole chamber). ``due`` is None when it is wanted now.

    Anything but ``ok`` and ``soon`` blocks new sessions. ``given_by``: a person records it, the self-test at start-up does, or
    the chamber while it rests.
    """

    test: str
    instrument: str
    text: str
    how: str
    interval_s: float
    hazards: list[str]
    given_by: Literal["person", "self_test", "running"]
    role: str
    standing: Literal["ok", "soon", "overdue", "after_work", "failed", "never"]
    last: datetime | None
    by: str | None
    note: str
    due: datetime | None


class WorkView(Model):
    """The last work on the device: every test that it voids has to be passed later than this."""

    reason: str
    at: datetime | None


class ConfigurationView(Model):
    """``changed``: what differs from the accepted configuration, a line each; empty when it is the same."""

    fingerprint: str
    accepted_fingerprint: str | None
    accepted_by: str | None
    accepted_at: datetime | None
    changed: list[str]


class PointView(Model):
    """One point of the start-up checklist. ``ok`` is None where only a person can see it, or while nothing was measured yet.

    ``answered_by``: a person confirms it, a proof test that stands, or what the chamber measures now (``params``).
    """

    id: str
    text: str
    how: str
    answered_by: Literal["person", "proof_test", "measured"]
    proof_test: str
    ok: bool | None
    params: dict[str, float | int | str]


class ChecklistView(Model):
    """The start-up checklist of the day. ``signed``: today, all in order. ``at``, ``by``, ``note``: of the newest entry."""

    points: list[PointView]
    signed: bool
    in_order: bool | None
    at: datetime | None
    by: str | None
    note: str


class UpkeepView(Model):
    checklist: ChecklistView
    tests: list[ProofTestView]
    work: WorkView | None
    configuration: ConfigurationView
    bypasses: list[BypassView]
    bypassable: list[str]
    bypass_default_min: int
    bypass_max_min: int

    def without_names(self) -> UpkeepView:
        """For who is not signed in."""
        return self.model_copy(
            update={
                "checklist": self.checklist.model_copy(update={"by": None}),
                "tests": [t.model_copy(update={"by": None}) for t in self.tests],
                "configuration": self.configuration.model_copy(update={"accepted_by": None}),
            }
        )


def bypass_views(state: State, now_s: float) -> list[BypassView]:
    return [
        BypassView(
            cause=b.cause,
            text=BY_ID[b.cause].text,
            reason=b.reason,
            measure=b.measure,
            remaining_s=max(0.0, b.until_s - now_s),
            ends_soon=b.until_s - now_s <= REMINDER_S,
        )
        for b in state.shop.bypasses.values()
    ]


def upkeep_view(state: State, now_s: float, utc_s: float) -> UpkeepView:
    upkeep = state.shop.upkeep
    return UpkeepView(
        checklist=_checklist(state),
        tests=[
            ProofTestView.model_validate(
                {
                    "test": s.test.id,
                    "instrument": s.instrument,
                    "text": s.test.text,
                    "how": s.test.how,
                    "interval_s": s.test.interval_s,
                    "hazards": list(s.test.hazards),
                    "given_by": s.test.gives.value,
                    "role": s.test.role.value,
                    "standing": s.standing.value,
                    "last": None if s.last is None else _moment(s.last.utc_s),
                    "by": None if s.last is None else s.last.by,
                    "note": "" if s.last is None else s.last.note,
                    "due": _moment(s.due_utc_s),
                }
            )
            for s in statuses(upkeep, state.profile, utc_s)
        ],
        work=None if upkeep.work is None else WorkView(reason=upkeep.work.reason, at=_moment(upkeep.work.utc_s)),
        configuration=_configuration(state),
        bypasses=bypass_views(state, now_s),
        bypassable=sorted(BYPASSABLE),
        bypass_default_min=DEFAULT_MIN,
        bypass_max_min=MAX_MIN,
    )


def _checklist(state: State) -> ChecklistView:
    facts, last = state.facts, state.shop.upkeep.checklist
    points: list[PointView] = []
    for p in POINTS:
        found = None if p.look is None or facts is None else p.look(facts, state.verdict)
        points.append(
            PointView(
                id=p.id,
                text=p.text,
                how=p.how,
                answered_by="person" if p.look is None else "proof_test" if p.proof else "measured",
                proof_test=p.proof,
                ok=None if found is None else found.ok,
                params={} if found is None else found.params,
            )
        )
    return ChecklistView(
        points=points,
        signed=facts is not None and facts.day_checked,
        in_order=None if last is None else last.passed,
        at=None if last is None else _moment(last.utc_s),
        by=None if last is None else last.by,
        note="" if last is None else last.note,
    )


def _configuration(state: State) -> ConfigurationView:
    upkeep, accepted = state.shop.upkeep, state.shop.upkeep.accepted
    return ConfigurationView(
        fingerprint=fingerprint(upkeep.in_force),
        accepted_fingerprint=None if accepted is None else fingerprint(accepted.configuration),
        accepted_by=None if accepted is None else accepted.by,
        accepted_at=None if accepted is None else _moment(accepted.utc_s),
        changed=[] if accepted is None else list(differences(accepted.configuration, upkeep.in_force)[:CHANGES_SHOWN]),
    )


def _moment(utc_s: float | None) -> datetime | None:
    return None if utc_s is None else datetime.fromtimestamp(utc_s, UTC)
