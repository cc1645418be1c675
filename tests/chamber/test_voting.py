"""Votes: every combination of good, low and bad; medians; outvoting."""

from __future__ import annotations

import statistics
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.readings import Quality, Reading, Why, readings_of
from chamber.voting import below, vote
from tests.chamber.facts_factory import bad, good, uncertain

LIMIT = 19.7
# Sensors as G (good), L (below the limit), B (bad): does the trip vote fall? Typed by hand from: one bad sensor counts as a
# vote while somebody is inside, otherwise the rest votes 1 out of n; two bad, or all, trip.
TWO_OF_THREE: dict[str, tuple[bool, bool]] = {  # empty, occupied
    "GGG": (False, False),
    "GGL": (False, False),
    "GLL": (True, True),
    "LLL": (True, True),
    "BGG": (False, False),
    "BGL": (True, True),
    "BLL": (True, True),
    "BBG": (True, True),
    "BBL": (True, True),
    "BBB": (True, True),
}
ONE_OF_TWO: dict[str, tuple[bool, bool]] = {
    "GG": (False, False),
    "GL": (True, True),
    "LL": (True, True),
    "BG": (False, True),
    "BL": (True, True),
    "BB": (True, True),
}
SENSOR = {"G": good(20.9), "L": good(19.6), "B": bad(19.6)}


def _case(letters: tuple[str, ...]) -> str:
    return "".join(sorted(letters))


@pytest.mark.req("SRS-O2-006")
@pytest.mark.parametrize("letters", list(product("GLB", repeat=3)), ids="".join)
@pytest.mark.parametrize("occupied", [False, True])
def test_two_out_of_three(letters: tuple[str, ...], occupied: bool) -> None:
    assert below([SENSOR[x] for x in letters], LIMIT, 2, occupied=occupied) is TWO_OF_THREE[_case(letters)][occupied]


@pytest.mark.parametrize("letters", list(product("GLB", repeat=2)), ids="".join)
@pytest.mark.parametrize("occupied", [False, True])
def test_one_out_of_two(letters: tuple[str, ...], occupied: bool) -> None:
    assert below([SENSOR[x] for x in letters], LIMIT, 1, occupied=occupied) is ONE_OF_TWO[_case(letters)][occupied]


@pytest.mark.parametrize("occupied", [False, True])
def test_uncertain_is_bad_for_safety(occupied: bool) -> None:
    assert below([uncertain(20.9), good(20.9)], LIMIT, 1, occupied=occupied) is occupied
    assert below([uncertain(20.9)] * 3, LIMIT, 2, occupied=occupied)


@pytest.mark.parametrize("occupied", [False, True])
def test_a_single_sensor_gone_is_a_trip(occupied: bool) -> None:
    assert below([bad()], LIMIT, 1, occupied=occupied)
    assert not below([good(19.7)], LIMIT, 1, occupied=occupied)  # the limit itself is good
    assert below([good(19.699)], LIMIT, 1, occupied=occupied)


def test_vote_takes_medians_of_the_good_only() -> None:
    assert vote([good(-112.0), good(-108.0), good(-110.0)]) == (-110.0, -112.0, -108.0, 3, 3)
    assert vote([good(-112.0), bad(0.0), good(-108.0)]) == (-110.0, -112.0, -108.0, 2, 3)
    assert vote([good(-112.0), bad(), uncertain(-50.0)]) == (-112.0, -112.0, -112.0, 1, 3)
    assert vote([bad(), uncertain(0.0)]) == (None, None, None, 0, 2)
    assert vote([good(0.0), good(0.0)]).value == 0.0  # a zero is a value


READINGS = st.lists(
    st.one_of(st.floats(-200, 60).map(good), st.floats(-200, 60).map(bad), st.floats(-200, 60).map(uncertain)), min_size=1, max_size=5
)


@given(READINGS)
def test_the_median_lies_between_the_good(readings: list[Reading[float]]) -> None:
    v = vote(readings)
    values = sorted(r.good for r in readings if r.good is not None)
    assert v.good == len(values)
    if values:
        assert v.lowest == values[0]
        assert v.highest == values[-1]
        assert v.value == pytest.approx(statistics.median(values))
    else:
        assert v.value is None


@pytest.mark.req("SRS-O2-006")
@given(READINGS, st.floats(-200, 60), st.integers(1, 3), st.booleans())
def test_losing_a_good_sensor_above_the_limit_never_hides_a_trip(
    readings: list[Reading[float]], limit: float, needed: int, occupied: bool
) -> None:
    """2oo3 must not degrade to 2oo2: with a sensor gone bad, what tripped before still trips."""
    if not below(readings, limit, needed, occupied=occupied):
        return
    for n in range(len(readings)):
        worse = [bad() if i == n else r for i, r in enumerate(readings)]
        if readings[n].good is None or readings[n].good >= limit or occupied:  # type: ignore[operator]
            assert below(worse, limit, needed, occupied=occupied)


def test_readings_of_one_moment_are_those_of_the_constructor() -> None:
    made = list(readings_of([-110.0, 20.9], 12.5))
    assert made == [Reading(v, Quality.GOOD, Why.NONE, 12.5) for v in (-110.0, 20.9)]
    assert {type(r) for r in made} == {Reading}
    assert [r.good for r in made] == [-110.0, 20.9]
