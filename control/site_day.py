"""The day at the site: what holds "for today" ends at its midnight, not at that of UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCAL = "local"
SET_S = 0.1  # further from where it was, the clock on the wall has been set


class UnknownZoneError(ValueError):
    """``site.timezone`` names no zone that this machine knows."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no such time zone {name!r}; write 'local' for this machine's, or a name such as 'Europe/Warsaw'")


def zone(name: str) -> ZoneInfo | None:
    """The zone of ``site.timezone``; None is the machine's own. Raises UnknownZoneError."""
    if name == LOCAL:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(name) from None


def day_began(utc_s: float, where: ZoneInfo | None) -> float:
    """When the site's day of ``utc_s`` began; both in seconds since 1970."""
    return datetime.fromtimestamp(utc_s, where).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp()


class Wall:
    """Dates of moments of the monotonic clock, the same at every asking until the clock on the wall is set.

    The two clocks cannot be read at one instant: a date reckoned anew each scan would differ by microseconds, and everything
    dated would be sent and drawn ten times a second.
    """

    def __init__(self) -> None:
        self._ahead_s: float | None = None

    def epoch(self, now_s: float, utc_s: float) -> datetime:
        """The date of zero of the monotonic clock, which stands at ``now_s`` while the one on the wall shows ``utc_s`` (s since 1970)."""
        ahead_s = utc_s - now_s
        if self._ahead_s is None or abs(ahead_s - self._ahead_s) > SET_S:
            self._ahead_s = ahead_s
        return datetime.fromtimestamp(self._ahead_s, UTC)
