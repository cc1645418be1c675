from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from api_helpers import Clock, SignIn, client_of, context_of, free_port, until
from argon2 import PasswordHasher
from fake_control import FakeControl
from fastapi import FastAPI

from api.app import create_app
from chamber.commands import Role
from chamber.settings import Settings
from records import open_store, users
from records.users import create_user


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test makes users and signs in; that their PINs are hashed slowly enough is shown in tests/records."""
    monkeypatch.setattr(users, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def settings() -> Iterator[Settings]:
    # A short path: the name of a local socket is limited to 107 bytes.
    with tempfile.TemporaryDirectory(prefix="cc") as folder:
        place = Path(folder)
        yield Settings.model_validate({"data_dir": place / "d", "run_dir": place, "api": {"port": free_port()}})


@pytest.fixture
def pins(settings: Settings) -> dict[Role, str]:
    """PINs of one user per role; the user is named like the role."""
    store = open_store(settings.place(settings.records.url))
    try:
        return {role: create_user(store.engine, role.value, role) for role in (Role.VIEWER, Role.OPERATOR, Role.SERVICE)}
    finally:
        store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def control(settings: Settings) -> AsyncIterator[FakeControl]:
    async with FakeControl(settings).running() as fake:
        yield fake


@pytest.fixture
async def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as http:
        yield http


@pytest.fixture
async def heard(app: FastAPI, client: httpx.AsyncClient, control: FakeControl) -> httpx.AsyncClient:
    """A client whose API hears the control process and has a connection to it."""
    await until(lambda: context_of(app).hub.fresh() and bool(control.requests))
    return client


@pytest.fixture
def sign_in(pins: dict[Role, str]) -> SignIn:
    async def go(client: httpx.AsyncClient, role: Role) -> None:
        answer = await client.post("/api/v1/sign-in", json={"name": role.value, "pin": pins[role]})
        assert answer.status_code == 200, answer.text

    return go
