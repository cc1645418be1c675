"""The instrument checks one by one: just inside the limit and just outside (safety reference, 4.2)."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber.instruments.consumption import Meter, Used, meter
from chamber.instruments.fellows import Against, compare
from chamber.instruments.limits import KINDS, LIMITS, RANGES, Kind
from chamber.instruments.ne107 import Status, needs_service, status
from chamber.instruments.sensor import Mark, Sample, Track, follow, too_fast
from chamber.instruments.watch import Plant, Watched, apply, offset, watch
from chamber.profile import Commissioned
from chamber.readings import Quality, Reading, Why
from tests.chamber.asking import PROFILE
from tests.chamber.facts_factory import good

pytestmark = pytest.mark.req("SRS-TMP-005")
ROOM = LIMITS[Kind.ROOM]


def seconds(
    count: int,
    value: float = -110.0,
    *,
    old: Track | None = None,
    moved_at: int = -1,
    room: float | None = None,
    change: float | None = None,
) -> tuple[Track | None, Mark | None]:
    """``count`` samples of the same value; something moves at sample ``moved_at``."""
    track: Track | None = None
    mark: Mark | None = None
    for n in range(count):
        track, mark = follow(track, Sample(100.0 + n, -110.0, None, n == moved_at, room), ROOM, None)
    return track, mark


def test_the_same_number_for_ever_is_no_fault_while_all_is_calm() -> None:
    """0.1 K of resolution: a healthy sensor gives the same number for minutes in a steady hold."""
    assert seconds(100_000)[1] is None


@pytest.mark.parametrize(
    ("still_s", "moved_at", "stuck"), [(121, 60, True), (120, 60, False), (121, 61, False), (121, 1, True), (400, -1, False)]
)
def test_stuck_needs_two_minutes_of_stillness_and_a_movement_a_minute_ago(still_s: int, moved_at: int, stuck: bool) -> None:
    mark = seconds(still_s, moved_at=moved_at)[1]
    assert mark == (Mark(Quality.UNCERTAIN, Why.STUCK) if stuck else None)


def test_stuck_becomes_bad_after_five_minutes_and_ends_with_a_change() -> None:
    track, mark = seconds(121 + 299, moved_at=1)
    assert mark == Mark(Quality.UNCERTAIN, Why.STUCK)
    track, mark = follow(track, Sample(100.0 + 420, -110.0, None, False, None), ROOM, None)
    assert mark == Mark(Quality.BAD, Why.STUCK)
    assert follow(track, Sample(521.0, -109.9, None, False, None), ROOM, None)[1] is None


@pytest.mark.parametrize(("still_s", "fellows_k", "stuck"), [(31, 1.0, True), (30, 1.0, False), (31, 0.9, False), (31, -1.0, True)])
def test_thirty_times_the_same_while_the_room_moved(still_s: int, fellows_k: float, stuck: bool) -> None:
    track, _ = seconds(still_s - 1, room=-110.0)
    _, mark = follow(track, Sample(200.0, -110.0, None, False, -110.0 + fellows_k), ROOM, None)
    assert (mark is not None) is stuck


def test_an_analyser_that_gives_one_number_for_ten_minutes_is_stuck() -> None:
    track: Track | None = None
    marks: list[Mark | None] = []
    for n in range(602):
        track, mark = follow(track, Sample(float(n), 20.9, None, False, None), LIMITS[Kind.OXYGEN], None)
        marks.append(mark)
    assert marks[599] is None
    assert marks[600] == Mark(Quality.UNCERTAIN, Why.STUCK)


@pytest.mark.parametrize(("sigma", "why"), [(0.06, None), (0.2, None), (0.4, Why.NOISE), (2.0, Why.NOISE)])
def test_noise_against_the_commissioned_one(sigma: float, why: Why | None) -> None:
    rng = random.Random(7)
    track: Track | None = None
    found: set[Why | None] = set()
    for n in range(400):
        value = -110.0 + 0.1 * n + rng.gauss(0.0, sigma)  # a room that warms 6 K a minute: its trend is no noise
        neighbour = -110.0 + 0.1 * (n - 0.1) + rng.gauss(0.0, sigma)
        track, mark = follow(track, Sample(float(n), value, value - neighbour, False, None), ROOM, None)
        found.add(None if mark is None else mark.why)
    assert found - {None} == ({why} if why else set())


def test_too_quiet_is_seen_only_where_the_wire_shows_the_noise() -> None:
    fine = ROOM._replace(resolution=0.001)
    for lim, noise, quiet in ((ROOM, 0.06, False), (fine, 0.06, True), (ROOM, 0.5, True), (ROOM, 0.4, False)):
        track: Track | None = None
        mark: Mark | None = None
        for n in range(60):  # a ramp without any noise
            track, mark = follow(track, Sample(float(n), -110.0 + 0.1 * n, 0.01, False, None), lim, noise)
        assert (mark == Mark(Quality.GOOD, Why.QUIET)) is quiet


@pytest.mark.parametrize(
    ("kind", "step", "seconds_s", "fast"),
    [
        (Kind.ROOM, -5.0, 1.0, False),
        (Kind.ROOM, -5.1, 1.0, True),
        (Kind.ROOM, 10.0, 1.0, False),
        (Kind.ROOM, 10.1, 1.0, True),
        (Kind.ROOM, -9.9, 2.0, False),
        (Kind.COIL, -80.0, 1.0, False),  # liquid arriving is the hazard itself
        (Kind.COIL, 10.1, 1.0, True),
        (Kind.OXYGEN, -20.0, 1.0, False),
    ],
)
def test_rate(kind: Kind, step: float, seconds_s: float, fast: bool) -> None:
    assert too_fast(step, LIMITS[kind], seconds_s) is fast


# -- fellows ------------------------------------------------------------------------------------------------------------


def drifted(difference: float, samples: int) -> tuple[dict[str, Against], dict[str, Mark]]:
    memory: dict[str, Against] = {}
    marks: dict[str, Mark] = {}
    for n in range(samples):
        memory, marks = compare(memory, {"a": -110.0, "b": -110.0, "c": -110.0 + difference}, 10.0 * n, drift=True)
    return memory, marks


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_drift_is_summed_both_ways(sign: float) -> None:
    """k = 0.75 K, h = 7.5 K: 2 K off adds 1.25 K a sample and passes at the seventh; 0.75 K off never counts."""
    assert drifted(sign * 2.0, 6)[1] == {}
    assert drifted(sign * 2.0, 7)[1] == {"c": Mark(Quality.UNCERTAIN, Why.DRIFT)}
    assert drifted(sign * 2.0, 12)[1] == {"c": Mark(Quality.UNCERTAIN, Why.DRIFT)}
    assert drifted(sign * 2.0, 13)[1] == {"c": Mark(Quality.BAD, Why.DRIFT)}  # 60 s above the limit
    assert drifted(sign * 0.75, 5000)[1] == {}


def test_drift_is_forgiven_in_finite_time() -> None:
    memory, _ = drifted(5.0, 500)
    for n in range(11):
        memory, marks = compare(memory, dict.fromkeys("abc", -110.0), 5000.0 + 10.0 * n, drift=True)
    assert marks == {}


def test_two_that_drift_apart_get_a_work_order_not_a_trip() -> None:
    memory: dict[str, Against] = {}
    for n in range(200):
        memory, marks = compare(memory, {"a": -60.0, "b": -57.0}, 10.0 * n, drift=True)
    assert marks == dict.fromkeys("ab", Mark(Quality.GOOD, Why.DRIFT))


@given(st.lists(st.floats(-0.7, 0.7), min_size=3, max_size=3))
def test_small_differences_are_never_a_fault(places: list[float]) -> None:
    memory: dict[str, Against] = {}
    for n in range(60):
        memory, marks = compare(memory, {t: -110.0 + d / 2 for t, d in zip("abc", places, strict=True)}, 10.0 * n, drift=True)
        assert marks == {}


def test_one_wrong_sensor_never_condemns_the_others() -> None:
    for wrong in (-200.0, -125.0, -103.0, -80.0, 20.0):
        memory: dict[str, Against] = {}
        condemned: set[str] = set()
        for n in range(300):
            memory, marks = compare(memory, {"a": -110.0, "b": -110.3, "c": wrong}, float(n), drift=n % 10 == 0)
            condemned |= set(marks)
        assert condemned == {"c"}


@pytest.mark.parametrize(("found_s", "condemned"), [(100, set()), (180, set()), (900, {"c"})])
def test_a_frozen_sensor_is_no_witness_against_those_that_follow_the_room(found_s: int, condemned: set[str]) -> None:
    """The room gets 1 K colder and b does not: now a is in the middle, and c seems to drift until b is found to be frozen."""
    memory: dict[str, Against] = {}
    doubted: frozenset[str] = frozenset()
    seen: set[str] = set()
    for n in range(900):
        room = -110.0 - min(1.0, n / 60.0)
        before, doubted = doubted, frozenset("b") if n >= found_s else frozenset()
        values = {"a": room + 0.6, "b": -110.0, "c": room - 0.6}
        memory, marks = compare(memory, values, float(n), drift=n % 10 == 0, doubted=doubted, doubted_before=before)
        seen |= set(marks)
    assert seen - {"b"} == condemned


def test_alone_nobody_can_be_compared() -> None:
    assert compare({}, {"a": -50.0}, 0.0, drift=True)[1] == {}


def test_the_offset_of_a_place_grows_with_the_cold() -> None:
    profile = PROFILE.model_copy(update={"commissioned": {"TT-103": Commissioned(offset_k=-2.0)}})
    main = profile.main
    assert offset(profile, main, "TT-103", -110.0, 22.0) == pytest.approx(-2.0)
    assert offset(profile, main, "TT-103", -44.0, 22.0) == pytest.approx(-1.0)
    assert offset(profile, main, "TT-103", 22.0, 22.0) == 0.0
    assert offset(profile, main, "TT-103", 30.0, 22.0) == 0.0
    assert offset(profile, main, "TT-103", -110.0, None) == 0.0
    assert offset(profile, main, "TT-101", -110.0, 22.0) == 0.0


# -- all together -------------------------------------------------------------------------------------------------------

HOLD = Plant((20.0, 10.0), open=True, doors_shut=True, fan=True, empty=True)
HEALTHY = {t: good(-110.0) for t in PROFILE.main.temperatures} | {t: good(-60.0) for t in PROFILE.pre.temperatures} | {"TT-301": good(22.0)}


def test_a_change_too_fast_within_a_second_is_found() -> None:
    w = watch(Watched(), 0.0, HEALTHY, None, HOLD, PROFILE)
    w = watch(w, 1.0, HEALTHY | {"TT-101": good(-115.1)}, None, HOLD, PROFILE)
    assert w.too_fast == ("TT-101",)
    w = watch(w, 4.0, HEALTHY | {"TT-101": good(-50.0)}, None, HOLD, PROFILE)  # after a pause nothing is compared
    assert w.too_fast == ()


@pytest.mark.parametrize(
    ("valve_pct", "opened", "inside_c", "door", "excited"),
    [
        (41.0, True, -110.0, True, True),
        (40.0, True, -110.0, True, False),
        (41.0, False, -110.0, True, False),  # a valve without nitrogen moves no temperature
        (20.0, True, -110.0, False, True),
        (20.0, True, 5.0, False, False),  # nor does a door between equals
    ],
)
def test_what_must_show_at_a_sensor(valve_pct: float, opened: bool, inside_c: float, door: bool, excited: bool) -> None:
    cold = HEALTHY | {t: good(inside_c) for t in (*PROFILE.main.temperatures, *PROFILE.pre.temperatures)}
    w = watch(Watched(), 0.0, cold, None, HOLD, PROFILE)
    w = watch(w, 1.0, cold, None, HOLD._replace(valves_pct=(valve_pct, 10.0), open=opened, doors_shut=door), PROFILE)
    for n in range(2, 124):
        w = watch(w, float(n), cold, None, HOLD._replace(valves_pct=(valve_pct, 10.0), open=opened, doors_shut=door), PROFILE)
    assert ("TT-101" in w.marks) is excited
    assert "TT-301" not in w.marks


def test_what_fellows_found_stands_while_they_cannot_be_compared() -> None:
    w = Watched()
    for n in range(40):
        w = watch(w, float(n), HEALTHY | {"TT-102": good(-100.0)}, None, HOLD, PROFILE)
    assert w.marks["TT-102"] == Mark(Quality.BAD, Why.DISAGREES)
    for n in range(40, 60):
        w = watch(w, float(n), HEALTHY, None, HOLD._replace(doors_shut=False), PROFILE)
    assert w.marks["TT-102"] == Mark(Quality.BAD, Why.DISAGREES)


def test_a_mark_never_makes_a_reading_better() -> None:
    stale = Reading(1.0, Quality.UNCERTAIN, Why.STALE)
    assert apply(stale, Mark(Quality.GOOD, Why.DRIFT)) is stale
    assert apply(stale, Mark(Quality.BAD, Why.STUCK))[1:3] == (Quality.BAD, Why.STUCK)
    assert apply(good(1.0), Mark(Quality.GOOD, Why.DRIFT)).good == 1.0


def test_every_instrument_has_a_kind_and_a_range() -> None:
    assert set(KINDS) == set(RANGES)
    assert RANGES["TT-101"] == (-196.0, 60.0)
    assert RANGES["TT-111"] == (-200.0, 60.0)
    assert {KINDS[t] for t in (*PROFILE.main.temperatures, *PROFILE.pre.temperatures)} == {Kind.ROOM}


# -- nitrogen -----------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-LN2-007")
@pytest.mark.parametrize(
    ("flow", "valve", "too_much"), [(59.8, 30.0, False), (60.2, 30.0, True), (11.9, 0.0, False), (12.2, 0.0, True), (0.0, 100.0, False)]
)
def test_use_against_the_valves(flow: float, valve: float, too_much: bool) -> None:
    m = Meter()
    for n in range(310):
        m = meter(m, float(n), flow, (valve, 10.0 if valve else 0.0), (100.0, 100.0))
        assert (m.used is None) is (n < 300)
    assert m.used is not None
    assert m.used.measured_kg == pytest.approx(flow / 12.0)
    assert m.used.too_much is too_much


def test_the_use_begins_anew_after_a_gap() -> None:
    m = Meter(100.0, 59.0, 1.0, 1.0, (Used(1.0, 1.0),) * 5)
    assert meter(m, 101.0, None, (0.0,), (1.0,)) == Meter()
    assert meter(m, 103.0, 5.0, (0.0,), (1.0,)) == Meter(103.0)
    assert len(meter(m, 101.0, 5.0, (0.0,), (1.0,)).minutes) == 5


# -- NE 107 -------------------------------------------------------------------------------------------------------------


def test_ne_107() -> None:
    def of(quality: Quality, why: Why) -> Status:
        return status(Reading(1.0, quality, why))

    assert of(Quality.GOOD, Why.NONE) is Status.GOOD
    assert of(Quality.GOOD, Why.DRIFT) is Status.MAINTENANCE_REQUIRED
    assert {of(Quality.UNCERTAIN, w) for w in Why} == {Status.OUT_OF_SPECIFICATION}
    checks = {w for w in Why if of(Quality.BAD, w) is Status.FUNCTION_CHECK}
    assert {Why.WARM_UP, Why.OUT_OF_SERVICE, Why.SAMPLE_FLOW} <= checks
    assert {of(Quality.BAD, w) for w in Why if w not in checks} == {Status.FAILURE}
    assert needs_service(Reading(1.0, Quality.GOOD, Why.DRIFT))
    assert needs_service(Reading(1.0, Quality.UNCERTAIN, Why.NOISE))
    assert not needs_service(Reading(1.0, Quality.UNCERTAIN, Why.STALE))
    assert not needs_service(Reading(1.0, Quality.BAD, Why.STUCK))
