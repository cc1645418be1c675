"""The part of the fault campaign that needs real sockets, processes and disks: tests of the source tree, run by pytest."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from cryochamber.scenario import ScenarioError

ROOT = Path(__file__).resolve().parent.parent
_WORST = ("failed", "skipped", "passed")


def can_run() -> bool:
    """Whether tests and pytest are here; an installed package has neither."""
    return find_spec("pytest") is not None and (ROOT / "tests").is_dir()


def run_tests(nodes: Iterable[str], *, long: bool) -> dict[str, str]:
    """Node id without parameters -> ``passed``, ``failed``, ``skipped`` or ``not run`` (marked long and ``long`` not asked for).

    With several parameters the worst counts. What the tests print goes to this process's output when something fails.
    Raises ScenarioError if pytest itself could not work.
    """
    wanted = sorted(set(nodes))
    if not wanted:
        return {}
    with tempfile.TemporaryDirectory(prefix="cryochamber-faults-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *wanted]
        command += [] if long else ["-m", "not long"]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 our own tests
        # 0, 1, 5: passed, failed, none collected
        if ran.returncode not in (0, 1, 5) or "INTERNALERROR" in ran.stdout or not report.exists():
            raise ScenarioError(f"pytest could not run the tests of the campaign:\n{(ran.stdout + ran.stderr)[-3000:]}")
        if ran.returncode == 1:
            print(ran.stdout[-6000:])
        found = outcomes(ET.parse(report).getroot())  # noqa: S314 written a moment ago by ourselves
    return {node: found.get(node, "not run") for node in wanted}


def outcomes(report: ET.Element) -> dict[str, str]:
    """Node id without parameters -> worst outcome, from a JUnit report."""
    found: dict[str, str] = {}
    for case in report.iter("testcase"):
        node = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '').partition('[')[0]}"
        bad = case.find("failure") is not None or case.find("error") is not None
        word = "failed" if bad else "skipped" if case.find("skipped") is not None else "passed"
        found[node] = min(word, found.get(node, word), key=_WORST.index)
    return found
