"""Looking at a screen as a person would: ``look.js`` in the page, in every language."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from catalogue import LANGUAGES, foreign, name, ui
from playwright.async_api import Locator, Page, expect

_LOOK = (Path(__file__).parent / "look.js").read_text("utf-8")
_LOADING = re.compile("^(" + "|".join(ui(language)["loading"] for language in LANGUAGES) + ")$")
SCREENS = ("home", "session", "day", "checklist", "trends", "alarms", "service", "settings")
ONE_VIEW = frozenset({"day", "checklist"})  # their tabs are screens of their own


async def look(page: Page, language: str) -> list[str]:
    """What is wrong on the screen: cut, covered, run over, or not in the words of the language. English is what the server says itself."""
    await expect(page.locator("main .blank").filter(has_text=_LOADING)).to_have_count(0)
    found: dict[str, Any] = await page.evaluate(_LOOK)
    assert found["texts"] != []  # it did look
    return [*found["wrong"], *([] if language == "en" else foreign(language, found["texts"]))]


async def speak(page: Page, language: str) -> None:
    """Switch the panel's language with its own button."""
    for _ in LANGUAGES:
        if await page.evaluate("document.documentElement.lang") == language:
            return
        await page.locator("button.lang").click()
    await expect(page.locator("html")).to_have_attribute("lang", language)


async def views(page: Page) -> AsyncIterator[str]:
    """Open every screen with each of its tabs, one after the other."""
    for screen in SCREENS:
        await page.evaluate(f"location.hash = '{screen}'")
        await expect(page.locator(f".screen.{screen}")).to_be_visible()
        tabs = page.locator("main .tabs [role=tab]")
        count = 1 if screen in ONE_VIEW else max(1, await tabs.count())
        for n in range(count):
            if count > 1:
                await tabs.nth(n).click()
            await expect(page.locator("main .blank").filter(has_text=_LOADING)).to_have_count(0)
            yield f"{screen} {n}"


def control(page: Page, language: str, key: str) -> Locator:
    """The button with this text of the catalogue."""
    return page.get_by_role("button", name=name(language, key)).first


class Everywhere:
    """One panel that says each moment in every language. ``wrong`` holds what was seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._turn = 0
        self.wrong: dict[str, list[str]] = {}

    async def see(self, moment: str, *keys: str) -> None:
        """Look at the present moment in each language; the controls of these texts are there in each."""
        for language in LANGUAGES:
            await speak(self.page, language)
            for key in keys:
                await expect(control(self.page, language, key)).to_be_visible()
            if found := await look(self.page, language):
                self.wrong[f"{language}: {moment}"] = found

    async def next(self) -> str:
        """The language whose turn it is to act."""
        language = LANGUAGES[self._turn % len(LANGUAGES)]
        self._turn += 1
        await speak(self.page, language)
        return language

    def button(self, language: str, key: str) -> Locator:
        return control(self.page, language, key)
