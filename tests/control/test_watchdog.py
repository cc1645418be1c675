"""Step 7 of a restart: the service manager is told of completed scans, at half its period, and of nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from control.watchdog import Watchdog


class Manager:
    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(address)

    def heard(self) -> list[str]:
        found: list[str] = []
        while True:
            try:
                found.append(self.socket.recv(256).decode())
            except BlockingIOError:
                return found


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "notify")


@pytest.fixture
def manager(place: str) -> Iterator[Manager]:
    m = Manager(place)
    yield m
    m.socket.close()


def test_ready_with_the_first_scan_then_at_half_the_period(place: str, manager: Manager) -> None:
    now = 100.0
    dog = Watchdog.from_environment({"NOTIFY_SOCKET": place, "WATCHDOG_USEC": "4000000", "WATCHDOG_PID": "77"}, 77, lambda: now)
    beats: list[float] = []
    assert manager.heard() == []  # nothing before the first completed scan
    for n in range(101):
        now = 100.0 + n / 10.0
        dog.beat()
        told = manager.heard()
        if n == 0:
            assert told == ["READY=1", "WATCHDOG=1"]
        elif told:
            assert told == ["WATCHDOG=1"]
            beats.append(round(now - 100.0, 1))
    assert beats == [2.0, 4.0, 6.0, 8.0, 10.0]
    dog.close()


def test_a_hung_loop_tells_nothing(place: str, manager: Manager) -> None:
    now = 0.0
    dog = Watchdog(place, 4.0, lambda: now)
    dog.beat()
    manager.heard()
    now = 60.0  # no scan was completed meanwhile
    assert manager.heard() == []
    dog.close()


def test_abstract_address() -> None:
    name = "\0cryochamber-test-watchdog"
    manager = Manager(name)
    dog = Watchdog("@cryochamber-test-watchdog", None, lambda: 0.0)
    dog.beat()
    dog.beat()
    assert manager.heard() == ["READY=1", "WATCHDOG=1"]  # without a period once is enough
    dog.close()
    manager.socket.close()


@pytest.mark.parametrize("environment", [{}, {"WATCHDOG_USEC": "1000"}])
def test_without_a_service_manager_nothing_is_sent(environment: dict[str, str]) -> None:
    Watchdog.from_environment(environment, 1, lambda: 0.0).beat()


def test_a_watchdog_meant_for_another_process_is_not_fed(place: str, manager: Manager) -> None:
    now = 0.0
    dog = Watchdog.from_environment({"NOTIFY_SOCKET": place, "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "5"}, 6, lambda: now)
    dog.beat()
    manager.heard()
    now = 10.0
    dog.beat()
    assert manager.heard() == []
    dog.close()


def test_a_manager_that_is_gone_stops_no_scan(place: str, caplog: pytest.LogCaptureFixture) -> None:
    dog = Watchdog(place, 2.0, lambda: 0.0)
    dog.beat()
    assert "not told" in caplog.text
    dog.close()


def test_a_broken_period_is_said() -> None:
    with pytest.raises(ValueError, match="soon"):
        Watchdog.from_environment({"WATCHDOG_USEC": "soon"}, 1, lambda: 0.0)
