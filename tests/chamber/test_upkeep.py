"""Proof tests, work on the device, accepted configuration: what stands, what blocks, what nothing but a test clears."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chamber.cause_effect import Action
from chamber.causes import BY_ID as CAUSE
from chamber.causes.upkeep import WORK_WORDS
from chamber.hazards import HAZARDS
from chamber.proof_tests import BY_ID, DAY_S, PROOF_TESTS, After, Given, Gives, Per, Standing, instruments, oxygen_sensors, status
from chamber.upkeep import (
    Entry,
    Kind,
    Upkeep,
    UpkeepFacts,
    Work,
    commissioning,
    differences,
    event_data,
    fingerprint,
    flat,
    fold,
    look,
    statuses,
    valid_until,
)
from tests.chamber.asking import PROFILE
from tests.chamber.facts_factory import facts

NOW = 1_767_600_000.0
IN_FORCE = {"profile.limits.exposure_s": "180", "code.chamber/cycle.py": "abc"}
ALL = [t.id for t in PROOF_TESTS]
# test -> (days, one result for each oxygen sensor, void after any work), as in the safety reference, 2.8
PUBLISHED = {
    "FRESH-AIR": (1, True, True),
    "VALVE-TIGHT": (1, False, True),
    "DOOR-RELEASE": (1, False, True),
    "CALL-BUTTON": (1, False, True),
    "ESTOP": (7, False, True),
    "EXPOSURE-TIMER": (7, False, True),
    "O2-TRIP": (30, True, True),
    "PLC-WATCHDOG": (30, False, True),
    "UPS": (91, False, True),
    "O2-CAL": (182, True, False),
}


def whole(utc_s: float = NOW) -> Upkeep:
    """A chamber commissioned with every test passed."""
    empty = Upkeep(IN_FORCE)
    return fold(empty, commissioning(empty, PROFILE, "anna", utc_s, ALL, ""))


def seen(upkeep: Upkeep, utc_s: float | None = NOW) -> UpkeepFacts:
    return look(upkeep, statuses(upkeep, PROFILE, utc_s))


def blocks(upkeep: Upkeep, utc_s: float | None = NOW) -> set[str]:
    """Rows that let nobody in."""
    f = facts(upkeep=seen(upkeep, utc_s))
    return {c for c in ("PROOF-OVERDUE", "MAINTENANCE", "SEC-CONF") if CAUSE[c].present(f)}


def passed(test: str, instrument: str = "", utc_s: float | None = NOW) -> Entry:
    return Entry(Kind.PROOF_TEST, utc_s, test, instrument, by="anna")


def test_the_table_is_as_published() -> None:
    assert {t.id: (t.interval_s / DAY_S, t.per is Per.OXYGEN_SENSOR, t.after is After.WORK) for t in PROOF_TESTS} == PUBLISHED
    assert [t.id for t in PROOF_TESTS if t.gives is not Gives.PERSON] == ["FRESH-AIR", "VALVE-TIGHT"]
    for t in PROOF_TESTS:
        assert t.text
        assert t.how.endswith(".")
        assert t.hazards
        assert set(t.hazards) <= set(HAZARDS)
    assert oxygen_sensors(PROFILE) == ("AT-101A", "AT-101B", "AT-101C", "AT-201A", "AT-201B", "AT-301", "AT-302")


def test_nothing_recorded_means_nobody_in() -> None:
    assert blocks(Upkeep(IN_FORCE)) == {"PROOF-OVERDUE", "SEC-CONF"}
    assert blocks(Upkeep()) == {"PROOF-OVERDUE", "SEC-CONF"}  # not even known what is in force
    for c in ("PROOF-OVERDUE", "MAINTENANCE"):
        assert CAUSE[c].empty is Action.BLOCK_NEW


def test_commissioned_whole_lets_people_in() -> None:
    assert blocks(whole()) == set()
    assert seen(whole()).soon == ()


@pytest.mark.parametrize("missing", ALL)
def test_each_test_is_needed(missing: str) -> None:
    empty = Upkeep(IN_FORCE)
    upkeep = fold(empty, commissioning(empty, PROFILE, "anna", NOW, [t for t in ALL if t != missing], ""))
    assert blocks(upkeep) == {"PROOF-OVERDUE"}
    for instrument in instruments(BY_ID[missing], PROFILE):  # the last instrument opens, none before
        assert blocks(upkeep) == {"PROOF-OVERDUE"}
        upkeep = fold(upkeep, [passed(missing, instrument)])
    assert blocks(upkeep) == set()


def test_a_test_that_is_not_in_the_table_cannot_be_commissioned() -> None:
    with pytest.raises(KeyError):
        commissioning(Upkeep(IN_FORCE), PROFILE, "anna", NOW, ["UPS", "LUCK"], "")


@pytest.mark.parametrize("test", PROOF_TESTS, ids=lambda t: t.id)
def test_warned_then_overdue_to_the_second(test: Any) -> None:
    last = Given(5, NOW, True, "anna", "")
    warn = min(14 * DAY_S, test.interval_s / 4)
    ages = {
        0.0: Standing.OK,
        test.interval_s - warn - 1: Standing.OK,
        test.interval_s - warn: Standing.SOON,
        test.interval_s - 1: Standing.SOON,
        test.interval_s: Standing.OVERDUE,
        -DAY_S: Standing.OK,  # the clock was set back since
        -DAY_S - 1: Standing.OVERDUE,  # dated by a clock that was wrong
    }
    for age, wanted in ages.items():
        assert status(test, "", last, NOW + age, work_serial=4).standing is wanted, age
    assert status(test, "", last, None, work_serial=4).standing is Standing.OVERDUE
    assert status(test, "", last._replace(utc_s=None), NOW, work_serial=4).standing is Standing.OVERDUE
    assert status(test, "", last, NOW, work_serial=6).standing is Standing.AFTER_WORK
    assert status(test, "", last, NOW, work_serial=5).standing is Standing.OK  # only what comes later makes it void
    assert status(test, "", last._replace(passed=False), NOW, work_serial=6).standing is Standing.FAILED
    assert status(test, "", None, NOW, work_serial=None).standing is Standing.NEVER


def test_statuses_stay_what_they_are_until_the_moment_told() -> None:
    upkeep = whole()
    at = NOW
    turns: list[float] = []
    while (until := valid_until(statuses(upkeep, PROFILE, at))) is not None:
        assert [s.standing for s in statuses(upkeep, PROFILE, at)] == [s.standing for s in statuses(upkeep, PROFILE, until - 0.5)]
        assert [s.standing for s in statuses(upkeep, PROFILE, at)] != [s.standing for s in statuses(upkeep, PROFILE, until)]
        at = until
        turns.append((until - NOW) / DAY_S)
    intervals = {days for days, _, _ in PUBLISHED.values()}
    assert turns == sorted({float(d) for d in intervals} | {d - min(14.0, d / 4.0) for d in intervals})  # warned, then due
    assert valid_until(statuses(Upkeep(), PROFILE, NOW)) is None


def test_calibration_due_is_a_warning_of_its_own() -> None:
    later = NOW + 180 * DAY_S
    upkeep = fold(whole(), [passed(t.id, i, later) for t in PROOF_TESTS if t.id != "O2-CAL" for i in instruments(t, PROFILE)])
    found = seen(upkeep, later)
    assert len(found.calibration_soon) == 7
    assert (found.soon, blocks(upkeep, later)) == ((), set())
    assert blocks(upkeep, NOW + 182 * DAY_S) == {"PROOF-OVERDUE"}


def test_a_failed_test_blocks_until_it_is_passed() -> None:
    failed = fold(whole(), [passed("O2-TRIP", "AT-301")._replace(passed=False)])
    assert blocks(failed) == {"PROOF-OVERDUE"}
    assert blocks(fold(failed, [passed("O2-TRIP", "AT-302")])) == {"PROOF-OVERDUE"}  # another sensor's pass is not its own
    assert blocks(fold(failed, [passed("O2-TRIP", "AT-301")])) == set()


WORKS = [
    Entry(Kind.WORK, NOW, "service_key"),
    Entry(Kind.WORK, NOW, "service_state"),
    Entry(Kind.WORK, NOW, "plc_program"),
    Entry(Kind.REPLACED, NOW, "TT-101"),
    Entry(Kind.ACCEPTED, NOW, fingerprint(IN_FORCE), configuration=IN_FORCE),
]


@pytest.mark.parametrize("work", WORKS, ids=lambda e: f"{e.kind.value} {e.subject[:13]}")
def test_after_work_every_test_is_asked_for_again(work: Entry) -> None:
    """Nothing but a pass of each, entered later, lets anybody in; dates play no part (H-27)."""
    upkeep = fold(whole(), [work])
    assert blocks(upkeep) == {"MAINTENANCE"}
    todo = [(t.id, i) for t in PROOF_TESTS if t.after is After.WORK for i in instruments(t, PROFILE)]
    assert len(seen(upkeep).after_work) == len(todo) == 21
    for test, instrument in todo:
        assert blocks(upkeep) == {"MAINTENANCE"}
        upkeep = fold(upkeep, [passed(test, instrument, NOW - 3600.0)])  # the clock was set back: entered later all the same
    assert blocks(upkeep) == set()
    assert blocks(fold(upkeep, [work])) == {"MAINTENANCE"}


def test_a_replaced_oxygen_sensor_needs_its_own_calibration_too() -> None:
    upkeep = fold(whole(), [Entry(Kind.REPLACED, NOW, "AT-101B")])
    upkeep = fold(upkeep, [passed(t.id, i) for t in PROOF_TESTS if t.after is After.WORK for i in instruments(t, PROFILE)])
    assert seen(upkeep).after_work == ("O2-CAL AT-101B",)
    assert blocks(fold(upkeep, [passed("O2-CAL", "AT-101B")])) == set()


def test_another_configuration_is_not_accepted_and_says_what_changed() -> None:
    upkeep = whole()._replace(in_force=IN_FORCE | {"profile.limits.exposure_s": "170"})
    assert blocks(upkeep) == {"SEC-CONF"}
    assert seen(upkeep).not_accepted == "1 changed: profile.limits.exposure_s: 180 -> 170"
    more = whole()._replace(in_force=IN_FORCE | dict.fromkeys("abcd", "1"))
    assert seen(more).not_accepted == "4 changed: a: (none) -> 1; b: (none) -> 1; c: (none) -> 1"
    entries = commissioning(upkeep, PROFILE, "eva", NOW, [], "")
    assert [e.kind for e in entries] == [Kind.ACCEPTED]
    assert blocks(fold(upkeep, entries)) == {"MAINTENANCE"}  # accepted, and now everything is tested again
    assert commissioning(whole(), PROFILE, "eva", NOW, [], "") == []  # what is accepted already is no work


def test_fingerprint_and_differences() -> None:
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert len(fingerprint(IN_FORCE)) == 16
    assert len({fingerprint(c) for c in ({}, {"a": "1"}, {"a": "2"}, {"b": "1"}, {"a": "1", "b": "2"})}) == 5
    assert differences({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == ("a: 1 -> (none)", "b: 2 -> 3", "c: (none) -> 4")


ENTRIES = st.one_of(
    st.builds(
        lambda test, n, ok: passed(test, instruments(BY_ID[test], PROFILE)[n % len(instruments(BY_ID[test], PROFILE))])._replace(passed=ok),
        st.sampled_from(ALL),
        st.integers(0, 6),
        st.booleans(),
    ),
    st.sampled_from(WORKS),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ENTRIES, max_size=30), st.integers(0, 30))
def test_losing_the_end_of_the_record_never_opens_what_work_had_shut(entries: list[Entry], cut: int) -> None:
    """The fold over a part and then the rest is the fold over all; open means that each test was passed after the last work."""
    upkeep = fold(whole(), entries)
    assert fold(fold(whole(), entries[:cut]), entries[cut:]) == upkeep
    assert upkeep.serial == whole().serial + len(entries)
    last_work = max((n for n, e in enumerate(entries) if e.kind is not Kind.PROOF_TEST), default=None)
    newest = {(e.subject, e.instrument): (n, e.passed) for n, e in enumerate(entries) if e.kind is Kind.PROOF_TEST}
    stands = all(
        newest.get((t.id, i), (-1, True))[1]
        and (last_work is None or t.after is After.REPLACED or newest.get((t.id, i), (-1, True))[0] > last_work)
        for t in PROOF_TESTS
        for i in instruments(t, PROFILE)
    )
    assert (blocks(upkeep) == set()) == stands


def test_the_event_carries_the_whole_entry() -> None:
    entry = Entry(Kind.ACCEPTED, NOW, "f", "", True, "anna", "note", {"a": "1"})
    data = event_data(entry)
    assert (data["entry"], data["user"], data["configuration"]) == ("accepted", "anna", {"a": "1"})
    assert set(data) - {"entry", "user"} | {"kind", "by"} == set(Entry._fields)


def test_the_detail_names_what_is_missing_and_how_much_more() -> None:
    f = facts(upkeep=seen(Upkeep(IN_FORCE)))
    assert CAUSE["PROOF-OVERDUE"].detail(f) == "VALVE-TIGHT, DOOR-RELEASE, CALL-BUTTON and 25 more"
    worked = facts(upkeep=seen(fold(whole(), [WORKS[0]])))
    assert CAUSE["MAINTENANCE"].detail(worked).startswith("service key turned; to test: FRESH-AIR AT-101A")


def test_every_standing_is_reached() -> None:
    found = {
        s.standing
        for u, at in itertools.product((whole(), Upkeep(), fold(whole(), [WORKS[0]])), (NOW, NOW + DAY_S))
        for s in statuses(u, PROFILE, at)
    }
    found |= {s.standing for s in statuses(whole(), PROFILE, NOW + 0.8 * DAY_S)}
    found |= {s.standing for s in statuses(fold(whole(), [passed("UPS")._replace(passed=False)]), PROFILE, NOW)}
    assert found == set(Standing)


def test_a_nested_structure_is_flat_under_dotted_names() -> None:
    nested = {"gain": 2.5, "rooms": [{"id": "main", "t": 1}, {"t": 2}, 3], "none": None}
    assert dict(flat("r", nested)) == {
        "r.gain": "2.5",
        "r.rooms.main.id": "main",
        "r.rooms.main.t": "1",
        "r.rooms.1.t": "2",
        "r.rooms.2": "3",
        "r.none": "None",
    }


def test_every_reason_of_work_has_words() -> None:
    assert set(WORK_WORDS) == {*Work, Kind.REPLACED, Kind.ACCEPTED}
