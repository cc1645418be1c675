"""Users, for service: list, make, new PIN, disable. A PIN is shown once, in the answer, and kept nowhere in clear."""

from __future__ import annotations

from fastapi import APIRouter

from api.auth import require
from api.context import Ctx, Who
from api.models import NewPin, UserBody, UsersView
from api.problems import ProblemError, responses
from chamber.commands import Role
from records.users import UserError

router = APIRouter(prefix="/users", tags=["users"])


def _refused(error: UserError) -> ProblemError:
    return ProblemError(422, "user_refused", str(error), "GET /api/v1/users lists them.")


@router.get("", summary="Who may sign in", responses=responses(401, 403, 503))
async def users(context: Ctx, who: Who) -> UsersView:
    """Needs service. Without PINs, of course."""
    require(who, Role.SERVICE, "The list of users")
    return UsersView(users=await context.books.users())


@router.post("", summary="Make a user", responses=responses(401, 403, 503))
async def make(body: UserBody, context: Ctx, who: Who) -> NewPin:
    """Needs service. The answer holds the user's PIN, this once."""
    require(who, Role.SERVICE, "Making a user")
    try:
        return NewPin(name=body.name, pin=await context.books.create_user(body.name, body.role, str(who.name)))
    except UserError as error:
        raise _refused(error) from None


@router.post("/{name}/pin", summary="Give a user a new PIN", responses=responses(401, 403, 503))
async def new_pin(name: str, context: Ctx, who: Who) -> NewPin:
    """Needs service. The old PIN is void at once; the answer holds the new one, this once."""
    require(who, Role.SERVICE, "A new PIN")
    try:
        return NewPin(name=name, pin=await context.books.new_pin(name, str(who.name)))
    except UserError as error:
        raise _refused(error) from None


@router.post("/{name}/disable", summary="Keep a user out", responses=responses(401, 403, 503))
async def disable(name: str, context: Ctx, who: Who) -> UsersView:
    """Needs service; nobody can disable himself. A running sign-in ends within seconds."""
    return await _set(name, context, who, enabled=False)


@router.post("/{name}/enable", summary="Let a user in again", responses=responses(401, 403, 503))
async def enable(name: str, context: Ctx, who: Who) -> UsersView:
    """Needs service."""
    return await _set(name, context, who, enabled=True)


async def _set(name: str, context: Ctx, who: Who, *, enabled: bool) -> UsersView:
    require(who, Role.SERVICE, "Changing a user")
    if name == who.name and not enabled:
        raise ProblemError(422, "user_refused", "Nobody can keep himself out.", "Another service user has to do it.")
    try:
        await context.books.enable_user(name, str(who.name), enabled=enabled)
    except UserError as error:
        raise _refused(error) from None
    return UsersView(users=await context.books.users())
