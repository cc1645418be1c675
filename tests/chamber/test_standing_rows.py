"""Rows that are asked only when something has changed: they read nothing else, and leaving them out never changes an answer."""

from __future__ import annotations

import random
from collections.abc import Mapping
from types import CodeType, FunctionType
from typing import Any

import pytest

from chamber.causes import CAUSES
from chamber.causes.oxygen import O2_HIGH_PCT, O2_HIGH_PRE_ALARM_PCT, oxygen_quiet
from chamber.facts import CONTACTS, STANDING, STANDS, Facts
from chamber.instruments.oxygen import HIGHEST_FACTOR
from chamber.interlocks import CauseState, evaluate, reset
from chamber.profile import Limits
from tests.chamber.expected_causes import SPOIL
from tests.chamber.facts_factory import facts

FIELDS = frozenset(Facts._fields)
PROPERTIES = {name: p.fget for name, p in vars(Facts).items() if isinstance(p, property) and name not in FIELDS}


def read_by(function: FunctionType) -> frozenset[str]:
    """Every fact that a function could read: the names in its code and in that of all it can call. More than it reads, never less."""
    names: set[str] = set()
    todo, seen = [function], {function}
    while todo:
        f = todo.pop()
        here = _names(f.__code__)
        names |= here
        for found in (*(f.__globals__.get(n) for n in here), *(PROPERTIES.get(n) for n in here)):
            if isinstance(found, FunctionType) and found not in seen:
                seen.add(found)
                todo.append(found)
    return frozenset(names & FIELDS)


def _names(code: CodeType) -> set[str]:
    return set(code.co_names).union(*(_names(c) for c in code.co_consts if isinstance(c, CodeType)))


@pytest.mark.parametrize("cause", [c for c in CAUSES if c.stands], ids=lambda c: c.id)
def test_a_standing_row_reads_standing_facts_only(cause: Any) -> None:
    assert read_by(cause.present) <= STANDS


def test_the_reader_sees_through_calls_and_properties() -> None:
    by_id = {c.id: read_by(c.present) for c in CAUSES}
    assert {"o2_main_readings", "o2_pre_readings", "occupied"} <= by_id["O2-CH-LL"]
    assert {"inner_door", "outer_door", "state"} == by_id["DOOR-OPENED"]
    assert sum(c.stands for c in CAUSES) > 20


def test_contacts_stand_first() -> None:
    assert Facts._fields[CONTACTS][0] == Facts._fields[STANDING][0] == "inner_door"
    assert CONTACTS.stop < STANDING.stop == len(Facts._fields)


def test_quiet_oxygen_leaves_no_row_out_that_is_present() -> None:
    """Around every limit, with sensors lost, with one room."""
    rng = random.Random(1)
    near = [v for n, v in Limits() if n.startswith("o2_")] + [O2_HIGH_PRE_ALARM_PCT, O2_HIGH_PCT, 20.9]
    rows = [c for c in CAUSES if c.oxygen]
    quiet = present = 0
    for _ in range(4000):
        middle = rng.choice((rng.choice(near), 20.9, 20.9))

        def one(middle: float = middle) -> float | None:
            beside = middle + rng.choice((-0.7, -0.01, 0.01, 0.7, 1.0))
            return rng.choice((middle, middle, middle, middle, beside, None)) if rng.random() < 0.3 else 20.9

        f = facts(
            occupied=rng.random() < 0.5,
            o2_main=[one() for _ in range(3)],
            o2_pre=[one() for _ in range(rng.choice((0, 2)))],
            o2_room=one(),
            o2_floor=one(),
            o2_high_factor=rng.choice((1.0, 1.0, HIGHEST_FACTOR)),
        )
        there = [c.id for c in rows if c.present(f)]
        quiet, present = quiet + oxygen_quiet(f), present + bool(there)
        assert not (oxygen_quiet(f) and there)
    assert quiet > 500
    assert present > 500
    assert len(rows) == 12


def _random_facts(rng: random.Random, now_s: float) -> Facts:
    changes: dict[str, Any] = {"occupied": rng.random() < 0.5}
    for cause in rng.sample(CAUSES, rng.choice((0, 0, 1, 1, 2, 4))):
        changes |= SPOIL[cause.id][0]
    if rng.random() < 0.15:
        changes["block_age_s"] = rng.choice((None, 1.4, 1.6, 4.0))
    if rng.random() < 0.2:
        changes["bypassed"] = frozenset({"PWR-MAINS"})
    if rng.random() < 0.2:
        changes["not_fitted"] = frozenset({"JS-001", "HS-301"})
    return facts(**changes)._replace(now_s=now_s)


@pytest.mark.parametrize("seed", range(6))
def test_leaving_them_out_never_changes_an_answer(seed: int) -> None:
    rng = random.Random(seed)
    states: Mapping[str, CauseState] = {}
    before: Facts | None = None
    skipped = 0
    now = 0.0
    for _ in range(150):
        now_facts = _random_facts(rng, now)
        for _ in range(rng.choice((1, 2, 30))):
            now += rng.choice((0.1, 0.1, 3.0))
            f = now_facts._replace(now_s=now)
            assert evaluate(states, f, before) == evaluate(states, f)
            skipped += before is not None and before[STANDING] == f[STANDING]
            states, before = evaluate(states, f, before)[0], f
            if rng.random() < 0.05:
                states = reset(states)[0]
    assert skipped > 500
