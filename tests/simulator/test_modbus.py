"""The simulated PLC before any Modbus master: every function and exception, and what hostile traffic may cost."""

from __future__ import annotations

import asyncio
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.client import AsyncModbusTcpClient

from plc_bridge.contract import Output
from plc_bridge.register_map import COMMAND, COMMAND_BASE, MAILBOX_BASE, STATUS, bit_address, bit_words
from simulator import modbus
from simulator.modbus import ModbusFace
from simulator.modbus_pdu import answer
from simulator.plc_memory import COMMAND_WORDS, MAILBOX_WORDS, STATUS_WORDS
from simulator.server import Memory, _scan
from simulator.world import World


class Words:
    """Registers without a PLC behind them."""

    def __init__(self) -> None:
        self.status = [(7 * n + 0x8001) & 0xFFFF for n in range(STATUS_WORDS)]
        self.command = [0] * COMMAND_WORDS
        self.mailbox = [0] * MAILBOX_WORDS
        self.answering = True


def _ask(words: Words, function: int, *fields: int, rest: bytes = b"") -> bytes:
    return answer(words, bytes((function,)) + b"".join(struct.pack(">H", f) for f in fields) + rest)


INPUTS = next(r for r in STATUS if r.name == "inputs")
DEMANDS = next(r for r in COMMAND if r.name == "demand_bits")
FIRST_COIL = bit_address(DEMANDS, 0)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (bytes((7,)), 1),
        (bytes((0x2B, 0x0E, 1, 0)), 1),
        (bytes((0x83, 0, 0, 0, 1)), 1),
        (struct.pack(">BHH", 3, 0, 0), 3),
        (struct.pack(">BHH", 3, 0, 126), 3),
        (struct.pack(">BHH", 3, STATUS_WORDS - 1, 2), 2),
        (struct.pack(">BHH", 4, 0xFFFF, 2), 2),
        (struct.pack(">BHH", 3, COMMAND_BASE + COMMAND_WORDS - 1, 2), 2),
        (struct.pack(">BH", 3, 0), 3),
        (struct.pack(">BHHB", 3, 0, 1, 9), 3),
        (struct.pack(">BHH", 6, 0, 1), 2),
        (struct.pack(">BHHB", 16, COMMAND_BASE, 2, 3) + bytes(3), 3),
        (struct.pack(">BHHB", 16, COMMAND_BASE, 124, 248) + bytes(248), 3),
        (struct.pack(">BHHB", 16, MAILBOX_BASE + MAILBOX_WORDS - 1, 2, 4) + bytes(4), 2),
        (struct.pack(">BHH", 1, 0, 1), 2),
        (struct.pack(">BHH", 1, FIRST_COIL, 2001), 3),
        (struct.pack(">BHH", 1, FIRST_COIL + 15, 2), 2),
        (struct.pack(">BHH", 2, FIRST_COIL, 1), 2),
        (struct.pack(">BHH", 2, bit_address(INPUTS, 0), 0), 3),
        (struct.pack(">BHH", 5, FIRST_COIL, 1), 3),
        (struct.pack(">BHH", 5, bit_address(INPUTS, 0), 0xFF00), 2),
        (struct.pack(">BHHB", 15, FIRST_COIL, 9, 1) + bytes(1), 3),
        (struct.pack(">BHHB", 15, FIRST_COIL + 8, 9, 2) + bytes(2), 2),
    ],
)
def test_what_cannot_be_done_gets_the_exception_of_the_standard_and_changes_nothing(request_: bytes, code: int) -> None:
    words = Words()
    before = (list(words.command), list(words.mailbox))
    assert answer(words, request_) == bytes((request_[0] | 0x80, code))
    assert (words.command, words.mailbox) == before


def test_registers_are_read_and_written() -> None:
    words = Words()
    assert _ask(words, 4, 5, 2) == struct.pack(">BBHH", 4, 4, *words.status[5:7])
    assert _ask(words, 6, COMMAND_BASE + 3, 0xFC18) == struct.pack(">BHH", 6, COMMAND_BASE + 3, 0xFC18)
    assert _ask(words, 16, MAILBOX_BASE, 2, rest=struct.pack(">BHH", 4, 9, 1)) == struct.pack(">BHH", 16, MAILBOX_BASE, 2)
    assert (words.command[3], words.mailbox[:2]) == (0xFC18, [9, 1])


@given(st.integers(0, 31), st.integers(1, 32))
def test_every_discrete_input_is_the_bit_of_its_register(first: int, count: int) -> None:
    words = Words()
    at = INPUTS.address
    value = words.status[at] << 16 | words.status[at + 1]
    ordered = [bit_address(INPUTS, n) for n in range(32)]
    for n in range(first, min(32, first + count)):
        assert _ask(words, 2, ordered[n], 1) == bytes((2, 1, value >> n & 1))


def test_coils_are_the_demands_of_the_command_block() -> None:
    words = Words()
    purge = FIRST_COIL + Output.PURGE_FAN
    assert _ask(words, 5, purge, 0xFF00) == struct.pack(">BHH", 5, purge, 0xFF00)
    assert words.command[DEMANDS.address - COMMAND_BASE] == 1 << Output.PURGE_FAN
    assert _ask(words, 15, FIRST_COIL, 10, rest=bytes((2, 0b1000_0001, 0b10))) == struct.pack(">BHH", 15, FIRST_COIL, 10)
    assert _ask(words, 1, FIRST_COIL, 10) == bytes((1, 2, 0b1000_0001, 0b10))
    assert _ask(words, 5, FIRST_COIL, 0) == struct.pack(">BHH", 5, FIRST_COIL, 0)
    assert words.command[DEMANDS.address - COMMAND_BASE] == 0b10_1000_0000


def test_only_words_of_bits_have_bit_addresses() -> None:
    assert 16 * max(bit_words(COMMAND)) <= 16 * 0xFFFF
    assert max(bit_words(COMMAND)) * 16 + 15 <= 0xFFFF
    with pytest.raises(ValueError, match="begin_counter"):
        bit_address(STATUS[0], 0)


@given(st.binary(max_size=260))
def test_whatever_arrives_is_answered_and_stays_inside_the_blocks(pdu: bytes) -> None:
    words = Words()
    reply = answer(words, pdu)
    assert 2 <= len(reply) <= 253
    assert (len(words.command), len(words.mailbox)) == (COMMAND_WORDS, MAILBOX_WORDS)
    assert all(0 <= w <= 0xFFFF for w in (*words.command, *words.mailbox))


# -- over real sockets ----------------------------------------------------------------------------------------------------


class Plc:
    def __init__(self, face: ModbusFace, port: int, memory: Memory) -> None:
        self.face, self.port, self.memory = face, port, memory
        self.writers: list[asyncio.StreamWriter] = []

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        return reader, writer


@asynccontextmanager
async def running() -> AsyncIterator[Plc]:
    memory = Memory(World(1, "precooled"))
    memory.scan()
    face = ModbusFace(memory, "127.0.0.1", 0)
    plc = Plc(face, await face.start(), memory)
    scans = asyncio.create_task(_scan(memory, 1.0))
    try:
        yield plc
    finally:
        scans.cancel()
        with suppress(asyncio.CancelledError):
            await scans
        await face.stop()
        for writer in plc.writers:
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()


READ = struct.pack(">HHHBBHH", 1, 0, 6, 1, 3, 0, STATUS_WORDS)
REPLY_BYTES = 9 + 2 * STATUS_WORDS


async def _gone(reader: asyncio.StreamReader, within_s: float) -> bool:
    try:
        return await asyncio.wait_for(reader.read(4096), within_s) == b""
    except ConnectionError:
        return True


async def test_frames_in_pieces_and_many_at_once_are_answered_in_order() -> None:
    async with running() as plc:
        reader, writer = await plc.connect()
        for n in range(len(READ)):
            writer.write(READ[n : n + 1])
            await writer.drain()
        assert (await reader.readexactly(REPLY_BYTES))[:2] == b"\0\1"
        writer.write(b"".join(struct.pack(">H", n) + READ[2:] for n in range(100)))
        replies = [await reader.readexactly(REPLY_BYTES) for _ in range(100)]
        assert [r[:2] for r in replies] == [struct.pack(">H", n) for n in range(100)]
        writer.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: plc\r\n\r\n",
        struct.pack(">HHH", 1, 0, 0xFFFF) + bytes(300),
        struct.pack(">HHH", 1, 0, 1) + bytes(8),
        struct.pack(">HHH", 1, 7, 6) + bytes(8),
    ],
)
async def test_what_is_no_modbus_ends_the_connection_and_no_other(garbage: bytes) -> None:
    async with running() as plc:
        good, ask = await plc.connect()
        reader, writer = await plc.connect()
        writer.write(garbage)
        assert await _gone(reader, 10.0)
        ask.write(READ)
        assert len(await good.readexactly(REPLY_BYTES)) == REPLY_BYTES
        ask.close()


async def test_half_a_frame_and_a_peer_that_does_not_read_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modbus, "HALF_FRAME_S", 0.2)
    monkeypatch.setattr(modbus, "UNREAD_S", 0.2)
    monkeypatch.setattr(modbus, "SWEEP_S", 0.05)
    async with running() as plc:
        reader, writer = await plc.connect()
        writer.write(READ[:7])
        assert await _gone(reader, 10.0)
        loop = asyncio.get_running_loop()
        _, deaf = await plc.connect()
        deaf.transport.pause_reading()  # type: ignore[attr-defined]
        sent, begin = 0, loop.time()
        with suppress(ConnectionError, TimeoutError):
            while loop.time() - begin < 5.0:
                deaf.write(READ * 1000)
                sent += 1000 * len(READ)
                await asyncio.wait_for(deaf.drain(), 0.6)
        assert sent < 60_000_000
        for _ in range(150):
            if plc.face.connections:
                await asyncio.sleep(0.02)
        assert plc.face.connections == 0
        deaf.transport.abort()


async def test_a_flood_neither_locks_the_supervisor_out_nor_stops_the_scan() -> None:
    """Idle connections, garbage and requests as fast as they come from many sides, while one honest master asks ten times a second."""
    async with running() as plc:
        client = AsyncModbusTcpClient("127.0.0.1", port=plc.port, timeout=1.0, retries=0, reconnect_delay=0)
        assert await client.connect()
        assert not (await client.read_holding_registers(0, count=STATUS_WORDS)).isError()
        loop = asyncio.get_running_loop()
        until = loop.time() + 1.5
        most = 0

        async def flood(payload: bytes) -> None:
            nonlocal most
            while loop.time() < until:
                with suppress(ConnectionError):
                    reader, writer = await plc.connect()
                    most = max(most, plc.face.connections)
                    writer.write(payload)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(reader.read() if payload is BURST else asyncio.sleep(0.1), 0.1)
                    writer.transport.abort()

        first, begin = plc.memory.status[0], time.perf_counter()
        floods = [asyncio.create_task(flood(p)) for p in (BURST, BURST, b"", b"", b"\0\1\0\0", b"x" * 5000) for _ in range(8)]
        waits: list[float] = []
        while loop.time() < until:
            asked = loop.time()
            reply: Any = await client.read_holding_registers(0, count=STATUS_WORDS)
            assert not reply.isError()
            waits.append(loop.time() - asked)
            await asyncio.sleep(0.1)
        await asyncio.gather(*floods)
        elapsed = time.perf_counter() - begin
        scans = (plc.memory.status[0] - first) & 0xFFFF
        assert most <= modbus.MAX_CONNECTIONS
        assert scans >= 0.5 * elapsed / 0.1  # with room for a busy machine: stopped would be none, locked out for ever
        assert max(waits) < 2.0
        client.close()


BURST = READ * 200
