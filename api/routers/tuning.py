"""Automatic tuning of the regulators: begun, accepted and reverted by commands, shown here."""

from __future__ import annotations

from fastapi import APIRouter

from api.context import Ctx, Who
from api.problems import ProblemError, responses
from control.tuning_view import TuningView

router = APIRouter(tags=["tuning"])


@router.get("/tuning", summary="Automatic tuning: run, proposal, what is in force", responses=responses(503))
async def tuning(context: Ctx, who: Who) -> TuningView:
    """What the control process knows of it now. Names are shown to signed-in users only.

    With `POST /commands`, as service: `tune` (room `main` or `pre`; after a precool out of the warm, nobody inside, doors shut),
    `end_tuning`, `accept_tuning` (fingerprint of the proposal shown here), `revert_tuning` (room).
    An accepted or reverted regulator counts as work on the device: proof tests are due before the next session.
    The history is in `GET /journal?kind=tuning`.
    """
    found = await context.commander.tuning()
    if found is None:
        raise ProblemError(503, "control_silent", "The control process does not answer.", "Check the service cryochamber-control.", 1.0)
    return found if who.signed_in else found.without_names()
