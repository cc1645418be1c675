"""One panel's stream: the newest state, as often as it can take it, and never late news.

Each panel has a writer of its own that takes the newest frame when it is ready to send; a stalled panel costs the
others nothing and is cut by ``api.protocol``.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from typing import Literal

import orjson
from pydantic import TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.auth import ANONYMOUS
from api.commander import Commander
from api.hub import Frame, Hub
from api.stream_models import EvacuateRequest, PanelHeartbeat, ResyncRequest, StopRequest, StreamRequest
from chamber.commands import CommandKind

log = logging.getLogger(__name__)

QUIET_S = 0.2  # something is sent at least this often
SILENT_S = 0.5  # older news than this is no news
MESSAGE_LIMIT = 4096
_REQUESTS: TypeAdapter[ResyncRequest | StopRequest | EvacuateRequest | PanelHeartbeat] = TypeAdapter(StreamRequest)


class PanelStream:
    """Sender and receiver of one WebSocket."""

    def __init__(self, socket: WebSocket, hub: Hub, commander: Commander, client: str, hz: float) -> None:
        self._socket = socket
        self._hub = hub
        self._commander = commander
        self._client = client
        self._interval_s = 0.95 / hz  # a little below the period: two clocks never agree
        self._seq = 0
        self._last: Frame | None = None  # what the client has
        self._looked_at: Frame | None = None
        self._results: deque[bytes] = deque(maxlen=16)
        self._commands: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until the client leaves."""
        with self._hub.panel() as wake:
            tasks = [asyncio.create_task(self._send_all(wake)), asyncio.create_task(self._receive_all(wake))]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                for result in await asyncio.gather(*tasks, return_exceptions=True):
                    if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
                        log.warning("panel %s: %r", self._client, result)

    async def _send_all(self, wake: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        next_s = loop.time()
        while True:
            wake.clear()
            while self._results:
                await self._send(self._results.popleft())
            if loop.time() >= next_s:
                await self._send(self._message())
                # The pace is kept on average: frames that arrive in a bunch after a hiccup are all passed on.
                next_s = max(next_s, loop.time() - 3 * self._interval_s) + self._interval_s
                if self._up_to_date():
                    await _wait(wake, QUIET_S)
            else:
                # A wake-up in between is a result to send, or a frame that is then taken a little later.
                await asyncio.sleep(max(0.0, next_s - loop.time()))

    def _up_to_date(self) -> bool:
        return not self._results and self._looked_at is self._hub.frame

    async def _send(self, message: bytes) -> None:
        await self._socket.send_text(message.decode())

    def _message(self) -> bytes:
        frame, age_s = self._hub.frame, self._hub.age_s()
        self._looked_at = frame
        if frame is None or age_s is None or age_s > SILENT_S:
            ages = {"snapshot_ms": None if age_s is None else round(age_s * 1000.0, 1)}
            return orjson.dumps({"type": "no_data", "server_time": datetime.now(UTC), "ages": ages})
        last = self._last
        self._last = frame
        self._seq += 1
        if last is None or last.boot_id != frame.boot_id:
            return self._head("snapshot", frame, age_s) + b'"snapshot":' + frame.body + b"}"
        return self._head("changes", frame, age_s) + self._hub.changes_since(last) + b"}"

    def _head(self, kind: Literal["snapshot", "changes"], frame: Frame, age_s: float) -> bytes:
        plc_s = frame.plc_age_s
        head = {
            "type": kind,
            "seq": self._seq,
            "server_time": frame.data["server_time"],
            "mono_s": frame.data["mono_s"],
            "ages": {"snapshot_ms": round(age_s * 1000.0, 1), "plc_ms": None if plc_s is None else round((plc_s + age_s) * 1000.0, 1)},
        }
        return orjson.dumps(head)[:-1] + b","

    async def _receive_all(self, wake: asyncio.Event) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                request = _REQUESTS.validate_json((message.get("text") or message.get("bytes") or "")[:MESSAGE_LIMIT])
            except ValidationError:
                log.info("panel %s: message not understood", self._client)
                continue
            match request:
                case ResyncRequest():
                    self._last = None
                case PanelHeartbeat(visible=True):
                    self._hub.panel_seen_s = self._hub.clock()
                case StopRequest() | EvacuateRequest():
                    self._command(CommandKind(request.type), request.id, wake)
                case _:
                    pass
            wake.set()

    def _command(self, kind: CommandKind, command_id: str | None, wake: asyncio.Event) -> None:
        task = asyncio.create_task(self._stop(kind, command_id, wake))
        self._commands.add(task)
        task.add_done_callback(self._commands.discard)

    async def _stop(self, kind: CommandKind, command_id: str | None, wake: asyncio.Event) -> None:
        identity = command_id if command_id is not None else f"{kind.value}-{id(self):x}-{self._hub.clock():.6f}".replace(".", "-")
        result = await self._commander.command(identity, kind, {}, ANONYMOUS, f"ws {self._client}")
        self._results.append(orjson.dumps({"type": "command", "result": result.model_dump()}))
        wake.set()


async def _wait(wake: asyncio.Event, timeout_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await wake.wait()
