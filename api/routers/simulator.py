"""Hands and faults of the simulated plant. Answers 404 unless the PLC itself says that it is simulated."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.auth import require
from api.context import Ctx, Who
from api.models import (
    FaultCatalogue,
    SimClear,
    SimInject,
    SimulatorReply,
    SimulatorRequest,
    SimulatorStatus,
)
from api.problems import ProblemError, responses
from chamber.commands import Role

router = APIRouter(prefix="/simulator", tags=["simulator"])


async def _ask(context: Ctx, request: dict[str, Any]) -> dict[str, Any]:
    view = context.hub.view() if context.hub.fresh() else None
    if view is None or view.site.simulated is not True:
        raise ProblemError(404, "not_simulated", "This plant is not simulated.", "Hands and faults exist only with the simulated PLC.")
    return await context.side_channel.ask(request)


def _plain(body: BaseModel) -> dict[str, Any]:
    return body.model_dump(exclude_none=True)


@router.get("", summary="State of the simulated plant", responses=responses(404))
async def status(context: Ctx) -> SimulatorStatus:
    """Doors, people, faults, and the truth behind the instruments."""
    return SimulatorStatus.model_validate(await _ask(context, {"op": "status"}))


@router.post("", summary="Move doors and people, or start and end faults", responses=responses(401, 403, 404))
async def act(body: SimulatorRequest, context: Ctx, who: Who) -> SimulatorReply:
    """Hands need no sign-in: they are the guests'. Faults need role service."""
    if isinstance(body, SimInject | SimClear):
        require(who, Role.SERVICE, f"{body.op} a fault")
    return SimulatorReply.model_validate(await _ask(context, _plain(body)))


@router.get("/faults", summary="Catalogue of faults", responses=responses(404))
async def faults(context: Ctx) -> FaultCatalogue:
    """Each with its targets and parameters, units and ranges."""
    return FaultCatalogue.model_validate(await _ask(context, {"op": "faults"}))
