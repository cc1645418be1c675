"""Service and instructor: faults started and ended live, the debrief of an exercise, a bypass that is said on every screen."""

from __future__ import annotations

import re

import pytest
from house import SHARED, House, wait_for
from look import SCREENS, look, speak
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.timeout(300)]


def active(house: House) -> list[str]:
    alarms = house.snapshot()["alarms"]
    assert isinstance(alarms, list)
    return [a["id"] for a in alarms]


async def tab(page: Page, screen: str, name: str) -> None:
    await page.evaluate(f"location.hash = '{screen}'")
    await page.locator("main .tabs").get_by_role("tab", name=name, exact=True).click()


async def test_a_fault_is_started_and_ended_on_the_service_screen(page: Page, house: House) -> None:
    await tab(page, "service", "Faults")
    row = page.locator("tr", has_text="Room extract fan lost")
    await expect(row.get_by_role("button")).to_have_attribute("aria-disabled", "true")  # nobody is signed in: it says so
    await expect(page.get_by_text("Sign in as service to start faults")).to_be_visible()
    await house.sign_in(page, "service")
    await page.reload()
    await tab(page, "service", "Faults")
    await row.get_by_role("button").click()
    await wait_for("the alarm of the extract", lambda: "FAN-EXTRACT" in active(house), 60.0)
    end = page.get_by_role("button", name=re.compile("^End: Room extract fan lost"))
    await expect(page.locator(".banner.alarm")).to_be_visible()
    await end.click()
    await expect(page.get_by_text("No fault active")).to_be_visible()


async def test_an_exercise_from_the_injected_fault_to_the_report(page: Page, house: House) -> None:
    panel = await page.context.new_page()
    await house.sign_in(page, "service")
    await panel.goto(house.url)
    await page.goto(f"{house.url}/instructor?lang=de")
    await expect(page.get_by_role("heading", name="Etwas stören")).to_be_visible()
    await page.get_by_role("button", name="Neue Übung").click()
    await page.locator("select").first.select_option("guest_calls")
    await page.get_by_role("button", name="Starten").click()
    await wait_for("the call is heard", lambda: "CALL-IN" in active(house), 60.0)
    # the operator answers at the panel
    await panel.evaluate("location.hash = 'alarms'")
    await panel.get_by_role("button", name="Acknowledge", exact=True).first.click()
    await expect(page.locator("article.case")).to_be_visible(timeout=10_000)
    await expect(page.locator("article.case dl")).to_contain_text(re.compile(r"\d+,\d s"))
    await expect(page.locator("article.case")).to_contain_text("Ruf von innen")
    await expect(page.locator("article.case")).to_contain_text(
        "quittieren", timeout=10_000
    )  # what the operator did, in the words of the page
    assert await look(page, "de") == []
    await page.get_by_role("button", name=re.compile("^Beenden")).first.click()
    await expect(page.get_by_text("Nichts gestört, nichts geplant")).to_be_visible(timeout=10_000)
    data = await (await page.request.get(f"{house.url}/api/v1/simulator/debrief")).json()
    assert data["faults"][-1]["kind"] == "guest_calls"


async def test_a_bypass_is_said_on_every_screen_until_it_ends(page: Page, house: House) -> None:
    await house.sign_in(page, "service")
    await page.goto(house.url)
    if house.snapshot()["cycle"]["state"] == "recovery":  # type: ignore[index]
        await house.order(page, "confirm_empty")
    answer = await page.request.post(
        f"{house.url}/api/v1/simulator",
        data={"op": "inject", "kind": "service_key", "target": "cabinet", "params": {}},
        headers={"Origin": house.url},
    )
    assert answer.ok, await answer.text()
    try:
        await tab(page, "service", "Upkeep")
        form = page.locator(".bypass-form")
        button = form.get_by_role("button")
        await expect(button).to_have_attribute("aria-disabled", "false", timeout=20_000)
        await form.locator("input").nth(0).fill("battery is being changed")
        await form.locator("input").nth(1).fill("second person at the panel")
        await button.hover()
        await page.mouse.down()
        await page.wait_for_timeout(1300)
        await page.mouse.up()
        line = page.locator(".bypassed")
        await expect(line).to_be_visible(timeout=10_000)
        wrong: dict[str, list[str]] = {}
        for language in ("en", "de", "pl"):
            await speak(page, language)
            for screen in SCREENS:
                await page.evaluate(f"location.hash = '{screen}'")
                await expect(page.locator(f".screen.{screen}")).to_be_visible()
                await expect(line).to_contain_text(re.compile(r"\d+ min$"))
            wrong[language] = await look(page, language)
        assert wrong == {"en": [], "de": [], "pl": []}, wrong
        await speak(page, "en")
        await line.click()  # leads to where it can be ended
        await page.get_by_role("button", name="End", exact=True).click()
        await expect(line).to_be_hidden(timeout=10_000)
    finally:
        await page.request.post(f"{house.url}/api/v1/simulator", data={"op": "clear", "all": True}, headers={"Origin": house.url})
