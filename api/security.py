"""Headers, origin check and size limit, as one plain ASGI layer around everything.

Browsers send cookies along with requests that foreign pages start; the origin check stops those (WebSockets are not
covered by the same-origin policy at all). Clients that are not browsers send no Origin and carry no ambient cookie.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.models import Problem
from api.problems import problem_response

BODY_LIMIT = 64 * 1024
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=()",
}


def _default_port(scheme: str) -> int:
    return 443 if scheme in ("https", "wss") else 80


class OriginRule(NamedTuple):
    """Which pages may act: those this server served itself, and the ones the site lists."""

    allowed: frozenset[str]

    @classmethod
    def of(cls, allowed: tuple[str, ...]) -> OriginRule:
        return cls(frozenset(origin.rstrip("/").lower() for origin in allowed))

    def permits(self, headers: Headers) -> bool:
        """Compare Origin with Host. A host *name* must be this machine's or be listed: a foreign name that resolves to
        this machine (DNS rebinding) has an Origin that equals its Host, too.
        """
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        if origin.rstrip("/").lower() in self.allowed:
            return True
        page, host = _authority(origin), _authority("//" + headers.get("host", ""))
        if page is None or host is None:
            return False
        port = page[1] or _default_port(urlsplit(origin).scheme)
        same = page[0] == host[0] and port == (host[1] or _default_port(urlsplit(origin).scheme))
        return same and _own_name(page[0])


def _authority(url: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(url)
        return None if parts.hostname is None else (parts.hostname.lower(), parts.port)
    except ValueError:
        return None


def _own_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        machine = socket.gethostname().lower()
        return host in {"localhost", machine, machine.split(".")[0], f"{machine.split('.')[0]}.local"}
    return True


class Guard:
    """ASGI middleware: security headers on every response, foreign pages refused, bodies limited."""

    def __init__(self, app: ASGIApp, rule: OriginRule) -> None:
        self._app = app
        self._rule = rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        if scope["method"] not in _SAFE_METHODS and not self._rule.permits(headers):
            await problem_response(403, foreign_origin(headers))(scope, receive, with_headers)
            return
        if _announced(headers) > BODY_LIMIT:
            problem = Problem(detail=f"Request body over {BODY_LIMIT} bytes.", remedy="Send less.", code="too_large")
            await problem_response(413, problem)(scope, receive, with_headers)
            return
        await self._app(scope, _Limited(receive), with_headers)


def foreign_origin(headers: Headers) -> Problem:
    origin = headers.get("origin", "of another site")
    remedy = "Open the panel from this server's own address, or list the page's origin in api.allowed_origins."
    return Problem(detail=f"Requests from the page {origin[:200]} are refused.", remedy=remedy, code="foreign_origin")


def _announced(headers: Headers) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


class _Limited:
    """Passes on at most BODY_LIMIT bytes, whatever was announced; then the client is gone as far as the app sees."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > BODY_LIMIT:
                return {"type": "http.disconnect"}
        return message
