"""Upkeep: start-up checklist, proof tests, work on the device, accepted configuration, bypasses. Recorded by commands, read here."""

from __future__ import annotations

from fastapi import APIRouter

from api.context import Ctx, Who
from api.problems import ProblemError, responses
from control.upkeep_view import UpkeepView

router = APIRouter(tags=["upkeep"])


@router.get("/upkeep", summary="Checklist, proof tests, configuration, bypasses", responses=responses(503))
async def upkeep(context: Ctx, who: Who) -> UpkeepView:
    """What the control process goes by now. Names are shown to signed-in users only.

    Recorded with `POST /commands`: `sign_checklist` (confirmed and failed: points of who looked, note),
    `record_proof_test` (test, instrument, result `pass` or `fail`, note), `replaced` (tag, note),
    `accept_configuration` (fingerprint as shown here), `bypass` (cause, reason, measure, minutes), `end_bypass` (cause).
    The history is in `GET /journal?kind=upkeep` and `kind=bypass`.
    """
    found = await context.commander.upkeep()
    if found is None:
        raise ProblemError(503, "control_silent", "The control process does not answer.", "Check the service cryochamber-control.", 1.0)
    return found if who.signed_in else found.without_names()
