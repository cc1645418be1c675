"""The Modbus client against real sockets: a PLC that is away, mute, slow, or answers with an exception."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from plc_bridge.client import LinkError, PlcClient
from plc_bridge.register_map import COMMAND, MAILBOX, STATUS, length
from tests.control.blocks import status_words

TIMEOUT_S = 0.15
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def plc(talk: Talk) -> AsyncIterator[int]:
    """A TCP server on the loopback that speaks Modbus as the test says."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await talk(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for w in writers:
            w.close()
            with contextlib.suppress(ConnectionError):
                await w.wait_closed()
        await asyncio.sleep(0)  # let the handlers see the end


async def request_of(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    header = await reader.readexactly(7)
    return header, await reader.readexactly(int.from_bytes(header[4:6]) - 1)


def reply(header: bytes, body: bytes) -> bytes:
    return header[:4] + (len(body) + 1).to_bytes(2) + header[6:7] + body


async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    words = status_words()
    while True:
        header, body = await request_of(reader)
        if body[0] == 3:
            payload = b"".join(w.to_bytes(2) for w in words)
            writer.write(reply(header, bytes([3, len(payload)]) + payload))
        else:
            writer.write(reply(header, body[:5]))
        await writer.drain()


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def refusing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    header, body = await request_of(reader)
    writer.write(reply(header, bytes([body[0] | 0x80, 2])))
    await writer.drain()
    await reader.read()


async def hanging_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await request_of(reader)
    writer.close()


async def test_reads_and_writes_in_one_request_each() -> None:
    async with plc(answering) as port:
        client = PlcClient("127.0.0.1", port, 1, TIMEOUT_S)
        assert not client.connected
        await client.connect()
        assert await client.read_status() == status_words()
        await client.write_command([0] * length(COMMAND))
        await client.write_mailbox([0] * length(MAILBOX))
        assert (client.counters.requests, client.counters.errors, client.counters.timeouts, client.counters.connects) == (3, 0, 0, 1)
        assert len(status_words()) == length(STATUS)
        client.close()
        assert not client.connected


async def test_nobody_there() -> None:
    async with plc(mute) as port:
        pass
    client = PlcClient("127.0.0.1", port, 1, TIMEOUT_S)
    with pytest.raises(LinkError, match=f"127.0.0.1:{port}") as caught:
        await client.connect()
    assert caught.value.kind == "refused"
    with pytest.raises(LinkError, match="not connected") as caught:
        await client.read_status()
    assert caught.value.kind == "closed"
    assert client.counters.requests == 0


async def test_a_mute_plc_is_given_up_after_the_timeout_and_the_socket_closed() -> None:
    async with plc(mute) as port:
        client = PlcClient("127.0.0.1", port, 1, TIMEOUT_S)
        await client.connect()
        began = time.monotonic()
        with pytest.raises(LinkError, match="no answer within") as caught:
            await client.read_status()
        assert caught.value.kind == "timeout"
        assert TIMEOUT_S * 0.9 <= time.monotonic() - began < TIMEOUT_S + 10.0  # the upper end is patience, no claim
        assert not client.connected  # a late answer must not meet the next request
        assert (client.counters.requests, client.counters.timeouts) == (1, 1)  # no retries


async def test_an_exception_answer_closes_the_socket() -> None:
    async with plc(refusing) as port:
        client = PlcClient("127.0.0.1", port, 1, TIMEOUT_S)
        await client.connect()
        with pytest.raises(LinkError, match="status block at 0 answered with") as caught:
            await client.read_status()
        assert caught.value.kind == "exception"
        assert not client.connected
        assert client.counters.errors == 1


async def test_a_plc_that_hangs_up() -> None:
    async with plc(hanging_up) as port:
        client = PlcClient("127.0.0.1", port, 1, TIMEOUT_S)
        await client.connect()
        with pytest.raises(LinkError) as caught:
            await client.read_status()
        assert caught.value.kind in ("closed", "timeout")
        assert not client.connected
