"""The stream over real TCP, with the real server."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from typing import Any

import httpx
import pytest
from api_helpers import context_of, served, until
from fake_control import FakeControl, alarm
from pydantic import TypeAdapter
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api import protocol
from api.stream_models import StreamMessage
from chamber.settings import Settings
from control.snapshot import Snapshot

MESSAGES: TypeAdapter[Any] = TypeAdapter(StreamMessage)


def url(settings: Settings) -> str:
    return f"ws://127.0.0.1:{settings.api.port}/api/v1/stream"


async def receive(panel: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of a kind; every message on the way must fit the schema."""
    async with asyncio.timeout(20.0):
        while True:
            text = await panel.recv()
            MESSAGES.validate_json(text)
            message = json.loads(text)
            if message["type"] == kind:
                return message


def merge(state: dict[str, Any], message: dict[str, Any]) -> None:
    """What the panel does with a changes message."""
    for key, value in message["set"].items():
        section, _, name = key.partition("/")
        if name:
            state[section][name] = value
        else:
            state[section] = value
    for key in message["remove"]:
        section, _, name = key.partition("/")
        del state[section][name]


def without_envelope(snapshot: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in snapshot.items() if key not in ("seq", "server_time", "mono_s")}


@pytest.mark.req("SRS-HMI-003")
async def test_changes_add_up_to_the_snapshot(settings: Settings) -> None:
    async with FakeControl(settings).running(None) as control, served(settings) as app, connect(url(settings)) as panel:
        hub = context_of(app).hub
        assert (await receive(panel, "no_data"))["ages"] == {"snapshot_ms": None}

        async def publish(**sections: Any) -> None:
            before = hub.received
            async with asyncio.timeout(20.0):
                while hub.received == before:  # the first ones are lost until the subscription has arrived
                    await control.publish(**sections)
                    await asyncio.sleep(0.02)

        await publish()
        first = await receive(panel, "snapshot")
        state, seq = first["snapshot"], first["seq"]
        Snapshot.model_validate(state)
        steps: list[dict[str, Any]] = [
            {"alarms": [alarm()]},
            {"action": "NOTIFY", "tags": {}},
            {"regulators": {"main": {"mode": "auto", "refused": None, "valve": "on_off", "cycles": 2, "travel_pct": 400.0,
                "error_k": None, "output_pct": 3.0} | dict.fromkeys(
                ("proportional_pct", "integral_pct", "derivative_pct", "feedforward_pct", "load_w", "liner_c", "surprise"), 1.0)}},
            {"regulators": {}, "alarms": []},
        ]  # fmt: skip
        for sections in steps:
            await publish(**sections)
            wanted = json.loads(hub.body() or b"")
            async with asyncio.timeout(20.0):
                while without_envelope(state) != without_envelope(wanted):
                    message = await receive(panel, "changes")
                    assert message["seq"] == seq + 1
                    seq = message["seq"]
                    merge(state, message)
        await panel.send('{"type": "resync"}')
        again = await receive(panel, "snapshot")
        assert without_envelope(again["snapshot"]) == without_envelope(state)


def _told_in_time(first_s: float, five_more_s: float) -> bool:
    return first_s < 0.5 + 0.2 + 0.2 and five_more_s == pytest.approx(1.0, abs=0.3)


async def test_silence_is_told_within_half_a_second_and_its_end_too(settings: Settings) -> None:
    """What a busy machine can hold up must be right in one of five silences."""
    took: list[tuple[float, float]] = []
    async with served(settings), connect(url(settings)) as panel:
        for _ in range(5):
            async with FakeControl(settings).running():
                first = await receive(panel, "snapshot")
            stopped = time.monotonic()
            told = await receive(panel, "no_data")
            assert told["ages"]["snapshot_ms"] >= 500
            begun = time.monotonic()
            for _ in range(5):
                await receive(panel, "no_data")
            took.append((begun - stopped, time.monotonic() - begun))
            if _told_in_time(*took[-1]):
                break
        assert _told_in_time(*took[-1]), took
        async with FakeControl(settings).running() as restarted:
            back = await receive(panel, "snapshot")  # another boot: everything anew, no changes onto old values
            assert back["snapshot"]["boot_id"] == restarted.boot_id != first["snapshot"]["boot_id"]


@pytest.mark.req("SRS-CYC-001", "SRS-HMI-002")
async def test_stop_over_the_stream_needs_no_sign_in(settings: Settings) -> None:
    async with FakeControl(settings).running() as control, served(settings), connect(url(settings)) as panel:
        await receive(panel, "snapshot")
        for kind in ("stop", "evacuate"):
            await panel.send(json.dumps({"type": kind, "id": f"both-paths-{kind}"}))
            answer = await receive(panel, "command")
            assert answer["result"]["outcome"] == "accepted"
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.api.port}") as http:
                second = await http.post("/api/v1/commands", json={"id": f"both-paths-{kind}", "kind": kind})
            assert second.json() == answer["result"]
            assert len(control.commands(kind)) == 1
        await panel.send('{"type": "stop"}')
        assert (await receive(panel, "command"))["result"]["outcome"] == "accepted"


async def test_what_is_not_understood_ends_nothing(settings: Settings) -> None:
    async with FakeControl(settings).running() as control, served(settings), connect(url(settings)) as panel:
        for nonsense in ("", "{", '{"type": "precool"}', '{"type": "stop", "force": 1}', "[]", "x" * 50_000):
            await panel.send(nonsense)
        await panel.send(b"\x00\x01")
        await panel.send('{"type": "stop"}')
        assert (await receive(panel, "command"))["result"]["kind"] == "stop"
        assert len(control.commands()) == 1


async def test_control_hears_of_panels(settings: Settings) -> None:
    async with FakeControl(settings).running() as control, served(settings):

        def alive() -> dict[str, Any]:
            return next((r for r in reversed(control.requests) if r["op"] == "alive"), {})

        await until(lambda: alive().get("panels") == 0)
        assert alive()["panel_age_s"] is None
        async with connect(url(settings)) as panel:
            await panel.send('{"type": "panel", "visible": true}')
            await until(lambda: alive()["panels"] == 1)
            assert alive()["panel_age_s"] < 3.0
        await until(lambda: alive()["panels"] == 0)


@pytest.mark.req("SRS-SEC-002")
@pytest.mark.parametrize(
    ("origin", "admitted"),
    [
        (None, True),
        ("http://127.0.0.1:{port}", True),
        ("http://127.0.0.1:1", False),
        ("https://evil.example", False),
        ("null", False),
        ("http://hmi.example:8080", True),
    ],
)
async def test_origin_of_the_handshake(settings: Settings, origin: str | None, admitted: bool) -> None:
    api = settings.api.model_copy(update={"allowed_origins": ("http://hmi.example:8080/",)})
    settings = settings.model_copy(update={"api": api})
    wanted = None if origin is None else origin.format(port=settings.api.port)
    async with served(settings):
        if admitted:
            async with connect(url(settings), origin=wanted) as panel:  # type: ignore[arg-type]
                await receive(panel, "no_data")
        else:
            with pytest.raises(InvalidStatus) as refused:
                await connect(url(settings), origin=wanted)  # type: ignore[arg-type]
            assert refused.value.response.status_code == 403
            assert b"allowed_origins" in (refused.value.response.body or b"")


async def test_a_foreign_name_for_this_machine_is_refused(settings: Settings) -> None:
    """DNS rebinding: Origin and Host agree, but the name is not ours."""
    async with served(settings), httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.api.port}") as http:
        headers = {"Host": "evil.example", "Origin": "http://evil.example"}
        answer = await http.post("/api/v1/sign-out", headers=headers)
        assert answer.status_code == 403


async def test_full_house(settings: Settings) -> None:
    settings = settings.model_copy(update={"api": settings.api.model_copy(update={"max_panels": 2})})
    async with served(settings) as app:
        async with connect(url(settings)), connect(url(settings)):
            with pytest.raises(InvalidStatus) as refused:
                await connect(url(settings))
            assert refused.value.response.status_code == 503
            assert b"too_many_panels" in (refused.value.response.body or b"")
        await until(lambda: context_of(app).hub.panels == 0)
        async with connect(url(settings)) as panel:
            await receive(panel, "no_data")


def stalled_panel(settings: Settings) -> socket.socket:
    """A panel that shakes hands and then reads nothing more."""
    panel = socket.socket()
    panel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    panel.connect(("127.0.0.1", settings.api.port))
    panel.sendall(
        b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    return panel


async def test_a_stalled_panel_costs_the_others_nothing_and_is_cut(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert protocol.CUT_S == 10.0
    monkeypatch.setattr(protocol, "CUT_S", 2.0)
    async with FakeControl(settings).running(None) as control, served(settings) as app:
        hub = context_of(app).hub
        stalled = await asyncio.to_thread(stalled_panel, settings)
        seen: list[int] = []

        async def read(panel: ClientConnection) -> None:
            try:
                async for text in panel:
                    message = json.loads(text)
                    if message["type"] == "changes" and message["set"]:
                        seen.append(message["seq"])
            except ConnectionClosed:
                return

        offered = 0

        async def count() -> None:
            """What a reader without any network gets: frames that a busy machine delivers in one go count once."""
            nonlocal offered
            with hub.subscribed() as wake:
                while True:
                    await wake.wait()
                    wake.clear()
                    offered += 1

        async with connect(url(settings)) as panel:
            reader = asyncio.create_task(read(panel))
            counter = asyncio.create_task(count())
            await until(lambda: hub.panels == 2)
            steady = asyncio.create_task(control.publish_steadily(0.1))
            begun = hub.received
            # Its buffers take a while to fill; then it is cut, and the other has seen everything on the way.
            await until(lambda: hub.panels == 1, within_s=40.0)
            published = hub.received - begun
            steady.cancel()
            await asyncio.sleep(0.3)
            reader.cancel()
            counter.cancel()
        stalled.close()
        assert offered >= 0.9 * published
        assert len(seen) >= 0.99 * (offered - 1)  # the first one came as a snapshot
