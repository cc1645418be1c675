"""An operator's session on the panel, from the first sign-in to the room cooling back, as a person would do it."""

from __future__ import annotations

import os
import re
import signal

import pytest
from house import House, wait_for
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]
HOLD_MS = 1300


async def hold(page: Page, name: str) -> None:
    """Press and hold a button until its ring is full."""
    button = page.get_by_role("button", name=re.compile(name)).first
    await expect(button).to_have_attribute("aria-disabled", "false", timeout=90_000)
    await button.hover()
    await page.mouse.down()
    await page.wait_for_timeout(HOLD_MS)
    await page.mouse.up()


def state(house: House) -> str:
    return str(house.snapshot()["cycle"]["state"])  # type: ignore[index]


async def sign_in(page: Page, name: str, pin: str) -> None:
    await page.get_by_role("button", name="Sign in").first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    known = dialog.get_by_role("button", name=name, exact=True)
    if await known.count():
        await known.click()
    else:
        await page.keyboard.type(name)
        await page.keyboard.press("Enter")
    await page.keyboard.type(pin)
    await page.keyboard.press("Enter")


async def test_session_from_sign_in_to_recool(page: Page, house: House) -> None:
    await expect(page.get_by_text("SIMULATED PLANT", exact=True).first).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("STOP"))).to_be_visible()

    await sign_in(page, "operator", "000000")
    await expect(page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()
    await page.keyboard.press("Escape")
    await sign_in(page, "operator", house.pin("operator"))
    await expect(page.get_by_role("dialog")).to_be_hidden()

    house.hands(op="autopilot", on=True)
    await hold(page, "Looked inside: empty")
    await hold(page, "Start up")
    await page.get_by_role("button", name=re.compile("^Precool")).click()
    await page.get_by_role("button", name=re.compile("Standard")).click()
    await hold(page, "Precool")
    await wait_for("READY within 90 s of Precool", lambda: state(house) == "ready", 90.0)

    # the checklist of the day: the chamber has answered its part, the operator answers his
    await page.get_by_role("button", name="Open the checklist").click(timeout=90_000)
    answers = page.get_by_role("button", name="In order")
    await expect(answers).to_have_count(6)
    for n in range(6):
        await answers.nth(n).click()
    await hold(page, "Sign the checklist")
    await expect(page.get_by_role("heading", name=re.compile(r"Signed today at \d\d:\d\d"))).to_be_visible(timeout=5_000)
    await page.get_by_role("navigation").get_by_role("button", name="Home").click()

    # the wizard: everything has to be answered; the button says what is missing
    await page.get_by_role("button", name=re.compile("Start a session")).click(timeout=90_000)
    await page.get_by_role("button", name=re.compile("Standard")).click()
    await page.get_by_role("button", name="2", exact=True).click()
    switches = page.get_by_role("switch")
    assert await switches.count() == 7
    for n in range(7):
        await switches.nth(n).click()
    await hold(page, "Let guests in")
    await wait_for("BOARDING", lambda: state(house) == "boarding", 10.0)

    await page.get_by_role("button", name="2", exact=True).click()  # counted: two are inside
    await hold(page, "Start the session")
    await wait_for("PRE_CHAMBER", lambda: state(house) == "pre_chamber", 10.0)
    await wait_for("EXPOSURE", lambda: state(house) == "exposure", 60.0)
    await page.get_by_role("button", name=re.compile("I am here")).click()
    await page.reload()  # the countdown is the server's: a new page shows the same one
    await expect(page.get_by_text(re.compile(r"^0:[0-3]\d$")).first).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("STOP"))).to_be_visible()

    await wait_for("EXIT", lambda: state(house) == "exit", 60.0)
    await page.get_by_role("button", name="2", exact=True).click()  # counted: two came out
    await hold(page, "Looked inside: empty")
    await wait_for("RECOOL", lambda: state(house) in ("recool", "ready"), 20.0)

    await page.get_by_role("button", name="Day").click()
    await expect(page.get_by_role("cell", name="Standard").first).to_be_visible(timeout=10_000)


async def live(page: Page) -> None:
    """The page has its first data."""
    await expect(page.get_by_text(re.compile("NO DATA")).first).to_be_hidden(timeout=10_000)


@pytest.mark.req("SRS-HMI-001", "SRS-HMI-002")
async def test_frozen_server_is_seen_within_a_second_and_stop_stays(page: Page, house: House) -> None:
    await live(page)
    pid = house.child("api")
    os.kill(pid, signal.SIGSTOP)
    try:
        await expect(page.get_by_text(re.compile("NO DATA")).first).to_be_visible(timeout=1_600)
        assert "---" in (await page.inner_text("body")).replace("- - -", "---").replace("– – –", "---")
        await expect(page.get_by_role("button", name=re.compile("STOP"))).to_be_enabled()
    finally:
        os.kill(pid, signal.SIGCONT)
    await expect(page.get_by_text(re.compile("NO DATA")).first).to_be_hidden(timeout=5_000)


async def test_killed_api_comes_back_and_control_never_noticed(page: Page, house: House) -> None:
    await live(page)  # or the page's own start would pass for the silence
    before = house.snapshot()
    os.kill(house.child("api"), signal.SIGKILL)
    await expect(page.get_by_text(re.compile("NO DATA")).first).to_be_visible(timeout=2_000)
    await expect(page.get_by_text(re.compile("NO DATA")).first).to_be_hidden(timeout=30_000)
    after = house.snapshot()
    assert after["boot_id"] == before["boot_id"]  # same control process
    assert int(after["seq"]) > int(before["seq"])  # type: ignore[call-overload]
    assert after["scan"]["count"] > before["scan"]["count"]  # type: ignore[index]


async def test_emergency_stop_alarms_and_resets_only_step_by_step(page: Page, house: House) -> None:
    house.hands(op="estop", pressed=True)
    await expect(page.get_by_text("Emergency stop pressed").first).to_be_visible(timeout=2_000)
    await wait_for("ESTOP", lambda: state(house) == "estop", 2.0)
    assert house.snapshot()["plc"]["outputs"]["xv_401"] is False  # type: ignore[index]
    house.hands(op="estop", pressed=False)
    await sign_in(page, "operator", house.pin("operator"))
    await hold(page, "^Reset")
    await wait_for("STOPPED", lambda: state(house) == "stopped", 60.0)
    assert house.snapshot()["plc"]["state"] == "safe"  # type: ignore[index]


@pytest.mark.req("SRS-CYC-001", "SRS-HMI-002")
async def test_stop_needs_no_sign_in(page: Page, house: House) -> None:
    journal_before = house.snapshot()["records"]["journal_id"]  # type: ignore[index]
    await page.get_by_role("button", name=re.compile("STOP")).click()
    await expect(page.get_by_role("button", name=re.compile("STOP"))).to_contain_text(re.compile("accepted|sent"), timeout=3_000)
    await wait_for("journalled", lambda: house.snapshot()["records"]["journal_id"] > journal_before, 3.0)  # type: ignore[index,operator]
