"""Clocks and limits of a session: the limit only shrinks, and only monotonic time counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.profile import Limits, Program
from chamber.session import Session, Statistics, opening_limit_s, tightened
from tests.chamber.asking import STANDARD


def session(limit_s: float = 180.0) -> Session:
    return Session(1, STANDARD, 3, "anna", 10.0, limit_s, "program", 10.0)


@pytest.mark.req("SRS-TIM-001")
@pytest.mark.parametrize(
    ("program_s", "site_s", "limit_s", "reason"),
    [(90.0, 180.0, 90.0, "program"), (180.0, 120.0, 120.0, "device_limit"), (180.0, 180.0, 180.0, "program")],
)
def test_opening_limit_is_the_smallest(program_s: float, site_s: float, limit_s: float, reason: str) -> None:
    program = Program(id="p", name="P", setpoint_main_c=-110.0, exposure_s=program_s)
    assert opening_limit_s(program, Limits(exposure_s=site_s)) == (limit_s, reason)


@pytest.mark.req("SRS-TIM-001")
def test_nobody_stays_longer_than_the_absolute_limit() -> None:
    """Even a program and a limit that escaped validation are cut to 180 s."""
    program = STANDARD.model_copy(update={"exposure_s": 600.0})
    limits = Limits().model_copy(update={"exposure_s": 600.0})
    assert opening_limit_s(program, limits) == (180.0, "absolute")
    assert opening_limit_s(program, limits, personal_cap_s=181.0) == (180.0, "absolute")
    assert opening_limit_s(program, limits, personal_cap_s=90.0) == (90.0, "personal")


@pytest.mark.parametrize(
    ("coldest_c", "limit_s", "reason"), [(-139.0, 180.0, "program"), (-140.0, 150.0, "measured_cold"), (None, 180.0, "program")]
)
def test_measured_cold_shortens(coldest_c: float | None, limit_s: float, reason: str) -> None:
    s = tightened(session(), coldest_c)
    assert (s.limit_s, s.limit_reason) == (limit_s, reason)


@pytest.mark.req("SRS-TIM-001")
@given(st.lists(st.one_of(st.none(), st.floats(-220, 60)), max_size=40), st.floats(30, 180))
def test_the_limit_only_shrinks(coldest: list[float | None], opening_s: float) -> None:
    s = session(opening_s)
    for c in coldest:
        shorter = tightened(s, c)
        assert shorter.limit_s <= s.limit_s
        s = shorter
    assert s.limit_s == min([opening_s] + [{True: 120.0, False: 150.0}[c <= -160.0] for c in coldest if c is not None and c <= -140.0])


def test_clocks() -> None:
    s = session()
    assert s.exposure_elapsed_s(50.0) is None
    assert s.pre_elapsed_s(50.0) is None
    s = s._replace(pre_from_s=20.0)
    assert s.pre_elapsed_s(50.0) == 30.0
    s = s._replace(exposure_from_s=0.0)  # zero is a time
    assert s.exposure_elapsed_s(50.0) == 50.0
    assert s.pre_elapsed_s(50.0) is None
    assert s._replace(exposure_total_s=0.0).exposure_elapsed_s(500.0) == 0.0  # frozen


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.floats(-200, 60))] * 3), max_size=30))
def test_statistics_agree_with_the_whole_list(samples: list[tuple[float | None, float | None, float | None]]) -> None:
    s = Statistics()
    for sample in samples:
        s = s.with_sample(*sample)
    main = [m for m, _, _ in samples if m is not None]
    assert s.samples == len(main)
    assert s.main_min_c == (min(main) if main else None)
    assert s.main_max_c == (max(main) if main else None)
    assert s.main_mean_c == (pytest.approx(sum(main) / len(main)) if main else None)
    o2 = [o for _, o, _ in samples if o is not None]
    assert s.o2_main_min_pct == (min(o2) if o2 else None)
    room = [r for _, _, r in samples if r is not None]
    assert s.o2_room_min_pct == (min(room) if room else None)


@pytest.mark.req("SRS-TIM-001")
@pytest.mark.parametrize(
    ("open_at", "seen_at", "since"),
    [
        ([], 50.0, 50.0),  # the door was never seen open: contacts and sensor disagree, the clock runs from now
        ([40.0, 41.0], 41.0, 41.0),  # through the open door
        ([40.0, 41.0], 43.0, 43.0),  # as it shuts
        ([40.0, 41.0], 43.1, 40.0),  # overlooked: in there since the door was opened at the earliest
        ([20.0, 40.0, 41.0], 52.0, 40.0),  # somebody looked in before
    ],
)
def test_who_is_seen_late_has_been_there_since_the_door_was_open(open_at: list[float], seen_at: float, since: float) -> None:
    s = session()
    for now in open_at:
        s = s.with_way_open(now)
    assert s.entered_s(seen_at) == since
