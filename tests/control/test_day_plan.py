"""The planner: never late by its own forecast, never colder than the set point, never dearer than holding."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from control.day_plan import (
    AROUND_S,
    LATE_S,
    MARGIN_S,
    READY_WITHIN_K,
    TOGETHER_S,
    Block,
    Gap,
    Way,
    ahead,
    between,
    blocks,
    booked,
    choose,
    held_room,
    plan,
)
from control.forecast import cool, rest, returning_w
from control.room_model import ZERO_C_K, Room, RoomModel
from control.state import Booking

ROOM = RoomModel(2.978e6, 359.4, 195.4e3, 6.5, 133.0 / 3600.0, 4.0, 171.9, 8.2)
SETPOINT_C = -110.0
AT_K = SETPOINT_C + ZERO_C_K
_models = st.builds(
    lambda gas, liner, feed, dead, tau: ROOM._replace(
        gas_j=ROOM.gas_j * gas, liner_j_k=ROOM.liner_j_k * liner, feed_kg_s=ROOM.feed_kg_s * feed, dead_s=dead, feed_tau_s=tau
    ),
    st.floats(0.6, 1.4),
    st.floats(0.5, 2.0),
    st.floats(0.7, 1.5),
    st.floats(1.0, 10.0),
    st.floats(5.0, 200.0),
)


def booking(start_min: float, persons: int = 2) -> Booking:
    return Booking(60.0 * start_min, AROUND_S + 220.0, persons)


@settings(max_examples=25, deadline=None)
@given(_models, st.floats(300.0, 3000.0), st.floats(0.0, 300.0), st.floats(0.0, 12.0))
def test_never_late_never_colder_never_dearer(m: RoomModel, heat_w: float, gap_min: float, warm_k: float) -> None:
    room = held_room(m, SETPOINT_C, heat_w)
    room = room._replace(gas_k=room.gas_k + warm_k, sensor_k=room.sensor_k + warm_k)  # as after a session
    gap_s = 60.0 * gap_min
    choice = choose(m, room, SETPOINT_C, gap_s, 1.0)
    assert choice.kg <= choice.held_kg
    if choice.way is Way.HOLD:
        assert choice.cool_after_s == 0.0
        return
    assert gap_s > TOGETHER_S
    floor_k = AT_K + 30.0 if choice.way is Way.SET_BACK else None
    way = rest(m, room, choice.cool_after_s, floor_k)
    assert min(s.room.gas_k for s in way) >= min(AT_K, room.gas_k) - 15.0  # what is still in the coil cools on; nothing is asked for
    if floor_k is None:
        assert way[-1].kg == 0.0
    else:
        assert max(s.room.gas_k for s in way) <= max(floor_k, room.gas_k) + 1e-9
    back = cool(m, way[-1].room, AT_K + READY_WITHIN_K, 1.0)
    assert back.room.sensor_k <= AT_K + READY_WITHIN_K
    assert choice.cool_after_s + back.s <= gap_s - MARGIN_S


def test_short_gaps_are_held_long_ones_are_not_and_save_more() -> None:
    found = [between(ROOM, SETPOINT_C, 1400.0, 60.0 * m, 1.0) for m in (15, 60, 120, 240)]
    assert found[0].way is Way.HOLD
    assert all(c.way is not Way.HOLD for c in found[1:])
    shares = [c.kg / c.held_kg for c in found]
    assert shares == sorted(shares, reverse=True)
    assert found[3].way is Way.REST  # the longer, the deeper


def test_a_forecast_that_cannot_end_says_so() -> None:
    weak = ROOM._replace(feed_kg_s=0.001)
    warm = Room(250.0, 250.0, 0.0, 250.0, 2000.0)
    assert cool(weak, warm, AT_K, 1.0).s >= 7200.0
    assert choose(weak, warm, SETPOINT_C, 7000.0, 1.0).way is Way.HOLD  # nothing is in time: begin at once


def test_blocks_and_gaps_of_a_day() -> None:
    day = [booking(132), booking(60), booking(72), booking(300), booking(120)]
    found = blocks(day)
    assert [[b.start_s / 60 for b in block.bookings] for block in found] == [[60, 72], [120, 132], [300]]
    assert (found[0].persons, found[0].end_s) == (4, 72 * 60 + AROUND_S + 220.0)
    steps = plan(day, 0.0, ROOM, 1400.0, SETPOINT_C, 1.0, cold=True)
    assert [type(s).__name__ for s in steps] == ["Gap", "Block", "Gap", "Block", "Gap", "Block", "Gap"]
    last = steps[-1]
    assert isinstance(last, Gap)
    assert (last.end_s, last.choice) == (None, None)
    assert plan([], 0.0, ROOM, 1400.0, SETPOINT_C, 1.0, cold=True) == ()
    now = plan(day, 200 * 60.0, ROOM, 1400.0, SETPOINT_C, 1.0, cold=True)
    assert [type(s).__name__ for s in now] == ["Block", "Block", "Gap", "Block", "Gap"]  # gaps that are over are not told
    assert isinstance(now[0], Block)


def test_whose_turn_it_is() -> None:
    day = [booking(60), booking(72), booking(300)]
    assert ahead(day, 0.0, None) == day[0]
    assert ahead(day, 3600.0 + LATE_S - 1.0, None) == day[0]  # guests may be late
    assert ahead(day, 3600.0 + LATE_S, None) == day[1]
    assert ahead(day, 3700.0, day[0].start_s) == day[1]
    assert ahead(day, 0.0, day[2].start_s) is None
    assert booked(day, 46 * 60.0, None) == day[0]
    assert booked(day, 44 * 60.0, None) is None  # nobody is booked as early as that
    assert booked(day, 100 * 60.0, day[1].start_s) is None
    assert booked([], 0.0, None) is None


def test_what_the_still_air_kept_out_is_back_with_the_cooling() -> None:
    warm = Room(185.0, 185.0, 0.0, 185.0, 200.0)
    assert returning_w(200.0, None) == 200.0
    assert 200.0 < returning_w(200.0, 1200.0) < 1200.0
    slow, quick = cool(ROOM, warm._replace(heat_w=returning_w(200.0, 1200.0)), AT_K + 2.0, 1.0), cool(ROOM, warm, AT_K + 2.0, 1.0)
    assert slow.s > quick.s


def test_the_more_heat_stays_out_the_more_is_saved() -> None:
    found = [between(ROOM, SETPOINT_C, 1000.0, 5400.0, 1.0, fall_w) for fall_w in (0.0, 300.0, 600.0)]
    assert [c.way for c in found].count(Way.HOLD) == 0
    assert found[0].kg > found[1].kg > found[2].kg
    assert len({c.held_kg for c in found}) == 1
