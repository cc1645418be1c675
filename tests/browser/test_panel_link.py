"""The line to the server, broken in every way a browser can see. A stale number is never shown as a live one."""

from __future__ import annotations

import json
import re

import pytest
from house import House, wait_for
from playwright.async_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser
NO_DATA = re.compile("NO DATA")


async def test_dropped_frames_are_noticed_and_asked_for_again(page: Page, house: House) -> None:
    asked: list[str] = []
    dropped = 0

    async def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        count = 0

        def down(message: str | bytes) -> None:
            nonlocal count, dropped
            count += 1
            if count % 5 == 0:
                dropped += 1
                return
            socket.send(message)

        def up(message: str | bytes) -> None:
            asked.append(str(json.loads(message)["type"]))
            server.send(message)

        server.on_message(down)
        socket.on_message(up)

    await page.route_web_socket(re.compile("/api/v1/stream"), between)
    await page.goto("about:blank")
    await page.goto(house.url)
    await expect(page.locator(".big b").first).to_contain_text(re.compile(r"\d"))
    for _ in range(20):
        await page.wait_for_timeout(100)
        assert await page.get_by_text(NO_DATA).count() == 0
    assert dropped >= 2
    assert asked.count("resync") >= 2


async def test_a_cut_line_hides_every_value_and_comes_back(page: Page, house: House) -> None:
    await expect(page.locator(".big b").first).to_contain_text(re.compile(r"\d"))
    silent = False

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: None if silent else socket.send(message))

    await page.route_web_socket(re.compile("/api/v1/stream"), between)
    await page.goto("about:blank")
    await page.goto(house.url)
    await expect(page.locator(".big b").first).to_contain_text(re.compile(r"\d"))
    silent = True  # as a cable that is pulled: nothing comes, nothing closes
    await expect(page.get_by_text(NO_DATA).first).to_be_visible(timeout=1600)
    assert not re.search(r"\d", await page.locator(".big b").first.inner_text())
    await expect(page.locator(".urgent.stop")).to_be_enabled()
    silent = False
    await expect(page.get_by_text(NO_DATA).first).to_be_hidden(timeout=6000)


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


async def test_a_suspended_panel_shows_nothing_old_when_it_wakes(page: Page, house: House) -> None:
    await expect(page.locator(".big b").first).to_contain_text(re.compile(r"\d"))
    await page.evaluate(
        """() => { window.lies = 0; const old = performance.now();
             const block = performance.now() + 2500; while (performance.now() < block) { /* as a suspended tab */ }
             requestAnimationFrame(() => { window.asleep = performance.now() - old; }); }"""
    )
    await expect(page.get_by_text(NO_DATA).first).to_be_hidden(timeout=3000)
    assert await page.evaluate("window.asleep") > 2400
    await expect(page.locator(".big b").first).to_contain_text(re.compile(r"\d"))


async def test_a_wrong_clock_changes_nothing(page: Page, house: House) -> None:
    await expect(page.locator(".big b").first).to_contain_text(re.compile(r"\d"))
    await page.evaluate("const real = Date.now; Date.now = () => real() - 86400000 * 400")
    for _ in range(15):
        await page.wait_for_timeout(100)
        assert await page.get_by_text(NO_DATA).count() == 0


async def test_inside_and_door_say_nothing_untrue_without_data(page: Page, house: House) -> None:
    await page.route_web_socket(re.compile("/api/v1/stream"), lambda socket: None)
    await page.goto(f"{house.url}/door")
    await expect(page.get_by_role("heading", name="Do NOT enter")).to_be_visible()
    await expect(page.locator(".door-page")).to_have_class(re.compile("stay-out"))
    await page.goto(f"{house.url}/inside?lang=de")
    await expect(page.get_by_text("Auf den Bediener hören")).to_be_visible()
    assert not re.search(r"\d", await page.locator(".clock").inner_text())


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
