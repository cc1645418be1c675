"""What holds for every test: nothing is left running, nothing leaves this machine, every seed can be repeated."""

from __future__ import annotations

import asyncio
import inspect
import ipaddress
import random
import socket
import threading
import time
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# What decides over a change gives the same answer twice: fixed seeds, derandomised examples. New ground is sought by `make test-long`.
_EXAMPLES = {"deadline": None, "print_blob": True, "max_examples": 60, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("house", derandomize=True, **_EXAMPLES)
settings.register_profile("search", **_EXAMPLES)
settings.load_profile("house")
SEED = 20_240_229

REQUIREMENTS = Path(__file__).resolve().parent.parent / "docs/safety/requirements.toml"
THREADS_END_WITHIN_S = 2.0  # a pool or a writer that was told to stop may need a moment
LASTING_THREADS = ("asyncio_", "AnyIO", "ZMQ", "pydevd", "pytest", "ThreadPoolExecutor")


@pytest.fixture
async def _no_task_left_behind() -> AsyncIterator[None]:
    """A test that leaves an asyncio task behind fails: a task nobody waits for hides its error."""
    before = asyncio.all_tasks()
    yield
    left = {t for t in asyncio.all_tasks() - before if not t.done() and t is not asyncio.current_task()}
    if left:
        _, left = await asyncio.wait(left, timeout=0.5)
    assert not left, f"tasks left running: {[t.get_name() + ' ' + repr(t.get_coro()) for t in left]}"


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + THREADS_END_WITHIN_S
    left = _new_threads(before)
    while left and time.monotonic() < until:
        left[0].join(0.05)
        left = _new_threads(before)
    assert not left, f"threads left running: {[t.name for t in left]}"


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.name.startswith(LASTING_THREADS)]


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections leave the machine nowhere: a test that needs the network is wrong."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded_connect(self: socket.socket, address: object) -> None:
        _check(address)
        return connect(self, address)  # type: ignore[arg-type]

    def guarded_connect_ex(self: socket.socket, address: object) -> int:
        _check(address)
        return connect_ex(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


def _check(address: object) -> None:
    if not isinstance(address, tuple):
        return  # a local socket
    host = str(address[0])
    if host == "localhost":
        return
    try:
        ok = ipaddress.ip_address(host).is_loopback
    except ValueError:
        ok = False
    assert ok, f"a test tried to reach {host}: only the loopback is allowed"


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The same seed each run; ``--seed random`` draws one, printed with a failure; ``--seed N`` repeats it."""
    given = request.config.getoption("--seed")
    value = random.SystemRandom().randrange(1 << 31) if given == "random" else int(given)
    print(f"seed: {value} (repeat with --seed {value})")
    return value


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A mark that names no requirement shows nothing: refused before anything runs. What runs in a loop may leave no task there."""
    known = {r["id"] for r in tomllib.loads(REQUIREMENTS.read_text())["requirement"]}
    for item in items:
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
            item.fixturenames.insert(0, _no_task_left_behind.__name__)  # not for all: a loop for each of thousands of plain tests costs
        for mark in item.iter_markers("req"):
            if unknown := set(mark.args) - known:
                raise pytest.UsageError(f"{item.nodeid}: no requirement {', '.join(sorted(unknown))} in {REQUIREMENTS.name}")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", default=str(SEED), help="Seed of the randomised tests, or 'random' for a new one, printed.")
