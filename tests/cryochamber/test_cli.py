"""The command line as a user meets it: exit codes, what is printed where, no tracebacks."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chamber.profile import Limits
from cryochamber.cli import app
from cryochamber.docs_pages import PAGES
from plc_bridge.register_map import BLOCKS

RUNNER = CliRunner()
COMMANDS = [
    "plc-sim",
    "control",
    "api",
    "broker",
    "simulate",
    "faults",
    "check-config",
    "register-map",
    "docs",
    "fault",
    "user",
    "demo",
    "version",
]
SHORT = """
name = "Short"
start = "precooled"
duration_s = 40
{more}
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_help_names_every_command() -> None:
    shown = RUNNER.invoke(app, ["--help"])
    assert shown.exit_code == 0
    for name in COMMANDS:
        assert name in shown.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_with_a_sentence(name: str) -> None:
    shown = RUNNER.invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert "Usage:" in shown.stdout
    sentence = shown.stdout.splitlines()[2:4]
    assert any(len(line.strip()) > 15 for line in sentence), shown.stdout


def test_as_a_program_of_its_own() -> None:
    done = subprocess.run([sys.executable, "-m", "cryochamber", "check-config"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("configuration is good (defaults)")
    assert done.stderr == ""


def test_check_config_prints_what_is_in_force(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("[limits]\nexposure_s = 120\n")
    shown = RUNNER.invoke(app, ["check-config", "-c", str(file)])
    assert shown.exit_code == 0
    assert f"({file})" in shown.stdout
    assert "  exposure_s = 120\n" in shown.stdout
    assert "  plc.timeout_s = 0.5\n" in shown.stdout
    for name in Limits.model_fields:
        assert f"  {name} = " in shown.stdout


def test_a_bad_configuration_exits_2_with_the_complaint_on_stderr(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("[plc]\nport = 0\n")
    for command in ("check-config", "control", "api", "plc-sim"):
        shown = RUNNER.invoke(app, [command, "-c", str(file)])
        assert shown.exit_code == 2
        assert "plc.port = 0" in shown.stderr
        assert "Traceback" not in shown.output


def test_register_map_as_table_and_csv() -> None:
    table = RUNNER.invoke(app, ["register-map"])
    assert table.exit_code == 0
    assert table.stdout.splitlines()[0].split()[:3] == ["block", "address", "name"]
    shown = RUNNER.invoke(app, ["register-map", "--format", "csv"])
    assert shown.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(shown.stdout)))
    assert [(r["block"], int(r["address"]), r["name"]) for r in rows] == [(r.block, r.address, r.name) for b in BLOCKS.values() for r in b]
    assert len(table.stdout.splitlines()) == len(rows) + 1


def test_docs_are_written_and_checked(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    assert RUNNER.invoke(app, ["docs", str(folder)]).exit_code == 0
    assert {str(p.relative_to(folder)) for p in folder.rglob("*.*")} == set(PAGES)
    (folder / "alarms.md").write_text("edited")  # that nothing else differs is said below; an exit with 0 is a check of its own
    stale = RUNNER.invoke(app, ["docs", str(folder), "--check"])
    assert stale.exit_code == 1
    assert "alarms.md" in stale.stderr
    assert "limits.md" not in stale.stderr


def scenario(tmp_path: Path, more: str = "") -> str:
    file = tmp_path / "short.toml"
    file.write_text(SHORT.format(more=more))
    return str(file)


def test_simulate_met_expectations_exit_0(tmp_path: Path) -> None:
    shown = RUNNER.invoke(
        app, ["simulate", scenario(tmp_path, "[expect]\nviolations = { high = 0 }"), "--out", "out", "--no-plot", "--seed", "5"]
    )
    assert shown.exit_code == 0, shown.output
    assert "seed 5" in shown.stdout
    assert "all invariants held, all expectations met" in shown.stdout
    result = json.loads((tmp_path / "out" / "short.json").read_text())
    assert (result["seed"], result["figures"]["violations"]) == (5, 0.0)
    with (tmp_path / "out" / "short.csv").open() as f:
        rows = list(csv.DictReader(f))
    assert len(rows) == 40
    assert rows[-1]["state"] == "ready"
    assert not (tmp_path / "out" / "short.png").exists()


def test_simulate_unmet_expectation_exits_1(tmp_path: Path) -> None:
    shown = RUNNER.invoke(app, ["simulate", scenario(tmp_path, "[expect]\nsessions = { low = 1 }"), "--no-plot"])
    assert shown.exit_code == 1
    assert "NOT AS EXPECTED sessions = 0, expected 1.." in shown.stdout


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ("no_such_key = 1", ["short.toml", "no_such_key"]),
        ("[expect]\nno_such_figure = { low = 1 }", ["expect.no_such_figure", "known:"]),
        ("[[faults]]\nat_s = 1\nkind = 'no_such'", ["unknown fault 'no_such'", "known:"]),
        ("[[sessions]]\nat_s = 1\nprogram = 'no_such'", ["no program 'no_such'"]),
        ("[[sessions]]\nat_s = -1", ["sessions.0.at_s", "-1"]),
        ("profile = 'no-such'", ["no-such"]),
    ],
)
def test_simulate_bad_scenario_exits_2(tmp_path: Path, more: str, parts: list[str]) -> None:
    shown = RUNNER.invoke(app, ["simulate", scenario(tmp_path, more), "--no-plot"])
    assert shown.exit_code == 2
    for part in parts:
        assert part in shown.stderr
    assert "Traceback" not in shown.output


def test_simulate_files_that_cannot_be_used_exit_2(tmp_path: Path) -> None:
    missing = RUNNER.invoke(app, ["simulate", "nowhere.toml"])
    assert missing.exit_code == 2
    assert "nowhere.toml: no such scenario file" in missing.stderr
    (tmp_path / "bad.toml").write_text("name = \n")
    assert "not valid TOML" in RUNNER.invoke(app, ["simulate", "bad.toml"]).stderr
    (tmp_path / "occupied").write_text("a file")
    shown = RUNNER.invoke(app, ["simulate", scenario(tmp_path), "--out", "occupied", "--no-plot"])
    assert shown.exit_code == 2
    assert "occupied: cannot write results" in shown.stderr
    assert "--out" in shown.stderr


def test_faults_without_a_simulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRYOCHAMBER_SIMULATOR__ENDPOINT", f"ipc://{tmp_path}/none.ipc")
    shown = RUNNER.invoke(app, ["fault", "list"])
    assert shown.exit_code == 1
    assert "no simulated plant answers" in shown.stderr
    shown = RUNNER.invoke(app, ["fault", "inject", "sensor_offset", "TT-101", "-p", "offset=warm"])
    assert shown.exit_code == 1
    assert "write name=number" in shown.stderr


def test_users_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRYOCHAMBER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("CRYOCHAMBER_RUN_DIR", str(tmp_path / "run"))
    added = RUNNER.invoke(app, ["user", "add", "anna"])
    assert added.exit_code == 0, added.output
    pin = added.stdout.strip().rsplit(" ", 1)[1]
    assert pin.isdigit()
    listed = RUNNER.invoke(app, ["user", "list"])
    assert "anna" in listed.stdout
    assert "operator" in listed.stdout
    assert pin not in listed.stdout
    again = RUNNER.invoke(app, ["user", "add", "anna"])
    assert again.exit_code == 1
    assert RUNNER.invoke(app, ["user", "add", "bert", "--role", "boss"]).exit_code == 2
    renewed = RUNNER.invoke(app, ["user", "new-pin", "anna"])
    assert renewed.exit_code == 0
    assert RUNNER.invoke(app, ["user", "disable", "anna"]).exit_code == 0
    assert "disabled" in RUNNER.invoke(app, ["user", "list"]).stdout
    assert RUNNER.invoke(app, ["user", "new-pin", "nobody"]).exit_code == 1


def test_version() -> None:
    from cryochamber import __version__

    assert RUNNER.invoke(app, ["version"]).stdout.strip() == __version__
