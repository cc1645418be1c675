"""Panels, displays and announcements at one server. Its troubles are in test_link_in_session.py."""

from __future__ import annotations

import re

import pytest
from house import SHARED, House, wait_for
from look import look, speak
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.timeout(300)]


async def test_two_panels_see_the_same_and_one_stop_is_seen_by_both(page: Page, house: House) -> None:
    other = await page.context.new_page()
    await other.goto(house.url)
    for panel in (page, other):
        await expect(panel.locator(".big b").first).to_contain_text(re.compile(r"\d"))
    await page.locator(".urgent.stop").click()
    await expect(page.locator(".urgent.stop")).to_contain_text(re.compile("accepted|sent"))
    await page.wait_for_timeout(500)
    first, second = [await panel.locator(".guidance h1").inner_text() for panel in (page, other)]
    assert first == second


async def test_inside_and_door_say_nothing_untrue_without_data(page: Page, house: House) -> None:
    await page.route_web_socket(re.compile("/api/v1/stream"), lambda socket: None)
    await page.goto(f"{house.url}/door")
    await expect(page.get_by_role("heading", name="Do NOT enter")).to_be_visible()
    await expect(page.locator(".door-page")).to_have_class(re.compile("stay-out"))
    await page.goto(f"{house.url}/inside?lang=de")
    await expect(page.get_by_text("Auf den Bediener hören")).to_be_visible()
    assert not re.search(r"\d", await page.locator(".clock").inner_text())
    await page.goto(f"{house.url}/#home")
    await expect(page.locator(".banner.nodata")).to_be_visible()
    for language in ("en", "de", "pl"):  # the words for unknown are the longest
        await speak(page, language)
        assert await look(page, language) == []


async def test_announcements_all_play_in_a_real_browser(page: Page, house: House) -> None:
    """Every file decodes to its length and is not silent: the page's own self-test, asked for its result."""
    heard: list[str] = []
    page.on("console", lambda m: heard.append(m.text) if m.type == "error" else None)
    requested: list[str] = []
    page.on("response", lambda r: requested.append(f"{r.status} {r.url}") if "/voice/" in r.url else None)
    await page.goto(f"{house.url}/inside")
    index: dict[str, dict[str, object]] = await page.evaluate("fetch('/voice/index.json').then((r) => r.json())")
    count = sum(len(names) for names in index.values()) + 1  # the index once more, by this test
    await wait_for("all files fetched", lambda: len(requested) == count + 1, 20.0)
    await page.wait_for_timeout(500)
    assert [r for r in requested if not r.startswith("200")] == []
    assert heard == []
    assert await page.get_by_text("ANNOUNCEMENTS FAILED").count() == 0
