"""MQTT publisher: state, telemetry, alarms and events for technicians and fleets. It subscribes to nothing.

Topics under ``cryochamber/v1/<site>/<chamber>/``: ``online`` (retained, last will), ``state`` (retained, on change),
``alarms/<id>`` (retained, empty when normal), ``telemetry``, ``events/<kind>`` (QoS 1, in order, from the journal).
The journal is the outbox and a cursor in the database says how far it was delivered: a broker that is away costs delay,
nothing else. After a crash some events may come twice; ``seq`` (the journal's id) tells. No personal data goes out.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import aiomqtt
import orjson
from sqlalchemy.engine import RowMapping

from api.commander import Commander
from api.hub import Hub
from api.stores import Books, without_names
from chamber.events import EventKind
from chamber.settings import Settings
from control.snapshot import AlarmView, Snapshot
from records.errors import StorageError

log = logging.getLogger(__name__)

BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 5.0)
POLL_S = 0.5
SILENT_S = 1.0
WINDOW = 20  # unacknowledged at once; they leave in order
BATCH = 200
LATE_S = 5.0  # older than this when it leaves: historical
PRIVATE = frozenset({EventKind.SIGN_IN.value})  # who came when is nobody's business outside


class MqttPublisher:
    def __init__(self, settings: Settings, hub: Hub, commander: Commander, books: Books) -> None:
        self._settings = settings.mqtt
        self._hub = hub
        self._commander = commander
        self._books = books
        self.topic = f"cryochamber/v1/{settings.site.id}/{settings.site.chamber}"
        self._identifier = f"cryochamber-{settings.site.id}-{settings.site.chamber}"
        self._cursor_name = f"mqtt {settings.site.chamber}"
        self.configured = bool(settings.mqtt.host)
        self.connected = False
        self.backlog: int | None = None
        self._cursor: int | None = None

    async def run(self) -> None:
        """Publish until cancelled; reconnect for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._count_backlog())
            tasks.create_task(self._stay_connected())

    async def _stay_connected(self) -> None:
        attempt = 0
        while True:
            asked = _cancellations()
            try:
                async with self._client() as client:
                    _stop_if_cancelled_since(asked)
                    attempt = 0
                    await self._connected(client)
            except* (aiomqtt.MqttError, OSError) as errors:
                log.warning("broker %s:%d: %s", self._settings.host, self._settings.port, errors.exceptions[0])
            except* StorageError as errors:
                log.warning("no events to publish: %s", errors.exceptions[0])
            finally:
                self.connected = False
            await asyncio.sleep(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)])
            attempt += 1

    def _client(self) -> aiomqtt.Client:
        """Raises OSError for a password or certificate file that cannot be read."""
        mqtt = self._settings
        password = mqtt.password_file.read_text("utf-8").strip() if mqtt.password_file is not None else None
        client = aiomqtt.Client(
            mqtt.host,
            mqtt.port,
            username=mqtt.username or None,
            password=password,
            identifier=self._identifier,
            will=aiomqtt.Will(f"{self.topic}/online", b"offline", qos=1, retain=True),
            keepalive=15,
            timeout=5.0,
            tls_context=ssl.create_default_context(cafile=mqtt.ca_file) if mqtt.tls else None,
            # Nagle and delayed acknowledgements would cost 40 ms per burst.
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        )
        client.pending_calls_threshold = 2 * WINDOW  # it warns above this; a full window is no cause for one
        return client

    async def _connected(self, client: aiomqtt.Client) -> None:
        self.connected = True
        log.info("broker %s:%d: connected", self._settings.host, self._settings.port)
        await self._publish(client, "online", b"online", retain=True)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._publish_state(client))
                tasks.create_task(self._publish_telemetry(client))
                tasks.create_task(self._publish_events(client))
        except asyncio.CancelledError:
            # An orderly end sends no last will: say it ourselves.
            with suppress(aiomqtt.MqttError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await client.publish(f"{self.topic}/online", b"offline", qos=1, retain=True)
            raise

    async def _publish(self, client: aiomqtt.Client, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        asked = _cancellations()
        await client.publish(f"{self.topic}/{topic}", payload, qos=qos, retain=retain)
        _stop_if_cancelled_since(asked)

    # --- state and alarms: retained, on change ---

    async def _publish_state(self, client: aiomqtt.Client) -> None:
        last: dict[str, Any] | None = None
        alarms: dict[str, tuple[Any, ...]] = {}
        known = await self._commander.description()
        # The broker may hold alarms from before: what is not active now must be emptied.
        doubtful = set() if known is None else {alarm.id for alarm in known.alarms}
        with self._hub.subscribed() as wake:
            while True:
                wake.clear()
                view = self._hub.view() if self._hub.fresh(SILENT_S) else None
                state = _state(view)
                if state != last:
                    await self._publish(client, "state", orjson.dumps(_stamp(view) | state), retain=True)
                    last = state
                if view is not None:
                    alarms = await self._publish_alarms(client, view, alarms, doubtful)
                    doubtful = set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(SILENT_S):
                        await wake.wait()

    async def _publish_alarms(
        self, client: aiomqtt.Client, view: Snapshot, last: dict[str, tuple[Any, ...]], doubtful: set[str]
    ) -> dict[str, tuple[Any, ...]]:
        active = {alarm.id: _alarm_key(alarm) for alarm in view.alarms}
        for alarm in view.alarms:
            if last.get(alarm.id) != active[alarm.id]:
                await self._publish(client, f"alarms/{alarm.id}", orjson.dumps(_stamp(view) | alarm.model_dump()), retain=True)
        for gone in sorted((last.keys() | doubtful) - active.keys()):
            await self._publish(client, f"alarms/{gone}", b"", retain=True)
        return active

    # --- telemetry: the newest values, not retained: old ones must not look new ---

    async def _publish_telemetry(self, client: aiomqtt.Client) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        published: tuple[str, int] | None = None
        while True:
            view = self._hub.view() if self._hub.fresh(SILENT_S) else None
            if view is not None and (view.boot_id, view.seq) != published:
                published = (view.boot_id, view.seq)
                await self._publish(client, "telemetry", orjson.dumps(_stamp(view) | _telemetry(view)), qos=0)
            due_s = max(due_s + self._settings.telemetry_period_s, loop.time())
            await asyncio.sleep(due_s - loop.time())

    # --- events: the journal by cursor ---

    async def _publish_events(self, client: aiomqtt.Client) -> None:
        if self._cursor is None:
            self._cursor = await self._books.read_cursor(self._cursor_name) or 0
        while True:
            rows = await self._books.journal_after(self._cursor, BATCH)
            for begin in range(0, len(rows), WINDOW):
                await self._publish_window(client, rows[begin : begin + WINDOW])
            if rows:
                await self._books.write_cursor(self._cursor_name, rows[-1]["id"])
                self._cursor = int(rows[-1]["id"])
            if len(rows) < BATCH:
                await asyncio.sleep(POLL_S)

    async def _publish_window(self, client: aiomqtt.Client, rows: list[RowMapping]) -> None:
        now = datetime.now(UTC)
        async with asyncio.TaskGroup() as window:
            for row in rows:
                if row["kind"] not in PRIVATE:
                    window.create_task(self._publish(client, f"events/{row['kind']}", orjson.dumps(_event(row, now))))

    async def _count_backlog(self) -> None:
        while True:
            with suppress(StorageError):
                after = self._cursor if self._cursor is not None else await self._books.read_cursor(self._cursor_name)
                self.backlog = await self._books.journal_count_after(after or 0)
            await asyncio.sleep(2.0)


def _cancellations() -> int:
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()


def _stop_if_cancelled_since(asked: int) -> None:
    """aiomqtt waits by asyncio.wait_for, and before Python 3.12 an answer that comes in the same turn swallows a cancellation."""
    if _cancellations() > asked:
        raise asyncio.CancelledError


def _stamp(view: Snapshot | None) -> dict[str, Any]:
    if view is None:
        return {"ts": datetime.now(UTC), "boot_id": None, "seq": None}
    return {"ts": view.server_time, "boot_id": view.boot_id, "seq": view.seq}


def _state(view: Snapshot | None) -> dict[str, Any]:
    """Without a fresh snapshot the state is unknown, and the retained message says so."""
    if view is None:
        return {"control": "silent", "plc": "unknown", "state": None, "packml": None, "action": None, "session": None, "simulated": None}
    session = None if view.session is None else {"id": view.session.id, "program": view.session.program, "phase": view.session.phase}
    return {
        "control": "ok",
        "plc": view.link.plc,
        "state": view.cycle.state,
        "packml": view.cycle.packml,
        "action": view.action,
        "session": session,
        "simulated": view.site.simulated,
    }


def _alarm_key(alarm: AlarmView) -> tuple[Any, ...]:
    """What makes an alarm worth telling again. Its detail may hold a value that changes with each scan."""
    return (alarm.state, alarm.priority, alarm.since, alarm.count, alarm.first_out)


def _telemetry(view: Snapshot) -> dict[str, Any]:
    rooms: dict[str, dict[str, float | None]] = {
        "main": {"temperature_c": view.main.temperature_c, "setpoint_c": view.main.setpoint_c, "oxygen_pct": view.main.oxygen_pct},
        "room": {"temperature_c": view.room.temperature_c, "oxygen_pct": view.room.oxygen_pct},
    }
    if view.pre is not None:
        rooms["pre"] = {"temperature_c": view.pre.temperature_c, "setpoint_c": view.pre.setpoint_c, "oxygen_pct": view.pre.oxygen_pct}
    return {"rooms": rooms, "tags": {name: {"v": tag.v, "q": tag.q} for name, tag in view.tags.items()}}


def _event(row: RowMapping, now: datetime) -> dict[str, Any]:
    late = (now - row["utc"]).total_seconds() > LATE_S
    return {
        "ts": row["utc"],
        "boot_id": row["boot_id"],
        "seq": row["id"],
        "kind": row["kind"],
        "data": without_names(row["data"]),
        "historical": late,
    }
