"""The whole house as a newcomer starts it, on free ports and in a folder of its own, and a real Chromium in front of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from house import House, chromium, free_port
from playwright.async_api import Browser, Page, async_playwright, expect

# Patience, no claim, where a test names no time of its own: other checks run on the same two cores.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
START_S = 150.0  # patience, no claim: the first start of a fresh checkout compiles the simulator


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    port = free_port()
    # a short treatment: the site narrows the limits, as a site may
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CRYOCHAMBER_")} | {
        "CRYOCHAMBER_DATA_DIR": str(folder / "var"),
        "CRYOCHAMBER_RUN_DIR": str(folder / "run"),
        "CRYOCHAMBER_API__PORT": str(port),
        "CRYOCHAMBER_PLC__PORT": str(free_port()),
        "CRYOCHAMBER_LIMITS__EXPOSURE_S": "30",
        "CRYOCHAMBER_LIMITS__PRE_CHAMBER_S": "10",
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "cryochamber", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=folder,
    )
    started = House(process, f"http://127.0.0.1:{port}", folder)
    ready = threading.Event()

    def listen() -> None:
        for line in process.stdout or ():
            started.lines.append(line.rstrip())
            if "Ctrl-C ends everything" in line:
                ready.set()
        ready.set()

    reader = threading.Thread(target=listen, name="demo-output")
    reader.start()
    try:
        assert ready.wait(START_S), "\n".join(started.lines)
        assert process.poll() is None, "\n".join(started.lines)
        yield started
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15.0)
        finally:
            process.kill()
            reader.join(5.0)
            if process.stdout is not None:
                process.stdout.close()
    assert process.returncode == 0, "\n".join(started.lines[-20:])
    assert started.lines[-1] == "cryochamber: ended."


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        shared = await playwright.chromium.launch(
            executable_path=chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield shared
        await shared.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, house: House) -> AsyncIterator[Page]:
    complaints: list[str] = []
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    p = await context.new_page()
    p.on("pageerror", lambda error: complaints.append(str(error)))
    await p.goto(house.url)
    yield p
    await context.close()
    assert complaints == []


# The room takes more than a minute to cool down; the screens are looked at meanwhile. What needs it cold comes after, and after that
# what stops it. Each test brings about what it needs, so that it runs alone, too.
ORDER = ("test_no_screen_moves", "test_sign_in_and_precool", "test_access", "test_every_screen", "test_operator_session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        if Path(__file__).parent not in item.path.parents:
            return -1
        return next((n for n, name in enumerate(ORDER) if name in item.nodeid), len(ORDER))

    items.sort(key=place)
