"""The engine: latches, resets, first-out, arbitration, and what it does while the PLC is silent."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chamber import interlocks
from chamber.cause_effect import Action, Clear, Effect
from chamber.causes import BY_ID, CAUSES
from chamber.interlocks import CauseState, evaluate, judge, reset, reset_blockers
from chamber.tags import FACE_ABOVE_RIM, OPTIONAL
from tests.chamber.expected_causes import EACH, ROWS, SPOIL, cells, expected_cells, only, spoiled
from tests.chamber.facts_factory import facts

CLEAR_S = 10.0  # a cause must have been gone this long before its reset


def acted(cause_id: str, *, occupied: bool, at_s: float = 100.0) -> dict[str, CauseState]:
    states, _ = evaluate({}, spoiled(cause_id, occupied=occupied, now_s=at_s))
    states, _ = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=at_s + ROWS[cause_id].delay_s + 1e-6))
    return only(cause_id, states)


def latches(cause_id: str, *, occupied: bool) -> bool:
    return Effect.LATCH in cells(expected_cells(cause_id), occupied=occupied)


def acting(states: Mapping[str, CauseState]) -> set[str]:
    return {k for k, s in states.items() if s.acting}


LATCHING = [(c, o) for c, o in EACH if latches(c, occupied=o)]
PASSING = [(c, o) for c, o in EACH if not latches(c, occupied=o)]


@pytest.mark.parametrize(("cause_id", "occupied"), PASSING)
def test_cause_without_latch_ends_with_its_reason(cause_id: str, occupied: bool) -> None:
    states, changes = evaluate(acted(cause_id, occupied=occupied), facts(now_s=150.0))
    assert cause_id not in states
    assert (cause_id, "cleared") in [(c.cause.id, c.what) for c in changes]
    assert judge(states, occupied=occupied).action is Action.NONE


@pytest.mark.parametrize(("cause_id", "occupied"), LATCHING)
def test_latched_cause_stays_with_all_its_cells_until_reset(cause_id: str, occupied: bool) -> None:
    states, changes = evaluate(acted(cause_id, occupied=occupied), facts(now_s=150.0))
    assert states[cause_id].latched
    assert (cause_id, "latched") in [(c.cause.id, c.what) for c in changes]
    # empty by now: the cells it acted with stay, and so does the least action for an empty chamber
    verdict = judge(states, occupied=False)
    assert verdict.effects == cells(expected_cells(cause_id), occupied=occupied)
    assert verdict.action is ROWS[cause_id].empty
    assert verdict.latched
    assert verdict.held == {BY_ID[cause_id].alarm}
    for _ in range(3):
        states, changes = evaluate(states, facts(now_s=10_000.0))
        assert acting(states) == {cause_id}
        assert changes == []
    states, changes = reset(states)
    assert states == {}
    assert judge(states, occupied=False).held == frozenset()
    assert [(c.cause.id, c.what) for c in changes] == [(cause_id, "reset")]


RESETTABLE = [(c, o) for c, o in LATCHING if ROWS[c].clear is not Clear.WHEN_CLEAR]


@pytest.mark.req("SRS-CYC-003")
@pytest.mark.parametrize(("cause_id", "occupied"), RESETTABLE)
def test_reset_refused_while_present(cause_id: str, occupied: bool) -> None:
    states = acted(cause_id, occupied=occupied)
    f = spoiled(cause_id, occupied=occupied, now_s=500.0)
    assert reset_blockers(states, f, door_opened_since_trip=True) == [("cause_present", BY_ID[cause_id])]
    kept, changes = reset(states)  # even if somebody called it: what is present stays
    assert kept == states
    assert changes == []


@pytest.mark.req("SRS-CYC-003")
@pytest.mark.parametrize(("cause_id", "occupied"), RESETTABLE)
def test_reset_refused_until_clear_for_ten_seconds(cause_id: str, occupied: bool) -> None:
    states, _ = evaluate(acted(cause_id, occupied=occupied), facts(now_s=200.0))
    early, due = facts(now_s=200.0 + CLEAR_S - 0.01), facts(now_s=200.0 + CLEAR_S)
    assert reset_blockers(states, early, door_opened_since_trip=True) == [("clear_too_short", BY_ID[cause_id])]
    assert reset_blockers(states, due, door_opened_since_trip=True) == []


@pytest.mark.parametrize(("cause_id", "occupied"), RESETTABLE)
def test_the_ten_seconds_begin_anew_when_the_cause_comes_back(cause_id: str, occupied: bool) -> None:
    states, _ = evaluate(acted(cause_id, occupied=occupied), facts(now_s=200.0))
    states, _ = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=205.0))
    states, _ = evaluate(states, facts(now_s=206.0))
    blockers = reset_blockers(states, facts(now_s=212.0), door_opened_since_trip=True)
    assert ("clear_too_short", BY_ID[cause_id]) in blockers
    assert states[cause_id].latched


@pytest.mark.req("SRS-CYC-003")
@pytest.mark.parametrize(("cause_id", "occupied"), RESETTABLE)
def test_reset_needs_the_door_opened_where_the_table_says_so(cause_id: str, occupied: bool) -> None:
    states, _ = evaluate(acted(cause_id, occupied=occupied), facts(now_s=200.0))
    blockers = reset_blockers(states, facts(now_s=300.0), door_opened_since_trip=False)
    needed = occupied and ROWS[cause_id].clear is Clear.DOOR_OPENED_AND_RESET
    assert blockers == ([("door_not_opened", BY_ID[cause_id])] if needed else [])


@pytest.mark.parametrize("cause_id", [c for c in ROWS if ROWS[c].clear in (Clear.WHEN_CLEAR, Clear.PLC_RESET)])
def test_other_rows_do_not_block_a_reset(cause_id: str) -> None:
    assert reset_blockers(acted(cause_id, occupied=True), facts(now_s=500.0), door_opened_since_trip=False) == []


@pytest.mark.req("SRS-CYC-003")
@pytest.mark.parametrize("cause_id", [c for c in ROWS if ROWS[c].clear is Clear.WHEN_CLEAR and latches(c, occupied=True)])
def test_a_row_that_ends_by_itself_asks_for_one_reset_only(cause_id: str) -> None:
    """Present at the reset it goes on as in an empty chamber and ends with its reason: later on it holds no nitrogen shut unexplained."""
    kept, _ = reset(acted(cause_id, occupied=True))
    assert not judge(kept, occupied=False).latched
    assert judge(kept, occupied=False).action is ROWS[cause_id].empty
    assert Effect.CLOSE_LN2 not in judge(kept, occupied=False).effects
    states, changes = evaluate(kept, facts(now_s=500.0))
    assert states == {}
    assert [(c.cause.id, c.what) for c in changes] == [(cause_id, "cleared")]


def test_occupied_is_remembered_by_the_latch() -> None:
    """It acted while somebody was inside; later views of an empty chamber do not take that back."""
    states = acted("O2-CH-LLL", occupied=True)
    states, _ = evaluate(states, spoiled("O2-CH-LLL", occupied=False, now_s=300.0))
    assert states["O2-CH-LLL"].acted_occupied
    states = acted("O2-CH-LLL", occupied=False)
    states, _ = evaluate(states, spoiled("O2-CH-LLL", occupied=True, now_s=300.0))
    assert states["O2-CH-LLL"].acted_occupied  # somebody came in while it acted


@pytest.mark.parametrize("cause_id", [c for c in ROWS if ROWS[c].needs_plc])
def test_blind_engine_holds_its_verdict(cause_id: str) -> None:
    """No fresh PLC data: what acted acts on, what did not act begins nothing; COMM-PLC is the cause meanwhile."""
    states = acted(cause_id, occupied=True)
    for age in (1.5, 60.0, None):
        held, _ = evaluate(states, facts(occupied=True, now_s=500.0, block_age_s=age))
        assert held[cause_id] == states[cause_id]
        fresh, _ = evaluate({}, spoiled(cause_id, occupied=True, now_s=500.0, block_age_s=age))
        assert cause_id not in fresh


@pytest.mark.parametrize("cause_id", [c for c in ROWS if not ROWS[c].needs_plc])
def test_causes_of_the_house_are_judged_while_blind(cause_id: str) -> None:
    more = {} if cause_id.startswith("COMM") else {"block_age_s": 60.0}
    states, _ = evaluate({}, spoiled(cause_id, occupied=True, now_s=100.0, **more))
    states, _ = evaluate(states, spoiled(cause_id, occupied=True, now_s=200.0, **more))
    assert states[cause_id].acting


def test_blind_from_one_and_a_half_seconds_on() -> None:
    sees, _ = evaluate({}, facts(estop_released=False, block_age_s=1.49))
    assert "ESTOP" in sees
    blind, _ = evaluate({}, facts(estop_released=False, block_age_s=1.5))
    assert set(blind) == {"COMM-SLOW"}


@pytest.mark.parametrize(("a", "b"), list(combinations(["O2-CH-LL", "DOOR-FAULT", "OP-ABSENT", "ESTOP", "AUDIT-FAIL", "T-SENS-BAD"], 2)))
@pytest.mark.parametrize("occupied", [False, True])
def test_the_strongest_action_wins_and_effects_add_up(a: str, b: str, occupied: bool) -> None:
    one, two = acted(a, occupied=occupied), acted(b, occupied=occupied, at_s=200.0)
    both = judge(one | two, occupied=occupied)
    alone = [judge(one, occupied=occupied), judge(two, occupied=occupied)]
    assert both.action is max(v.action for v in alone)
    assert both.effects == alone[0].effects | alone[1].effects
    assert {c.id for c, _ in both.acting} == {a, b}


def test_actions_are_ordered_as_designed() -> None:
    names = ["NONE", "NOTIFY", "BLOCK_NEW", "END_SESSION", "STOP_COOLING", "EVACUATE", "ESTOP"]
    assert [a.name for a in sorted(Action)] == names


@pytest.mark.req("SRS-ALM-002")
def test_first_out_is_the_one_that_acted_first_and_ends_something() -> None:
    warned, door, oxygen = (
        acted("T-SENS-BAD", occupied=True, at_s=10.0),
        acted("DOOR-FAULT", occupied=True),
        acted("O2-CH-LL", occupied=True),
    )
    verdict = judge(warned | {**oxygen, "O2-CH-LL": oxygen["O2-CH-LL"]._replace(acting_since_s=150.0)} | door, occupied=True)
    assert verdict.first_out == "DOOR-FAULT"  # the warning came earlier, and is no cause of the end
    assert verdict.action is Action.EVACUATE
    assert [c.id for c, _ in verdict.acting] == ["T-SENS-BAD", "DOOR-FAULT", "O2-CH-LL"]


def test_of_two_in_the_same_scan_the_stronger_is_first_out() -> None:
    since = {
        k: v._replace(acting_since_s=100.0) for k, v in (acted("OP-ABSENT", occupied=True) | acted("O2-CH-LLL", occupied=True)).items()
    }
    assert judge(since, occupied=True).first_out == "O2-CH-LLL"


def test_nothing_acting_is_no_verdict() -> None:
    verdict = judge({}, occupied=True)
    assert verdict == (Action.NONE, frozenset(), (), None)
    assert not verdict.latched


def test_a_row_that_is_not_nine_cells_is_refused_at_import(monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses
    import importlib

    from chamber import causes

    broken = (dataclasses.replace(CAUSES[0], effects="XXX"),)
    monkeypatch.setattr(causes, "CAUSES", broken)
    spec = importlib.util.spec_from_file_location("interlocks_again", interlocks.__file__)
    assert spec is not None
    assert spec.loader is not None
    with pytest.raises(ValueError, match=r"not 9 cells"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


@given(st.lists(st.tuples(st.sampled_from(sorted(ROWS)), st.booleans(), st.floats(0.05, 4.0)), max_size=25))
def test_latches_never_vanish_without_a_reset(history: list[tuple[str, bool, float]]) -> None:
    """Whatever comes and goes in whatever order: a latched row is there until reset, and an effect X of it with it."""
    now, states, latched = 100.0, dict[str, CauseState](), set[str]()
    for cause_id, occupied, dt in history:
        now += dt
        states, _ = evaluate(states, spoiled(cause_id, occupied=occupied, now_s=now))
        latched |= {k for k, s in states.items() if s.latched}
        assert latched <= set(states)
        verdict = judge(states, occupied=occupied)
        for name in latched:
            assert set(BY_ID[name].effects_when(occupied=False)) <= verdict.effects
    after, _ = reset(states)
    assert all(s.present_since_s is not None for s in after.values() if s.latched)


def test_every_cause_can_be_spoiled_in_this_table() -> None:
    assert set(SPOIL) == {c.id for c in CAUSES}


def test_a_row_without_its_instrument_is_off_and_no_other() -> None:
    """Only what the profile says is not fitted switches a row off, and only rows that need it."""
    for cause, tag in product(CAUSES, (*sorted(OPTIONAL), FACE_ABOVE_RIM)):
        fitted = [spoiled(cause.id, occupied=occupied) for occupied in (False, True)]
        seen = [cause.id in evaluate({}, f)[0] for f in fitted]
        without = [cause.id in evaluate({}, f._replace(not_fitted=frozenset({tag})))[0] for f in fitted]
        assert any(seen)
        assert without == ([False, False] if tag in cause.needs else seen), (cause.id, tag)


def test_rows_need_optional_instruments_only() -> None:
    assert {tag for c in CAUSES for tag in c.needs} <= OPTIONAL | {FACE_ABOVE_RIM}
