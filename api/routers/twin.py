"""The digital twin: condition of coil, seals, insulation, valves and supply, each with its uncertainty."""

from __future__ import annotations

from fastapi import APIRouter

from api.context import Ctx
from api.problems import ProblemError, responses
from control.twin_view import TwinView

router = APIRouter(tags=["twin"])


@router.get("/twin", summary="Condition of the chamber, estimated from its heat balance", responses=responses(503))
async def twin(context: Ctx) -> TwinView:
    """What the control process estimates now. The trends are in the telemetry under the same ids; the history of findings is in
    `GET /journal?kind=twin`. Nothing of it acts on the chamber.
    """
    found = await context.commander.twin()
    if found is None:
        raise ProblemError(503, "control_silent", "The control process does not answer.", "Check the service cryochamber-control.", 1.0)
    return found
