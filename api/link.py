"""Requests to the control process, with replies matched by id.

Nothing old is sent after a reconnect: a request leaves only over an established connection, within its own deadline.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import Any

import orjson
import zmq
import zmq.asyncio

log = logging.getLogger(__name__)

REPLY_S = 5.0  # the control process answers within 4 s
SEND_S = 1.0


class LinkError(Exception):
    """No answer. ``sent`` tells whether the request may have reached the control process."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class Link:
    """One DEALER socket; any number of requests in flight."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._context: zmq.asyncio.Context | None = None
        self._socket: zmq.asyncio.Socket | None = None
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count(1)

    def _open(self) -> zmq.asyncio.Socket:
        if self._socket is None:
            self._context = zmq.asyncio.Context()
            self._socket = self._context.socket(zmq.DEALER)
            self._socket.linger = 0
            self._socket.immediate = True  # queue only on established connections: a command never waits for a restart
            self._socket.reconnect_ivl = 100
            self._socket.reconnect_ivl_max = 1000
            self._socket.connect(self.address)
        return self._socket

    async def run(self) -> None:
        """Hand replies to those who wait for them, until cancelled."""
        socket = self._open()
        try:
            while True:
                self._deliver((await socket.recv_multipart())[-1])
        finally:
            self.close()

    def _deliver(self, payload: bytes) -> None:
        try:
            reply: Any = orjson.loads(payload)
        except orjson.JSONDecodeError:
            log.warning("control process sent a reply that is not JSON (%d bytes)", len(payload))
            return
        future = self._waiting.get(str(reply.pop("req", ""))) if isinstance(reply, dict) else None
        if future is not None and not future.done():  # otherwise it comes too late: whoever asked has been told so
            future.set_result(reply)

    async def request(self, body: dict[str, Any], *, send_s: float = SEND_S, reply_s: float = REPLY_S) -> dict[str, Any]:
        """Send ``body`` and return the reply without its ``req``. Raises LinkError when none comes within ``reply_s`` in all."""
        socket = self._open()
        number = str(next(self._numbers))
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            began_s = future.get_loop().time()
            await self._send(socket, orjson.dumps(body | {"req": number}), min(send_s, reply_s))
            # Sending late leaves less time for the reply, but always a moment.
            async with asyncio.timeout(max(0.5, reply_s - (future.get_loop().time() - began_s))):
                return await future
        except TimeoutError:
            raise LinkError(f"no answer from {self.address} within {reply_s:g} s", sent=True) from None
        finally:
            del self._waiting[number]

    async def _send(self, socket: zmq.asyncio.Socket, payload: bytes, within_s: float) -> None:
        deadline = asyncio.get_running_loop().time() + within_s
        while True:
            try:
                await socket.send_multipart([b"", payload], zmq.NOBLOCK)
            except zmq.Again:
                if asyncio.get_running_loop().time() >= deadline:
                    raise LinkError(f"no connection to {self.address}", sent=False) from None
                await asyncio.sleep(0.02)
            else:
                return

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close(linger=0)
            self._socket = None
        if self._context is not None:
            self._context.term()
            self._context = None
