"""The plan of a day: what the rooms do between its blocks of sessions, so that each finds them ready with the least nitrogen.

Pure: schedule, room as observed and time in, plan out. Times of the day are seconds since 1970. A gap is spent held cold, held warmer
(set-back) or with the valves shut, whichever the room's forecast makes cheapest; in each case it is cooled again just in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from chamber.profile import Program
from control.forecast import Stretch, cool, rest, returning_w
from control.room_model import AMBIENT_K, ZERO_C_K, Room, RoomModel, cooling_j_kg
from control.state import Booking

AROUND_S = 240.0  # letting guests in, seeing them out, cooling back: what a session takes besides the stay (proposed)
TOGETHER_S = 20.0 * 60.0  # up to this gap two sessions belong to one block: held cold between them
LATE_S = 15.0 * 60.0  # so long the room waits for guests who are late; then their session counts as not coming
EARLY_S = 15.0 * 60.0  # a session begun so long before its time is the booked one
WARMER_K = 30.0
MARGIN_S = 60.0  # ready so long before the block
DOUBT = 0.08  # of a re-cool's forecast: begun so much sooner
READY_WITHIN_K = 1.0  # of the set point at the end of a re-cool
AFTER_S = 1800.0  # nitrogen is compared until so long after the block's begin: a liner left warm is paid for later
LEAST_KG = 0.2  # saved at least, or it is not worth the moves of the valve


class Block(NamedTuple):
    """Sessions that follow each other closely; the rooms stay cold from the first to the last."""

    bookings: tuple[Booking, ...]

    @property
    def start_s(self) -> float:
        return self.bookings[0].start_s

    @property
    def end_s(self) -> float:
        return max(b.end_s for b in self.bookings)

    @property
    def persons(self) -> int:
        return sum(b.persons for b in self.bookings)


class Way(StrEnum):
    """How a gap is spent."""

    HOLD = "hold"
    SET_BACK = "set_back"
    REST = "rest"  # valves shut


class Choice(NamedTuple):
    """``cool_after_s``: cooling begins so long after the gap began; ``kg`` of the main room against ``held_kg``, held cold all the time."""

    way: Way
    cool_after_s: float
    kg: float
    held_kg: float


class Gap(NamedTuple):
    """From one block to the next; ``choice`` None: nothing comes after it, the valves stay shut until somebody shuts down."""

    begin_s: float
    end_s: float | None
    choice: Choice | None


def length_s(program: Program) -> float:
    return AROUND_S + program.pre_chamber_s + program.exposure_s


def blocks(bookings: Sequence[Booking]) -> tuple[Block, ...]:
    """Bookings in any order, grouped by what lies close together."""
    out: list[Block] = []
    for b in sorted(bookings):
        if out and b.start_s - out[-1].end_s <= TOGETHER_S:
            out[-1] = Block((*out[-1].bookings, b))
        else:
            out.append(Block((b,)))
    return tuple(out)


def ahead(bookings: Sequence[Booking], now_s: float, served_s: float | None) -> Booking | None:
    """The booking that is due or comes next; None: none is left. ``served_s``: begin of the last one whose guests were let in.

    One that is late by more than LATE_S is given up.
    """
    left = (b for b in sorted(bookings) if (served_s is None or b.start_s > served_s) and now_s < b.start_s + LATE_S)
    return next(left, None)


def booked(bookings: Sequence[Booking], now_s: float, served_s: float | None) -> Booking | None:
    """The booking of a session that is begun now; None: it is not booked."""
    due = ahead(bookings, now_s, served_s)
    return due if due is not None and due.start_s - EARLY_S <= now_s else None


def held_room(m: RoomModel, setpoint_c: float, heat_w: float) -> Room:
    """The room as it stands when it has been held for long."""
    gas = setpoint_c + ZERO_C_K
    liner = gas + m.loss_w_k * (AMBIENT_K - gas) / (m.liner_w_k + m.loss_w_k)
    feed = (m.liner_w_k * (liner - gas) + heat_w) / (m.feed_kg_s * cooling_j_kg(gas))
    return Room(gas, liner, min(max(feed, 0.0), 1.0), gas, heat_w)


def choose(
    m: RoomModel, room: Room, setpoint_c: float, gap_s: float, full: float, held_w: float | None = None, fall_w: float = 0.0
) -> Choice:
    """The cheapest way through ``gap_s`` that is ready MARGIN_S before its end, by the forecast. ``full``: feed, valve open, 0 to 1.

    ``held_w``: unknown heat of the room held cold, None: as observed now; ``fall_w``: how much less of it comes in while it rests.
    """
    gap_s, room = min(gap_s, 8.0 * 3600.0), room if held_w is None else room._replace(heat_w=held_w)
    held = _held(m, room, setpoint_c, gap_s, full)
    best = Choice(Way.HOLD, 0.0, held, held)
    if gap_s <= TOGETHER_S:
        return best
    for way in (Way.REST, Way.SET_BACK):
        floor_k = setpoint_c + ZERO_C_K + WARMER_K if way is Way.SET_BACK else None
        found = _latest(m, rest(m, room, gap_s, floor_k, fall_w), setpoint_c, gap_s, full, room.heat_w)
        if found is not None and found[1] < best.kg - LEAST_KG:
            best = Choice(way, found[0], found[1], held)
    return best


def _held(m: RoomModel, room: Room, setpoint_c: float, gap_s: float, full: float) -> float:
    """Cooled at once and held until AFTER_S past the gap, kg."""
    end = cool(m, room, setpoint_c + ZERO_C_K + READY_WITHIN_K, full)
    return end.kg + _hold_kg(m, end.room, setpoint_c, gap_s + AFTER_S - end.s)


def _hold_kg(m: RoomModel, room: Room, setpoint_c: float, seconds: float) -> float:
    """From where the room is; what is still in the coil cools along."""
    at = setpoint_c + ZERO_C_K
    stored = room.feed * m.feed_tau_s * m.feed_kg_s
    return max(0.0, rest(m, room._replace(gas_k=at), max(0.0, seconds), at)[-1].kg - stored)


def _latest(
    m: RoomModel, ways: Sequence[Stretch], setpoint_c: float, gap_s: float, full: float, held_w: float
) -> tuple[float, float] | None:
    """(when cooling begins, kg) for the latest moment that is still in time; None: not even the first is."""
    to_k, by_s = setpoint_c + ZERO_C_K + READY_WITHIN_K, gap_s - MARGIN_S

    def down(i: int) -> Stretch:
        met = ways[i].room
        return cool(m, met._replace(heat_w=returning_w(met.heat_w, held_w)), to_k, full)

    def late(i: int) -> bool:
        return ways[i].s + (1.0 + DOUBT) * down(i).s > by_s

    if late(0):
        return None
    low, high = 0, len(ways) - 1  # ways[low] is in time, ways[high] is not: at its end the gap is over
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if late(middle) else (middle, high)
    end = down(low)
    kg = ways[low].kg + end.kg + _hold_kg(m, end.room._replace(heat_w=held_w), setpoint_c, gap_s + AFTER_S - ways[low].s - end.s)
    return ways[low].s, kg


@lru_cache(maxsize=64)
def _between(m: RoomModel, setpoint_c: float, heat_w: float, gap_s: float, full: float, fall_w: float) -> Choice:
    return choose(m, held_room(m, setpoint_c, heat_w), setpoint_c, gap_s, full, None, fall_w)


def between(m: RoomModel, setpoint_c: float, heat_w: float, gap_s: float, full: float, fall_w: float = 0.0) -> Choice:
    """``choose`` for a gap that begins with a room held for long; heat and time rounded, so that it is computed once."""
    return _between(m, setpoint_c, round(heat_w / 50.0) * 50.0, round(gap_s / 60.0) * 60.0, full, round(fall_w / 50.0) * 50.0)


def plan(
    bookings: Sequence[Booking],
    now_s: float,
    m: RoomModel,
    heat_w: float,
    setpoint_c: float,
    full: float,
    fall_w: float = 0.0,
    *,
    cold: bool,
) -> tuple[Block | Gap, ...]:
    """Blocks of the day in their order and the gaps between them that are not over; the last gap has no end.

    ``cold``: the rooms are cooled now.
    """
    out: list[Block | Gap] = []
    of_day = blocks(bookings)
    first_s = of_day[0].start_s if of_day else now_s
    if cold and first_s - now_s > TOGETHER_S:
        out.append(Gap(now_s, first_s, between(m, setpoint_c, heat_w, first_s - now_s, full, fall_w)))
    for i, block in enumerate(of_day):
        out.append(block)
        if i + 1 == len(of_day):
            out.append(Gap(block.end_s, None, None))
        elif of_day[i + 1].start_s > now_s:
            end = of_day[i + 1].start_s
            out.append(Gap(block.end_s, end, between(m, setpoint_c, heat_w, end - block.end_s, full, fall_w)))
    return tuple(out)
