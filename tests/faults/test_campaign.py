"""The runner of the fault campaign: it must be able to fail, in every way a case can fail."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from chamber.events import Event, EventKind
from cryochamber.campaign import Verdict, play_case, run_campaign
from cryochamber.cli import app
from cryochamber.docs_pages import fault_page
from cryochamber.fault_case import FOLDER, Case, check_mark, read_case, read_cases
from cryochamber.fault_play import Stages
from cryochamber.fault_watch import Seen
from cryochamber.scenario import ScenarioError

ROOT = FOLDER.parent.parent
CUT = ("FI-01", "FI-06", "FI-10", "FI-12b", "FI-13b", "FI-14b", "FI-23", "FI-28b")
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


@pytest.mark.parametrize("name", CUT)
def test_cut_of_the_campaign(name: str, stages: Stages) -> None:
    verdict = play_case(read_case(FOLDER / f"{name}.toml"), stages)
    assert verdict.word == "PASS", verdict.wrong


@pytest.mark.long
@pytest.mark.timeout(600)
def test_whole_campaign(tmp_path: Path) -> None:
    assert run_campaign(None, tmp_path, ())
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
    assert (complaint is None) == (seen.violations == [])
    assert complaint is None or complaint in seen.violations[0]


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
