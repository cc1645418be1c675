"""A running session: clocks, limit, operator presence. Monotonic time only; a clock step changes nothing here (H-10)."""

from __future__ import annotations

from typing import NamedTuple

from chamber.limits import GUARDRAILS, exposure_cap_s
from chamber.profile import Limits, Program


class Statistics(NamedTuple):
    """Running figures of the occupied time; temperatures °C, oxygen vol%."""

    samples: int = 0
    main_sum_c: float = 0.0
    main_min_c: float | None = None
    main_max_c: float | None = None
    o2_main_min_pct: float | None = None
    o2_room_min_pct: float | None = None

    def with_sample(self, main_c: float | None, o2_main_pct: float | None, o2_room_pct: float | None) -> Statistics:
        return Statistics(
            self.samples + (main_c is not None),
            self.main_sum_c + (main_c if main_c is not None else 0.0),
            _least(self.main_min_c, main_c),
            _most(self.main_max_c, main_c),
            _least(self.o2_main_min_pct, o2_main_pct),
            _least(self.o2_room_min_pct, o2_room_pct),
        )

    @property
    def main_mean_c(self) -> float | None:
        return self.main_sum_c / self.samples if self.samples > 0 else None


def _least(a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else min(a, b)


def _most(a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None else max(a, b)


class Session(NamedTuple):
    """``limit_s`` only ever shrinks. ``exposure_from_s`` starts at the first presence in the main room."""

    id: int
    program: Program
    persons: int
    user: str
    opened_s: float
    limit_s: float
    limit_reason: str
    confirmed_s: float
    pre_from_s: float | None = None
    exposure_from_s: float | None = None
    exit_from_s: float | None = None
    exit_door_opened: bool = False
    outer_opened: bool = False
    ended_by: str | None = None
    exposure_total_s: float | None = None  # frozen when the exposure ends
    stop_after: bool = False  # STOP was pressed: do not cool on afterwards
    statistics: Statistics = Statistics()

    def exposure_elapsed_s(self, now_s: float) -> float | None:
        if self.exposure_total_s is not None:
            return self.exposure_total_s
        return None if self.exposure_from_s is None else now_s - self.exposure_from_s

    def pre_elapsed_s(self, now_s: float) -> float | None:
        return None if self.pre_from_s is None or self.exposure_from_s is not None else now_s - self.pre_from_s


def opening_limit_s(program: Program, limits: Limits) -> tuple[float, str]:
    """min(program, device and site limit, absolute 180 s), and which one it was."""
    choices = ((program.exposure_s, "program"), (limits.exposure_s, "device_limit"), (GUARDRAILS["exposure_s"].high, "absolute"))
    return min(choices, key=lambda c: c[0])


def tightened(session: Session, coldest_main_c: float | None) -> Session:
    """Apply the cap for the coldest measured temperature. It may shorten a stay, never lengthen one."""
    if coldest_main_c is None:
        return session
    cap = exposure_cap_s(coldest_main_c)
    if cap < session.limit_s:
        return session._replace(limit_s=cap, limit_reason="measured_cold")
    return session
