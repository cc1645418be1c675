"""Doors with closers: pushed open in about a second, falling shut by themselves, never locked."""

from __future__ import annotations

SHUT = 0.02  # below this open fraction the contacts report shut


class Door:
    """One door. ``fraction`` 0 shut to 1 fully open; times in s of plant time."""

    __slots__ = ("_asked_until_s", "_ramp_per_s", "fraction", "held_open", "stuck")

    def __init__(self, ramp_s: float) -> None:
        self._ramp_per_s = 1.0 / ramp_s
        self._asked_until_s: float | None = None
        self.fraction = 0.0
        self.held_open = False  # somebody holds it, until told otherwise
        self.stuck = False  # frozen: does not move

    def push(self, until_s: float) -> None:
        """Keep the door open until ``until_s``; after that the closer shuts it."""
        if self._asked_until_s is None or until_s > self._asked_until_s:
            self._asked_until_s = until_s

    @property
    def shut(self) -> bool:
        return self.fraction < SHUT

    def advance(self, now_s: float, dt_s: float) -> None:
        if self.stuck or (self.fraction == 0.0 and self._asked_until_s is None and not self.held_open):
            return
        if self._asked_until_s is not None and now_s >= self._asked_until_s:
            self._asked_until_s = None
        target = 1.0 if self.held_open or self._asked_until_s is not None else 0.0
        change = self._ramp_per_s * dt_s
        self.fraction = min(target, self.fraction + change) if target > self.fraction else max(target, self.fraction - change)

    def word(self) -> str:
        """ "shut", "open" or "stuck", as the side channel says it."""
        if self.stuck:
            return "stuck"
        return "shut" if self.shut else "open"
