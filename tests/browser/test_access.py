"""The panel can be used by everybody: WCAG 2.2 AA by axe in the real browser, targets in millimetres, keys alone."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from house import SHARED, House
from look import SCREENS, views
from playwright.async_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}"
# The smallest panel that is intended: 1280 x 800 on 10.1 inches.
PX_PER_MM = math.hypot(1280, 800) / 10.1 / 25.4


async def complaints(page: Page) -> list[str]:
    if not await page.evaluate("'axe' in window"):
        await page.evaluate((ROOT / "hmi" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found: dict[str, Any] = await page.evaluate(f"axe.run({RULES})")
    assert len(found["passes"]) > 5  # it did look
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_screen_passes_axe(page: Page, house: House, theme: str) -> None:
    await page.evaluate(f"localStorage.setItem('cryochamber.theme', '{theme}')")
    await house.sign_in(page, "service")
    await page.goto("about:blank")
    await page.goto(house.url)
    await expect(page.locator(".screen.home")).to_be_visible()
    wrong: dict[str, list[str]] = {}
    async for view in views(page):
        if theme == "dark" or view.endswith(" 0"):  # the colours of a tab are those of its screen; in the dark all are looked at
            wrong[view] = await complaints(page)
    assert len(wrong) >= len(SCREENS)
    for place, ready in {"inside": "h1", "door": "h1", "instructor": ".columns"}.items():
        await page.goto(f"{house.url}/{place}")
        await expect(page.locator(ready)).to_be_visible()
        wrong[place] = await complaints(page)
    await page.request.post(f"{house.url}/api/v1/sign-out", headers={"Origin": house.url})
    await page.goto(house.url)
    await page.get_by_role("button", name="Sign in").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    wrong["sign-in"] = await complaints(page)
    assert {place: found for place, found in wrong.items() if found} == {}


async def test_targets_are_large_enough_in_millimetres(page: Page, house: House) -> None:
    """STOP 25 mm, what starts something 20 mm, EVACUATE 27 x 13 mm; nothing that can be touched is under 7 mm."""
    await expect(page.locator(".btn.primary").first).to_be_visible()
    sizes: list[dict[str, Any]] = []
    await house.sign_in(page, "service")
    await page.reload()
    await expect(page.locator(".screen.home")).to_be_visible()
    async for _ in views(page):
        sizes += await page.evaluate(
            """() => [...document.querySelectorAll('button, select, input')].filter((e) => e.checkVisibility()).map((e) => {
                 const r = e.getBoundingClientRect();
                 return {text: e.textContent.slice(0, 30) || e.getAttribute('aria-label'), cls: e.className, w: r.width, h: r.height};
               })"""
        )
    for s in sizes:
        w, h = s["w"] / PX_PER_MM, s["h"] / PX_PER_MM
        if "urgent stop" in s["cls"]:
            assert min(w, h) >= 25, s
        elif "urgent evacuate" in s["cls"]:
            assert (w >= 27, h >= 13) == (True, True), s
        elif "primary" in s["cls"] and "second" not in s["cls"]:
            assert min(w, h) >= 20, s
        elif "handle" not in s["cls"]:  # the drawer of the simulated plant is no part of the panel
            assert min(w, h) >= 7, s
    assert any("urgent stop" in s["cls"] for s in sizes)


async def test_keys_reach_everything_and_the_focus_is_seen(page: Page, house: House) -> None:
    await expect(page.locator(".screen.home")).to_be_visible()
    wanted = await page.evaluate("[...document.querySelectorAll('button')].filter((e) => e.checkVisibility()).length")
    reached: set[str] = set()
    for _ in range(int(wanted) + 3):
        await page.keyboard.press("Tab")
        seen = await page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
                 const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
                 return e === document.body ? null : {text: e.className + e.textContent, ring}; }"""
        )
        if seen is not None:
            assert seen["ring"], seen
            reached.add(seen["text"])
    assert len(reached) >= int(wanted) - 1  # two buttons may read alike
    assert any("STOP" in text for text in reached)


async def test_no_screen_moves_when_values_change(page: Page, house: House) -> None:
    """Layout shift as the browser counts it, over two seconds of live values on each screen."""
    await page.add_init_script(
        "window.shift = 0; new PerformanceObserver((l) => { for (const e of l.getEntries()) window.shift += e.value; })"
        ".observe({type: 'layout-shift', buffered: false});"
    )
    await page.goto(house.url)
    for screen in ("home", "service", "alarms"):
        await page.evaluate(f"location.hash = '{screen}'")
        await page.wait_for_timeout(800)
        before = await page.evaluate("window.shift")
        await page.wait_for_timeout(2000)
        assert await page.evaluate("window.shift") - before < 0.01, screen


async def test_what_lies_over_the_screen_closes_on_escape_and_gives_the_focus_back(page: Page, house: House) -> None:
    """By keys alone; meanwhile they stay in it, with STOP and EVACUATE. (That of precool: test_operator_session.)"""

    async def goes_round(opener: Locator, box: Locator) -> None:
        await opener.focus()
        await page.keyboard.press("Enter")
        await expect(box).to_be_visible()
        inside = await box.evaluate("(box) => box.querySelectorAll('button:not([disabled]), input, select').length")
        urgent: set[str] = set()
        for _ in range(int(inside) + 3):
            await page.keyboard.press("Tab")
            at = await box.evaluate("(box) => box.contains(document.activeElement) || document.activeElement.hasAttribute('data-urgent')")
            assert at, await page.evaluate("document.activeElement.outerHTML")
            urgent.add(await page.evaluate("document.activeElement.closest('[data-urgent]')?.className ?? ''"))
        assert len(urgent) == 3  # a button of its own, EVACUATE, STOP
        await page.keyboard.press("Escape")
        await expect(box).to_be_hidden()
        await expect(opener).to_be_focused()

    user = page.locator(".top-btn.user")
    await goes_round(user, page.get_by_role("dialog"))
    await house.sign_in(page, "service")
    await page.reload()
    await expect(user).to_contain_text("service")
    await goes_round(user, page.locator(".top-menu"))
    await page.evaluate("location.hash = 'alarms'")
    await page.locator("main .tabs [role=tab]").nth(1).click()
    await page.locator(".take-out select").select_option(index=1)
    await goes_round(page.locator(".take-out button"), page.get_by_role("dialog"))
