"""A bad network on the loopback: between client and simulated PLC, it spoils the replies as told. It knows Modbus frames."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_HEADER = 7  # transaction, protocol, length, unit


@dataclass
class Spoil:
    """What is done to replies; may be changed while it runs. Times in s, chances 0 to 1."""

    latency_s: float = 0.0
    jitter_s: float = 0.0
    reset_chance: float = 0.0
    black_hole: bool = False
    slice_bytes: int = 0
    duplicate: bool = False
    replay: bool = False  # an old reply is put before each new one
    swap: bool = False  # each reply is held back and sent as the answer to the next request
    slow_close_s: float = 0.0  # the side of the PLC learns of a close only after so long
    resets: int = 0
    lost: int = 0
    replayed: int = 0


@dataclass
class Proxy:
    """Listens on ``port`` and passes on to ``target``. One connection at a time matters; all are served."""

    target: int
    rng: random.Random
    spoil: Spoil = field(default_factory=Spoil)
    port: int = 0
    connections: int = 0
    lingering: int = 0  # closes that were held back
    _old: bytes | None = None
    _held: bytes | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        up = asyncio.create_task(self._requests(reader, back))
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._replies(there, writer)
        finally:
            up.cancel()
            if self.spoil.slow_close_s > 0.0:
                self.lingering += 1
                await asyncio.sleep(self.spoil.slow_close_s)
            for w in (back, writer):
                w.close()
                with contextlib.suppress(ConnectionError):
                    await w.wait_closed()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(4096):
                writer.write(data)
                await writer.drain()
            if self.spoil.slow_close_s > 0.0:
                await asyncio.sleep(self.spoil.slow_close_s)
            writer.close()

    async def _replies(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            header = await reader.readexactly(_HEADER)
            frame = header + await reader.readexactly(int.from_bytes(header[4:6]) - 1)
            s = self.spoil
            if s.black_hole:
                s.lost += 1
                continue
            if s.latency_s > 0.0 or s.jitter_s > 0.0:
                await asyncio.sleep(max(0.0, s.latency_s + self.rng.uniform(-s.jitter_s, s.jitter_s)))
            if self.rng.random() < s.reset_chance:
                s.resets += 1
                writer.transport.abort()
                return
            await self._send(writer, frame)

    async def _send(self, writer: asyncio.StreamWriter, frame: bytes) -> None:
        s = self.spoil
        if s.swap:
            frame, self._held = self._held or b"", frame
        if s.replay and self._old is not None:
            s.replayed += 1
            writer.write(self._old)
        self._old = frame or self._old
        for part in (frame, frame) if s.duplicate else (frame,):
            if s.slice_bytes > 0:
                for at in range(0, len(part), s.slice_bytes):
                    writer.write(part[at : at + s.slice_bytes])
                    await writer.drain()
                    await asyncio.sleep(0)
            else:
                writer.write(part)
        await writer.drain()


@asynccontextmanager
async def proxy_to(target: int, rng: random.Random) -> AsyncIterator[Proxy]:
    proxy = Proxy(target, rng)
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(proxy.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(list(tasks))
