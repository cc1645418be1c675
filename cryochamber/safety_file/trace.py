"""Links both ways: hazards, requirements, the rules that implement them, the tests and fault cases that show them.

Tests are found by reading the source, not by running it: ``@pytest.mark.req("SRS-...")`` on a test or in its parameters,
``[SRS-...]`` in the title of a test of the panel. A row of a table needs no mark: the tests that walk the whole table are
named once below.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from chamber.alarm_list import ALARMS
from chamber.causes import BY_ID
from chamber.commands import CommandKind
from chamber.hazards import HAZARDS
from chamber.limits import GUARDRAILS
from chamber.monitor import INVARIANTS
from chamber.proof_tests import PROOF_TESTS
from chamber.self_test import CHECKS
from cryochamber.fault_case import Case
from cryochamber.safety_file.requirements import ROOT, Requirement
from plc_bridge.plc_rules import ROWS

_CHECKS = {c.id: c.hazards for c in CHECKS}
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "cause": {c.id: c.hazards for c in BY_ID.values()},
    "trip": {row.trip.name: row.hazards for row in ROWS},
    "alarm": {a.id: a.hazards for a in ALARMS.values()},
    "limit": {g.name: g.hazards for g in GUARDRAILS.values()},
    "check": _CHECKS,
    "invariant": {i.id: i.hazards for i in INVARIANTS},
    "proof": {t.id: t.hazards for t in PROOF_TESTS},
}
"""Kind -> name of each row -> hazards it names."""

TABLE_TESTS: dict[str, tuple[str, ...]] = {
    "cause": (
        "tests/chamber/test_cause_effect_table.py::test_only_this_cause_is_present",
        "tests/chamber/test_cause_effect_table.py::test_cause_acts_at_its_delay_and_not_before",
        "tests/chamber/test_cause_effect_table.py::test_action_and_all_nine_cells",
        "tests/chamber/test_cause_effect_table.py::test_not_present_just_inside_the_limit",
    ),
    "trip": (
        "tests/simulator/test_plc_rules.py::test_trips_at_the_delay_and_not_a_scan_earlier",
        "tests/simulator/test_plc_rules.py::test_does_not_trip_at_the_limit",
        "tests/simulator/test_plc_rules.py::test_effects",
        "tests/plc_program/test_vectors.py::test_simulated_plc_decides_as_the_table_says",
    ),
    "limit": ("tests/chamber/test_limits_and_profile.py::test_guardrail_at_and_beyond_its_ends",),
    "check": ("tests/chamber/test_self_test_and_monitor.py::test_each_check_fails_alone",),
    "invariant": ("tests/chamber/test_self_test_and_monitor.py::test_monitor_sees_each_invariant_break_alone",),
}
"""Tests that walk every row of a table. An alarm's row only says words, so it proves nothing by itself."""


class Found(NamedTuple):
    """A test and the requirements it names. ``long``: not part of the short run."""

    node: str
    requirements: tuple[str, ...]
    long: bool


class Links(NamedTuple):
    requirements: tuple[Requirement, ...]
    cases: tuple[Case, ...]
    tests: tuple[Found, ...]

    def of_hazard(self, hazard: str) -> list[Requirement]:
        return [r for r in self.requirements if hazard in r.hazards]

    def marked(self, requirement: str) -> list[str]:
        return [t.node for t in self.tests if requirement in t.requirements]

    def by_tables(self, r: Requirement) -> list[str]:
        """Tests that walk the tables in which this requirement has rows."""
        return [t for kind in TABLE_TESTS if any(ref.startswith(f"{kind}:") for ref in r.by) for t in TABLE_TESTS[kind]]

    def shown(self, r: Requirement) -> bool:
        real = {c.id for c in self.cases if c.how in ("virtual", "elsewhere")}
        return bool(self.marked(r.id) or self.by_tables(r) or real & set(r.faults))


# -- the tests, by reading them ----------------------------------------------------------------------------------------


def find_tests(root: Path = ROOT) -> tuple[Found, ...]:
    """Every test that names a requirement: Python by mark, the panel's by title."""
    found = [t for path in sorted((root / "tests").rglob("test_*.py")) for t in _python_tests(path, root)]
    title = re.compile(r"\b(?:it|test)(?:\.each\([^)]*\))?\(\s*(['\"`])(?P<title>.*?)\1", re.DOTALL)
    for path in sorted((root / "hmi" / "src").rglob("*.test.ts")):
        for m in title.finditer(path.read_text()):
            if named := tuple(re.findall(r"\[(SRS-[A-Z0-9]+-\d+)\]", m["title"])):
                found.append(Found(f"{path.relative_to(root)}::{m['title']}", named, long=False))
    return tuple(found)


def _python_tests(path: Path, root: Path) -> Iterator[Found]:
    text = path.read_text()
    if "mark.req(" not in text:
        return
    tree = ast.parse(text, str(path))
    whole = [n for node in tree.body if isinstance(node, ast.Assign) and _names(node) == ["pytestmark"] for n in [node.value]]
    for owner, function in _functions(tree):
        nodes = [*whole, *(owner.decorator_list if owner is not None else ()), *function.decorator_list]
        requirements = tuple(a for n in nodes for a in _marks(n, "req"))
        if requirements and not any(_has_mark(n, "skip") for n in nodes):
            inside = f"{owner.name}::" if owner is not None else ""
            long = any(_has_mark(n, "long") for n in nodes)
            yield Found(f"{path.relative_to(root)}::{inside}{function.name}", tuple(dict.fromkeys(requirements)), long)


def _functions(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """What pytest collects: functions test*, and methods test* of classes Test*."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield None, node
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name.startswith("test"):
                    yield node, inner


def _names(node: ast.Assign) -> list[str]:
    return [t.id for t in node.targets if isinstance(t, ast.Name)]


def _is_mark(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.value, ast.Attribute) and node.value.attr == "mark"


def _has_mark(node: ast.AST, name: str) -> bool:
    return any(_is_mark(n, name) for n in ast.walk(node))


def _marks(node: ast.AST, name: str) -> Iterator[str]:
    for n in ast.walk(node):
        if isinstance(n, ast.Call) and _is_mark(n.func, name):
            yield from (a.value for a in n.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


# -- what a reference points to ------------------------------------------------------------------------------------------


def missing(ref: str, root: Path = ROOT) -> str | None:
    """Why a reference of ``by`` points to nothing; None if it points to something."""
    kind, _, name = ref.partition(":")
    if kind == "command":
        return None if name in {k.value for k in CommandKind} else f"no command {name}"
    if kind != "code":
        return None if name in TABLES[kind] else f"no {kind} {name}"
    file, _, inside = name.partition("::")
    return node_missing(file, inside, root)


def node_missing(file: str, inside: str, root: Path = ROOT) -> str | None:
    """Why ``file::inside`` points to nothing. Python: a name defined in the file; other files: the word stands in it."""
    path = root / file
    if not path.is_file():
        return f"no file {file}"
    if not inside:
        return f"{file}: name what in it (path::name)"
    defined = _defined(path) if path.suffix == ".py" else None
    there = inside in defined if defined is not None else re.search(rf"(?<!\w){re.escape(inside)}(?!\w)", path.read_text()) is not None
    return None if there else f"no {inside} in {file}"


@cache
def _defined(path: Path) -> frozenset[str]:
    names: set[str] = set()

    def gather(body: Sequence[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    gather(node.body, f"{prefix}{node.name}::")
            elif isinstance(node, ast.Assign):
                names.update(prefix + n for n in _names(node))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(prefix + node.target.id)

    gather(ast.parse(path.read_text(), str(path)).body, "")
    return frozenset(names)


# -- orphans -------------------------------------------------------------------------------------------------------------


def orphans(links: Links, root: Path = ROOT) -> list[str]:
    """Everything that hangs in the air, one sentence each, with the remedy; empty if the chain is whole."""
    return [line for rule in _RULES for line in rule(links, root)]


def _hazards(links: Links, _root: Path) -> Iterable[str]:
    return (f"{h}: no requirement names this hazard; add one to docs/safety/requirements.toml" for h in HAZARDS if not links.of_hazard(h))


def _implementation(links: Links, root: Path) -> Iterator[str]:
    for r in links.requirements:
        yield from (f"{r.id}: {ref}: {why}" for ref in r.by if (why := missing(ref, root)) is not None)
        yield from (f"{r.id}: no proof test {p}" for p in r.proof if p not in TABLES["proof"])
        if r.ours and not r.by and r.open is None:
            yield f"{r.id}: nothing implements it; name it in by, or say what is missing in open"


def _shown(links: Links, _root: Path) -> Iterator[str]:
    cases = {c.id: c for c in links.cases}
    for r in links.requirements:
        yield from (f"{r.id}: no fault case {f}" for f in r.faults if f not in cases)
        if r.verify == "test" and r.open is None and not links.shown(r):
            yield f'{r.id}: no test shows it; mark one with @pytest.mark.req("{r.id}") or name a fault case in faults'


def _marks_known(links: Links, _root: Path) -> Iterator[str]:
    known = {r.id for r in links.requirements}
    for test in links.tests:
        yield from (f"{test.node}: marks {name}, which is no requirement" for name in test.requirements if name not in known)


def _rows(links: Links, _root: Path) -> Iterator[str]:
    """Every row serves a requirement, and each hazard the row names is a hazard of one of those requirements."""
    served: dict[str, set[str]] = {}
    for r in links.requirements:
        for ref in (*r.by, *(f"proof:{p}" for p in r.proof)):
            served.setdefault(ref, set()).update(r.hazards)
    for kind, rows in TABLES.items():
        for name, hazards in rows.items():
            ref = f"{kind}:{name}"
            if ref not in served:
                key = "proof" if kind == "proof" else "by"
                yield f"{ref}: serves no requirement; name it in {key} of one in docs/safety/requirements.toml"
            elif extra := sorted(set(hazards) - served[ref]):
                yield f"{ref}: names {', '.join(extra)}, but no requirement that it serves does"


def _cases(links: Links, _root: Path) -> Iterator[str]:
    used = {f for r in links.requirements for f in r.faults}
    return (f"{c.id}: this fault case shows no requirement; name it in faults of one" for c in links.cases if c.id not in used)


def _table_tests(_links: Links, root: Path) -> Iterator[str]:
    for tests in TABLE_TESTS.values():
        for node in tests:
            if (why := node_missing(*node.split("::", 1), root=root)) is not None:
                yield f"TABLE_TESTS in {Path(__file__).name}: {why}"


Rule = Callable[[Links, Path], Iterable[str]]
_RULES: tuple[Rule, ...] = (_hazards, _implementation, _shown, _marks_known, _rows, _cases, _table_tests)


def counts(links: Links) -> Mapping[str, int]:
    return {
        "hazards": len(HAZARDS),
        "requirements": len(links.requirements),
        "open": sum(r.open is not None for r in links.requirements),
        "rows of tables": sum(len(rows) for rows in TABLES.values()),
        "marked tests": len(links.tests),
        "fault cases": len(links.cases),
    }
