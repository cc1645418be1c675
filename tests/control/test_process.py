"""The control process against the simulated PLC over real Modbus TCP and real local sockets, in real time and short."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest
import zmq
import zmq.asyncio

from chamber.settings import Settings
from control.pace import PERIOD_S
from control.process import Control, Start
from cryochamber.commission import commissioned
from cryochamber.config import load_profile
from cryochamber.running import telemetry_names
from records.telemetry import TelemetryWriter
from records.writer import Recorder
from simulator.server import serve

SLACK_S = 0.25  # of a busy test machine; the figures themselves are below
PATIENCE_S = 30.0  # until something that was asked for is given up; no claim


@dataclass
class Site:
    """A running control process, what it published, and a way to ask it."""

    folder: Path
    port: int
    snapshots: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    plc: asyncio.Task[None] | None = None
    dealer: Any = None
    _answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    _count: int = 0

    @property
    def last(self) -> dict[str, Any]:
        return self.snapshots[-1][1]

    async def until(self, seen: Callable[[dict[str, Any]], bool]) -> float:
        """Wait for a new snapshot of which something is so; returns when it came."""
        begin = len(self.snapshots)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for at, snapshot in self.snapshots[begin:]:
                    if seen(snapshot):
                        return at
                begin = len(self.snapshots)
                await asyncio.sleep(0.005)

    async def start_plc(self) -> None:
        started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.plc = asyncio.create_task(serve("127.0.0.1", self.port, f"ipc://{self.folder}/side.ipc", seed=3, started=started))
        self.port = await asyncio.wait_for(started, PATIENCE_S)

    async def stop_plc(self) -> None:
        assert self.plc is not None
        self.plc.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.plc

    async def ask(self, body: dict[str, Any] | bytes, within_s: float = PATIENCE_S) -> dict[str, Any]:
        self._count += 1
        req = f"r{self._count}"
        payload = body if isinstance(body, bytes) else orjson.dumps({"req": req, **body})
        await self.dealer.send_multipart([b"", payload])
        frames = await asyncio.wait_for(self.dealer.recv_multipart(), within_s)
        answer: dict[str, Any] = orjson.loads(frames[-1])
        assert answer["req"] == ("" if isinstance(body, bytes) else req)
        return answer

    async def command(self, command_id: str, kind: str, role: str = "operator", **args: Any) -> dict[str, Any]:
        request = {"op": "command", "id": command_id, "kind": kind, "args": args, "user": "anna", "role": role, "origin": "test"}
        return await self.ask(request)


async def _listen(socket: Any, into: list[tuple[float, dict[str, Any]]]) -> None:
    while True:
        _, payload = await socket.recv_multipart()
        into.append((time.monotonic(), orjson.loads(payload)))


@asynccontextmanager
async def running(*, plc: bool = True) -> AsyncIterator[Site]:
    # A short path: the name of a local socket is limited to 107 bytes.
    with tempfile.TemporaryDirectory(prefix="cc") as name:
        folder = Path(name)
        site = Site(folder, 0)
        await site.start_plc()
        if not plc:
            await site.stop_plc()
        settings = Settings.model_validate({"data_dir": folder, "run_dir": folder, "plc": {"port": site.port}})
        recorder = Recorder(settings.place(settings.records.url), "test", "boot")
        telemetry = TelemetryWriter(settings.place(settings.records.telemetry_url), telemetry_names(), 1.0)
        start = Start(1, False, False, upkeep=commissioned(load_profile(), time.time()))
        control = Control(settings, load_profile(), recorder, telemetry, start, "test")
        context = zmq.asyncio.Context()
        tasks = [asyncio.create_task(control.run())]
        try:
            sub = context.socket(zmq.SUB)
            sub.subscribe(b"")
            sub.connect(settings.place(settings.control.publish))
            site.dealer = context.socket(zmq.DEALER)
            site.dealer.connect(settings.place(settings.control.command))
            tasks.append(asyncio.create_task(_listen(sub, site.snapshots)))
            await site.until(lambda s: True)
            yield site
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            if site.plc is not None and not site.plc.done():
                await site.stop_plc()
            context.destroy(linger=0)
            await asyncio.to_thread(recorder.close)
            await asyncio.to_thread(telemetry.close)
        for task in tasks:
            assert task.cancelled() or task.exception() is None


async def test_scans_at_ten_hertz_without_drift() -> None:
    """What must hold always is asserted always; what a busy machine can hold up must be right in one of five windows."""
    begun_s: list[tuple[float, float, float]] = []
    async with running() as site:
        await site.until(lambda s: s["link"]["plc"] == "ok" and s["plc"] is not None)
        for _ in range(5):
            begun_s.append(await _three_seconds_of_scans(site))
            if _on_time(*begun_s[-1]):
                break
    assert _on_time(*begun_s[-1]), begun_s


def _on_time(grid_s: float, median_gap_s: float, refused: float) -> bool:
    return grid_s == pytest.approx(PERIOD_S, rel=0.04) and median_gap_s == pytest.approx(PERIOD_S, abs=0.01) and refused <= 0.1


async def _three_seconds_of_scans(site: Site) -> tuple[float, float, float]:
    """Period of the grid that the scans are on, median time between two scans, s, and share of blocks that were refused."""
    begin, first = len(site.snapshots), site.last
    await asyncio.sleep(3.0)
    taken, last = site.snapshots[begin - 1 :], site.last
    scans = last["seq"] - first["seq"]
    assert [s["seq"] for _, s in taken] == list(range(first["seq"], last["seq"] + 1))
    requests = last["link"]["requests"] - first["link"]["requests"]
    assert scans - 2 <= requests <= 4 * scans  # one read and one write a scan, a mailbox now and then
    refused = (last["link"]["refused_blocks"] - first["link"]["refused_blocks"]) / max(1, scans)
    # absolute deadlines: what a late scan is late is not added up; the grid follows the PLC's cycle, at most so fast
    moments = [(s["seq"] + s["scan"]["missed"], s["mono_s"] - s["scan"]["lateness_ms"] / 1000.0) for _, s in taken]
    (first_n, first_s), (last_n, last_s) = moments[0], moments[-1]
    gaps = [b["mono_s"] - a["mono_s"] for (_, a), (_, b) in itertools.pairwise(taken)]
    return (last_s - first_s) / (last_n - first_n), statistics.median(gaps), refused


async def test_the_lease_is_held_and_the_commands_are_answered() -> None:
    async with running() as site:
        await site.until(lambda s: s["plc"] is not None and s["plc"]["lease_remaining_s"] > 3.0)
        assert await site.ask({"op": "alive", "panels": 2}) == {"req": "r1", "ok": True}
        described = await site.ask({"op": "describe"})
        assert [p["id"] for p in described["programs"]] == ["first-visit", "standard", "short"]
        refused = await site.command("a", "precool", program="standard")
        assert (refused["outcome"], refused["reasons"][0]["code"]) == ("rejected", "not_in_this_state")
        assert refused["reasons"][0]["text"] == "Not possible in state recovery."
        assert (await site.command("b", "confirm_empty", role="viewer"))["reasons"][0]["code"] == "role_too_low"
        assert (await site.command("c", "confirm_empty"))["outcome"] == "accepted"
        assert (await site.command("c", "confirm_empty"))["outcome"] == "accepted"  # the same id, the same answer
        assert (await site.command("c", "start_up"))["reasons"][0]["code"] == "duplicate_id"
        await site.until(lambda s: s["cycle"]["state"] == "stopped")
        assert (await site.command("d", "start_up"))["outcome"] == "accepted"
        assert (await site.command("e", "stop", role="anonymous"))["outcome"] == "accepted"
        await site.until(lambda s: s["cycle"]["state"] == "stopped")


async def test_requests_that_make_no_sense_are_answered_too() -> None:
    async with running() as site:
        assert "not JSON" in (await site.ask(b"{"))["error"]
        assert "JSON object" in (await site.ask(b"[1]"))["error"]
        assert "unknown op 'dance'" in (await site.ask({"op": "dance"}))["error"]
        assert (await site.command("a", "dance"))["reasons"][0]["code"] == "unknown_command"
        assert (await site.command("a", "stop", role="king"))["outcome"] == "rejected"
        assert (await site.ask({"op": "command", "kind": "stop"}))["outcome"] == "rejected"
        seq = site.last["seq"]
        await site.until(lambda s: s["seq"] > seq + 3)  # and the scan goes on


async def test_a_silent_plc_is_noticed_at_once_and_used_again_soon() -> None:
    async with running() as site:
        await site.until(lambda s: s["link"]["plc"] == "ok")
        await asyncio.sleep(0.5)
        late_s: dict[str, list[float]] = {"silent": [], "lost": [], "used": []}
        for _ in range(2):
            gone = time.monotonic()
            await site.stop_plc()
            silent = await site.until(lambda s: s["link"]["plc"] == "silent")
            late_s["silent"].append(silent - gone - 0.5 - PERIOD_S)
            assert site.last["link"]["plc_age_s"] >= 0.5
            lost = await site.until(lambda s: s["cycle"]["guidance"]["code"] == "plc_silent")
            late_s["lost"].append(lost - gone - 1.5 - PERIOD_S)
            back = time.monotonic()
            await site.start_plc()
            used = await site.until(lambda s: s["link"]["plc"] == "ok")
            late_s["used"].append(used - back - 1.0)
        # the better of two: a busy machine may hold up one of them
        assert all(min(late) <= SLACK_S for late in late_s.values()), late_s
        last = site.last
        assert last["link"]["reconnects"] >= 3
        seqs = [s["seq"] for _, s in site.snapshots]
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


async def test_starts_without_a_plc_and_takes_stop_all_the_same() -> None:
    async with running(plc=False) as site:
        snapshot = site.last
        assert snapshot["link"]["plc"] == "silent"
        assert snapshot["plc"] is None
        assert all(t["v"] is None for t in snapshot["tags"].values())  # nothing is invented
        assert (await site.command("s", "stop", role="anonymous"))["outcome"] == "accepted"
        assert next(r["code"] for r in (await site.command("c", "confirm_empty"))["reasons"]) == "no_link"
        await site.start_plc()
        await site.until(lambda s: s["link"]["plc"] == "ok")
