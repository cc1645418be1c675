"""FI-22: somebody else on the PLC's network writes what nobody should, beside a supervisor that works. Real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from plc_bridge.client import LinkError, PlcClient
from plc_bridge.codec import encode
from plc_bridge.contract import COMMAND_ID_MASK, SETPOINT_MAX_C, SETPOINT_MIN_C, Opcode, Output, PlcState
from plc_bridge.register_map import COMMAND, MAILBOX, length
from tests.faults.bench_plc import Rig, rig

pytestmark = pytest.mark.req("SRS-LNK-006", "SRS-LNK-007", "SRS-TMP-008")
EVERY_S = 0.04
Words = Callable[[], tuple[str, list[int]]]


@asynccontextmanager
async def attacked(r: Rig, words: Words) -> AsyncIterator[list[int]]:
    """A client of its own writes these words again and again; yields how often it got through."""
    client = PlcClient("127.0.0.1", r.proxy.target, 1, 0.5)
    await client.connect()
    written = [0]

    async def write() -> None:
        while True:
            block, values = words()
            with contextlib.suppress(LinkError):
                await (client.write_command(values) if block == "command" else client.write_mailbox(values))
                written[0] += 1
            await asyncio.sleep(EVERY_S)

    task = asyncio.create_task(write())
    try:
        yield written
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        client.close()


async def obeyed(r: Rig, seconds: float) -> bool:
    """Whether, in any scan, a nitrogen valve was driven open or the PLC took over a demand that was never the supervisor's."""

    def wrong(r: Rig) -> bool:
        drives, told = r.world.actuators, r.world.plc.told
        return drives.xv_401 or drives.valve_main > 0.0 or drives.valve_pre > 0.0 or told.valve_main_pct > 0.0 or told.valve_pre_pct > 0.0

    return await r.run(seconds, wrong)


def _command(**values: float) -> list[int]:
    base: dict[str, float] = {r.name: 0 for r in COMMAND}
    return encode(COMMAND, base | {"cycle_state": 9, "valve_main": 100.0, "valve_pre": 100.0, "demand_bits": 1 << Output.XV_401} | values)


async def test_wide_open_valves_and_impossible_set_points_open_nothing() -> None:
    """Told EXPOSURE, valves 100 %, every heartbeat new, echoes guessed: without the nonce's echo nothing of it is followed."""
    numbers = itertools.count(1)
    rng = random.Random(7)
    async with rig(random.Random(1)) as r:

        def words() -> tuple[str, list[int]]:
            block = _command(hb_seq=next(numbers) & 0xFFFF, hb_echo=rng.randrange(0x10000))
            return "command", block

        async with attacked(r, words) as written:
            assert not await obeyed(r, 2.0)
            assert written[0] > 15
        assert r.world.plc.state is not PlcState.RUN
        r.never_wrong()


async def test_every_register_at_its_ends_is_clamped_or_refused() -> None:
    async with rig(random.Random(1)) as r:
        patterns = itertools.cycle(([0xFFFF] * length(COMMAND), [0x8000] * length(COMMAND), [0x7FFF] * length(COMMAND)))
        async with attacked(r, lambda: ("command", next(patterns))) as written:
            assert not await obeyed(r, 1.5)
            assert written[0] > 10
        told = r.world.plc.told
        assert SETPOINT_MIN_C <= told.setpoint_main_c <= SETPOINT_MAX_C


async def test_a_start_from_elsewhere_is_stopped_by_the_supervisor_before_nitrogen_flows() -> None:
    """The lease is alive, so the PLC may take a foreign START_COOLING; the supervisor did not ask and takes it back."""
    numbers = itertools.count(40_000)

    def start() -> tuple[str, list[int]]:
        n = next(numbers) & COMMAND_ID_MASK
        mail = {"mail_id": n, "mail_opcode": int(Opcode.START_COOLING), "mail_id_complement": ~n & COMMAND_ID_MASK}
        return "mailbox", encode(MAILBOX, {"mail_arg1": 0, "mail_arg2": 0} | mail)

    async with rig(random.Random(1)) as r:
        async with attacked(r, start) as written:
            assert not await obeyed(r, 1.5)
            assert written[0] > 10
        assert await r.run(5.0, lambda r: r.world.plc.state is not PlcState.RUN)
        r.never_wrong()


async def test_a_replayed_block_of_the_supervisor_keeps_no_lease() -> None:
    """Recorded while it was valid, repeated when the supervisor is gone: the lease runs out all the same."""
    async with rig(random.Random(1)) as r:
        await r.run(1.0)
        recorded = list(r.memory.command)
        assert any(recorded)
        r.proxy.spoil.black_hole = True  # the supervisor no longer gets through
        async with attacked(r, lambda: ("command", recorded)) as written:
            assert await r.run(8.0, lambda r: "LEASE_LOST" in r.trips)
            assert written[0] > 50
