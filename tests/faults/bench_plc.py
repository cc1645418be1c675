"""A simulated PLC on the loopback whose world the test can look into, and a control loop that talks to it through a proxy."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from chamber.commands import Answer, Command
from chamber.readings import Quality
from control.plc_link import PlcLink
from control.state import Inputs, State
from control.step import initial, step
from cryochamber.config import load_profile
from plc_bridge.client import PlcClient
from plc_bridge.contract import Trip
from plc_bridge.status import PlcStatus
from simulator.modbus import ModbusFace
from simulator.server import Memory
from simulator.world import World
from tests.faults.proxy import Proxy, proxy_to

SCAN_S = 0.1
TIMEOUT_S = 0.5
RECONNECT_MAX_S = 1.0


@dataclass
class Taken:
    """A block the control loop used: when (loop time), what it was, and the plant time at that moment."""

    at_s: float
    block: PlcStatus
    plant_s: float

    @property
    def age_s(self) -> float:
        """How old the data really were: a block is made at the end of a scan, its uptime is the time at which it was made."""
        return self.plant_s - self.block.uptime_ms / 1000.0


@dataclass
class Rig:
    """World, proxy and a control loop: the real ``step`` over the real link, at 10 Hz."""

    world: World
    memory: Memory
    proxy: Proxy
    link: PlcLink
    state: State
    taken: list[Taken] = field(default_factory=list)
    qualities: list[tuple[float, Quality]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def trips(self) -> set[str]:
        return {t.name for t in Trip if self.world.plc.trips >> t & 1}

    async def run(self, seconds: float, until: Callable[[Rig], bool] | None = None) -> bool:
        """Scan at absolute deadlines; True as soon as ``until`` holds."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        end = due + seconds
        while loop.time() < end:
            await self._scan(loop.time)
            if until is not None and until(self):
                return True
            due = max(due + SCAN_S, loop.time())
            await asyncio.sleep(due - loop.time())
        return until is None

    async def _scan(self, clock: Callable[[], float]) -> None:
        block = await self.link.read()
        now = clock()
        if block is not None:
            self.taken.append(Taken(now, block, self.world.time_s))
        result = step(self.state, Inputs(now, block, tuple(self.commands), 0, True, 0.0))
        self.commands.clear()
        self.answers += result.outputs.answers
        self.state = result.state
        reading = result.state.perception.analog.get("TT-101")
        if reading is not None:
            self.qualities.append((now, reading.quality))
        if result.outputs.write:
            self.link.write(result.outputs)

    def never_wrong(self) -> None:
        """Every block used was a new one, in order, and no older than the client's patience allows."""
        for before, after in itertools.pairwise(self.taken):
            assert (after.block.counter - before.block.counter) & 0xFFFF < 0x8000
            assert after.block.counter != before.block.counter
            assert after.block.uptime_ms > before.block.uptime_ms
        assert max(t.age_s for t in self.taken) <= TIMEOUT_S + 0.35, "stale data passed for new"


async def scans_for_ever(memory: Memory) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        memory.scan()
        due += SCAN_S
        await asyncio.sleep(max(0.0, due - loop.time()))


@asynccontextmanager
async def rig(rng: random.Random) -> AsyncIterator[Rig]:
    loop = asyncio.get_running_loop()
    world = World(1, "precooled")
    memory = Memory(world)
    memory.scan()
    face = ModbusFace(memory, "127.0.0.1", 0)
    port = await face.start()
    plant = asyncio.create_task(scans_for_ever(memory))
    link: PlcLink | None = None
    try:
        async with proxy_to(port, rng) as proxy:
            link = PlcLink(PlcClient("127.0.0.1", proxy.port, 1, TIMEOUT_S), RECONNECT_MAX_S, loop.time)
            start = initial(load_profile(), loop.time(), mail_id=1, session_id=1, unknown_session=False, locked_out=False)
            made = Rig(world, memory, proxy, link, start)
            assert await made.run(3.0, lambda r: len(r.taken) >= 3), link.last_error
            yield made
            await link.close()
            link = None
    finally:
        if link is not None:
            await link.close()
        plant.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await plant
        await face.stop()
