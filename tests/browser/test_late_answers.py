"""Answers that come late move nothing under a finger; answers that did not come are asked for again."""

from __future__ import annotations

import asyncio
import re

import pytest
from house import SHARED, House
from playwright.async_api import Page, Route, expect

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.timeout(300)]

LATE_S = 0.5
# Each frame: where every button stands. One that has been shown may go or say other words; with the same words it never moves.
WATCH = """
window.moved = [];
const at = new Map();
const look = () => {
  requestAnimationFrame(look);
  if (!document.fonts.check('17px "Inter Variable"')) return at.clear(); // words of another width until it is here
  for (const e of document.querySelectorAll("button, select, main input")) {
    const r = e.getBoundingClientRect();
    if (r.width === 0) continue;
    const name = `${location.hash} ${e.tagName} ${e.className.replace(/ (on|off)$/, "")} ${e.textContent.slice(0, 30)}`;
    const [x, y] = [Math.round(r.x + r.width), Math.round(r.y)];
    const before = at.get(e);
    const same = before !== undefined && before[0] === name;
    if (same && (Math.abs(before[1] - x) > 2 || Math.abs(before[2] - y) > 2)) {
      window.moved.push(`${name}: ${before[1]},${before[2]} -> ${x},${y}`);
    }
    at.set(e, [name, x, y]);
  }
};
requestAnimationFrame(look);
"""


async def test_late_answers_move_nothing_one_may_be_about_to_touch(page: Page, house: House) -> None:
    # the second time the panel knows that the plant is simulated
    await expect(page.locator(".top .sim")).to_be_visible()
    assert await page.evaluate("localStorage.getItem('cryochamber.simulated')") == "yes"

    async def late(route: Route) -> None:
        await asyncio.sleep(LATE_S)
        await route.continue_()

    await page.route("**/api/v1/**", late)
    await page.add_init_script(WATCH)
    for screen in ("day", "trends", "service"):
        await page.evaluate(f"location.hash = '{screen}'")
        await page.reload()
        await expect(page.locator(f".screen.{screen}")).to_be_visible()
        await expect(page.locator(".side .tile b").last).to_contain_text(re.compile(r"\d"))
        await page.wait_for_timeout(1000 * LATE_S + 500)
        moved = await page.evaluate("window.moved")
        assert moved == [], "\n".join(moved)
    await page.unroute_all()


async def test_what_failed_once_is_asked_again(page: Page, house: House) -> None:
    """The server is just starting while the page opens: who is signed in, the faults there are, the sessions, a part of the page."""
    await house.sign_in(page, "service")
    failed: set[str] = set()

    async def once(route: Route) -> None:
        path = route.request.url.removeprefix(house.url)
        if path in failed:
            await route.continue_()
        else:
            failed.add(path)
            await route.abort()

    await page.route(re.compile("/api/v1/(me|simulator/faults|sessions|description)|/assets/panel-"), once)
    await page.evaluate("location.hash = 'service'")
    await page.reload()
    await expect(page.locator(".top-btn.user")).to_contain_text("service", timeout=20_000)  # the page itself came at the second try
    await page.get_by_role("tab", name="Faults").click()
    await expect(page.locator("tr", has_text="Room extract fan lost")).to_be_visible(timeout=15_000)
    await page.evaluate("location.hash = 'trends'")
    await page.get_by_role("tab", name="Compare").click()
    await expect(page.locator("select").first).not_to_contain_text("Loading", timeout=15_000)
    assert {"/api/v1/me", "/api/v1/simulator/faults", "/api/v1/sessions?limit=200", "/api/v1/description"} <= failed
    assert any("/assets/panel-" in path for path in failed)
    await page.unroute_all()
