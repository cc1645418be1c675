from __future__ import annotations

import asyncio
import uuid

import httpx
import pytest
from api_helpers import SignIn, context_of, until
from fake_control import FakeControl
from fastapi import FastAPI

from api import commander
from chamber.commands import MINIMUM_ROLE, NEVER_REFUSED, ROLE_RANK, CommandKind, Role


async def send(client: httpx.AsyncClient, kind: CommandKind, command_id: str | None = None, **args: object) -> httpx.Response:
    body = {"id": command_id or str(uuid.uuid4()), "kind": kind.value, "args": args}
    return await client.post("/api/v1/commands", json=body)


@pytest.mark.req("SRS-SEC-001")
@pytest.mark.parametrize("role", list(Role))
async def test_roles_matrix(role: Role, heard: httpx.AsyncClient, control: FakeControl, sign_in: SignIn) -> None:
    if role is not Role.ANONYMOUS:
        await sign_in(heard, role)
    for kind in CommandKind:
        answer = await send(heard, kind)
        if ROLE_RANK[role] >= ROLE_RANK[MINIMUM_ROLE[kind]]:
            assert answer.status_code == 200, kind
            assert answer.json()["outcome"] == "accepted"
            asked = control.commands(kind.value)[-1]
            assert asked["role"] == role.value
            assert asked["user"] == ("" if role is Role.ANONYMOUS else role.value)
        else:
            assert answer.status_code == (401 if role is Role.ANONYMOUS else 403), kind
            assert answer.json()["remedy"] == f"Sign in as {MINIMUM_ROLE[kind].value}."
            assert not control.commands(kind.value)


async def test_same_id_is_asked_once(heard: httpx.AsyncClient, control: FakeControl, sign_in: SignIn) -> None:
    await sign_in(heard, Role.OPERATOR)
    first, second = await asyncio.gather(*(send(heard, CommandKind.START_UP, "same-id-1") for _ in range(2)))
    third = await send(heard, CommandKind.START_UP, "same-id-1")
    assert first.json() == second.json() == third.json()
    assert len(control.commands("start_up")) == 1


async def test_id_of_another_command_is_refused_but_never_for_stop(heard: httpx.AsyncClient, control: FakeControl, sign_in: SignIn) -> None:
    await sign_in(heard, Role.OPERATOR)
    await send(heard, CommandKind.START_UP, "same-id-1")
    assert (await send(heard, CommandKind.RESET, "same-id-1")).status_code == 409
    stop = await send(heard, CommandKind.STOP, "same-id-1")
    assert stop.json()["outcome"] == "accepted"
    assert len(control.commands("stop")) == 1


async def test_known_silence_rejects_at_once_but_tries_stop(
    heard: httpx.AsyncClient, app: FastAPI, control: FakeControl, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(heard, Role.OPERATOR)
    hub = context_of(app).hub
    monkeypatch.setattr(hub, "age_s", lambda: 1.2)  # however often the stand-in speaks meanwhile
    refused = (await send(heard, CommandKind.PRECOOL, program="standard")).json()
    assert refused["outcome"] == "rejected"
    assert refused["reasons"][0]["code"] == "control_silent"
    assert refused["reasons"][0]["params"]["age_s"] == pytest.approx(1.2, abs=0.2)
    assert not control.commands("precool")
    for kind in (*NEVER_REFUSED, CommandKind.END_SESSION):
        assert (await send(heard, kind)).json()["outcome"] == "accepted"


async def test_no_answer_is_uncertain(
    heard: httpx.AsyncClient, control: FakeControl, sign_in: SignIn, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in(heard, Role.OPERATOR)
    control.answering = False
    link = context_of(app).link
    real = link.request
    monkeypatch.setattr(link, "request", lambda body, *, send_s=1.0, reply_s=5.0: real(body, send_s=send_s, reply_s=reply_s / 50))
    for kind in (CommandKind.START_UP, CommandKind.STOP):
        result = (await send(heard, kind, f"silent-{kind.value}")).json()
        assert result["outcome"] == "uncertain"
        assert result["reasons"][0]["code"] == "control_silent"
    assert len(control.commands("start_up")) == 1
    control.answering = True
    assert (await send(heard, CommandKind.START_UP, "silent-start_up")).json()["outcome"] == "uncertain"  # same id, same answer
    assert (await send(heard, CommandKind.STOP, "silent-stop")).json()["outcome"] == "accepted"  # a stop is tried again
    assert commander.REPLY_S == 5.0


async def test_nothing_is_kept_for_a_control_process_that_comes_later(settings_only: httpx.AsyncClient, app: FastAPI) -> None:
    """A command given while nobody was there must not run when the control process returns."""
    context = context_of(app)
    stop = asyncio.create_task(send(settings_only, CommandKind.STOP))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await asyncio.shield(stop)
    start = await context.commander.command("later-1", CommandKind.START_UP, {}, operator(), "test")
    assert start.outcome == "rejected"
    async with FakeControl(context.settings).running() as control:
        assert (await stop).json()["outcome"] == "accepted"  # within its 5 s a stop is still delivered
        await until(lambda: any(r["op"] == "alive" and r["sign_in_abused"] is False for r in control.requests))
        assert not control.commands("start_up")


async def test_acknowledge(heard: httpx.AsyncClient, control: FakeControl, sign_in: SignIn) -> None:
    assert (await heard.post("/api/v1/alarms/O2-CH-L/acknowledge")).status_code == 401
    await sign_in(heard, Role.OPERATOR)
    assert (await heard.post("/api/v1/alarms/O2-CH-L/acknowledge")).json()["outcome"] == "accepted"
    assert (await heard.post("/api/v1/alarms/acknowledge-all", json={"id": "ack-all-1"})).json()["id"] == "ack-all-1"
    assert [c["args"] for c in control.commands("acknowledge")] == [{"alarm": "O2-CH-L"}, {}]


async def test_a_second_person_signs_with_a_pin_of_their_own(
    heard: httpx.AsyncClient, control: FakeControl, sign_in: SignIn, pins: dict[Role, str]
) -> None:
    async def out(**body: object) -> httpx.Response:
        return await heard.post("/api/v1/alarms/OVERCOLD/out-of-service", json={"reason": "sensor away", **body})

    second = {"name": "operator", "pin": pins[Role.OPERATOR]}
    assert (await out(second=second)).status_code == 401
    await sign_in(heard, Role.OPERATOR)
    assert (await out(second=second)).status_code == 403
    await sign_in(heard, Role.SERVICE)
    assert (await out(second={"name": "operator", "pin": "000000"})).status_code == 401
    assert (await out(second={"name": "viewer", "pin": pins[Role.VIEWER]})).status_code == 403
    assert not control.commands("out_of_service")
    assert (await out(second=second)).json()["outcome"] == "accepted"
    assert (await out()).json()["outcome"] == "accepted"  # the control process says whether one is enough
    claimed = {"alarm": "OVERCOLD", "reason": "sensor away", "second": "operator"}
    assert (await send(heard, CommandKind.OUT_OF_SERVICE, **claimed)).json()["outcome"] == "accepted"
    asked = control.commands("out_of_service")
    assert [(c["user"], c["second"]) for c in asked] == [("service", "operator"), ("service", None), ("service", None)]
    assert asked[0]["args"] == {"alarm": "OVERCOLD", "reason": "sensor away"}
    assert pins[Role.OPERATOR] not in str(control.requests)


@pytest.mark.parametrize(
    "body",
    [
        {"id": "12345678", "kind": "no_such_thing"},
        {"id": "short", "kind": "stop"},
        {"id": "12345678", "kind": "stop", "force": True},
        {"kind": "stop"},
    ],
)
async def test_what_is_not_understood_is_refused_by_name(heard: httpx.AsyncClient, control: FakeControl, body: dict[str, object]) -> None:
    answer = await heard.post("/api/v1/commands", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("body.")
    assert not control.commands()


async def test_an_answer_that_makes_no_sense_is_uncertain(
    heard: httpx.AsyncClient, control: FakeControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_answer", lambda request: {"nonsense": 1})
    result = (await send(heard, CommandKind.STOP)).json()
    assert result["outcome"] == "uncertain"
    assert result["reasons"][0]["code"] == "control_answer_unreadable"


def operator():
    from api.auth import Identity

    return Identity("operator", Role.OPERATOR)


@pytest.fixture
def settings_only(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of an API that has no control process."""
    return client
