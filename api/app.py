"""The application: composition of the parts, and their lives."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from api import problems
from api.auth import Auth
from api.commander import Commander
from api.context import Context
from api.docs_page import docs_router
from api.hub import Hub
from api.link import Link
from api.mqtt import MqttPublisher
from api.routers import commands, records, schedule, sign_in, simulator, status, stream, tuning, twin, upkeep, users
from api.schema import install_schema
from api.security import Guard, OriginRule
from api.simulator import SideChannel
from api.static import CANDIDATES, static_router
from api.stores import Books
from chamber.settings import Settings

log = logging.getLogger(__name__)

PREFIX = "/api/v1"


def product_version() -> str:
    try:
        return version("cryochamber")
    except PackageNotFoundError:
        return "0.0.0+checkout"


def create_context(settings: Settings, clock: Callable[[], float] = time.monotonic) -> Context:
    hub = Hub(settings.place(settings.control.publish), clock)
    link = Link(settings.place(settings.control.command))
    books = Books(settings)
    auth = Auth(books, settings.api.session_idle_s, clock)
    commander = Commander(link, hub, auth.throttle.abused)
    return Context(
        settings=settings,
        hub=hub,
        link=link,
        commander=commander,
        books=books,
        auth=auth,
        mqtt=MqttPublisher(settings, hub, commander, books),
        side_channel=SideChannel(settings.place(settings.simulator.endpoint)),
        origin=OriginRule.of(settings.api.allowed_origins),
        version=product_version(),
    )


async def _for_ever(name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a part until cancelled. A part that breaks is a bug, but no reason for the panels to lose their stop button."""
    while True:
        try:
            await work()
        except Exception:  # whatever nobody thought of: a frame of another version, a disk that is full, a password file that is gone
            log.exception("%s broke; it starts again in 1 s", name)
        await asyncio.sleep(1.0)


@asynccontextmanager
async def _running(context: Context) -> AsyncIterator[None]:
    parts: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "hub": context.hub.run,
        "link": context.link.run,
        "alive": context.commander.tell_alive,
        "sign-in checks": context.auth.keep_checking,
        "schedule": partial(schedule.keep_telling, context),
    }
    if context.mqtt.configured:
        parts["mqtt"] = context.mqtt.run
    tasks = [asyncio.create_task(_for_ever(name, work), name=name) for name, work in parts.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await context.books.close()


def create_app(settings: Settings, *, clock: Callable[[], float] = time.monotonic, panel: tuple[Path, ...] = CANDIDATES) -> FastAPI:
    """The ASGI application. ``clock`` is monotonic seconds; ``panel`` lists the folders where the panel's files may be."""
    context = create_context(settings, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with _running(context):
            yield

    app = FastAPI(
        title="Cryochamber",
        version=context.version,
        summary="Supervisory control for cryotherapy chambers",
        description="Reads are open on the local network; commands need a signed-in operator, stop and evacuate need nothing.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.context = context
    problems.install(app)
    for part in (status, commands, records, schedule, users, sign_in, simulator, stream, upkeep, tuning, twin):
        app.include_router(part.router, prefix=PREFIX)
    app.include_router(status.metrics_router)
    app.include_router(docs_router())
    app.include_router(static_router(panel))
    app.add_middleware(Guard, rule=context.origin)
    install_schema(app)
    return app
