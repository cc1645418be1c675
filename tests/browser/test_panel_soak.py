"""A day of frames in a few minutes: the panel's memory does not grow."""

from __future__ import annotations

import pytest
from house import SHARED, House
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.long]

DAY = 24 * 3600 * 10
EARLY = DAY // 10
GROWTH_BYTES = 1_000_000

# A line of its own inside the page: the real first snapshot, then changes as fast as the panel takes them.
LINE = """
window.frames_done = 0; window.frames_wanted = 0;
window.WebSocket = class {
  constructor() {
    fetch('/api/v1/snapshot').then((r) => r.json()).then((snapshot) => {
      const ages = {snapshot_ms: 0, plc_ms: 50};
      const head = (seq) => ({seq, server_time: snapshot.server_time, mono_s: snapshot.mono_s + seq / 10, ages});
      const give = (message) => this.onmessage?.({data: JSON.stringify(message)});
      this.onopen?.();
      give({type: 'snapshot', ...head(1), snapshot});
      let seq = 1;
      const some = () => {
        for (let i = 0; i < 400 && window.frames_done < window.frames_wanted; i += 1) {
          seq += 1; window.frames_done += 1;
          const v = -110 + Math.sin(seq / 50);
          const set = {'tags/TT-101': {...snapshot.tags['TT-101'], v}, main: {...snapshot.main, temperature_c: v}};
          give({type: 'changes', ...head(seq), remove: [], set: {...set, scan: {...snapshot.scan, count: seq}}});
        }
        setTimeout(some, 0);
      };
      some();
    });
  }
  send() {}
  close() {}
};
"""


async def test_a_day_of_frames_leaves_the_heap_as_it_was(page: Page, house: House) -> None:
    await page.add_init_script(LINE)
    await page.goto("about:blank")
    await page.goto(house.url)
    session = await page.context.new_cdp_session(page)

    async def heap_after(frames: int) -> float:
        await page.evaluate(f"window.frames_wanted = {frames}")
        while await page.evaluate("window.frames_done") < frames:
            await page.wait_for_timeout(500)
        await page.wait_for_timeout(500)
        await session.send("HeapProfiler.collectGarbage")
        return float((await session.send("Runtime.getHeapUsage"))["usedSize"])

    early = await heap_after(EARLY)
    late = await heap_after(DAY)
    print(f"{early / 1e6:.2f} MB after {EARLY} frames, {late / 1e6:.2f} MB after {DAY}")
    assert late - early < GROWTH_BYTES
