"""Commands to the chamber, and the acknowledgement of alarms (a command, too)."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from starlette.requests import HTTPConnection

from api.auth import Identity, require
from api.commander import Args
from api.context import Ctx, Who, address
from api.models import AcknowledgeBody, CommandBody, OutOfServiceBody
from api.problems import responses
from chamber.commands import MINIMUM_ROLE, CommandKind, Role
from control.snapshot import CommandResult

router = APIRouter(tags=["commands"])


@router.post("/commands", summary="Ask the chamber to do something", responses=responses(401, 403, 409))
async def command(body: CommandBody, connection: HTTPConnection, context: Ctx, who: Who) -> CommandResult:
    """Stop and evacuate need no sign-in and are always passed on. Refusals come as ``rejected`` with reasons, status 200.

    ``uncertain``: sent, but no answer within 5 s; look at the plant before trying again.
    """
    return await context.commander.command(body.id, body.kind, body.args, who, f"http {address(connection)}")


@router.post("/alarms/acknowledge-all", summary="Acknowledge all alarms", responses=responses(401, 403, 409))
async def acknowledge_all(connection: HTTPConnection, context: Ctx, who: Who, body: AcknowledgeBody | None = None) -> CommandResult:
    """Tells that somebody has seen them. It clears nothing and switches nothing off."""
    return await _acknowledge({}, body, connection, context, who)


@router.post("/alarms/{alarm}/acknowledge", summary="Acknowledge one alarm", responses=responses(401, 403, 409))
async def acknowledge(alarm: str, connection: HTTPConnection, context: Ctx, who: Who, body: AcknowledgeBody | None = None) -> CommandResult:
    """Tells that somebody has seen it. It clears nothing and switches nothing off."""
    return await _acknowledge({"alarm": alarm}, body, connection, context, who)


@router.post("/alarms/{alarm}/out-of-service", summary="Take an alarm out of service", responses=responses(401, 403, 409, 429))
async def out_of_service(alarm: str, body: OutOfServiceBody, connection: HTTPConnection, context: Ctx, who: Who) -> CommandResult:
    """Hides its announcement only; what its cause does stays. An alarm of safety class needs a second person's PIN.

    Every other way to hide and show alarms is a command: shelve, unshelve, return_to_service, audio_pause.
    """
    require(who, MINIMUM_ROLE[CommandKind.OUT_OF_SERVICE], "out_of_service")
    second = None
    if body.second is not None:
        role = await context.auth.check(body.second.name, body.second.pin, address(connection))
        require(Identity(body.second.name, role), Role.OPERATOR, "to sign as the second person")
        second = body.second.name
    command_id = body.id if body.id is not None else str(uuid.uuid4())
    args: Args = {"alarm": alarm, "reason": body.reason}
    return await context.commander.command(command_id, CommandKind.OUT_OF_SERVICE, args, who, f"http {address(connection)}", second)


async def _acknowledge(
    args: dict[str, str], body: AcknowledgeBody | None, connection: HTTPConnection, context: Ctx, who: Who
) -> CommandResult:
    command_id = body.id if body is not None and body.id is not None else str(uuid.uuid4())
    return await context.commander.command(command_id, CommandKind.ACKNOWLEDGE, {**args}, who, f"http {address(connection)}")
