"""An operator's session on the panel, from the first sign-in to the room cooling back, as a person would do it."""

from __future__ import annotations

import os
import re
import signal

import pytest
from catalogue import LANGUAGES, name, ui
from house import SHARED, House, state, wait_for
from look import Everywhere, control, speak
from playwright.async_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.timeout(420)]
HOLD_MS = 1300


async def hold(page: Page, button: Locator) -> None:
    """Press and hold a button until its ring is full."""
    await expect(button).to_have_attribute("aria-disabled", "false", timeout=90_000)
    await button.hover()
    await page.mouse.down()
    await page.wait_for_timeout(HOLD_MS)
    await page.mouse.up()


async def press(every: Everywhere, key: str) -> None:
    """Hold the control with this text in the language whose turn it is."""
    language = await every.next()
    await hold(every.page, every.button(language, key))


async def enter(page: Page, pin: str, user: str | None = None) -> None:
    """On the keyboard of a technician; the panel's own keys do the same. Without ``user`` the sheet knows already who it is."""
    if user is not None:
        dialog = page.get_by_role("dialog")
        known = dialog.get_by_role("button", name=user, exact=True)
        if await known.count():
            await known.click()
        else:
            await page.keyboard.type(user)
            await page.keyboard.press("Enter")
    await page.keyboard.type(pin)
    await page.keyboard.press("Enter")


async def sign_in(page: Page, house: House, user: str, language: str = "en") -> None:
    await page.get_by_role("button", name=name(language, "sign_in")).first.click()
    await expect(page.get_by_role("dialog", name=name(language, "sign_in"))).to_be_visible()
    await enter(page, house.pin(user), user)
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def cooling(every: Everywhere, house: House) -> None:
    """From a chamber just started to one that cools, by an operator who is signed in."""
    page = every.page
    house.hands(op="autopilot", on=True)
    if state(house) == "recovery":
        await press(every, "confirm_empty")
    if state(house) == "stopped":
        await press(every, "start_up")
    if state(house) not in ("precool", "ready"):
        language = await every.next()
        opener = every.button(language, "precool")
        await expect(opener).to_have_attribute("aria-disabled", "false", timeout=60_000)
        await opener.click()
        await page.keyboard.press("Escape")
        await expect(page.locator(".sheet")).to_be_hidden()
        await expect(opener).to_be_focused()
        await page.keyboard.press("Enter")
        await page.locator(".sheet .choice", has_text="Standard").click()
        await every.see("choice of the program", "cancel")
        await hold(page, page.locator(".sheet .hold"))
    await wait_for("PRECOOL", lambda: state(house) in ("precool", "ready"), 20.0)


async def test_sign_in_and_precool_in_every_language(page: Page, house: House) -> None:
    """Sign-in, lock and sign-out in each language; then the chamber is asked to cool down, which it does while other tests look on."""
    await expect(page.get_by_text("SIMULATED PLANT", exact=True).first).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("STOP"))).to_be_visible()
    every = Everywhere(page)
    dialog = page.get_by_role("dialog")
    await page.locator(".top-btn.user").click()
    await enter(page, "000000", "operator")
    for language in LANGUAGES:  # one wrong try, said in each: more would have to wait
        await speak(page, language)
        await expect(dialog.get_by_role("alert")).to_contain_text(ui(language)["wrong_pin"])
    await every.see("wrong PIN", "cancel")
    await page.keyboard.press("Escape")
    user = page.locator(".top-btn.user")
    for language in LANGUAGES:
        await speak(page, language)
        await sign_in(page, house, "operator", language)
        await speak(page, language)  # each user has his own
        await expect(user).to_contain_text(re.compile("^ *operator"))
        await user.click()
        await control(page, language, "lock").click()
        await expect(dialog.get_by_role("heading", name=ui(language)["locked"])).to_be_visible()
        await expect(page.locator(".urgent.stop")).to_be_enabled()
        await enter(page, house.pin("operator"))
        await expect(dialog).to_be_hidden()
        await user.click()
        await control(page, language, "sign_out").click()
        await expect(control(page, language, "sign_in")).to_be_visible()
    await sign_in(page, house, "operator", LANGUAGES[-1])
    await cooling(every, house)
    await every.see("cooling", "shut_down")
    assert every.wrong == {}, every.wrong


async def test_session_from_ready_to_recool(page: Page, house: House) -> None:
    """The whole flow in every language: each moment is looked at in all of them, and they take turns in acting."""
    await sign_in(page, house, "operator")
    every = Everywhere(page)
    await cooling(every, house)
    await wait_for("READY within 90 s of Precool", lambda: state(house) == "ready", 90.0)

    # the checklist of the day: the chamber has answered its part, the operator answers his
    await every.see("ready", "open_checklist", "shut_down")
    language = await every.next()
    await every.button(language, "open_checklist").click()
    answers = page.locator(".answer:not(.bad)")
    await expect(answers).to_have_count(6)
    for n in range(6):
        await answers.nth(n).click()
    await press(every, "sign_checklist")
    await expect(page.locator("h1", has_text=re.compile(r"\d\d:\d\d"))).to_be_visible(timeout=5_000)
    await every.see("checklist signed", "start_a_session")

    # the wizard: everything has to be answered; the button says what is missing
    language = await every.next()
    await every.button(language, "start_a_session").click()
    await expect(page.locator(".wizard .hold")).to_have_attribute("aria-disabled", "true")
    await page.locator(".choice", has_text="Standard").click()
    await page.get_by_role("button", name="2", exact=True).click()
    switches = page.get_by_role("switch")
    assert await switches.count() == 7
    for n in range(7):
        await switches.nth(n).click()
    await press(every, "begin_boarding")
    await wait_for("BOARDING", lambda: state(house) == "boarding", 10.0)

    await page.get_by_role("button", name="2", exact=True).click()  # counted: two are inside
    await every.see("boarding", "cancel_boarding", "start_session")
    await press(every, "start_session")
    await wait_for("PRE_CHAMBER", lambda: state(house) == "pre_chamber", 10.0)
    await every.see("pre-chamber", "end_session", "i_am_here", "evacuate")
    await wait_for("EXPOSURE", lambda: state(house) == "exposure", 60.0)
    language = await every.next()
    await every.button(language, "i_am_here").click()
    await every.see("exposure", "end_session", "i_am_here", "evacuate")
    await page.evaluate("location.hash = 'home'")
    await every.see("home with guests inside", "i_am_here")
    await page.reload()  # the countdown is the server's: a new page shows the same one
    await page.evaluate("location.hash = 'session'")
    await expect(page.get_by_text(re.compile(r"^0:[0-3]\d$")).first).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("STOP"))).to_be_visible()

    await wait_for("EXIT", lambda: state(house) == "exit", 60.0)
    await every.see("exit")
    await page.get_by_role("button", name="2", exact=True).click()  # counted: two came out
    await press(every, "confirm_empty")
    await wait_for("RECOOL", lambda: state(house) in ("recool", "ready"), 20.0)

    await page.evaluate("location.hash = 'day'")
    await expect(page.get_by_role("cell", name="Standard").first).to_be_visible(timeout=10_000)
    await every.see("day after a session")
    assert every.wrong == {}, every.wrong


async def live(page: Page) -> None:
    """The page has its first data; before it is drawn it says nothing at all, not even that there are none."""
    await expect(page.locator(".side .tile b").last).to_contain_text(re.compile(r"\d"))
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
    await expect(page.get_by_text(re.compile("NO DATA")).first).to_be_hidden(timeout=120_000)  # a server that starts anew on a busy machine
    after = house.snapshot()
    assert after["boot_id"] == before["boot_id"]  # same control process
    assert int(after["seq"]) > int(before["seq"])  # type: ignore[call-overload]
    assert after["scan"]["count"] > before["scan"]["count"]  # type: ignore[index]


async def test_emergency_stop_alarms_and_resets_only_step_by_step_in_every_language(page: Page, house: House) -> None:
    await sign_in(page, house, "operator")
    every = Everywhere(page)
    if state(house) == "recovery":  # it would ask again after the reset
        await press(every, "confirm_empty")
    house.hands(op="estop", pressed=True)
    await expect(page.get_by_text("Emergency stop pressed").first).to_be_visible(timeout=2_000)
    await wait_for("ESTOP", lambda: state(house) == "estop", 2.0)
    assert house.snapshot()["plc"]["outputs"]["xv_401"] is False  # type: ignore[index]
    await every.see("emergency stop pressed", "stop", "evacuate")
    house.hands(op="estop", pressed=False)
    language = await every.next()
    await expect(every.button(language, "reset")).to_be_visible(timeout=60_000)
    await every.see("emergency stop released", "reset")
    await press(every, "reset")
    await wait_for("STOPPED", lambda: state(house) == "stopped", 60.0)
    await every.see("stopped", "start_up")
    assert house.snapshot()["plc"]["state"] == "safe"  # type: ignore[index]
    assert every.wrong == {}, every.wrong


@pytest.mark.req("SRS-CYC-001", "SRS-HMI-002")
async def test_stop_needs_no_sign_in_in_any_language(page: Page, house: House) -> None:
    def journalled() -> int:
        return int(house.snapshot()["records"]["journal_id"])  # type: ignore[index]

    for language in LANGUAGES:
        await speak(page, language)
        before = journalled()
        await control(page, language, "stop").click()
        texts = ui(language)
        await expect(page.locator(".urgent.stop small")).to_have_text(
            re.compile(f"^({texts['stop_sent']}|{texts['stop_done']})$"), timeout=3_000
        )
        await wait_for(f"{language}: journalled", lambda before=before: journalled() > before, 3.0)
