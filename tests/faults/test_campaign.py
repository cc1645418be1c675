"""The runner of the fault campaign: it must be able to fail, in every way a case can fail."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chamber.alarm_states import AlarmState
from chamber.events import Event, EventKind
from cryochamber.campaign import Verdict, play_case, run_campaign, with_tests
from cryochamber.cli import app
from cryochamber.docs_pages import fault_page
from cryochamber.fault_books import Books, FirstOut, heard
from cryochamber.fault_case import FOLDER, Case, check_mark, read_case, read_cases
from cryochamber.fault_play import Player, Stages
from cryochamber.fault_tests import outcomes, run_tests
from cryochamber.fault_watch import Seen
from cryochamber.scenario import ScenarioError
from plc_bridge.contract import Trip

ROOT = FOLDER.parent.parent
VIRTUAL = tuple(c.id for c in read_cases() if c.how == "virtual")
CALL = {"act": "call"}
OUT = {"seen": ["true:everybody_out"], "within_s": 30}


@pytest.fixture(scope="module")
def stages() -> Stages:
    return Stages()


def case(**more: Any) -> Case:
    base: dict[str, Any] = {"id": "FI-99", "title": "test", "hazards": ["H-01"], "run_s": 30, "do": [CALL], "expect": [OUT]}
    return Case.model_validate({**base, **more})


def played(stages: Stages, **more: Any) -> Verdict:
    return play_case(case(**more), stages)


# -- the campaign itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VIRTUAL)
def test_every_case_in_virtual_time(name: str, stages: Stages) -> None:
    verdict = play_case(read_case(FOLDER / f"{name}.toml"), stages)
    assert verdict.word == "PASS", verdict.wrong


@pytest.mark.long
@pytest.mark.timeout(600)
def test_whole_campaign(tmp_path: Path) -> None:
    assert run_campaign(None, tmp_path, (), tests=False)
    told = json.loads((tmp_path / "faults.json").read_text())
    assert len(told) == len(read_cases())


def test_every_scenario_of_the_list_has_a_case_and_every_case_a_row_in_the_docs() -> None:
    cases = read_cases()
    assert {c.id[:5] for c in cases} == {f"FI-{n:02}" for n in range(1, 33)}
    page = fault_page()
    assert all(f"## {c.id}\n" in page for c in cases)
    assert all(gap in page for c in cases for gap in c.gaps)


def test_every_test_named_as_proof_exists() -> None:
    named = [t for c in read_cases() for t in c.proven_by]
    assert named
    for test in named:
        file, _, function = test.partition("::")
        assert re.search(rf"^(async )?def {function}\(", (ROOT / file).read_text(), re.MULTILINE), test


# -- it must be able to fail ---------------------------------------------------------------------------------------


def test_what_holds_passes(stages: Stages) -> None:
    verdict = played(stages, expect=[OUT, {"seen": ["first_out:CALL_INSIDE"], "within_s": 0.3}], never=["state:ready"])
    assert verdict.word == "PASS"
    assert verdict.wrong == ()
    assert verdict.face_o2_min_pct is not None
    assert verdict.face_o2_min_pct > 20.0


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ({"expect": [{"seen": ["true:everybody_out"], "within_s": 3}]}, "too late"),
        ({"expect": [{"seen": ["state:evacuate"], "within_s": 9, "not_before_s": 5}]}, "too early"),
        ({"expect": [{"seen": ["trip:O2_HIGH"], "within_s": 30}]}, "never seen"),
        ({"expect": [{"seen": ["true:everybody_out"], "within_s": 30, "after": ["trip:O2_HIGH"]}]}, "never came"),
        ({"never": ["cause:CALL-IN"]}, "must not be"),
        ({"face_o2_min_pct": 21.0}, "true oxygen at a face"),
        ({"expect": [OUT | {"known_gap": "nobody gets out"}]}, "the known gap is closed"),
        ({"do": [{"act": "inject", "kind": "door_stuck", "target": "inner"}], "expect": [OUT]}, "never seen"),
        ({"bump_max_k": 0.001, "do": [{"act": "inject", "kind": "valve_stuck", "target": "TCV-101", "params": {"position": 0}}]}, "K away"),
    ],
)
def test_what_does_not_hold_fails(stages: Stages, more: dict[str, Any], complaint: str) -> None:
    verdict = played(stages, **more)
    assert verdict.word == "FAIL"
    assert any(complaint in w for w in verdict.wrong), verdict.wrong


def test_somebody_who_stays_too_long_fails_the_case_unless_it_says_why(stages: Stages) -> None:
    stuck = {"do": [{"act": "inject", "kind": "door_stuck", "target": "inner"}], "run_s": 205}
    stuck["expect"] = [{"seen": ["state:evacuate"], "within_s": 200}]
    assert any("more than 190 s" in w for w in played(stages, **stuck).wrong)
    assert played(stages, may_overstay="the door does not move", **stuck).word == "PASS"


def test_a_known_gap_is_shown_and_hides_nothing_else(stages: Stages) -> None:
    gap = {"seen": ["trip:O2_HIGH"], "within_s": 5, "known_gap": "not built"}
    assert played(stages, expect=[OUT, gap]).word == "GAP"
    assert played(stages, expect=[gap], never=["cause:CALL-IN"]).word == "FAIL"
    told = play_case(Case(id="FI-98", title="x", hazards=("H-01",), how="gap", known_gap="not built"))
    assert (told.word, told.gaps) == ("GAP", ("not built",))


@pytest.mark.parametrize(
    ("moves", "complaint"),
    [
        ([("fault", "precool", "condition:purged")], "cooling without a command"),
        ([("exposure", "fault", "cause:ESTOP"), ("stopped", "precool", "command:precool")], "without precool, reset, start_up"),
        ([("exit", "recool", "command:confirm_empty")], None),
        ([("held", "precool", "command:resume")], None),
    ],
)
def test_nothing_cold_restarts_by_itself(stages: Stages, moves: list[tuple[str, str, str]], complaint: str | None) -> None:
    c = case()
    seen = Seen(stages.of(c).chamber, c)
    for n, (old, new, cause) in enumerate(moves):
        seen.look(float(n), [Event(EventKind.STATE, float(n), {"from": old, "to": new, "cause": cause})])
    found = [v for v in seen.violations if "journal:" not in v]  # these moves are only told, the chamber stands still
    assert (complaint is None) == (found == [])
    assert complaint is None or complaint in found[0]


def test_nitrogen_that_flows_again_is_a_violation(stages: Stages) -> None:
    c = case()
    stage = stages.of(c)
    seen = Seen(stage.chamber, c)
    plant = stage.chamber.world.plant
    seen.look(0.1, [])
    for t_s, flow, xv in ((1.0, 0.0, False), (2.5, 0.02, False)):
        plant.flow_kg_s = flow
        stage.chamber.world.actuators = stage.chamber.world.actuators._replace(xv_401=xv)
        seen.look(t_s, [])
    assert any("flows again" in v for v in seen.violations)


# -- files and command line ----------------------------------------------------------------------------------------

GOOD = """
id = "FI-97"
title = "Call button"
hazards = ["H-13"]
run_s = 20

[[do]]
act = "call"

[[expect]]
seen = ["state:evacuate"]
within_s = {within}
"""


@pytest.mark.parametrize(("within", "status", "word"), [("1", 0, "PASS"), ("0", 1, "FAIL")])
def test_command_line(tmp_path: Path, within: str, status: int, word: str) -> None:
    (tmp_path / "FI-97.toml").write_text(GOOD.format(within=within))
    shown = CliRunner().invoke(app, ["faults", "--folder", str(tmp_path), "--out", str(tmp_path)])
    assert shown.exit_code == status, shown.output
    assert re.search(rf"^FI-97 +{word}", shown.output, re.MULTILINE)
    assert json.loads((tmp_path / "faults.json").read_text())[0]["verdict"] == word


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("state:evacuate", "state:evacuated", ["FI-97.toml", "expect.0.seen", "no such state"]),
        ("state:evacuate", "evacuate", ["write kind:name"]),
        ('act = "call"', 'act = "shout"', ["do.0.act"]),
        ('act = "call"', 'act = "inject"\nkind = "earthquake"', ["unknown fault 'earthquake'"]),
        ('act = "call"', 'act = "hang"', ["hang needs for_s"]),
        ('"FI-97"', '"FI-96"', ["must be the name of the file"]),
        ("run_s = 20", 'run_s = 20\nafter = "dreaming"', ["no such state"]),
        ("run_s = 20", 'run_s = 20\nprogram = "arctic"', ["no program 'arctic'"]),
        ("run_s = 20", "run_s = 20\npersons = 0", ["exposure not reached"]),
        ("run_s", "runs_s", ["runs_s"]),
        ("[[do]]", "[do", ["not valid TOML"]),
    ],
)
def test_bad_cases_are_refused_by_name(tmp_path: Path, old: str, new: str, parts: list[str]) -> None:
    (tmp_path / "FI-97.toml").write_text(GOOD.format(within="1").replace(old, new, 1))
    shown = CliRunner().invoke(app, ["faults", "--folder", str(tmp_path), "--out", str(tmp_path)])
    assert shown.exit_code == 2, shown.output
    for part in parts:
        assert part in shown.output


def test_unknown_ids_and_empty_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no case FI-77"):
        run_campaign(None, tmp_path, ["FI-77"])
    with pytest.raises(ScenarioError, match="no fault cases"):
        run_campaign(tmp_path, tmp_path, ())


def test_marks_that_can_never_be_seen_are_refused() -> None:
    for good in ("true:o2_main<19.5", "true:nitrogen_closed", "bad:TT-101", "trip:ESTOP", "refused:begin_boarding"):
        assert check_mark(good) == good
    for bad in ("true:o2_cellar<19", "true:peace", "bad:TT-999", "trip:estop", "alarm:", "x"):
        with pytest.raises(ValueError, match=re.escape(repr(bad))):
            check_mark(bad)


# -- the tests that cases name -------------------------------------------------------------------------------------

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a.test_x" name="test_one[1]"/>
<testcase classname="tests.a.test_x" name="test_one[2]"><failure/></testcase>
<testcase classname="tests.a.test_x" name="test_two"><skipped/></testcase>
<testcase classname="tests.a.test_x" name="test_three"/>
</testsuite></testsuites>"""


def test_outcomes_of_tests_are_read_and_the_worst_parameter_counts() -> None:
    found = outcomes(ET.fromstring(REPORT))  # noqa: S314 typed above
    assert found == {
        "tests/a/test_x.py::test_one": "failed",
        "tests/a/test_x.py::test_two": "skipped",
        "tests/a/test_x.py::test_three": "passed",
    }


@pytest.mark.parametrize(
    ("ran", "word"),
    [
        ({"t::a": "passed", "t::b": "passed"}, "PASS"),
        ({"t::a": "passed", "t::b": "not run"}, "PASS"),  # a long one, left for later
        ({"t::a": "passed", "t::b": "skipped"}, "NOT RUN"),
        ({"t::a": "not run", "t::b": "not run"}, "NOT RUN"),
        ({"t::a": "passed", "t::b": "failed"}, "FAIL"),
        ({}, "NOT RUN"),
    ],
)
def test_a_case_is_worth_what_its_tests_are(ran: dict[str, str], word: str) -> None:
    elsewhere = Case(id="FI-98", title="x", hazards=("H-01",), how="elsewhere", proven_by=("t::a", "t::b"))
    assert with_tests(play_case(elsewhere), ran).word == word


def test_a_case_in_virtual_time_fails_with_its_tests(stages: Stages) -> None:
    good = played(stages, proven_by=["t::a"])
    assert with_tests(good, {"t::a": "passed"}).word == "PASS"
    assert with_tests(good, {"t::a": "failed"}).word == "FAIL"


def test_tests_are_really_run() -> None:
    nodes = ["tests/faults/test_no_bypass.py::test_the_pattern_finds_what_it_is_for"]
    assert run_tests(nodes, long=False) == dict.fromkeys(nodes, "passed")
    assert run_tests([], long=False) == {}


def test_a_run_of_tests_that_breaks_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ScenarioError, match="could not run"):
        run_tests(["tests/faults/test_no_bypass.py::test_the_pattern_finds_what_it_is_for"], long=False)


# -- common criteria ------------------------------------------------------------------------------------------------


def test_a_journal_with_a_gap_is_found(stages: Stages) -> None:
    c = case(do=[{"act": "estop"}], expect=[OUT])
    player = Player(c, stages.of(c))
    begun = player.stage.chamber.state
    player.run()
    events = player.stage.collector.events
    known = [e for e in events if e.t_s >= begun.facts.now_s - 1e-6] if begun.facts is not None else []
    assert any(e.kind is EventKind.ALARM for e in known)
    for gone in (EventKind.STATE, EventKind.CAUSE, EventKind.ALARM):
        told = list(Books(begun).check(player.stage.chamber.state, [e for e in known if e.kind is not gone]))
        assert any(f"journal: {word}" in line for word in ("state", "causes", "alarms", "left") for line in told), gone
    assert player.seen.violations == []


def test_a_first_cause_that_is_none_or_changes_is_found(stages: Stages) -> None:
    plc = stages.of(case()).chamber.world.plc
    first = FirstOut()
    assert list(first.check(plc, 1)) == []
    plc.trips, plc.first_out = 1 << Trip.ESTOP, Trip.ESTOP + 1
    assert list(first.check(plc, 1)) == []
    plc.trips |= 1 << Trip.O2_HIGH
    assert list(first.check(plc, 1)) == []
    plc.first_out = Trip.O2_HIGH + 1
    assert any("changed from ESTOP" in line for line in first.check(plc, 1))
    plc.first_out = 0
    assert any("none of its trips" in line for line in FirstOut().check(plc, 1))


def test_a_plc_that_started_anew_may_have_another_first_cause(stages: Stages) -> None:
    plc = stages.of(case()).chamber.world.plc
    first = FirstOut()
    plc.trips, plc.first_out = 1 << Trip.VALVE_STUCK_OPEN, Trip.VALVE_STUCK_OPEN + 1
    assert list(first.check(plc, 1)) == []
    plc.trips, plc.first_out = 1 << Trip.ESTOP, Trip.ESTOP + 1
    assert list(first.check(plc, 2)) == []
    plc.first_out = Trip.VALVE_STUCK_OPEN + 1
    assert any("changed from ESTOP" in line for line in first.check(plc, 2))


def test_an_alarm_that_calls_unheard_or_is_hidden_from_people_is_found(stages: Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    c = case(do=[{"act": "estop"}], expect=[OUT], run_s=2)
    player = Player(c, stages.of(c))
    player.run()
    state = player.stage.chamber.state
    assert list(heard(state)) == []
    hidden = {name: a._replace(state=AlarmState.OUT_OF_SERVICE) for name, a in state.alarms.items()}
    assert any("hidden while" in line and "ESTOP" in line for line in heard(state._replace(alarms=hidden)))
    monkeypatch.setattr("cryochamber.fault_books.sounding", lambda *_: None)
    assert any("heard is nothing, but" in line for line in heard(state))
