"""Modified condition/decision coverage of the safety rules, and that the tool would notice what is missing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mcdc.instrument import HOOK, Recorder, instrumented
from tests.mcdc.search import Found, Subject, alone

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(400)  # patience, no claim
@pytest.mark.req("SRS-SYS-002")
def test_every_condition_of_every_decision_changes_an_answer_alone() -> None:
    """In a process of its own: the rules have to be imported instrumented."""
    run = subprocess.run([sys.executable, "-m", "tests.mcdc"], cwd=ROOT, capture_output=True, text=True, check=False)
    print(run.stdout)
    assert run.returncode == 0, run.stdout + run.stderr


def _searched(source: str) -> Found:
    """Search a function ``f(a, b, c)`` of booleans."""
    recorder = Recorder()
    names: dict[str, Any] = {HOOK: recorder}
    exec(compile(instrumented(ast.parse(source), "m", recorder), "m", "exec"), names)  # noqa: S102  the text stands below
    f: Callable[..., bool] = names["f"]
    found = Found(recorder)
    flips = [(n, v) for n in "abc" for v in (False, True)]
    found.search(Subject("f", lambda q: f(**q), ({"a": False, "b": False, "c": False},), lambda _q, _d: flips))
    return found


@pytest.mark.parametrize(
    ("body", "without"),
    [
        ("a and b or c", set()),
        ("not (a and (not b or c))", set()),
        ("a and b or a and not b", {1, 2, 3}),  # b is of no consequence
        ("a or (a and b)", {1, 2}),
        ("(a and b) or (a and b and c)", {2, 3, 4}),
    ],
)
def test_a_condition_without_influence_is_found(body: str, without: set[int]) -> None:
    found = _searched(f"def f(a, b, c):\n    return {body}")
    (decision,) = found.recorder.decisions
    assert {n for n in range(len(decision.conditions)) if (0, n) not in found.pairs} == without
    if not without:
        assert len(found.vectors(0)) == len(decision.conditions) + 1


def test_a_decision_that_changes_but_not_the_answer_is_not_enough() -> None:
    found = _searched("def f(a, b, c):\n    if a:\n        return b\n    return b")
    assert (0, 0) in found.locally
    assert not found.pairs


def test_skipped_conditions_do_not_count_as_a_difference() -> None:
    assert alone((True, True), (True, False)) == 1
    assert alone((False, None), (True, True)) == 0
    assert alone((False, True), (True, False)) is None
    assert alone((False, None), (None, True)) is None
