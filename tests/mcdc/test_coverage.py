"""Branch coverage of `chamber/` by its own tests: all of it. What no test can reach is told to the type checker by ``assert_never``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = ("tests/chamber", "tests/cryochamber/test_config.py")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_branch_of_the_rules_is_taken(tmp_path: Path) -> None:
    measured = {**os.environ, "COVERAGE_FILE": str(tmp_path / "coverage")}
    coverage = [sys.executable, "-m", "coverage"]
    run = [*coverage, "run", "--branch", "--source=chamber", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not long", *TESTS]
    done = subprocess.run(run, cwd=ROOT, env=measured, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    report = [*coverage, "report", "--show-missing", "--skip-covered", "--fail-under=100", "--precision=2"]
    told = subprocess.run(report, cwd=ROOT, env=measured, capture_output=True, text=True, check=False)
    print(told.stdout)
    assert told.returncode == 0, told.stdout


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_mutants_of_the_rules_are_noticed() -> None:
    """Every mutant; the score without those read and listed in bench/equivalents.toml."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.mutation", "--at-least", "95"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
