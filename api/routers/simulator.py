"""Hands and faults of the simulated plant. Answers 404 unless the PLC itself says that it is simulated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ValidationError

from api.auth import require
from api.context import Ctx, Who
from api.debrief import Broken, debrief, summary
from api.problems import ProblemError, responses
from api.simulator_models import (
    Debrief,
    Exercise,
    FaultCatalogue,
    SimClear,
    SimForget,
    SimInject,
    SimSurprise,
    SimulatorReply,
    SimulatorRequest,
    SimulatorStatus,
)
from chamber.commands import Role

_M = TypeVar("_M", bound=BaseModel)

router = APIRouter(prefix="/simulator", tags=["simulator"])


async def _ask(context: Ctx, request: dict[str, Any]) -> dict[str, Any]:
    view = context.hub.view() if context.hub.fresh() else None
    if view is None or view.site.simulated is not True:
        raise ProblemError(404, "not_simulated", "This plant is not simulated.", "Hands and faults exist only with the simulated PLC.")
    return await context.side_channel.ask(request)


def _read(model: type[_M], reply: dict[str, Any]) -> _M:
    try:
        return model.model_validate(reply)
    except ValidationError as error:
        remedy = "Start simulator and API from one version."
        raise ProblemError(503, "simulator_unreadable", f"Answer of the simulated plant: {error.errors()[0]['loc']}", remedy) from error


def _plain(body: BaseModel) -> dict[str, Any]:
    return body.model_dump(exclude_none=True)


@router.get("", summary="State of the simulated plant", responses=responses(404, 503))
async def status(context: Ctx) -> SimulatorStatus:
    """Doors, people, faults, and the truth behind the instruments."""
    return _read(SimulatorStatus, await _ask(context, {"op": "status"}))


@router.post("", summary="Move doors and people, or start and end faults", responses=responses(401, 403, 404, 503))
async def act(body: SimulatorRequest, context: Ctx, who: Who) -> SimulatorReply:
    """Hands need no sign-in: they are the guests'. Faults need role service."""
    if isinstance(body, SimInject | SimClear | SimSurprise | SimForget):
        require(who, Role.SERVICE, f"{body.op} a fault")
    return _read(SimulatorReply, await _ask(context, _plain(body)))


@router.get("/faults", summary="Catalogue of faults", responses=responses(404, 503))
async def faults(context: Ctx) -> FaultCatalogue:
    """Each with its targets and parameters, units and ranges."""
    return _read(FaultCatalogue, await _ask(context, {"op": "faults"}))


@router.get("/debrief", summary="Report on an exercise", responses=responses(401, 403, 404, 503))
async def exercise(context: Ctx, who: Who) -> Debrief:
    """What was broken since the exercise began, and what the operator did and when, from the journal. Needs role service.

    Times hold for a simulated plant that runs at the speed of the wall's clock.
    """
    require(who, Role.SERVICE, "the debriefing")
    told = _read(Exercise, await _ask(context, {"op": "exercise"}))
    now = datetime.now(UTC)

    def moment(ago_s: float | None) -> datetime | None:
        return None if ago_s is None else now - timedelta(seconds=ago_s)

    broken = [
        Broken(
            f.id, f.kind, f.target, f.text, f.surprise, now - timedelta(seconds=f.due_ago_s),
            moment(f.began_ago_s), moment(f.ended_ago_s), f.refused,
        )
        for f in told.faults
    ]  # fmt: skip
    begun = [b.began for b in broken if b.began is not None]
    lines = await context.books.exercise_lines(min(begun), now) if begun else []
    view = context.hub.view()
    report = debrief(broken, lines, now)
    return Debrief(made=now, chamber="" if view is None else view.site.name, summary=summary(report), faults=report)
