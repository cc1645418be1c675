"""The instrument checks at their edges: counts to the second, limits to the last digit, what begins anew and what stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from chamber.instruments.consumption import Meter, Used, meter
from chamber.instruments.fellows import NEW, Against, compare
from chamber.instruments.limits import CUSUM_SLACK, LIMITS, Kind
from chamber.instruments.oxygen import Correction, Settling, ambient, fresh_air, settle
from chamber.instruments.sensor import Mark, Sample, Track, follow, too_fast
from chamber.instruments.watch import Plant, Watched, apply, offset, watch, worse
from chamber.profile import Commissioned, DeviceProfile
from chamber.readings import Quality, Reading, Why
from tests.chamber.asking import PROFILE
from tests.chamber.facts_factory import bad, good

pytestmark = pytest.mark.req("SRS-TMP-005")
ROOM = LIMITS[Kind.ROOM]
BAD, UNCERTAIN, GOOD = Quality.BAD, Quality.UNCERTAIN, Quality.GOOD


# -- one by itself --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "still"), [(0.24, 6), (-0.24, 6), (0.25, 0), (-0.25, 0), (0.3, 0), (-0.3, 0)])
def test_half_a_step_on_the_wire_is_a_change(step: float, still: int) -> None:
    track, _ = follow(Track(0.0, still=5), Sample(100.0, step, None, False, None), ROOM._replace(resolution=0.5), None)
    assert track.still == still


def test_noise_is_judged_from_the_twentieth_look_on() -> None:
    track: Track | None = None
    marks: list[Mark | None] = []
    for n in range(22):
        track, mark = follow(track, Sample(float(n), -110.0, 5.0, False, None), ROOM, None)
        marks.append(mark)
    assert marks == [None] * 20 + [Mark(UNCERTAIN, Why.NOISE)] * 2  # the first look has nothing to change from


@pytest.mark.parametrize(
    ("noise", "noise_sq", "before", "found"),
    [  # the standard deviation is the root of half the mean square
        (0.2, 2.0, {}, None),  # five times: on the limit
        (0.2, 2.001, {}, Why.NOISE),
        (0.2, 1.9, {"noisy": True}, Why.NOISE),  # once noisy, until four times
        (0.2, 1.28, {"noisy": True}, None),
        (0.2, 1.27, {"noisy": True}, None),
        (5.0, 2.0, {}, None),  # a fifth: on the limit
        (5.0, 1.99, {}, Why.QUIET),
        (0.0, 0.0, {}, None),
    ],
)
def test_noise_to_the_last_digit(noise: float, noise_sq: float, before: dict[str, bool], found: Why | None) -> None:
    old = Track(-110.0, noise_sq=noise_sq, primed=50, **before)  # type: ignore[arg-type]
    track, mark = follow(old, Sample(100.0, -110.0, noise_sq**0.5, False, None), ROOM, noise)
    assert track.noise_sq == pytest.approx(noise_sq)
    assert (None if mark is None else mark.why) is found


@pytest.mark.parametrize(("step", "seconds", "fast"), [(20.0, 2.0, False), (20.1, 2.0, True), (-10.0, 2.0, False), (-10.1, 2.0, True)])
def test_rate_over_more_than_a_second(step: float, seconds: float, fast: bool) -> None:
    assert too_fast(step, ROOM, seconds) is fast


# -- among its fellows ----------------------------------------------------------------------------------------------------


def compared(values: Mapping[str, float], looks: int, old: Mapping[str, Against] | None = None, *, drift: bool = False) -> Any:
    memory, marks = dict(old or {}), {}
    for n in range(looks):
        memory, marks = compare(memory, values, float(n), drift=drift)
    return memory, marks


APART, TOGETHER = {"a": -110.0, "b": -110.0, "c": -100.0}, {"a": -110.0, "b": -110.0, "c": -104.0}


def test_five_seconds_apart_and_five_together() -> None:
    memory, marks = compared(APART, 4)
    assert marks == {}
    memory, marks = compared(TOGETHER, 1, memory)  # 6 K is within; the five begin anew
    memory, marks = compared(APART, 4, memory)
    assert marks == {}
    memory, marks = compared(APART, 1, memory)
    assert marks == {"c": Mark(BAD, Why.DISAGREES)}
    memory, marks = compared(TOGETHER, 4, memory)
    memory, marks = compared(APART, 1, memory)
    memory, marks = compared(TOGETHER, 4, memory)
    assert marks == {"c": Mark(BAD, Why.DISAGREES)}
    memory, marks = compared(TOGETHER, 1, memory)
    assert marks == {}


def test_what_was_summed_beside_a_sensor_at_fault_proves_nothing_but_its_own_sum_stays() -> None:
    summed = Against(above=4.0, below=3.0, drift_since_s=0.0)
    values = dict.fromkeys("abc", -110.0)
    memory, _ = compare(dict.fromkeys("abc", summed), values, 1.0, drift=False, doubted={"c"}, doubted_before=set())
    assert memory["a"] == memory["b"] == Against()
    assert (memory["c"].above, memory["c"].below, memory["c"].drift_since_s) == (4.0, 3.0, 0.0)
    memory, _ = compare(dict.fromkeys("abc", summed), values, 1.0, drift=False, doubted={"c"}, doubted_before={"c"})
    assert memory["a"].above == 4.0  # doubted before, too: nothing new is learnt of the others


@pytest.mark.parametrize("third", [Against(apart=5, together=0, out=True), Against(above=8.0, drift_since_s=0.0)])
def test_two_that_are_left_judge_each_other_without_the_third(third: Against) -> None:
    """-110, -103: too far apart for two. With the third, which is known to be wrong, -103 would be the middle."""
    _, marks = compared({"a": -110.0, "b": -103.0, "c": -80.0}, 5, {"c": third})
    assert marks["a"] == marks["b"] == Mark(BAD, Why.DISAGREES)


def test_one_that_is_out_is_measured_by_the_two_trusted() -> None:
    """-107 is their middle, -104 would be that of all three: 7 K away it stays out."""
    _, marks = compared({"a": -110.0, "b": -104.0, "c": -100.0}, 5, {"c": Against(apart=5, together=0, out=True)})
    assert marks == {"c": Mark(BAD, Why.DISAGREES)}


def test_alone_it_counts_again_and_what_was_counted_begins_anew() -> None:
    for old in (Against(apart=5, together=0, out=True), Against(apart=4, together=0)):
        assert compare({"a": old}, {"a": -50.0}, 9.0, drift=True) == ({"a": NEW}, {})


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_nothing_is_summed_up_in_agreement_and_no_more_than_can_be_forgiven(sign: float) -> None:
    still, off = dict.fromkeys("abc", -110.0), {"a": -110.0, "b": -110.0, "c": -110.0 + 2.0 * sign}
    memory, _ = compared(still, 20, drift=True)
    memory, marks = compared(off, 6, memory, drift=True)
    assert marks == {}
    memory, marks = compared(off, 1, memory, drift=True)
    assert marks == {"c": Mark(UNCERTAIN, Why.DRIFT)}
    memory, _ = compared(off, 500, memory, drift=True)
    memory, marks = compared(still, 9, memory, drift=True)
    assert set(marks) == {"c"}
    memory, marks = compared(still, 1, memory, drift=True)
    assert marks == {}


# -- all together ---------------------------------------------------------------------------------------------------------

HOLD = Plant((20.0, 10.0), open=True, doors_shut=True, fan=True, empty=True)
HEALTHY = {t: good(-110.0) for t in PROFILE.main.temperatures} | {t: good(-60.0) for t in PROFILE.pre.temperatures} | {"TT-301": good(22.0)}
MAIN = PROFILE.main.temperatures


def looked(readings: Mapping[str, Reading[float]], looks: int, profile: DeviceProfile = PROFILE, **more: Any) -> Watched:
    w = Watched()
    for n in range(looks):
        w = watch(w, 100.0 + n, HEALTHY | dict(readings), more.get("before"), HOLD, profile)
    return w


@pytest.mark.parametrize(("later_s", "found"), [(1.0, True), (2.5, True), (2.51, False)])
def test_rates_begin_anew_after_a_pause(later_s: float, found: bool) -> None:
    w = watch(looked({}, 1), 100.0 + later_s, HEALTHY | {"TT-101": good(-150.0)}, None, HOLD, PROFILE)
    assert w.too_fast == (("TT-101",) if found else ())


@pytest.mark.parametrize(
    ("reading", "followed"),
    [
        (good(-110.0), True),
        (Reading(-110.0, UNCERTAIN, Why.RATE), True),  # what jumped is followed on
        (Reading(-110.0, UNCERTAIN, Why.STALE), False),
        (bad(60.0), False),
        (Reading(None, UNCERTAIN, Why.RATE), False),
    ],
)
def test_who_is_followed(reading: Reading[float], followed: bool) -> None:
    assert ("TT-101" in looked({"TT-101": reading}, 1).tracks) is followed


@pytest.mark.parametrize(("before", "noisy"), [({"TT-101": -111.0}, True), ({"TT-101": -110.0}, False), ({"TT-102": -111.0}, False)])
def test_noise_is_the_change_since_the_scan_before(before: dict[str, float], noisy: bool) -> None:
    assert (looked({}, 25, before=before).marks.get("TT-101") == Mark(UNCERTAIN, Why.NOISE)) is noisy


def test_a_steady_hold_moves_nothing_from_its_first_look_on() -> None:
    w = looked({}, 125)
    assert (w.marks, w.valves_pct) == ({}, HOLD.valves_pct)
    with pytest.raises(ValueError, match="longer"):
        watch(w, 225.0, HEALTHY, None, HOLD._replace(valves_pct=(20.0,)), PROFILE)  # a device does not lose a valve


@pytest.mark.parametrize(("inside_c", "excited"), [(2.0, False), (1.9, True)])
def test_a_door_between_rooms_not_far_apart_moves_nothing(inside_c: float, excited: bool) -> None:
    room = HEALTHY | dict.fromkeys((*MAIN, *PROFILE.pre.temperatures), good(inside_c))
    w = watch(Watched(), 0.0, room, None, HOLD, PROFILE)
    w = watch(w, 1.0, room, None, HOLD._replace(doors_shut=False), PROFILE)
    assert (w.tracks["TT-101"].excited is not None) is excited


def test_fellows_are_compared_half_a_minute_after_a_door_and_summed_every_tenth_second_after_a_minute() -> None:
    w, compared_at, summed_at = Watched(), [], []
    for n in range(91):
        old, w = w, watch(w, 100.0 + n, HEALTHY | {"TT-103": good(-108.0)}, None, HOLD, PROFILE)
        if w.fellows:
            compared_at.append(n)
            if w.fellows["TT-103"].above != (old.fellows["TT-103"].above if old.fellows else 0.0):
                summed_at.append(n)
    assert compared_at == list(range(30, 91))
    assert summed_at == [60, 70, 80, 90]
    assert w.seconds == 91
    for n in range(91, 121):  # somebody inside makes layers
        w = watch(w, 100.0 + n, HEALTHY | {"TT-103": good(-108.0)}, None, HOLD._replace(empty=False), PROFILE)
    assert w.fellows["TT-103"].above == old.fellows["TT-103"].above + 2.0 - CUSUM_SLACK


def test_fellows_are_compared_without_the_offset_of_their_place() -> None:
    low = PROFILE.model_copy(update={"commissioned": {"TT-103": Commissioned(offset_k=-5.0)}})
    assert looked({"TT-103": good(-115.0)}, 40, low).marks == {}
    assert looked({"TT-103": good(-109.0)}, 40, low).marks == {}  # 4.0 K above its place
    assert looked({"TT-103": good(-105.0)}, 40, low).marks == {"TT-103": Mark(BAD, Why.DISAGREES)}
    assert looked({"TT-103": good(-115.0), "TT-301": bad()}, 40, low).marks == {}


@pytest.mark.parametrize(
    ("offset_k", "outside_c", "expected"),
    [(1.0, 22.0, 1.0), (-4.0, -109.5, -4.0), (-4.0, -110.0, 0.0), (-4.0, -110.5, 0.0), (0.0, 22.0, 0.0)],
)
def test_the_offset_of_a_place(offset_k: float, outside_c: float, expected: float) -> None:
    """Found at -110 °C; where outside is no warmer than that, it says nothing."""
    profile = PROFILE.model_copy(update={"commissioned": {"TT-103": Commissioned(offset_k=offset_k)}})
    assert offset(profile, profile.main, "TT-103", -110.0, outside_c) == pytest.approx(expected)


def test_of_two_findings_the_worse_and_of_equals_the_first() -> None:
    stuck, apart, drift = Mark(BAD, Why.STUCK), Mark(BAD, Why.DISAGREES), Mark(GOOD, Why.DRIFT)
    assert (worse(None, drift), worse(drift, stuck), worse(stuck, drift), worse(stuck, apart)) == (drift, stuck, stuck, stuck)
    assert apply(good(1.0), drift).why is Why.DRIFT  # good, and somebody should look
    assumed = good(1.0)._replace(why=Why.PRESSURE_UNKNOWN)
    assert apply(assumed, drift) is assumed
    assert apply(assumed, stuck)[1:3] == (BAD, Why.STUCK)


# -- oxygen ---------------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-O2-010")
@pytest.mark.parametrize(("measured", "believed"), [(104.0, True), (96.0, True), (104.01, False), (95.99, False), (None, False)])
def test_a_barometer_is_believed_within_the_weather(measured: float | None, believed: bool) -> None:
    assert ambient(measured, 100.0) == (Correction(measured, False) if believed and measured is not None else Correction(104.0, True))


@pytest.mark.req("SRS-O2-009")
def test_half_a_percent_off_in_fresh_air_is_in_service_still() -> None:
    assert fresh_air(good(21.4)) == Mark(GOOD, Why.FRESH_AIR)
    assert fresh_air(good(21.401)) == Mark(BAD, Why.FRESH_AIR)


def test_settling_to_the_last_digit() -> None:
    settling = {"A": Settling(0.0, 0.0, 0.1)}
    assert settle(settling, 10.0, {"A": good(0.4)}) == {"A": Settling(0.0, 0.0, 0.4)}
    assert settle(settling, 10.0, {"A": good(0.41)}) == {"A": Settling(10.0, 0.41, 0.41)}
    assert settle(settling, 10.0, {"A": Reading(20.0, BAD, Why.WARM_UP)}) == {"A": None}  # it warms up again
    assert settle(settling, 10.0, {"A": bad()}) == settling
    assert settle(settling, 10.0, {"B": good(20.9)}) == {}


# -- nitrogen -------------------------------------------------------------------------------------------------------------


@pytest.mark.req("SRS-LN2-007")
@pytest.mark.parametrize(
    ("measured_kg", "expected_kg", "too_much"),
    [(6.0, 4.0, False), (6.01, 4.0, True), (1.0, 0.0, False), (1.01, 0.0, True), (2.0, 1.0, False), (1.9, 1.0, False)],
)
def test_half_as_much_again_and_a_kilogram(measured_kg: float, expected_kg: float, too_much: bool) -> None:
    assert Used(measured_kg, expected_kg).too_much is too_much


def test_the_meter_takes_a_look_that_comes_in_time() -> None:
    m = Meter(100.0, 10.0, 1.0, 1.0)
    assert meter(m, 100.0, 36.0, (50.0,), (36.0,)) == Meter(100.0)  # no time has gone by: begun anew
    assert meter(m, 102.5, 36.0, (50.0,), (36.0,)) == Meter(102.5, 12.5, pytest.approx(1.025), pytest.approx(1.0125))
    assert meter(m, 102.51, 36.0, (50.0,), (36.0,)) == Meter(102.51)
    with pytest.raises(ValueError, match="shorter"):
        meter(m, 101.0, 36.0, (50.0, 20.0), (36.0,))  # a valve whose flow nobody has commissioned
