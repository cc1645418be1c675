"""The day at the site: what holds "for today" ends at its midnight, not at that of UTC."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCAL = "local"


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
