"""Every number that the safety rules rest on says which hazard it answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chamber.hazards import HAZARDS

ROOT = Path(__file__).resolve().parents[2]
RULES = [
    *sorted((ROOT / "chamber/causes").glob("*.py")),
    *(ROOT / f"chamber/{name}.py" for name in ("cycle", "entry", "interlocks", "limits", "monitor", "permissives", "self_test", "voting")),
    *(ROOT / name for name in ("control/advance.py", "control/mailbox.py", "plc_bridge/plc_rules.py")),
]
NUMBER = re.compile(r"^[A-Z][A-Z0-9_, ]* = -?\d.*$", re.MULTILINE)


@pytest.mark.parametrize("file", RULES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_every_constant_of_the_rules_names_its_hazard(file: Path) -> None:
    numbers = NUMBER.findall(file.read_text())
    assert [line for line in numbers if not re.search(r"H-\d\d", line)] == []
    named = {name for line in numbers for name in re.findall(r"H-\d\d", line)}
    assert named <= {str(h) for h in HAZARDS}


def test_the_pattern_finds_numbers() -> None:
    found = NUMBER.findall("A_S = 1.0\nB, C = -2, 3  # H-01\nd = 1\n_X = 4\nLOW: int = 3\nNAME = 'x'\n")
    assert found == ["A_S = 1.0", "B, C = -2, 3  # H-01"]
