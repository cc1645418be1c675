"""From a block to readings and facts: range, quality nibbles, jumps, outvoting, age, door contacts."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from chamber.facts import Door
from chamber.readings import Quality, Reading, Why
from control.perceive import door, perceive
from control.state import Inputs, Perception
from plc_bridge.contract import QUALITY, Output, QualityNibble
from tests.chamber.asking import PROFILE
from tests.control.blocks import status

FIRST_S = 100.0


def take(p: Perception, at_s: float, **changes: Any) -> Perception:
    return perceive(p, Inputs(at_s, status(at_s, round(at_s * 10) & 0xFFFF, uptime_ms=round(at_s * 1000), **changes)), PROFILE)


def age(p: Perception, now_s: float) -> Perception:
    return perceive(p, Inputs(now_s, None), PROFILE)


def seen(p: Perception, tag: str) -> tuple[Quality, Why]:
    return p.analog[tag].quality, p.analog[tag].why


GOOD = (Quality.GOOD, Why.NONE)


def test_a_healthy_block_is_good() -> None:
    p = take(Perception(), FIRST_S)
    assert {r.quality for r in p.analog.values()} == {Quality.GOOD}
    assert p.analog["TT-101"] == Reading(-110.0, Quality.GOOD, Why.NONE, FIRST_S)


@pytest.mark.parametrize("nibble", range(16))
def test_every_quality_nibble(nibble: int) -> None:
    p = take(Perception(), FIRST_S, quality={"TT-101": nibble, "AT-101A": nibble})
    wanted = {
        0: (Quality.BAD, Why.NEVER_READ),
        1: GOOD,
        2: (Quality.UNCERTAIN, Why.OUT_OF_SPEC),
        8: (Quality.BAD, Why.WARM_UP),
        9: (Quality.BAD, Why.FAILURE_LOW),
        10: (Quality.BAD, Why.FAILURE_HIGH),
        11: (Quality.BAD, Why.SAMPLE_FLOW),
        12: (Quality.BAD, Why.OUT_OF_SERVICE),
    }.get(nibble, (Quality.BAD, Why.NEVER_READ))
    for tag in ("TT-101", "AT-101A"):
        assert seen(p, tag) == wanted
        assert p.analog[tag].good == (p.analog[tag].value if nibble == 1 else None)
    assert p.analog["TT-102"].quality is Quality.GOOD


def test_a_register_never_written_has_no_value() -> None:
    p = take(Perception(), FIRST_S, quality={"TT-101": QualityNibble.NEVER})
    assert p.analog["TT-101"].value is None
    assert set(QUALITY) == set(QualityNibble)


@pytest.mark.req("SRS-TMP-004")
@pytest.mark.parametrize(
    ("tag", "value", "possible"),
    [
        ("TT-301", -196.0, True),
        ("TT-301", -196.1, False),
        ("TT-101", -240.0, False),  # a shorted RTD
        ("TT-111", -200.0, True),  # liquid nitrogen at the coil, within the class of the sensor
        ("TT-111", -200.1, False),
        ("TT-301", 60.0, True),
        ("TT-301", 60.1, False),
        ("AT-301", 25.0, True),
        ("AT-301", 25.01, False),
        ("ZT-101", -1.0, True),
        ("ZT-101", -1.1, False),
    ],
)
def test_impossible_values_are_never_used_and_bad_at_the_third(tag: str, value: float, possible: bool) -> None:
    p = Perception()
    for n in range(4):
        p = take(p, FIRST_S + 0.1 * n, **{tag.replace("-", "_"): value})
        quality = Quality.GOOD if possible else Quality.UNCERTAIN if n < 2 else Quality.BAD
        assert seen(p, tag) == ((quality, Why.NONE) if possible else (quality, Why.OUT_OF_RANGE))
        assert (p.analog[tag].good is None) is not possible
    p = take(p, FIRST_S + 100.0)
    p = take(p, FIRST_S + 200.0, **{tag.replace("-", "_"): value})  # it counts in a row
    assert p.analog[tag].quality is (Quality.GOOD if possible else Quality.UNCERTAIN)


@pytest.mark.req("SRS-TMP-004")
@pytest.mark.parametrize(("change", "jumped"), [(-2.0, False), (-2.1, True), (2.0, False), (2.1, True), (-60.0, True)])
def test_a_jump_is_not_believed_for_six_seconds(change: float, jumped: bool) -> None:
    p = take(Perception(), FIRST_S)
    p = take(p, FIRST_S + 0.1, TT_301=21.0 + change)
    assert seen(p, "TT-301") == ((Quality.BAD, Why.RATE) if jumped else GOOD)
    p = take(p, FIRST_S + 6.0, TT_301=21.0 + change)
    assert seen(p, "TT-301") == ((Quality.BAD, Why.RATE) if jumped else GOOD)
    p = take(p, FIRST_S + 6.2, TT_301=21.0 + change)
    assert seen(p, "TT-301") == GOOD


def test_rate_limits_differ_by_direction() -> None:
    """5 K/s down, 10 K/s up, over a scan of half a second."""
    for change, ok in ((-2.4, True), (-2.6, False), (4.9, True), (5.1, False)):
        p = take(take(Perception(), FIRST_S), FIRST_S + 0.5, TT_301=21.0 + change)
        assert (p.analog["TT-301"].quality is Quality.GOOD) is ok


def test_no_rate_across_a_silence() -> None:
    p = age(take(Perception(), FIRST_S), FIRST_S + 4.0)
    p = take(p, FIRST_S + 4.1, TT_301=-20.0)
    assert seen(p, "TT-301") == GOOD


def test_oxygen_has_no_rate_limit() -> None:
    """A fast fall of oxygen is the hazard itself, never a reason to disbelieve it."""
    p = take(take(Perception(), FIRST_S), FIRST_S + 0.1, AT_101A=12.0)
    assert seen(p, "AT-101A") == GOOD


def running(p: Perception, at_s: float, seconds: int, **changes: Any) -> Perception:
    """Seconds with the fan driven, one block a second."""
    for n in range(seconds):
        p = take(p, at_s + n, outputs=1 << Output.RECIRC_FAN, **changes)
    return p


@pytest.mark.req("SRS-TMP-003")
def test_outvoted_after_five_seconds_and_back_after_five() -> None:
    p = running(Perception(), FIRST_S - 20, 32)
    for difference, bad in ((6.2, True), (5.8, False)):
        q = running(p, FIRST_S + 12, 4, TT_102=-110.0 + difference)
        assert seen(q, "TT-102") == GOOD
        q = running(q, FIRST_S + 16, 1, TT_102=-110.0 + difference)
        assert seen(q, "TT-102") == ((Quality.BAD, Why.DISAGREES) if bad else GOOD)
        q = running(q, FIRST_S + 17, 6)  # not believed: it came back too fast; meanwhile it agrees again
        assert q.analog["TT-102"].good is None
        assert seen(running(q, FIRST_S + 23, 1), "TT-102") == GOOD


def test_two_that_disagree_leave_nothing_to_go_by() -> None:
    p = running(Perception(), FIRST_S - 20, 32)
    p = running(p, FIRST_S + 12, 10, quality={"TT-101": 9}, TT_103=-116.5)
    assert [seen(p, t)[1] for t in ("TT-102", "TT-103")] == [Why.DISAGREES] * 2
    p = running(p, FIRST_S + 22, 10, TT_201=-53.0)
    assert [seen(p, t)[1] for t in ("TT-201", "TT-202")] == [Why.DISAGREES] * 2


def test_heights_differ_while_the_fan_stands() -> None:
    p = Perception()
    for n in range(90):
        p = take(p, FIRST_S + n, TT_103=-90.0)
    assert seen(p, "TT-103") == GOOD


def test_a_block_with_an_old_clock_is_no_news() -> None:
    p = take(Perception(), FIRST_S)
    q = perceive(p, Inputs(FIRST_S + 1.5, status(FIRST_S + 1.5, 77, uptime_ms=round(FIRST_S * 1000))), PROFILE)
    assert q.stage == 1
    assert q.analog["TT-101"].acquired_at_s == FIRST_S


@pytest.mark.req("SRS-LNK-004")
@pytest.mark.parametrize(
    ("age_s", "quality", "why", "stage"),
    [
        (1.49, Quality.GOOD, Why.NONE, 0),
        (1.5, Quality.UNCERTAIN, Why.STALE, 1),
        (2.99, Quality.UNCERTAIN, Why.STALE, 1),
        (3.0, Quality.BAD, Why.NO_LINK, 2),
        (60.0, Quality.BAD, Why.NO_LINK, 2),
    ],
)
def test_age(age_s: float, quality: Quality, why: Why, stage: int) -> None:
    p = age(take(Perception(), FIRST_S), FIRST_S + age_s)
    assert {(r.quality, r.why) for r in p.analog.values()} == {(quality, why)}
    assert p.analog["TT-101"].acquired_at_s == FIRST_S  # of the last successful read
    assert p.stage == stage
    assert all((v is None) is (stage > 0) for v in p.bits.values())
    assert (p.entry_good_since_s is None) is (stage > 0)


def test_an_unchanged_value_does_not_age() -> None:
    p = Perception()
    for n in range(50):
        p = take(p, FIRST_S + n)
    assert seen(p, "TT-101") == GOOD


def test_never_heard_is_nothing() -> None:
    p = age(Perception(), 1000.0)
    assert (p.analog, p.bits, p.block) == ({}, {}, None)


def test_restart_is_seen_by_the_clock_going_back() -> None:
    p = take(take(Perception(), 100.0), 101.0)
    assert not p.restarted
    p = perceive(p, Inputs(102.0, status(102.0, 5, uptime_ms=500)), PROFILE)
    assert p.restarted
    assert not perceive(p, Inputs(102.1, status(102.1, 6, uptime_ms=600)), PROFILE).restarted


@pytest.mark.req("SRS-CYC-007")
@pytest.mark.parametrize(
    ("uptime_ms", "restarted"),
    [(50, False), (1049, False), (1051, True), (0xFFFF_FF00, True), (30_000, True)],
    ids=["on time", "a second late", "later", "just back", "long since"],
)
def test_the_milliseconds_of_the_plc_begin_anew_every_49_days(uptime_ms: int, restarted: bool) -> None:
    """A PLC that has run for 49.7 days is not one that has restarted: nobody is sent out for it."""
    p = perceive(Perception(), Inputs(100.0, status(100.0, 5, uptime_ms=0xFFFF_FFFF - 49)), PROFILE)
    p = perceive(p, Inputs(100.1, status(100.1, 6, uptime_ms=uptime_ms)), PROFILE)
    assert p.restarted is restarted
    assert not age(p, 102.2).restarted


@pytest.mark.req("SRS-O2-012")
@pytest.mark.parametrize(("tag", "value"), [(t, v) for t in ("AT_101A", "AT_101C", "AT_201B", "AT_301", "AT_302") for v in (19.99, 12.0)])
def test_entry_needs_every_oxygen_sensor(tag: str, value: float) -> None:
    p = take(Perception(), FIRST_S)
    assert p.entry_good_since_s == FIRST_S
    assert take(p, FIRST_S + 50.0).entry_good_since_s == FIRST_S
    assert p.room_good_since_s == FIRST_S
    low = take(p, FIRST_S + 50.0, **{tag: value})
    assert (low.entry_good_since_s, low.room_good_since_s) == (None, None)
    unknown = take(p, FIRST_S + 50.0, quality={tag.replace("_", "-"): 9})
    assert unknown.entry_good_since_s is None
    assert unknown.room_good_since_s == (
        None if tag.startswith("AT_3") else FIRST_S
    )  # the room does not wait for an analyser of the chamber
    assert take(p, FIRST_S + 50.0, **{tag: 20.0}).entry_good_since_s == FIRST_S


@pytest.mark.req("SRS-DOR-001")
@pytest.mark.parametrize(("closes", "opens"), list(product([False, True, None], repeat=2)))
def test_door_contacts(closes: bool | None, opens: bool | None) -> None:
    """Only both agreeing on shut is shut: one closes when shut, the other opens when shut."""
    expected = {(True, False): Door.SHUT, (False, True): Door.OPEN, (True, True): Door.FAULT, (False, False): Door.FAULT}
    bits = {PROFILE.main.door_closed_contact: closes, PROFILE.main.door_open_contact: opens}
    assert door(bits, PROFILE.main) is expected.get((closes, opens), Door.UNKNOWN)  # type: ignore[arg-type]
    assert door({}, PROFILE.main) is Door.UNKNOWN


def test_what_is_not_fitted_has_no_value_whatever_the_block_says() -> None:
    bare = PROFILE.model_copy(update={"not_fitted": {"PT-401": "fed from a dewar without a gauge", "JS-001": "no battery contact wired"}})
    p = perceive(Perception(), Inputs(FIRST_S, status(FIRST_S)), bare)
    assert p.analog["PT-401"] == Reading(None, Quality.BAD, Why.NOT_FITTED)
    assert p.bits["JS-001"] is None
    assert seen(p, "LT-401") == GOOD
    later = perceive(p, Inputs(FIRST_S + 5.0, None), bare)
    assert seen(later, "PT-401") == (Quality.BAD, Why.NOT_FITTED)
    assert seen(later, "LT-401") == (Quality.BAD, Why.NO_LINK)
