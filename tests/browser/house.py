"""The whole house as a newcomer starts it, seen from outside."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page

# One loop and one browser for all: each test has a page of its own, none has to wait for Chromium.
SHARED = pytest.mark.asyncio(loop_scope="session")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    pytest.fail("no Chromium found; on Debian and Ubuntu: apt-get install chromium")


@dataclass
class House:
    """A running demo. ``pids`` by part name come from its children."""

    process: subprocess.Popen[str]
    url: str
    folder: Path
    lines: list[str] = field(default_factory=list)

    def pin(self, name: str) -> str:
        found = re.search(rf"{name}, PIN (\d+)", "\n".join(self.lines))
        assert found, "\n".join(self.lines)
        return found[1]

    def child(self, part: str) -> int:
        """Process id of a part, for signals."""
        listing = subprocess.run(["ps", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
        for line in listing.splitlines()[1:]:
            pid, ppid, arguments = line.split(None, 2)
            if int(ppid) == self.process.pid and arguments.split()[3:4] == [part]:
                return int(pid)
        raise AssertionError(f"no process {part} under {self.process.pid}:\n{listing}")

    async def sign_in(self, page: Page, name: str) -> None:
        """Give this page's browser the session of a user, without the sheet."""
        answer = await page.request.post(
            f"{self.url}/api/v1/sign-in", data={"name": name, "pin": self.pin(name)}, headers={"Origin": self.url}
        )
        assert answer.ok, await answer.text()

    async def order(self, page: Page, kind: str, **args: object) -> dict[str, object]:
        """A command of the signed-in user of this page's browser."""
        body = {"id": str(uuid.uuid4()), "kind": kind, "args": args}
        answer = await page.request.post(f"{self.url}/api/v1/commands", data=body, headers={"Origin": self.url})
        return dict(await answer.json())

    def hands(self, **request: object) -> dict[str, object]:
        answer = httpx.post(f"{self.url}/api/v1/simulator", json=request, headers={"Origin": self.url})
        answer.raise_for_status()
        return dict(answer.json())

    def snapshot(self) -> dict[str, object]:
        return dict(httpx.get(f"{self.url}/api/v1/snapshot").json())


def state(house: House) -> str:
    return str(house.snapshot()["cycle"]["state"])  # type: ignore[index]


async def wait_for(what: str, condition: Callable[[], bool], timeout_s: float) -> None:
    """Poll a real system until it is so; for what has no event to wait on."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if condition():
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"not within {timeout_s} s: {what}")
