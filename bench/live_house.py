"""A real API in front of a chamber in virtual time that is let run at 10 Hz from any moment of its day.

So a screen of a running session, or of many alarms, can be measured at once, without waiting for the plant to get there. The
browser tests use it, too: server and line can be broken while people are inside.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from chamber.settings import Settings
from chamber.states import CycleState
from control.describe import describe
from control.ipc import Ipc, settle
from control.publish import House, Tally, Trend, link_state, snapshot
from control.snapshot import LinkView, RecordsView, ScanView, SiteView
from control.state import Inputs
from cryochamber.config import load_profile
from cryochamber.operator import Operator
from cryochamber.scenario import PlannedSession
from cryochamber.virtual import SCAN_S, VirtualChamber

UP_S = 60.0


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class LiveHouse:
    """The chamber behind the API at ``url``. ``until`` jumps ahead in virtual time; between jumps it runs in real time."""

    def __init__(self, folder: Path, port: int, sessions: int = 6) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._folder, self._port = folder, port
        self.api = self.start_api()
        self.silent = False  # nothing is published: the control process hangs
        self.clock_set_s = 0.0  # the clock on the wall is wrong by this
        self.profile = load_profile()
        self.site = SiteView(
            site="bench", chamber="1", name="Bench", profile=self.profile.id, device=self.profile.name, simulated=True, version="bench"
        )
        self.chamber = VirtualChamber(self.profile, 1, "precooled")
        self.chamber.world.guests.autopilot = True
        self._operator = Operator("standard", [PlannedSession(at_s=0, persons=3)] * sessions, random.Random("bench/operator"))
        self._tally, self._trend = Tally(), Trend()
        self._anchor()
        self._boot = os.urandom(4).hex()

    def start_api(self) -> subprocess.Popen[bytes]:
        """A new process of it, at the same address."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CRYOCHAMBER_")} | {
            "CRYOCHAMBER_DATA_DIR": str(self._folder),
            "CRYOCHAMBER_RUN_DIR": str(self._folder),
            "CRYOCHAMBER_API__PORT": str(self._port),
        }
        command = [sys.executable, "-m", "cryochamber", "api"]
        self.api = subprocess.Popen(command, env=environment, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.api

    def scan(self) -> None:
        self.chamber.scan(self._operator.look(self.chamber.state, self.chamber.now_s))

    def until(self, state: CycleState, then_s: float = 0.0) -> None:
        """Run on to a state of the cycle, and ``then_s`` further. Raises TimeoutError after half an hour of the chamber's time."""
        last = self.chamber.now_s + 1800.0
        while self.chamber.state.cycle.state is not state:
            if self.chamber.now_s > last:
                raise TimeoutError(f"the chamber did not reach {state.name}; it is in {self.chamber.state.cycle.state.name}")
            self.scan()
        self.run(then_s)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / SCAN_S)):
            self.scan()
        self._anchor()

    def _anchor(self) -> None:
        """From this moment the chamber's time runs with the clocks of this machine."""
        self._epoch_s, self._began_s = time.time() - self.chamber.now_s, time.monotonic() - self.chamber.now_s

    def catch_up(self) -> None:
        """Scans up to now; a busy machine leaves some to be made up for, so that no clock is late."""
        while self.chamber.now_s <= time.monotonic() - self._began_s:
            self.scan()

    def picture(self) -> bytes:
        c = self.chamber
        age = None if c.state.facts is None else c.state.facts.block_age_s
        house = House(
            boot_id=self._boot,
            seq=c.scans,
            epoch=datetime.fromtimestamp(self._epoch_s + self.clock_set_s, UTC),
            site=self.site,
            link=LinkView(plc=link_state(age), plc_age_s=age, requests=2 * c.scans, timeouts=0, refused_blocks=0, reconnects=1),  # type: ignore[arg-type]
            scan=ScanView(count=c.scans, late=0, missed=0, duration_ms=3.0 + 0.1 * (c.scans % 7), lateness_ms=0.1 * (c.scans % 5)),
            records=RecordsView(ok=True, queued=0, journal_id=c.scans // 10, detail=""),
            tally=self._tally,
            trend=self._trend,
        )
        if c.outputs is None:
            raise RuntimeError("scan first")
        facts = c.state.facts
        if facts is not None:
            self._trend.feed(c.now_s, facts.main.value)
            self._tally.feed(c.now_s, 0, c.state.perception.analog["FT-401"].good)
        return snapshot(c.state, Inputs(c.now_s, None, (), 1), c.outputs.demand, house).model_dump_json().encode()


async def _run(live: LiveHouse, ipc: Ipc) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        live.catch_up()
        if not live.silent:
            await ipc.publish(b"snapshot", live.picture())
        due = max(due + SCAN_S, loop.time())  # after a jump it goes on from now
        await asyncio.sleep(due - loop.time())


@asynccontextmanager
async def live_house(folder: Path) -> AsyncIterator[LiveHouse]:
    """The API as a process of its own, as on a site; the chamber in this one."""
    settings = Settings.model_validate({"data_dir": folder, "run_dir": folder})
    live = LiveHouse(folder, free_port())
    live.run(SCAN_S)
    ipc = Ipc(
        settings.place(settings.control.publish),
        settings.place(settings.control.command),
        lambda: describe(live.profile, live.site),
        asyncio.get_running_loop().time,
    )
    ipc.open()
    tasks = [asyncio.create_task(ipc.serve()), asyncio.create_task(_run(live, ipc))]
    try:
        await _up(lambda: httpx.get(f"{live.url}/api/v1/snapshot").status_code == 200)
        yield live
    finally:
        for task in tasks:
            await settle(task)
        ipc.close()
        live.api.terminate()
        live.api.wait(10)


async def _up(answers: Callable[[], bool]) -> None:
    async with asyncio.timeout(UP_S):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if await asyncio.to_thread(answers):
                    return
            await asyncio.sleep(0.1)
