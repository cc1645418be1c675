"""Screenshots of the running system, real parts only, into docs/screens: `make screens`."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "docs" / "screens"
SIZES = ((1280, 800), (1920, 1080))


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=2) as answer:
        return answer.read().decode()


class Tour:
    """One operator walking through a session, taking pictures."""

    def __init__(self, browser: Browser, url: str, pin: str, size: tuple[int, int]) -> None:
        self._browser, self._url, self._pin, self._size = browser, url, pin, size
        self.page: Page

    async def open(self, *, dark: bool = False) -> None:
        context = await self._browser.new_context(
            viewport={"width": self._size[0], "height": self._size[1]}, color_scheme="dark" if dark else "light", locale="en-GB"
        )
        self.page = await context.new_page()
        await self.page.goto(self._url)
        await self.page.wait_for_timeout(1500)

    async def shot(self, name: str) -> None:
        await self.page.wait_for_timeout(600)
        file = OUT / f"{name}-{self._size[0]}.png"
        await self.page.screenshot(path=file, animations="disabled")
        print(f"wrote {file.relative_to(ROOT)}", flush=True)

    async def also(self, name: str, size: tuple[int, int], *, dark: bool = False, path: str = "") -> None:
        """The same moment on another panel."""
        other = Tour(self._browser, self._url + path, self._pin, size)
        await other.open(dark=dark)
        await other.shot(name)
        await other.page.context.close()

    async def sign_in(self) -> None:
        await self.page.get_by_role("button", name="Sign in").first.click()
        await self.page.keyboard.type("operator")
        await self.page.keyboard.press("Enter")
        await self.page.keyboard.type(self._pin)
        await self.page.keyboard.press("Enter")
        await self.page.get_by_role("dialog").wait_for(state="hidden")

    async def tap(self, name: str) -> None:
        await self.page.get_by_role("button", name=re.compile(name)).first.click()

    async def hold(self, name: str, within: str = "body") -> None:
        button = self.page.locator(within).get_by_role("button", name=re.compile(name)).first
        for _ in range(600):
            if await button.count() and await button.get_attribute("aria-disabled") == "false":
                break
            await self.page.wait_for_timeout(200)
        await button.hover()
        await self.page.mouse.down()
        await self.page.wait_for_timeout(1300)
        await self.page.mouse.up()
        await self.page.wait_for_timeout(800)

    async def until(self, state: str, timeout_s: float = 180.0) -> None:
        end = time.monotonic() + timeout_s
        while f'"state":"{state}"' not in await asyncio.to_thread(_get, f"{self._url}/api/v1/snapshot"):
            if time.monotonic() > end:
                raise TimeoutError(f"state {state} not reached")
            await self.page.wait_for_timeout(300)

    async def hands(self, body: str) -> None:
        request = urllib.request.Request(
            f"{self._url}/api/v1/simulator", body.encode(), {"Content-Type": "application/json", "Origin": self._url}
        )
        await asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=2).close())

    async def calm(self) -> None:
        """Acknowledge what a slow start may have announced."""
        await self.page.get_by_role("navigation").get_by_role("button", name="Alarms").click()
        every = self.page.get_by_role("button", name="Acknowledge all")
        await self.page.wait_for_timeout(1000)
        if await every.count():
            await every.click()
        await self.page.get_by_role("navigation").get_by_role("button", name="Home").click()

    async def checklist(self) -> None:
        await self.tap("Open the checklist")
        answers = self.page.get_by_role("button", name="In order")
        await answers.first.wait_for()
        for n in range(await answers.count()):
            await answers.nth(n).click()
        await self.shot("checklist")
        await self.hold("Sign the checklist")
        await self.page.get_by_role("heading", name=re.compile("Signed today")).wait_for()
        await self.page.get_by_role("navigation").get_by_role("button", name="Home").click()

    async def session(self) -> None:
        """From the first touch to the exit, with a picture of each screen."""
        await self.sign_in()
        await self.hands('{"op":"autopilot","on":true}')
        await self.calm()
        await self.hold("Looked inside: empty")
        await self.hold("Start up")
        await self.tap("^Precool")
        await self.tap("Standard")
        await self.hold("Precool", ".sheet")
        await self.until("ready")
        await self.page.wait_for_timeout(20_000)
        await self.checklist()
        await self.page.wait_for_timeout(25_000)  # settled: the band of every height filled, the words of a chamber that waits for guests
        await self.shot("home")
        await self.also("home", SIZES[1])
        await self.also("home-dark", SIZES[0], dark=True)
        await self.tap("Start a session")
        await self.tap("Standard")
        await self.page.get_by_role("button", name="2", exact=True).click()
        switches = self.page.get_by_role("switch")
        for n in range(await switches.count()):
            await switches.nth(n).click()
        await self.shot("wizard")
        await self.hold("Let guests in")
        await self.page.get_by_role("button", name="2", exact=True).click()
        await self.page.wait_for_timeout(6000)
        await self.shot("boarding")
        await self.hold("Start the session")
        await self.page.wait_for_timeout(20_000)
        await self.tap("I am here")  # every 30 s, in the pre-chamber too, or the session ends
        await self.until("exposure")
        await self.tap("I am here")
        await self.page.wait_for_timeout(12_000)
        await self.shot("running")
        await self.also("running", SIZES[1])
        await self.tap("I am here")
        await self.also("running-dark", SIZES[0], dark=True)
        await self.tap("I am here")
        await self.also("inside", SIZES[0], path="/inside")
        await self.also("door", SIZES[0], path="/door")
        for name in ("Trends", "Service", "Alarms", "Day", "Settings"):
            await self.tap("I am here")
            await self.page.get_by_role("navigation").get_by_role("button", name=name).click()
            await self.page.wait_for_timeout(2500)
            await self.shot(name.lower())
        await self.tap("^Session")
        await self.hands('{"op":"call","pressed":true}')
        await self.page.wait_for_timeout(1500)
        await self.shot("alarm")
        await self.hands('{"op":"call","pressed":false}')


async def _tour(url: str, pin: str) -> None:
    async with async_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"],
        )
        first = Tour(browser, url, pin, SIZES[0])
        await first.open()
        await first.session()
        await browser.close()


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        environment = os.environ | {
            "CRYOCHAMBER_DATA_DIR": f"{folder}/var",
            "CRYOCHAMBER_RUN_DIR": f"{folder}/run",
            "CRYOCHAMBER_API__PORT": str(port),
            "CRYOCHAMBER_PLC__PORT": str(_free_port()),
            "PYTHONUNBUFFERED": "1",
        }
        house = subprocess.Popen([sys.executable, "-m", "cryochamber", "demo"], stdout=subprocess.PIPE, text=True, env=environment)
        pin = ""
        try:
            for line in house.stdout or ():
                found = re.search(r"operator, PIN (\d+)", line)
                pin = found[1] if found else pin
                if "Ctrl-C" in line:
                    break
            asyncio.run(_tour(f"http://127.0.0.1:{port}", pin))
        finally:
            house.send_signal(signal.SIGINT)
            house.wait(20)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
