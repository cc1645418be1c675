"""The scan's side of the link: what it does with refused blocks, trouble and a busy line. The client is a real one on the loopback."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chamber.states import CycleState
from control.pace import Seen
from control.plc_link import AGAIN_S, READ_WAIT_S, PlcLink
from control.state import Demand, Outputs
from plc_bridge.client import PlcClient
from plc_bridge.contract import Voice
from tests.control.blocks import status_words
from tests.plc_bridge.test_link_client import Talk, mute, plc, reply, request_of

OUTPUTS = Outputs(Demand(CycleState.STOPPED, 20.0, 20.0, 0.0, 0.0, 0, False, 0, 0, 0.0, Voice.SILENT), True, 1, 2, None, ())


def serving(*blocks: dict[str, Any], delay_s: float = 0.0) -> Talk:
    """A PLC that gives these blocks one after the other, the last one again and again."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        n = 0
        while True:
            header, body = await request_of(reader)
            await asyncio.sleep(delay_s)
            if body[0] == 3:
                payload = b"".join(w.to_bytes(2) for w in status_words(**blocks[min(n, len(blocks) - 1)]))
                writer.write(reply(header, bytes([3, len(payload)]) + payload))
                n += 1
            else:
                writer.write(reply(header, body[:5]))
            await writer.drain()

    return talk


def link_to(port: int, timeout_s: float = 0.2) -> PlcLink:
    return PlcLink(PlcClient("127.0.0.1", port, 1, timeout_s), 0.5, asyncio.get_running_loop().time)


async def settled(link: PlcLink, reads: int) -> list[object]:
    return [await link.read() for _ in range(reads)]


async def test_refused_blocks_are_counted_and_named() -> None:
    blocks = (
        {"magic": 1},
        {"map_version": 9},
        {"end_counter": 9},
        {"plc_state": 0},
        {},
        {},  # the same counter again
        {"begin_counter": 8, "end_counter": 8},
    )
    async with plc(serving(*blocks)) as port:
        link = link_to(port)
        assert await link.read() is None
        assert "magic does not match register map" in link.last_error
        assert f"127.0.0.1:{port}" in link.last_error
        seen = await settled(link, 6)
        assert [s is not None for s in seen] == [False, False, False, True, False, True]
        assert dict(link.refused) == {"magic": 1, "version": 1, "torn": 1, "not_filled": 1, "repeated": 1}
        assert link.last_error == ""
        await link.close()


async def test_nothing_is_queued_behind_a_busy_line() -> None:
    async with plc(serving({}, delay_s=0.1)) as port:
        link = link_to(port, 0.5)
        assert not link.write(OUTPUTS)  # never connected: nothing to write on
        assert await link.read() is None  # a slow PLC: the answer comes in a later scan, the scan does not wait
        assert not link.write(OUTPUTS)
        block = await link.read() or await link.read()
        assert block is not None
        assert link.write(OUTPUTS)
        assert not link.write(OUTPUTS)
        await asyncio.sleep(0)
        assert link.client.counters.requests == 2
        await link.close()


async def test_a_block_is_as_old_as_its_request() -> None:
    """H-15: what the answer took on its way is part of its age; the PLC may have taken the values right after the request."""
    async with plc(serving({}, delay_s=0.1)) as port:
        link = link_to(port, 0.5)
        loop = asyncio.get_running_loop()
        asked = loop.time()
        block = await link.read() or await link.read()
        assert block is not None
        assert loop.time() - block.acquired_at_s >= 0.1
        assert block.acquired_at_s >= asked
        await link.close()


async def test_trouble_is_never_raised_and_retried_with_a_pause() -> None:
    async with plc(mute) as port:
        link = link_to(port, 0.05)
        loop = asyncio.get_running_loop()
        began = loop.time()
        while link.client.counters.connects < 3:
            assert await link.read() is None
            assert loop.time() - began < 3.0
            await asyncio.sleep(0.01)
        assert link.client.counters.timeouts >= 2
        assert link.client.counters.requests <= link.client.counters.connects  # one try each, none repeated
        assert loop.time() - began >= 0.3  # 0.1 s and 0.2 s
        assert "no answer within" in link.last_error
        await link.close()
    assert await link.read() is None


@pytest.mark.parametrize("talk", [mute])
async def test_close_ends_the_request_in_flight(talk: Talk) -> None:
    async with plc(talk) as port:
        link = link_to(port, 0.5)
        assert await link.read() is None
        await link.close()
        assert not link.client.connected


async def test_a_block_that_is_due_is_asked_for_again_and_its_moment_is_told() -> None:
    def block(n: int) -> dict[str, Any]:
        return {"begin_counter": n, "end_counter": n}

    # the second scan comes too soon: the old block, then one just being filled, then the new one
    async with plc(serving(block(7), block(7), {"begin_counter": 8, "end_counter": 7}, block(8), block(8), block(10), block(10))) as port:
        link = link_to(port)
        assert await link.read(0.02) is not None
        assert link.seen == Seen()  # nothing to compare with
        second = await link.read(0.2)
        assert second is not None
        assert second.counter == 8
        assert link.seen.blocks == 1
        assert 2 * AGAIN_S <= link.seen.waited_s <= 0.2
        assert dict(link.refused) == {}  # the scan has its block
        assert await link.read() is None  # asked for once, as ever
        assert dict(link.refused) == {"repeated": 1}
        assert link.seen == Seen()
        third = await link.read(0.2)
        assert third is not None
        assert link.seen.blocks == 2
        assert link.seen.waited_s == 0.0
        began = asyncio.get_running_loop().time()
        assert await link.read(0.02) is None  # a PLC that stands still holds nobody up
        assert asyncio.get_running_loop().time() - began < READ_WAIT_S + 0.05
        await link.close()
