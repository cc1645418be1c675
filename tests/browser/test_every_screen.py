"""Every screen in every language: each word from the language's catalogue, nothing cut, nothing over anything else."""

from __future__ import annotations

import pytest
from catalogue import LANGUAGES, foreign, ui, vocabulary
from house import SHARED, House
from look import look, speak, views
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.browser, SHARED, pytest.mark.timeout(300)]

PAGES = {"inside?lang={}&voice=off": "h1", "door?lang={}": "h1", "instructor?lang={}": ".columns"}


async def test_every_screen_says_it_in_every_language_and_nothing_is_cut(page: Page, house: House) -> None:
    await house.sign_in(page, "service")
    await page.goto(house.url)
    await expect(page.locator(".screen.home")).to_be_visible()
    wrong: dict[str, list[str]] = {}
    count = 0
    for language in LANGUAGES:
        await speak(page, language)
        async for view in views(page):
            count += 1
            if found := await look(page, language):
                wrong[f"{language} {view}"] = found
    for language in LANGUAGES:
        for path, ready in PAGES.items():
            await page.goto(f"{house.url}/{path.format(language)}")
            await expect(page.locator(ready)).to_be_visible()
            if found := await look(page, language):
                wrong[f"{language} {path}"] = found
    assert wrong == {}, wrong
    assert count >= 3 * 20


async def test_the_look_finds_what_it_is_for(page: Page, house: House) -> None:
    """A screen that is broken on purpose is found broken: or the test above could not fail."""
    await expect(page.locator(".screen.home")).to_be_visible()
    broken = {
        ".guidance h1 { white-space: nowrap; font-size: 9rem }": "outside its box",
        ".steps { transform: translateX(60rem) }": "text over text",
        ".side { margin-left: -30rem; position: relative; z-index: 9 }": "covered",
        ".top { transform: translateX(20rem) }": "beyond the screen",
        ".tile { overflow: hidden; max-height: 6rem }": "cut",
        ".mimic { max-height: 20rem }": "runs over",
    }
    for style, said in broken.items():
        await page.evaluate("(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }", style)
        assert any(found.startswith(said) for found in await look(page, "en")), (style, await look(page, "en"))
    assert foreign("de", ["Sign in", "Bereit."]) == ["Sign (Sign in)"]
    assert ui("de").keys() == ui("en").keys() == ui("pl").keys()
    assert min(len(vocabulary(language)) for language in LANGUAGES) > 500
