from __future__ import annotations

import httpx
import pytest
from api_helpers import Clock, SignIn, client_of, context_of
from fastapi import FastAPI

from api.app import create_app
from api.auth import Throttle
from chamber.commands import Role
from chamber.settings import Settings
from records import StorageError, open_store, users


async def attempt(client: httpx.AsyncClient, name: str, pin: str) -> httpx.Response:
    return await client.post("/api/v1/sign-in", json={"name": name, "pin": pin})


async def test_sign_in_and_out(client: httpx.AsyncClient, pins: dict[Role, str]) -> None:
    assert (await client.get("/api/v1/me")).json() == {"name": None, "role": "anonymous"}
    answer = await attempt(client, "operator", pins[Role.OPERATOR])
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert len(client.cookies["cryochamber_session"]) >= 43  # 256 bits
    assert (await client.get("/api/v1/me")).json() == {"name": "operator", "role": "operator"}
    token = client.cookies["cryochamber_session"]
    await client.post("/api/v1/sign-out")
    client.cookies.set("cryochamber_session", token)
    assert (await client.get("/api/v1/me")).json()["role"] == "anonymous"  # ended on the server, not only in the browser


async def test_five_wrong_pins_for_whatever_names_are_told_for_ten_minutes(clock: Clock) -> None:
    throttle = Throttle(clock)
    for n in range(4):
        throttle.wrong(f"name-{n}", f"10.0.0.{n}")
    assert not throttle.abused()
    clock.now_s += 500.0
    throttle.wrong("name-5", "10.0.0.9")
    assert throttle.abused()
    clock.now_s += 100.0
    assert throttle.abused()
    clock.now_s += 0.1
    assert not throttle.abused()


@pytest.mark.req("SRS-SEC-003")
async def test_waiting_times(settings: Settings, pins: dict[Role, str], clock: Clock) -> None:
    async with client_of(create_app(settings, clock=clock)) as client:
        for wrong in range(5):
            answer = await attempt(client, "operator", "000000")
            assert answer.status_code == 401, wrong
        assert answer.json()["retry_after_s"] == 30.0
        right = await attempt(client, "operator", pins[Role.OPERATOR])
        assert right.status_code == 429  # also with the right PIN
        assert right.headers["retry-after"] == "30"
        assert "Stop and evacuate need no sign-in" in right.json()["remedy"]
        clock.now_s += 29.9
        assert (await attempt(client, "operator", "000000")).status_code == 429
        clock.now_s += 0.2
        assert (await attempt(client, "operator", "000000")).json()["retry_after_s"] == 60.0
        assert (await attempt(client, "service", pins[Role.SERVICE])).status_code == 200  # others are not held up
        clock.now_s += 60.1
        assert (await attempt(client, "operator", pins[Role.OPERATOR])).status_code == 200
        for _ in range(4):
            assert (await attempt(client, "operator", "000000")).json()["retry_after_s"] is None  # counted from new


async def test_unknown_name_answers_like_a_wrong_pin(client: httpx.AsyncClient, pins: dict[Role, str]) -> None:
    unknown, wrong = await attempt(client, "nobody", "123456"), await attempt(client, "operator", "123456")
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.json() == wrong.json()


async def test_sessions_end(settings: Settings, pins: dict[Role, str], clock: Clock, sign_in: SignIn) -> None:
    settings = settings.model_copy(update={"api": settings.api.model_copy(update={"session_idle_s": 600.0})})
    async with client_of(create_app(settings, clock=clock)) as client:
        await sign_in(client, Role.OPERATOR)
        clock.now_s += 599
        assert (await client.get("/api/v1/me")).json()["role"] == "operator"
        clock.now_s += 601
        assert (await client.get("/api/v1/me")).json()["role"] == "anonymous"


async def test_disabled_user_is_out(app: FastAPI, client: httpx.AsyncClient, settings: Settings, sign_in: SignIn) -> None:
    await sign_in(client, Role.OPERATOR)
    store = open_store(settings.place(settings.records.url))
    users.disable_user(store.engine, "operator")
    store.close()
    await context_of(app).auth.recheck()
    assert (await client.get("/api/v1/me")).json()["role"] == "anonymous"


async def test_nobody_is_signed_out_by_a_full_disk(
    app: FastAPI, client: httpx.AsyncClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(client, Role.OPERATOR)

    async def fail(name: str) -> Role | None:
        raise StorageError("records.sqlite", "disk full", "Free space.")

    monkeypatch.setattr(context_of(app).books, "role_of", fail)
    await context_of(app).auth.recheck()
    assert (await client.get("/api/v1/me")).json()["role"] == "operator"


async def test_sign_ins_are_journalled_without_what_was_typed(client: httpx.AsyncClient, pins: dict[Role, str], sign_in: SignIn) -> None:
    await attempt(client, "87654321", "operator")  # PIN typed into the name field
    await sign_in(client, Role.OPERATOR)
    answer = await client.get("/api/v1/journal", params={"kind": "sign_in"})
    assert "87654321" not in answer.text
    entries = answer.json()["entries"]
    assert [(e["data"]["outcome"], e["user"]) for e in entries] == [("signed_in", "operator"), ("wrong", None)]
    client.cookies.clear()
    assert {e["user"] for e in (await client.get("/api/v1/journal")).json()["entries"]} == {None}


async def test_pin_is_never_in_an_error(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/v1/sign-in", json={"name": "", "pin": "55512345" * 9})
    assert answer.status_code == 422
    assert "555" not in answer.text


@pytest.mark.req("SRS-SEC-002")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
async def test_foreign_pages_change_nothing(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    assert (await client.post("/api/v1/sign-out", headers=headers)).status_code == status
