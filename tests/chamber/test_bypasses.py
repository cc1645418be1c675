"""Bypasses: which rows, under what conditions, for how long (H-19)."""

from __future__ import annotations

from typing import Any

import pytest

from chamber.bypasses import Bypass, asked, kept
from chamber.causes import BY_ID, CAUSES
from chamber.commands import CommandKind as K
from chamber.commands import Reason, Role
from chamber.interlocks import CauseState, evaluate
from chamber.permissives import refusals
from chamber.states import CycleState as C
from tests.chamber.asking import ask
from tests.chamber.expected_causes import PEOPLE_ONLY, spoiled
from tests.chamber.facts_factory import facts

# The only rows that may be bypassed, and why: everything else never.
BYPASSABLE = {"PWR-MAINS": "the proof test of the battery supply needs the mains off"}
ARGS: dict[str, Any] = {"cause": "PWR-MAINS", "reason": "proof test of the UPS", "measure": "room aired, nobody inside", "minutes": 15}


def test_only_these_rows_may_be_bypassed() -> None:
    assert {c.id for c in CAUSES if c.bypassable} == set(BYPASSABLE)
    never = (
        "O2",
        "DOOR",
        "ESTOP",
        "CALL",
        "TIME",
        "PRE-LIMIT",
        "BOARD",
        "SKIN",
        "OCC",
        "OP-",
        "PLC",
        "INVARIANT",
        "EXIT",
        "SEC",
        "PROOF",
        "BYPASS",
    )
    assert not [c for c in BYPASSABLE if c.startswith(never)]


@pytest.mark.parametrize("cause_id", BY_ID)
def test_the_row_decides_whether_the_engine_heeds_a_bypass(cause_id: str) -> None:
    states, _ = evaluate({}, spoiled(cause_id, occupied=cause_id in PEOPLE_ONLY, bypassed=frozenset({cause_id})))
    assert (cause_id in states) == (cause_id not in BYPASSABLE)


def test_a_bypass_does_not_undo_a_latch() -> None:
    latched = {"PWR-MAINS": CauseState(90.0, 91.0, True, False, None)}
    states, _ = evaluate(latched, facts(bypassed=frozenset({"PWR-MAINS"}), mains=False))
    assert states["PWR-MAINS"].latched


def test_what_is_asked_for() -> None:
    rows = frozenset(BYPASSABLE)
    assert asked(ARGS, "eva", 100.0, rows) == Bypass("PWR-MAINS", "eva", ARGS["reason"], ARGS["measure"], 1000.0)
    plain = {k: v for k, v in ARGS.items() if k != "minutes"}
    default = asked(plain, "eva", 100.0, rows)
    assert isinstance(default, Bypass)
    assert default.until_s == 100.0 + 30 * 60  # safety reference, 2.8
    longest = asked(ARGS | {"minutes": 240}, "eva", 0.0, rows)
    assert isinstance(longest, Bypass)
    assert longest.until_s == 4 * 3600
    shortest = asked(ARGS | {"minutes": 1}, "eva", 0.0, rows)
    assert isinstance(shortest, Bypass)
    assert shortest.until_s == 60.0
    for letters in (10, 500):
        text = " " + letters * "x" + " "  # counted without the blanks around it
        bypass = asked(ARGS | {"reason": text, "measure": text}, "eva", 0.0, rows)
        assert isinstance(bypass, Bypass)
        assert bypass.reason == bypass.measure == letters * "x"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"cause": "ESTOP"}, "not_bypassable"),
        ({"cause": "O2-CH-LL"}, "not_bypassable"),
        ({"cause": 7}, "not_bypassable"),
        ({"minutes": 241}, "minutes_range"),
        ({"minutes": 0}, "minutes_range"),
        ({"minutes": True}, "minutes_range"),
        ({"minutes": 1.5}, "minutes_range"),
        ({"reason": "because"}, "text_missing"),
        ({"reason": " " * 40}, "text_missing"),
        ({"measure": ""}, "text_missing"),
        ({"measure": "x" * 9}, "text_missing"),
        ({"measure": "x" * 501}, "text_missing"),
        ({"measure": ["a"]}, "text_missing"),
    ],
)
def test_what_is_not_taken(wrong: dict[str, Any], code: str) -> None:
    bounds = {"not_bypassable": {}, "minutes_range": {"low": 1, "high": 240}, "text_missing": {"low": 10, "high": 500}}[code]
    refused = asked(ARGS | wrong, "eva", 100.0, frozenset(BYPASSABLE))
    assert isinstance(refused, Reason)
    assert refused.code == code
    assert bounds.items() <= refused.params.items()  # the refusal says what would be taken


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"facts__occupied": True}, "occupied"),
        ({"facts__presence_main": True}, "somebody_inside"),
        ({"facts__presence_pre": None}, "presence_unknown"),
        ({"facts__service_key": False}, "key_not_turned"),
        ({"facts__service_key": None}, "key_not_turned"),
        ({"facts__block_age_s": 2.0}, "no_link"),
    ],
)
def test_never_with_anybody_inside_nor_without_the_key(changes: dict[str, Any], code: str) -> None:
    assert refusals(K.BYPASS, ask(K.BYPASS, C.READY, role=Role.SERVICE)) == ()
    assert code in [r.code for r in refusals(K.BYPASS, ask(K.BYPASS, C.READY, role=Role.SERVICE, **changes))]


def test_it_ends_by_time_by_the_key_and_by_anybody_inside() -> None:
    bypass = Bypass("PWR-MAINS", "eva", "r", "m", 1000.0)
    mine = {"PWR-MAINS": bypass}
    assert kept(mine, 999.9, occupied=False, key_turned=True) == (mine, ())
    ends = (
        (1000.0, False, True, "expired"),
        (5.0, True, True, "occupied"),
        (5.0, False, False, "key_returned"),
        (5.0, False, None, "key_returned"),
    )
    for now, occupied, key, why in ends:
        stay, ended = kept(mine, now, occupied=occupied, key_turned=key)
        assert (stay, [(e.bypass, e.why) for e in ended]) == ({}, [(bypass, why)])
