"""Sign-in by name and PIN. Stop and evacuate never need it."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.requests import HTTPConnection

from api.context import COOKIE, Ctx, Who, address
from api.models import Me, SignInBody, SignInView
from api.problems import responses

router = APIRouter(tags=["sign-in"])


@router.post("/sign-in", summary="Sign in", responses=responses(401, 403, 429, 503))
async def sign_in(body: SignInBody, connection: HTTPConnection, response: Response, context: Ctx) -> SignInView:
    """Sets a cookie that scripts cannot read. After 5 wrong PINs: wait 30 s, doubled with each further one."""
    grant = await context.auth.sign_in(body.name, body.pin, address(connection))
    response.set_cookie(
        COOKIE,
        grant.token,
        max_age=int(grant.lifetime_s),
        path="/",
        secure=connection.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return SignInView(name=grant.name, role=grant.role, expires=grant.expires)


@router.post("/sign-out", summary="Sign out", responses=responses(403))
async def sign_out(connection: HTTPConnection, response: Response, context: Ctx) -> Me:
    """Ends this session on the server, too. Harmless when nobody is signed in."""
    await context.auth.sign_out(connection.cookies.get(COOKIE))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return Me(name=None, role=context.auth.anonymous.role)


@router.get("/me", summary="Who is signed in", responses=responses())
async def me(who: Who) -> Me:
    """``anonymous`` when nobody is."""
    return Me(name=who.name, role=who.role)
