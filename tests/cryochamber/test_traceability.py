"""The chain from hazard to test is whole; each way in which it could break is found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cryochamber.safety_file import trace
from cryochamber.safety_file.pages import PAGES, links
from cryochamber.safety_file.requirements import FOLDER, ROOT, Anomaly, Control62443, Requirement, read_requirements, read_tables
from cryochamber.safety_file.soup import differences, read_soup
from cryochamber.safety_file.trace import Found, Links, find_tests, node_missing, orphans
from cryochamber.scenario import ScenarioError
from tests.conftest import pytest_collection_modifyitems


@pytest.fixture(scope="module")
def whole() -> Links:
    return links()


def test_the_chain_is_whole(whole: Links) -> None:
    assert orphans(whole) == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_name_what_they_are_made_of(page: str, whole: Links) -> None:
    text = PAGES[page]()
    assert text.startswith("<!-- Generated")
    if page == "safety/traceability.md":
        assert all(f"### {r.id}\n" in text for r in whole.requirements)
    if page == "safety/known-anomalies.md":
        assert all(r.open in text for r in whole.requirements if r.open is not None)


# -- it must be able to fail -------------------------------------------------------------------------------------------


def _changed(links: Links, requirement: str, **more: object) -> Links:
    return links._replace(requirements=tuple(r.model_copy(update=more) if r.id == requirement else r for r in links.requirements))


def _without(links: Links, requirement: str) -> Links:
    return links._replace(requirements=tuple(r for r in links.requirements if r.id != requirement))


BREAKS: dict[str, tuple[Callable[[Links], Links], str]] = {
    "hazard": (lambda it: it._replace(requirements=tuple(r for r in it.requirements if "H-33" not in r.hazards)), "H-33: no requirement names"),
    "nothing implements it": (lambda it: _changed(it, "SRS-REC-003", by=()), "SRS-REC-003: nothing implements it"),
    "no such row": (lambda it: _changed(it, "SRS-O2-011", by=("cause:O2-VERY-HI",)), "no cause O2-VERY-HI"),
    "no such code": (lambda it: _changed(it, "SRS-REC-003", by=("code:records/schema.py::diary",)), "no diary in records/schema.py"),
    "no such file": (lambda it: _changed(it, "SRS-REC-003", by=("code:records/diary.py::x",)), "no file records/diary.py"),
    "no such command": (lambda it: _changed(it, "SRS-CYC-001", by=("command:carry_on",)), "no command carry_on"),
    "untested": (lambda it: it._replace(tests=tuple(t for t in it.tests if "SRS-REC-003" not in t.requirements)), "SRS-REC-003: no test shows it"),
    "unknown mark": (lambda it: it._replace(tests=(*it.tests, Found("t.py::t", ("SRS-XX-001",), False))), "t.py::t: marks SRS-XX-001"),
    "orphan row": (lambda it: _without(it, "SRS-LN2-002"), "trip:LN2_CARRY_OVER: serves no requirement"),
    "hazard of a row": (lambda it: _changed(it, "SRS-LN2-002", hazards=("H-33",)), "cause:LN2-CARRY: names H-08, but"),
    "orphan proof test": (lambda it: _changed(it, "SRS-PWR-003", proof=()), "proof:UPS: names H-17, but"),
    "no such proof test": (lambda it: _changed(it, "SRS-PWR-003", proof=("UPS", "LUCK")), "SRS-PWR-003: no proof test LUCK"),
    "orphan case": (lambda it: _changed(it, "SRS-LN2-002", faults=()), "FI-07: this fault case shows no requirement"),
    "no such case": (lambda it: _changed(it, "SRS-LN2-002", faults=("FI-07", "FI-77")), "SRS-LN2-002: no fault case FI-77"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_each_break_of_the_chain_is_found(name: str, whole: Links) -> None:
    spoil, complaint = BREAKS[name]
    found = orphans(spoil(whole))
    assert any(complaint in line for line in found), found


def test_a_table_test_that_is_gone_is_found(whole: Links, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(trace.TABLE_TESTS, "limit", ("tests/chamber/test_limits_and_profile.py::test_gone",))
    assert any("no test_gone in" in line for line in orphans(whole))


SOURCE = """
import pytest
{top}
@pytest.mark.long
@pytest.mark.req("SRS-AB-001", "SRS-AB-002")
def test_a(): ...
@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.req("SRS-AB-003"))])
async def test_b(x): ...
@pytest.mark.req("SRS-AB-004")
def helper(): ...
@pytest.mark.skip
@pytest.mark.req("SRS-AB-005")
def test_c(): ...
@pytest.mark.req("SRS-AB-006")
class TestD:
    def test_d(self): ...
class Base:
    @pytest.mark.req("SRS-AB-007")
    def test_e(self): ...
"""


def test_marks_are_read_as_pytest_collects(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "hmi/src/link").mkdir(parents=True)
    (tmp_path / "tests/test_x.py").write_text(SOURCE.format(top=""))
    (tmp_path / "tests/test_y.py").write_text(SOURCE.format(top='pytestmark = pytest.mark.req("SRS-AB-009")'))
    (tmp_path / "hmi/src/link/a.test.ts").write_text('it("shows [SRS-AB-008] it", () => {});\nit("nothing", () => {});\n')
    found = {t.node: t for t in find_tests(tmp_path)}
    assert found["tests/test_x.py::test_a"] == Found("tests/test_x.py::test_a", ("SRS-AB-001", "SRS-AB-002"), long=True)
    assert found["tests/test_x.py::test_b"].requirements == ("SRS-AB-003",)
    assert found["tests/test_x.py::TestD::test_d"].requirements == ("SRS-AB-006",)
    assert found["hmi/src/link/a.test.ts::shows [SRS-AB-008] it"].requirements == ("SRS-AB-008",)
    assert found["tests/test_y.py::test_b"].requirements == ("SRS-AB-009", "SRS-AB-003")
    assert not [n for n in found if n.endswith(("helper", "test_c", "test_e"))]


class _Item:
    nodeid = "tests/test_x.py::test_y"

    def __init__(self, *requirements: str) -> None:
        self._marks = [pytest.mark.req(*requirements).mark]

    def iter_markers(self, name: str) -> list[pytest.Mark]:
        return [m for m in self._marks if m.name == name]


def test_an_unknown_mark_stops_the_test_run() -> None:
    """Held at collection as well, so that a narrow run finds a wrong id at once."""
    pytest_collection_modifyitems([_Item("SRS-O2-001")])  # type: ignore[list-item]
    with pytest.raises(pytest.UsageError, match=r"test_y: no requirement SRS-XX-001"):
        pytest_collection_modifyitems([_Item("SRS-O2-001", "SRS-XX-001")])  # type: ignore[list-item]


# -- the files ---------------------------------------------------------------------------------------------------------

GOOD = """
[[requirement]]
id = "SRS-AB-001"
text = "The chamber shall be tidy at all times."
why = "Because it is."
level = "C"
hazards = ["H-01"]
allocated = ["supervisor"]
"""


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(GOOD)
    assert [r.id for r in read_requirements(tmp_path / "r.toml")] == ["SRS-AB-001"]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("shall", "should", ["SRS-AB-001", "says 'shall'"]),
        ("H-01", "H-99", ["SRS-AB-001.hazards", "no hazard H-99"]),
        ('["supervisor"]', '["people"]', ["shown by inspection"]),
        ('["supervisor"]', '["ghost"]', ["allocated"]),
        ('level = "C"', 'level = "C"\nverify = "analysis"', ["need how"]),
        ('level = "C"', 'level = "C"\nby = ["magic:x"]', ["kind of"]),
        ('level = "C"', 'level = "C"\ncolour = 1', ["colour"]),
        ("[[requirement]]", "[[requirement]", ["not valid TOML"]),
        ("level", "# level", ["level"]),
    ],
)
def test_bad_requirements_are_refused_by_name(tmp_path: Path, old: str, new: str, parts: list[str]) -> None:
    (tmp_path / "r.toml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(ScenarioError) as error:
        read_requirements(tmp_path / "r.toml")
    for part in ["r.toml", *parts]:
        assert part in str(error.value)


def test_twice_the_same_and_missing_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(GOOD + GOOD)
    with pytest.raises(ScenarioError, match="twice: SRS-AB-001"):
        read_requirements(tmp_path / "r.toml")
    with pytest.raises(ScenarioError, match="no such file"):
        read_requirements(tmp_path / "none.toml")


def test_what_is_only_outside_needs_no_rule_but_an_inspection() -> None:
    r = Requirement(id="SRS-AB-001", text="Doors shall open by a push.", why="No software between.", level="C", hazards=("H-11",),
                    allocated=("hard-wired",), verify="inspection", how="Look at it.")  # fmt: skip
    assert not r.ours


def test_anomalies_are_readable() -> None:
    assert len(read_tables(FOLDER / "anomalies.toml", "anomaly", Anomaly)) >= 5


def test_every_test_named_for_security_exists() -> None:
    rows = read_tables(FOLDER / "security.toml", "control", Control62443)
    wrong = [f"{r.id}: {why}" for r in rows for t in r.tests if (why := node_missing(*t.split("::", 1))) is not None]
    assert wrong == []
    assert len(rows) >= 20


# -- software of others --------------------------------------------------------------------------------------------------


def test_software_of_others_is_listed_whole() -> None:
    assert differences() == []


def test_what_the_control_process_imports_is_listed_as_such(tmp_path: Path) -> None:
    """In a process of its own, as `cryochamber control` does it: command line, loop, recorder, an opened database."""
    look = f"""
import importlib.metadata, json, sys
import cryochamber.cli, cryochamber.running
from records.store import open_store
open_store("sqlite:///{tmp_path}/r.sqlite").engine.dispose()
where = importlib.metadata.packages_distributions()
print(json.dumps(sorted({{d.lower().replace("_", "-") for m in set(sys.modules) for d in where.get(m, ())}})))
"""
    shown = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(json.loads(shown.stdout.splitlines()[-1])) - {"cryochamber", "setuptools", "pip"}  # put there by the environment
    assert {"pymodbus", "pyzmq", "pydantic"} <= imported
    assert imported <= {s.name for s in read_soup() if s.runs == "control"}
