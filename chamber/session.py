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
    return b if a is None else a if b is None or a <= b else b


def _most(a: float | None, b: float | None) -> float | None:
    return b if a is None else a if b is None or a >= b else b


SEEN_WITHIN_S = 2.0  # H-10: somebody who is seen later than this after the door into the cold has shut was overlooked before (proposed)


class Session(NamedTuple):
    """``limit_s`` only ever shrinks. ``exposure_from_s`` starts at the first presence in the main room, see ``entered_s``.
    ``way_from_s``, ``way_to_s``: when the door into it was last not shut, as far as the exposure has not begun."""

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
    evacuated: bool = False  # it came to EVACUATE or ESTOP
    counted_out: bool = False  # as many were counted out as went in, nobody seen inside
    way_from_s: float | None = None
    way_to_s: float | None = None
    statistics: Statistics = Statistics()

    def exposure_elapsed_s(self, now_s: float) -> float | None:
        if self.exposure_total_s is not None:
            return self.exposure_total_s
        return None if self.exposure_from_s is None else now_s - self.exposure_from_s

    @property
    def count_due(self) -> int | None:
        """People who went in and were not yet counted out; None before they were counted in."""
        return None if self.pre_from_s is None or self.counted_out else self.persons

    def sampled(self, main_c: float | None, o2_main_pct: float | None, o2_room_pct: float | None) -> Session:
        """With one more sample in its statistics. By place: once a scan, and by name it takes three times as long."""
        return Session._make((*self[:-1], self.statistics.with_sample(main_c, o2_main_pct, o2_room_pct)))

    def with_way_open(self, now_s: float) -> Session:
        """The door into the main room is not shut in this scan."""
        again = self.way_to_s is None or now_s - self.way_to_s > SEEN_WITHIN_S
        return self._replace(way_from_s=now_s if again else self.way_from_s, way_to_s=now_s)

    def entered_s(self, now_s: float) -> float:
        """Since when somebody now seen in the main room is taken to be there: since now, or, if the door has been shut for long, since it
        was last opened, for nobody can have come in after it shut."""
        if self.way_from_s is None or self.way_to_s is None or now_s - self.way_to_s <= SEEN_WITHIN_S:
            return now_s
        return self.way_from_s

    def pre_elapsed_s(self, now_s: float) -> float | None:
        return None if self.pre_from_s is None or self.exposure_from_s is not None else now_s - self.pre_from_s


class LeftOpen(NamedTuple):
    """A session that was open when control stopped. ``since_s``: its opening on today's monotonic clock, may be negative."""

    session: int
    persons: int | None
    since_s: float
    exposure_s: float = 0.0  # longest the PLC has told since


def opening_limit_s(program: Program, limits: Limits, personal_cap_s: float | None = None) -> tuple[float, str]:
    """min(program, device and site limit, absolute 180 s, the person's own cap if there is one) in s, and which one it was."""
    choices = [(program.exposure_s, "program"), (limits.exposure_s, "device_limit"), (GUARDRAILS["exposure_s"].high, "absolute")]
    if personal_cap_s is not None:
        choices.append((personal_cap_s, "personal"))
    return min(choices, key=lambda c: c[0])


def tightened(session: Session, coldest_main_c: float | None) -> Session:
    """Apply the cap for the coldest measured temperature. It may shorten a stay, never lengthen one."""
    if coldest_main_c is None:
        return session
    cap = exposure_cap_s(coldest_main_c)
    if cap < session.limit_s:
        return session._replace(limit_s=cap, limit_reason="measured_cold")
    return session
