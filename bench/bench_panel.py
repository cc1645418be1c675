"""The panel in a real Chromium: size, first paint, what ten frames a second cost, and how long a change takes from the PLC to the pixel.

The last is counted from the moment at which the PLC's registers hold the new value, which a second Modbus master sees, to the begin
of the frame after the one that draws it; the PLC's own cycle before that is printed beside it. Every leg is stamped on the way: the
snapshot that says it, the message in the browser, the text in the page. All parts run as processes of their own, over real sockets.

The cost is processor time, not time by the wall: of the page's main thread, and of the whole browser with its drawing.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import httpx
import orjson
import zmq
import zmq.asyncio
from playwright.async_api import Browser, Page, async_playwright

from bench.live_house import LiveHouse, free_port, live_house
from chamber.settings import Settings
from chamber.states import CycleState
from chamber.tags import BIT_TAGS
from plc_bridge.register_map import STATUS

DIST = Path(__file__).resolve().parents[1] / "hmi" / "dist" / "assets"
LOADS = 5
SETTLE_S, CPU_S = 1.5, 5.0
CHANGES = 200
CALL = "HS-101"  # a contact that nothing filters
FAULTS = (("sensor_open", "TT-101"), ("sensor_open", "TT-201"), ("extract_fan_lost", None))

# When the first temperature stands on the screen.
WATCH = """
window.firstValue = null;
new MutationObserver((_, self) => {
  if (!/\\d/.test(document.querySelector('.big b')?.textContent ?? '')) return;
  window.firstValue = performance.now();
  self.disconnect();
}).observe(document, {subtree: true, childList: true, characterData: true});
"""
# The message that brings the contact's new value is stamped before the panel's own code sees it.
WATCH_LINE = """
window.stamp = () => performance.timeOrigin + performance.now();
window.WebSocket = class extends WebSocket {
  constructor(...address) {
    super(...address);
    this.addEventListener('message', (event) => {
      if (window.awaited !== undefined && window.legs.heard === null && event.data.includes(window.awaited)) window.legs.heard = stamp();
    });
  }
};
window.legs = {};
"""
# When its row on the service screen has changed, and the frame after the one that shows it begins.
WATCH_CALL = """([tag, value]) => {
  window.legs = {heard: null, written: null, out: null};
  window.awaited = `"tags/${tag}":{"v":${value}`;
  const row = [...document.querySelectorAll('td.mono')].find((td) => td.textContent === tag).parentElement;
  const cell = row.querySelector('.value');
  const old = cell.textContent;
  new MutationObserver((_, self) => {
    if (cell.textContent === old) return;
    self.disconnect();
    window.legs.written = stamp();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.legs.out = stamp(); }));
  }).observe(cell, {subtree: true, childList: true, characterData: true});
}"""


class Change(NamedTuple):
    """Moments of one change, s since 1970: asked for, in the PLC's registers, published, in the browser, in the page, drawn."""

    asked: float
    held: float
    said: float
    heard: float
    written: float
    out: float


async def _first_paint(browser: Browser, url: str) -> None:
    paints: list[float] = []
    values: list[float] = []
    for _ in range(LOADS):
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)
        page = await context.new_page()
        await page.add_init_script(WATCH)
        await page.goto(url)
        await page.wait_for_function("window.firstValue !== null", timeout=10_000)
        await page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        paints.append(float(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")))
        values.append(float(await page.evaluate("window.firstValue")))
        await context.close()
    print(f"first paint           median {median(paints):6.0f} ms, worst {max(paints):6.0f} ms (goal: under 1000)")
    print(f"first live value      median {median(values):6.0f} ms, worst {max(values):6.0f} ms")


async def _cost(browser: Browser, live: LiveHouse, name: str, screen: str) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    await page.goto(f"{live.url}/#{screen}")
    await page.locator(".urgent.stop").wait_for()
    await asyncio.sleep(SETTLE_S)
    main_thread = await page.context.new_cdp_session(page)
    await main_thread.send("Performance.enable")
    whole = await browser.new_browser_cdp_session()

    async def spent_s() -> tuple[float, float]:
        metrics: dict[str, Any] = await main_thread.send("Performance.getMetrics")
        processes: dict[str, Any] = await whole.send("SystemInfo.getProcessInfo")
        mine = next(m["value"] for m in metrics["metrics"] if m["name"] == "ThreadTime")
        return float(mine), sum(float(p["cpuTime"]) for p in processes["processInfo"])

    before, begun = await spent_s(), time.monotonic()
    await asyncio.sleep(CPU_S)
    after, lasted = await spent_s(), time.monotonic() - begun
    mine, all_of_it = (100.0 * (b - a) / lasted for a, b in zip(before, after, strict=True))
    print(
        f"ten frames a second   {name:8} {mine:5.1f} % of a core in the page (goal: under 5), "
        f"{all_of_it:5.1f} % in the whole browser, drawing without a GPU included"
    )
    await page.close()


async def _costs(browser: Browser, folder: Path) -> None:
    async with live_house(folder) as live:
        live.until(CycleState.READY)
        await _cost(browser, live, "home", "home")
        live.until(CycleState.EXPOSURE, 5.0)
        await _cost(browser, live, "running", "session")
        live.until(CycleState.READY)
        for kind, target in FAULTS:
            live.chamber.world.faults.inject(kind, target, {})
        live.run(20.0)
        await _cost(browser, live, "alarms", "alarms")


class _Master:
    """A second Modbus master, which sees when the registers change."""

    def __init__(self, port: int) -> None:
        inputs = next(r for r in STATUS if r.name == "inputs")
        bit = next(n for n, t in enumerate(BIT_TAGS) if t.tag == CALL)
        self._mask = 1 << bit
        self._ask = struct.pack(">HHHBBHH", 1, 0, 6, 1, 3, inputs.address, inputs.words)
        self._line = socket.create_connection(("127.0.0.1", port), 5.0)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def contact(self) -> bool:
        self._line.sendall(self._ask)
        answer = self._line.recv(64)
        return bool(int.from_bytes(answer[9:13], "big") & self._mask)

    def becomes(self, value: bool) -> float:
        """When it does, s since 1970. Raises TimeoutError after 2 s."""
        until = time.monotonic() + 2.0
        while time.monotonic() < until:
            if self.contact() is value:
                return time.time()
            time.sleep(0.001)
        raise TimeoutError(f"{CALL} did not become {value}")

    def close(self) -> None:
        self._line.close()


async def _said(socket: Any, value: bool) -> float:
    """When a snapshot says so, s since 1970."""
    while True:
        _, payload = await socket.recv_multipart()
        at = time.time()
        if orjson.loads(payload)["tags"][CALL]["v"] is value:
            return at


async def _latency(page: Page, url: str, plc_port: int, snapshots: str) -> None:
    """The simulated PLC's call contact changes; its next block, the scan, the snapshot, the stream and the page follow."""
    changes: list[Change] = []
    await page.evaluate("location.hash = 'service'")
    await page.locator("td.mono", has_text=CALL).wait_for()
    master, context = _Master(plc_port), zmq.asyncio.Context()
    listener = context.socket(zmq.SUB)
    listener.subscribe(b"snapshot")
    listener.connect(snapshots)
    try:
        async with httpx.AsyncClient(base_url=url, headers={"Origin": url}) as client:
            value = not master.contact()
            for n in range(CHANGES):
                await page.evaluate(WATCH_CALL, [CALL, "true" if value else "false"])
                said = asyncio.create_task(_said(listener, value))
                held = asyncio.create_task(asyncio.to_thread(master.becomes, value))
                asked = time.time()
                await client.post("/api/v1/simulator", json={"op": "call", "pressed": value})
                await page.wait_for_function("window.legs.out !== null", timeout=5_000, polling=20)
                legs = await page.evaluate("window.legs")
                stamps = (legs[leg] / 1000.0 for leg in ("heard", "written", "out"))
                changes.append(Change(asked, await held, await said, *stamps))
                value = not value
                await asyncio.sleep(0.05 + 0.013 * (n % 8))  # not in step with anything
    finally:
        master.close()
        context.destroy(linger=0)
    print(f"PLC change to pixel   {_spread([c.out - c.held for c in changes])} of {len(changes)} (goal: p99 at most 250)")
    for name, begin, end in (
        ("PLC: hands to registers", "asked", "held"),
        ("control: to the snapshot", "held", "said"),
        ("API: to the browser", "said", "heard"),
        ("panel: to the page", "heard", "written"),
        ("browser: to the screen", "written", "out"),
        ("hands to screen", "asked", "out"),
    ):
        print(f"  {name:26} {_spread([getattr(c, end) - getattr(c, begin) for c in changes])}")


def _spread(seconds: list[float]) -> str:
    ms = [1000.0 * s for s in seconds]
    return f"median {median(ms):5.0f}, p99 {quantiles(ms, n=100)[98]:5.0f}, worst {max(ms):5.0f} ms"


@contextmanager
def _demo(folder: str) -> Iterator[tuple[str, int, str]]:
    """Everything as `make run` starts it: address of the panel, port of the PLC, address of the snapshots."""
    port, plc_port = free_port(), free_port()
    environment = os.environ | {
        "CRYOCHAMBER_DATA_DIR": f"{folder}/var",
        "CRYOCHAMBER_RUN_DIR": f"{folder}/run",
        "CRYOCHAMBER_API__PORT": str(port),
        "CRYOCHAMBER_PLC__PORT": str(plc_port),
        "PYTHONUNBUFFERED": "1",
    }
    settings = Settings.model_validate({"data_dir": f"{folder}/var", "run_dir": f"{folder}/run"})
    house = subprocess.Popen([sys.executable, "-m", "cryochamber", "demo"], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        for line in house.stdout or ():
            if "Ctrl-C" in line:
                break
        yield f"http://127.0.0.1:{port}", plc_port, settings.place(settings.control.publish)
    finally:
        house.send_signal(signal.SIGINT)
        house.wait(20)


async def _measure(folder: str) -> None:
    async with async_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        with _demo(folder) as (url, plc_port, snapshots):
            await _first_paint(browser, url)
            page = await browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True)
            await page.add_init_script(WATCH + WATCH_LINE)
            await page.goto(url)
            await page.wait_for_function("window.firstValue !== null")
            await _latency(page, url, plc_port, snapshots)
            await page.close()
        await _costs(browser, Path(folder) / "live")
        await browser.close()


def main() -> None:
    sizes = {f.name: len(gzip.compress(f.read_bytes(), 9)) / 1000 for f in DIST.glob("*.js")}
    print(f"scripts               {sum(sizes.values()):6.1f} kB gzip in all; `npm run build` says what comes before the first screen")
    with tempfile.TemporaryDirectory(prefix="cc") as folder:
        (Path(folder) / "live").mkdir()
        asyncio.run(_measure(folder))


if __name__ == "__main__":
    main()
