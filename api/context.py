"""What the endpoints share: one object per application, handed to them as a dependency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.auth import Auth, Identity
from api.commander import Commander
from api.hub import Hub
from api.link import Link
from api.mqtt import MqttPublisher
from api.security import OriginRule
from api.simulator import SideChannel
from api.stores import Books
from chamber.settings import Settings

COOKIE = "cryochamber_session"


@dataclass
class Context:
    settings: Settings
    hub: Hub
    link: Link
    commander: Commander
    books: Books
    auth: Auth
    mqtt: MqttPublisher
    side_channel: SideChannel
    origin: OriginRule
    version: str


def _context(connection: HTTPConnection) -> Context:
    context = connection.app.state.context
    if not isinstance(context, Context):
        raise TypeError("application without context; use api.app.create_app")
    return context


Ctx = Annotated[Context, Depends(_context)]


def _identity(connection: HTTPConnection, context: Ctx) -> Identity:
    return context.auth.identify(connection.cookies.get(COOKIE))


Who = Annotated[Identity, Depends(_identity)]


def address(connection: HTTPConnection) -> str:
    """Network address of the client; proxies are not believed."""
    return connection.client.host if connection.client is not None else "local"
