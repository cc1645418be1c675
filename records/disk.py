"""Free space below a SQLite file: said before it is gone (H-30, row 33). The disk of a database server is the server's to watch."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

log = logging.getLogger(__name__)

LOW_SHARE = 0.05  # H-30: less than this blocks new sessions while there is still room to write
LOOK_S = 10.0


def free_share(folder: Path) -> float:
    """Free part of the disk that holds ``folder``, 0 to 1. Raises OSError when it cannot be told."""
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


class DiskWatch:
    """``look`` may wait for a disk that hangs: never call it from the scan."""

    def __init__(self, url: str, free: Callable[[Path], float] = free_share) -> None:
        place = sa.make_url(url)
        file = place.database if place.drivername.startswith("sqlite") else None
        self._folder = None if file in (None, "", ":memory:") else Path(file).resolve().parent
        self._free = free
        self._next_s = 0.0
        self._told = ""

    def look(self, now_s: float) -> str:
        """What is wrong, empty if nothing. Looks at most every LOOK_S; ``now_s`` is monotonic."""
        if self._folder is None or now_s < self._next_s:
            return self._told
        self._next_s = now_s + LOOK_S
        try:
            share = self._free(self._folder)
        except OSError as error:  # not there yet, or gone: what writes there will say more
            log.debug("records: free space of %s is not known: %s", self._folder, error)
            return self._told
        low = share < LOW_SHARE
        if low is not bool(self._told):
            log.log(logging.WARNING if low else logging.INFO, "records: %.1f %% of the disk of %s is free", 100.0 * share, self._folder)
        self._told = f"{self._folder}: only {100.0 * share:.1f} % of the disk is free; free or replace it" if low else ""
        return self._told
