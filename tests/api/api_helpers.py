"""What the tests of the API share: a clock, a client, a server on its real port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

from api.context import Context
from api.serve import server
from chamber.commands import Role
from chamber.settings import Settings

SignIn = Callable[[httpx.AsyncClient, Role], Awaitable[None]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until(condition: Callable[[], bool], within_s: float = 30.0) -> None:
    """Wait for another process or thread; fails by name instead of hanging. The patience is for a busy machine, no claim."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.01)


class Clock:
    """Monotonic seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def context_of(app: FastAPI) -> Context:
    context = app.state.context
    assert isinstance(context, Context)
    return context


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The application without a network, its parts running."""
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("10.0.0.7", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield client


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[FastAPI]:
    """The real server on its real port, in this event loop."""
    api = server(settings)
    api.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the test runner keeps its own
    task = asyncio.create_task(api.serve())
    await until(lambda: api.started or task.done())
    app = api.config.app
    assert isinstance(app, FastAPI)
    try:
        yield app
    finally:
        api.should_exit = True
        await task
