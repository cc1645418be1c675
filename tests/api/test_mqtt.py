"""MQTT with a real broker, which is killed and comes back."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from api_helpers import client_of, context_of, free_port, until
from fake_control import FakeControl, alarm

from api import mqtt as mqtt_module
from api.app import create_app
from chamber.events import Event, EventKind
from chamber.settings import Settings
from cryochamber.broker import serve as serve_broker
from records.writer import Recorder

MOSQUITTO = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin")
pytestmark = pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed (apt install mosquitto)")
BASE = "cryochamber/v1/site/chamber-1"


class Broker:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\npersistence false\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        self._process = subprocess.Popen([MOSQUITTO, "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def published(settings: Settings, broker: Broker) -> Settings:
    return settings.model_copy(
        update={"mqtt": settings.mqtt.model_copy(update={"host": "127.0.0.1", "port": broker.port, "telemetry_period_s": 0.2})}
    )


class Listener:
    """A technician's client: keeps everything it gets, and subscribes anew when the broker is back."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.messages: list[tuple[str, bytes, bool]] = []
        self.subscribed = asyncio.Event()

    async def run(self) -> None:
        while True:
            try:
                async with aiomqtt.Client("127.0.0.1", self._port) as client:
                    await client.subscribe(f"{BASE}/#", qos=1)
                    self.subscribed.set()
                    async for message in client.messages:
                        assert isinstance(message.payload, bytes)
                        self.messages.append((str(message.topic).removeprefix(f"{BASE}/"), message.payload, bool(message.retain)))
            except aiomqtt.MqttError:
                self.subscribed.clear()
                await asyncio.sleep(0.05)

    def of(self, topic: str) -> list[bytes]:
        return [payload for name, payload, _ in self.messages if name == topic]

    def events(self) -> list[dict[str, Any]]:
        """Events in order of arrival; what came a second time is left out."""
        seen: dict[int, dict[str, Any]] = {}
        for name, payload, _ in self.messages:
            if name.startswith("events/"):
                event = json.loads(payload)
                seen.setdefault(event["seq"], event)
        return list(seen.values())


@asynccontextmanager
async def listening(port: int) -> AsyncIterator[Listener]:
    listener = Listener(port)
    task = asyncio.create_task(listener.run())
    try:
        async with asyncio.timeout(30.0):
            await listener.subscribed.wait()
        yield listener
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_state_telemetry_alarms(published: Settings, broker: Broker) -> None:
    app = create_app(published)
    async with FakeControl(published).running() as control, listening(broker.port) as listener:
        async with client_of(app):
            await until(lambda: b"online" in listener.of("online"))
            await until(lambda: any(b'"READY"' in payload for payload in listener.of("state")))
            state = json.loads(listener.of("state")[-1])
            assert state["boot_id"] == control.boot_id
            assert state["control"] == "ok"
            await until(lambda: len(listener.of("telemetry")) >= 3)
            telemetry = json.loads(listener.of("telemetry")[-1])
            assert telemetry["tags"]["TT-102"]["q"] == "good"
            assert telemetry["rooms"]["main"]["oxygen_pct"] == 20.9
            await until(lambda: b"" in listener.of("alarms/DOOR-STUCK"))  # whatever the broker held from before
            await control.publish(alarms=[alarm()])
            await until(lambda: any(payload for payload in listener.of("alarms/O2-CH-L")))
            active = json.loads(listener.of("alarms/O2-CH-L")[-1])
            assert active["state"] == "unack"
            changing = len(listener.of("alarms/O2-CH-L"))
            for number in range(3):
                await control.publish(alarms=[alarm() | {"detail": f"19.{number} vol%"}])
            await control.publish(alarms=[alarm(state="ack")])
            await until(lambda: len(listener.of("alarms/O2-CH-L")) > changing)
            assert json.loads(listener.of("alarms/O2-CH-L")[-1])["state"] == "ack"
            assert len(listener.of("alarms/O2-CH-L")) == changing + 1  # a changing number alone is no news
            await control.publish(alarms=[])
            await until(lambda: listener.of("alarms/O2-CH-L")[-1] == b"")
            async with listening(broker.port) as late:
                await until(lambda: bool(late.of("state")))
                assert all(retained for name, _, retained in late.messages if name in ("state", "online"))
                assert not late.of("alarms/O2-CH-L")
        await until(lambda: listener.of("online")[-1] == b"offline")


async def test_silent_control_is_told(published: Settings, broker: Broker) -> None:
    async with listening(broker.port) as listener, client_of(create_app(published)):
        async with FakeControl(published).running():
            await until(lambda: any(b'"READY"' in payload for payload in listener.of("state")))
        await until(lambda: json.loads(listener.of("state")[-1])["control"] == "silent")
        assert json.loads(listener.of("state")[-1])["state"] is None
        count = len(listener.of("telemetry"))
        await asyncio.sleep(0.5)
        assert len(listener.of("telemetry")) == count  # old values are not sent again


async def test_last_will(published: Settings, broker: Broker) -> None:
    async with listening(broker.port) as listener:
        app = create_app(published)
        async with client_of(app):
            await until(lambda: b"online" in listener.of("online"))
            # The connection breaks without goodbye: another client takes the same name.
            async with aiomqtt.Client("127.0.0.1", broker.port, identifier="cryochamber-site-chamber-1"):
                await until(lambda: b"offline" in listener.of("online"))
            await until(lambda: listener.of("online")[-1] == b"online")


@pytest.mark.req("SRS-HMI-004")
async def test_every_event_in_order_though_the_broker_dies(published: Settings, broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(mqtt_module.BACK_OFF_S) <= 5.0
    recorder = Recorder(published.place(published.records.url), "chamber-1", "boot-1")
    numbers = iter(range(10_000))

    def happen(count: int, at: datetime | None = None) -> int:
        events = [Event(EventKind.STATE, 1.0, {"number": next(numbers), "user": "ann"}) for _ in range(count)]
        return recorder.append(events, at or datetime.now(UTC))

    old = happen(30, datetime.now(UTC) - timedelta(hours=1))
    app = create_app(published)
    try:
        async with listening(broker.port) as listener, client_of(app):
            mqtt = context_of(app).mqtt
            connect, held_back = mqtt._client, asyncio.Event()

            def connect_unless_held_back() -> aiomqtt.Client:
                if held_back.is_set():
                    raise OSError("held back by the test")
                return connect()

            monkeypatch.setattr(mqtt, "_client", connect_unless_held_back)
            await until(lambda: len(listener.events()) == old)
            assert all(event["historical"] for event in listener.events())
            fresh = happen(5)
            await until(lambda: len(listener.events()) == fresh)
            assert not any(event["historical"] for event in listener.events()[old:])
            for outage in range(3):
                happen(150)
                await asyncio.sleep(0.05 * outage)  # killed at different points of the delivery
                broker.kill()
                await until(lambda: not mqtt.connected)
                last = happen(150)
                await until(lambda: (mqtt.backlog or 0) >= 150)
                # The listener first: what is missing later was then not sent, and not merely unheard.
                listener.subscribed.clear()
                held_back.set()
                broker.start()
                async with asyncio.timeout(30.0):
                    await listener.subscribed.wait()
                held_back.clear()
                wanted = set(range(last))
                await until(lambda wanted=wanted: wanted <= numbers_of(listener))
            await until(lambda: mqtt.backlog == 0)
        delivered = [event["data"] for event in listener.events()]
        assert all("user" not in data for data in delivered)
        order = [data["number"] for data in delivered]
        assert order == sorted(order)
        assert order == list(range(last))
    finally:
        await asyncio.to_thread(recorder.close)


@pytest.mark.req("SRS-HMI-004")
async def test_a_day_without_broker_is_caught_up_in_bounded_steps(
    published: Settings, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FI-29: 24 h of events wait in the journal, not in memory; each arrives once, in order, marked as old; the newest are not."""
    broker.kill()
    recorder = Recorder(published.place(published.records.url), "chamber-1", "boot-1")
    began, count = datetime.now(UTC) - timedelta(hours=24), 2400
    for n in range(count):
        at = began + timedelta(seconds=n * 24 * 3600 / count - 60)
        recorder.append([Event(EventKind.ALARM if n % 10 == 0 else EventKind.STATE, 1.0, {"number": n})], at)
    await until(lambda: recorder.committed == count)
    app = create_app(published)
    sizes: list[int] = []
    try:
        async with client_of(app):
            mqtt, books = context_of(app).mqtt, context_of(app).books
            read = books.journal_after

            async def watched(after: int, limit: int) -> Any:
                rows = await read(after, limit)
                sizes.append(len(rows))
                return rows

            monkeypatch.setattr(books, "journal_after", watched)
            connect, heard = mqtt._client, asyncio.Event()

            def connect_when_somebody_listens() -> aiomqtt.Client:
                if not heard.is_set():
                    raise OSError("held back by the test")
                return connect()

            monkeypatch.setattr(mqtt, "_client", connect_when_somebody_listens)
            await until(lambda: mqtt.backlog == count)
            broker.start()
            async with listening(broker.port) as listener:
                heard.set()
                await until(lambda: len(numbers_of(listener)) == count, within_s=60.0)
                recorder.append([Event(EventKind.ALARM, 1.0, {"number": count})], datetime.now(UTC))
                await until(lambda: count in numbers_of(listener))
                events = listener.events()
    finally:
        await asyncio.to_thread(recorder.close)
    assert [event["data"]["number"] for event in events] == list(range(count + 1))
    assert all(event["historical"] for event in events[:-1])
    assert not events[-1]["historical"]
    assert max(sizes) <= mqtt_module.BATCH


def numbers_of(listener: Listener) -> set[int]:
    return {event["data"]["number"] for event in listener.events()}


@pytest.mark.req("SRS-REC-004", "SRS-SEC-002")
async def test_no_sign_ins_and_no_names(published: Settings, broker: Broker) -> None:
    async with listening(broker.port) as listener:
        app = create_app(published)
        async with client_of(app):
            books = context_of(app).books
            await books.record_sign_in("ann", "signed_in", "10.0.0.1")
            recorder = Recorder(published.place(published.records.url), "chamber-1", "boot-1")
            recorder.append([Event(EventKind.COMMAND, 1.0, {"id": "x", "user": "ann"})], datetime.now(UTC))
            await asyncio.to_thread(recorder.close)
            await until(lambda: bool(listener.of("events/command")))
            await until(lambda: context_of(app).mqtt.backlog == 0)
        assert not listener.of("events/sign_in")
        assert not any(b"ann" in payload for _, payload, _ in listener.messages)


async def test_with_the_small_broker_of_the_demo(published: Settings, broker: Broker) -> None:
    """The demo starts a broker of another make; what the publisher needs of MQTT must be there, too."""
    broker.kill()
    serving = asyncio.create_task(serve_broker("127.0.0.1", broker.port))
    recorder = Recorder(published.place(published.records.url), "chamber-1", "boot-1")
    recorder.append([Event(EventKind.STATE, 1.0, {"number": n}) for n in range(50)], datetime.now(UTC))
    try:
        async with listening(broker.port) as listener, FakeControl(published).running() as control:
            async with client_of(create_app(published)):
                await until(lambda: bool(listener.of("telemetry")))
                assert listener.of("online")[-1] == b"online"
                await until(lambda: bool(listener.of("state")))
                await control.publish(alarms=[alarm()])
                await until(lambda: bool(listener.of("alarms/O2-CH-L")))
                await control.publish(alarms=[])
                await until(lambda: listener.of("alarms/O2-CH-L")[-1] == b"")
                recorder.append([Event(EventKind.STATE, 1.0, {"number": n}) for n in range(50, 100)], datetime.now(UTC))
                await until(lambda: len(listener.events()) == 100)
            assert [e["data"]["number"] for e in listener.events()] == list(range(100))
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await asyncio.to_thread(recorder.close)


class AnsweringClient:
    """A client that waits as aiomqtt does, and is answered in the very turn in which its caller is told to stop."""

    def __init__(self) -> None:
        self.acknowledged = asyncio.Event()
        self.calls = 0

    async def publish(self, *_: object, **__: object) -> None:
        self.calls += 1
        await asyncio.wait_for(self.acknowledged.wait(), 5.0)


class SilentHub:
    def __init__(self) -> None:
        self.wake = asyncio.Event()

    def fresh(self, _: float) -> bool:
        return False

    @contextmanager
    def subscribed(self) -> Iterator[asyncio.Event]:
        yield self.wake


class NobodyThere:
    async def description(self) -> None:
        return None


@pytest.mark.parametrize("waiting_for", ["acknowledgement", "news"])
async def test_a_stop_in_the_same_turn_as_an_answer_is_not_lost(published: Settings, waiting_for: str) -> None:
    hub, client = SilentHub(), AnsweringClient()
    publisher = mqtt_module.MqttPublisher(published, hub, NobodyThere(), None)  # type: ignore[arg-type]
    task = asyncio.create_task(publisher._publish_state(client))  # type: ignore[arg-type]
    if waiting_for == "news":
        client.acknowledged.set()
    for _ in range(10):
        await asyncio.sleep(0)
    assert client.calls == 1
    client.acknowledged.set()
    hub.wake.set()
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=1.0)
    task.cancel()
    assert done, "it went on publishing"
    assert task.cancelled()


async def test_the_api_works_without_its_broker(published: Settings, broker: Broker) -> None:
    broker.kill()
    async with FakeControl(published).running(), client_of(create_app(published)) as client:
        health = (await client.get("/api/v1/health")).json()
        assert health["mqtt"]["configured"] is True
        assert health["mqtt"]["connected"] is False
        answer = await client.post("/api/v1/commands", json={"id": "no-broker", "kind": "stop"})
        assert answer.json()["outcome"] == "accepted"
