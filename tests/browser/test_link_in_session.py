"""Server, line, sensor, clock and page broken in a real browser while guests are inside: no number older than allowed is ever drawn.

A recorder in the page looks before every drawn frame at what stands there and how old the newest data in the page are by the wall
clock of the scan they come from; it knows nothing of the panel's own reckoning. The chamber is in virtual time up to its session
and runs at 10 Hz from there; the API is a real process.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from house import SHARED
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from bench.live_house import LiveHouse, live_house
from chamber.readings import Quality
from chamber.states import CycleState

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.timeout(300)]
STREAM = re.compile("/api/v1/stream")
NO_DATA = re.compile("NO DATA")
STALE_MS = 1000  # the panel's promise
SEEN_MS = STALE_MS + 600  # with its tick, the drawn frame, and a machine that does other things
SLEEP_S = 2.5

RECORDER = """
(() => {
  const wall = () => performance.timeOrigin + performance.now();
  window.newest = null; window.oldestShown = 0; window.drawn = 0; window.slept = 0;
  window.numbers = () => [...document.querySelectorAll('.big b, .num b, .face .t, .cell b, .air b, .clock.t')]
    .filter((e) => e.checkVisibility()).map((e) => e.textContent).filter((text) => /\\d/.test(text));
  window.WebSocket = class extends WebSocket {
    constructor(...address) {
      super(...address);
      this.addEventListener('message', (event) => {
        const frame = JSON.parse(event.data);
        if (frame.type === 'snapshot' || frame.type === 'changes') window.newest = Date.parse(frame.server_time);
      });
    }
  };
  let last = performance.now(), woke = 0;
  const look = () => {
    window.drawn += 1;
    const gap = performance.now() - last, age = window.newest === null ? 0 : wall() - window.newest;
    last += gap;
    if (gap > 500) { window.slept = gap; woke = last; } // who sleeps cannot hide anything; awake, he has a moment for it
    if (last < woke + 150) { requestAnimationFrame(look); return; }
    if (age > window.oldestShown && window.numbers().length > 0) window.oldestShown = age;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


class Chamber:
    """The house in a thread of its own: tests come and go with their loops, it stays."""

    def __init__(self, live: LiveHouse, loop: asyncio.AbstractEventLoop) -> None:
        self.live = live
        self._loop = loop

    def do(self, what: Callable[[LiveHouse], Any]) -> Any:
        async def there() -> Any:
            return what(self.live)

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(60.0)

    def in_session(self) -> None:
        """Guests are inside, with a minute and more to go."""

        def begin(live: LiveHouse) -> None:
            s = live.chamber.state.session
            elapsed = None if s is None else s.exposure_elapsed_s(live.chamber.now_s)
            if (
                live.chamber.state.cycle.state is CycleState.EXPOSURE
                and s is not None
                and elapsed is not None
                and s.limit_s - elapsed > 60.0
            ):
                return
            live.until(CycleState.READY)
            live.until(CycleState.EXPOSURE, 2.0)

        self.do(begin)

    def left_s(self) -> float:
        """What the countdown must show."""

        def left(live: LiveHouse) -> float:
            s = live.chamber.state.session
            assert s is not None
            elapsed = s.exposure_elapsed_s(live.chamber.now_s)
            assert elapsed is not None
            return s.limit_s - elapsed

        return float(self.do(left))


@pytest.fixture(scope="module")
def chamber() -> Iterator[Chamber]:
    ready: list[tuple[Chamber, Callable[[], object]]] = []
    up = threading.Event()

    async def run() -> None:
        loop, end = asyncio.get_running_loop(), asyncio.Event()
        with tempfile.TemporaryDirectory(prefix="cc") as folder:
            async with live_house(Path(folder)) as live:
                ready.append((Chamber(live, loop), lambda: loop.call_soon_threadsafe(end.set)))
                up.set()
                await end.wait()

    def whole() -> None:
        try:
            asyncio.run(run())
        finally:
            up.set()

    thread = threading.Thread(target=whole, name="house")
    thread.start()
    up.wait()
    try:
        assert ready, "the house did not start"
        yield ready[0][0]
    finally:
        for _, end in ready:
            end()
        thread.join(30.0)


@asynccontextmanager
async def panel(browser: Browser, chamber: Chamber, between: Callable[[WebSocketRoute], None] | None = None) -> AsyncIterator[Page]:
    """A panel on the running session, recorded; ``between`` stands in its line."""
    chamber.in_session()
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", bypass_csp=True)
    page = await context.new_page()
    if between is not None:
        await page.route_web_socket(STREAM, between)
    await page.add_init_script(RECORDER)
    await page.goto(f"{chamber.live.url}/#session")
    await live(page)
    yield page
    assert await page.evaluate("window.drawn") > 10
    assert await page.evaluate("window.oldestShown") <= SEEN_MS
    await context.close()


async def live(page: Page) -> None:
    await expect(page.locator(".face .t")).to_have_text(re.compile(r"^\d:\d\d$"), timeout=60_000)  # a server that starts anew
    await expect(page.get_by_text(NO_DATA)).to_have_count(0)


async def dark(page: Page) -> None:
    """No data: said in words, no number left, and STOP as ready as ever."""
    await expect(page.get_by_text(NO_DATA).first).to_be_visible(timeout=SEEN_MS + 500)
    assert await page.evaluate("window.numbers()") == []
    await expect(page.locator(".urgent.stop")).to_be_enabled()


async def process_of(page: Page, browser: Browser) -> int:
    """The process that runs this page; the browser tells it only in the head of a trace."""
    await browser.start_tracing(page=page, categories=["disabled-by-default-devtools.timeline"])
    trace: dict[str, Any] = json.loads(await browser.stop_tracing())
    begun = next(e for e in trace["traceEvents"] if e["name"] == "TracingStartedInBrowser")
    return int(next(f["processId"] for f in begun["args"]["data"]["frames"] if f["isOutermostMainFrame"]))


async def right(page: Page, chamber: Chamber) -> None:
    """The countdown is the chamber's, to the second."""
    shown, left_s = await page.locator(".face .t").inner_text(), chamber.left_s()
    minutes, seconds = shown.split(":")
    assert int(minutes) * 60 + int(seconds) == pytest.approx(left_s, abs=1.5)


@pytest.mark.req("SRS-HMI-001", "SRS-HMI-002")
async def test_a_frozen_and_a_killed_server_and_a_hung_control_process(browser: Browser, chamber: Chamber) -> None:
    async with panel(browser, chamber) as page:
        chamber.live.api.send_signal(signal.SIGSTOP)
        try:
            await dark(page)
            await asyncio.sleep(SLEEP_S)
        finally:
            chamber.live.api.send_signal(signal.SIGCONT)
        await live(page)  # and what had waited in the line was never shown: the recorder says so
        await right(page, chamber)
        chamber.live.silent = True  # the server lives and says that it knows nothing
        try:
            await dark(page)
        finally:
            chamber.live.silent = False
        await live(page)
        chamber.live.api.kill()
        chamber.live.api.wait(5)
        try:
            await dark(page)
        finally:
            chamber.do(lambda house: house.start_api())
        await live(page)
        await right(page, chamber)


@pytest.mark.req("SRS-HMI-001", "SRS-HMI-003")
async def test_a_line_that_loses_stalls_and_is_cut(browser: Browser, chamber: Chamber) -> None:
    lossy, held, cut = False, False, False
    waiting: list[str | bytes] = []
    lines: list[WebSocketRoute] = []
    dropped = count = 0

    def between(socket: WebSocketRoute) -> None:
        lines.append(socket)
        server = socket.connect_to_server()

        def down(message: str | bytes) -> None:
            nonlocal count, dropped
            count += 1
            if cut or (lossy and count % 4 == 0):
                dropped += 1
            elif held:
                waiting.append(message)
            else:
                socket.send(message)

        server.on_message(down)

    async with panel(browser, chamber, between) as page:
        lossy = True
        for _ in range(10):
            await page.wait_for_timeout(100)
            await right(page, chamber)
        assert dropped >= 2
        lossy = False
        held = True  # everything is kept on the way, then comes faster than it was sent, in order and too late
        await dark(page)
        await asyncio.sleep(1.0)
        assert len(waiting) > 10
        while waiting:
            lines[-1].send(waiting.pop(0))
            await asyncio.sleep(0.02)
        held = False
        await live(page)
        await right(page, chamber)
        cut = True
        await dark(page)
        cut = False
        await live(page)
        await right(page, chamber)


async def test_clocks_that_are_set_move_no_countdown_and_a_reload_finds_it(browser: Browser, chamber: Chamber) -> None:
    async with panel(browser, chamber) as page:
        for wrong_s in (86_400.0, -7_200.0):
            await page.evaluate(f"(() => {{ const real = Date.now; Date.now = () => real() + {1000 * wrong_s}; }})()")
            for _ in range(10):
                await page.wait_for_timeout(100)
                assert await page.get_by_text(NO_DATA).count() == 0
            await right(page, chamber)
        await page.reload()
        await live(page)
        await right(page, chamber)
        assert await page.evaluate("window.oldestShown") <= SEEN_MS
        chamber.live.clock_set_s = -3600.0  # the server's clock on the wall; the recorder's measure goes with it
        try:
            for _ in range(10):
                await page.wait_for_timeout(100)
                assert await page.get_by_text(NO_DATA).count() == 0
            await right(page, chamber)
        finally:
            chamber.live.clock_set_s = 0.0
            await page.wait_for_function("performance.timeOrigin + performance.now() - window.newest < 60_000")
            await page.evaluate("window.oldestShown = 0")


async def test_a_panel_that_sleeps_shows_nothing_when_it_wakes_and_another_goes_on(browser: Browser, chamber: Chamber) -> None:
    async with panel(browser, chamber) as page, panel(browser, chamber) as other:
        asleep = await process_of(page, browser)
        os.kill(asleep, signal.SIGSTOP)
        try:
            await asyncio.sleep(SLEEP_S)
            await right(other, chamber)
        finally:
            os.kill(asleep, signal.SIGCONT)
        await live(page)
        await right(page, chamber)
        assert await page.evaluate("window.slept") > 900.0 * SLEEP_S
        first, second = await asyncio.gather(*(p.locator(".face .t").inner_text() for p in (page, other)))
        assert abs(int(first.split(":")[1]) - int(second.split(":")[1])) in (0, 1, 59)


async def test_one_stale_sensor_is_dark_among_live_ones(browser: Browser, chamber: Chamber) -> None:
    """It stands still for minutes as no sensor does, then it is lost altogether: never a number of it, always those of the others."""

    def stand_still(house: LiveHouse) -> str:
        house.until(CycleState.READY)
        fault = house.chamber.world.faults.inject("sensor_frozen", "TT-102", {})
        for _ in range(60):
            if house.chamber.state.perception.analog["TT-102"].quality is Quality.BAD:
                return str(fault.id)
            house.run(30.0)
        raise AssertionError("not noticed in half an hour")

    async with panel(browser, chamber) as page:
        await page.evaluate("location.hash = 'home'")
        bar = page.locator(".room.main .bar", has_text="1.1 m").locator(".num b")
        others = page.locator(".room.main .bar", has_text=re.compile("1.7 m|0.6 m")).locator(".num b")
        await expect(bar).to_have_text(re.compile(r"\d"))
        fault = chamber.do(stand_still)
        await expect(bar).to_have_text("- - -")
        await expect(others).to_have_text([re.compile(r"\d"), re.compile(r"\d")])
        chamber.do(lambda house: house.chamber.world.faults.clear(fault))
        chamber.do(lambda house: house.run(600.0))
        await expect(bar).to_have_text(re.compile(r"\d"))
        fault = chamber.do(lambda house: house.chamber.world.faults.inject("sensor_open", "TT-102", {}).id)
        await expect(bar).to_have_text("- - -", timeout=2_000)
        await expect(others).to_have_text([re.compile(r"\d"), re.compile(r"\d")])
        await expect(page.get_by_text(NO_DATA)).to_have_count(0)
        chamber.do(lambda house: house.chamber.world.faults.clear(fault))
