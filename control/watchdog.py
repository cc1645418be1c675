"""The service manager's watchdog, fed by completed scans only: a hung loop is killed and started again (safety reference, 8).

The protocol is one datagram a time to the socket that systemd names; see sd_notify(3).
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)


class Watchdog:
    """``beat`` after each completed scan. Does nothing where no service manager asked for it."""

    def __init__(self, address: str | None, period_s: float | None, clock: Callable[[], float]) -> None:
        """``address``: of the socket, a leading ``@`` for an abstract one. ``period_s``: silence after which it kills; None: never."""
        self._address = None if address is None else "\0" + address[1:] if address.startswith("@") else address
        self._every_s = None if period_s is None else period_s / 2.0
        self._clock = clock
        self._due_s: float | None = None
        self._socket: socket.socket | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], pid: int, clock: Callable[[], float]) -> Watchdog:
        """From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. A watchdog meant for another process is not fed.

        Raises ValueError if WATCHDOG_USEC or WATCHDOG_PID is not a whole number.
        """
        usec, meant = environment.get("WATCHDOG_USEC"), environment.get("WATCHDOG_PID")
        mine = usec is not None and (meant is None or int(meant) == pid)
        return cls(environment.get("NOTIFY_SOCKET"), int(usec) / 1e6 if usec is not None and mine else None, clock)

    def beat(self) -> None:
        """Tell of the first scan that the service is ready, then at half the period that it lives. Never waits, never raises."""
        if self._address is None:
            return
        now = self._clock()
        if self._due_s is None:
            self._send("READY=1")
        elif self._every_s is None or now < self._due_s:
            return
        self._send("WATCHDOG=1")
        self._due_s = now if self._every_s is None else now + self._every_s

    def _send(self, text: str) -> None:
        if self._address is None:
            return
        try:
            if self._socket is None:
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
            self._socket.sendto(text.encode(), self._address)
        except OSError as error:
            log.warning("watchdog: %s not told: %s", text, error)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
