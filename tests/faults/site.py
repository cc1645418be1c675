"""A control process of its own beside a simulated PLC in this process, over real Modbus TCP."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chamber.states import CycleState
from plc_bridge.contract import Trip
from simulator.modbus import ModbusFace
from simulator.server import Memory
from simulator.world import World
from tests.faults.bench_plc import SCAN_S, scans_for_ever

BUSY_S = 0.4  # slack of a busy test machine; the reference asks for 2.2 s
LEASE_LOST = 1 << Trip.LEASE_LOST


@dataclass
class Site:
    """The simulated PLC in this process, and how to start control beside it."""

    world: World
    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    async def start_control(self) -> asyncio.subprocess.Process:
        env = dict(
            os.environ, CRYOCHAMBER_PLC__PORT=str(self.port), CRYOCHAMBER_DATA_DIR=str(self.folder), CRYOCHAMBER_RUN_DIR=str(self.folder)
        ) | dict(self.environment)
        with (self.folder / "control.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cryochamber", "control", env=env, cwd=self.folder, stdout=log, stderr=log
            )
        return self.process

    async def until(self, seen: Callable[[World], object], within_s: float) -> float:
        """Plant time it took."""
        began = self.world.time_s
        while not seen(self.world):
            log = (self.folder / "control.log").read_text()[-2000:]
            assert self.world.time_s - began < within_s, f"not seen within {within_s:g} s\n{log}"
            await asyncio.sleep(SCAN_S / 5)
        return self.world.time_s - began

    async def occupied_and_leased(self) -> None:
        await self.until(lambda w: w.plc.told.cycle_state == CycleState.RECOVERY, 40.0)  # a process starts slowly on a busy machine
        self.world.walk("main", 1)
        await self.until(lambda w: w.plc.retentive.occupied, 10.0)
        await asyncio.sleep(1.0)  # the lease is held, with somebody inside
        assert not self.world.plc.trips


@asynccontextmanager
async def running(environment: Callable[[Path], Mapping[str, str]] = lambda _folder: {}) -> AsyncIterator[Site]:
    with tempfile.TemporaryDirectory(prefix="cc") as name:
        world = World(1, "precooled")
        memory = Memory(world)
        memory.scan()
        face = ModbusFace(memory, "127.0.0.1", 0)
        site = Site(world, Path(name), await face.start(), environment=environment(Path(name)))
        plant = asyncio.create_task(scans_for_ever(memory))
        try:
            await site.start_control()
            yield site
        finally:
            if site.process is not None and site.process.returncode is None:
                site.process.kill()
                await site.process.wait()
            plant.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await plant
            await face.stop()
