"""FI-11: what the clock on the wall does has no part in a session."""

from __future__ import annotations

import ast
import copy
import itertools
import time
from pathlib import Path

import pytest

import chamber
import control.step
from chamber.events import Event
from chamber.states import CycleState
from cryochamber.fault_case import Case
from cryochamber.fault_play import Stage

ROOT = Path(chamber.__file__).resolve().parent.parent
CASE = Case.model_validate(
    {
        "id": "FI-11",
        "title": "clock",
        "hazards": ["H-10"],
        "after": "exposure",
        "delay_s": 150,
        "do": [{"act": "operator_returns"}],
        "expect": [{"seen": ["state:exit"], "within_s": 40}],
    }
)


def _run(stage: Stage) -> list[Event]:
    known = len(stage.collector.events)
    for _ in range(400):
        stage.scan()
    return stage.collector.events[known:]


@pytest.mark.req("SRS-TIM-004")
def test_the_exposure_ends_at_the_same_instant_whatever_the_wall_clock_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock steps by an hour forwards and backwards at every look at it."""
    calm = Stage(CASE)
    calm.reach(CASE)
    shaken = copy.deepcopy(calm)
    expected = _run(calm)
    real, steps = time.time(), itertools.cycle((3600.0, -3600.0))
    monkeypatch.setattr(time, "time", lambda: real + next(steps))
    monkeypatch.setattr(time, "time_ns", lambda: int(1e9 * (real + next(steps))))
    assert _run(shaken) == expected
    assert any(e.data.get("to") == CycleState.EXIT.name.lower() for e in expected)


def _scan_modules() -> list[Path]:
    """What ``control.step`` is made of: ``chamber`` and the modules of ``control`` it imports, directly or not."""
    found: set[Path] = set()
    todo = [Path(control.step.__file__)]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith("control."):
                room = ROOT / node.module.replace(".", "/")
                todo += room.glob("*.py") if room.is_dir() else [room.with_suffix(".py")]
    return sorted(found | set((ROOT / "chamber").glob("*.py")))


@pytest.mark.req("SRS-TIM-004")
@pytest.mark.parametrize("path", _scan_modules(), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_nothing_in_the_scan_can_read_a_clock(path: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            imported |= {a.name.partition(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            imported.add(node.module.partition(".")[0])
    assert not imported & {"time", "datetime", "asyncio", "threading"}
