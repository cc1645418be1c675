"""Many chambers in one batch, and the arithmetic with and without compilation."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cryochamber.fleet import run
from simulator.compiled import _store
from simulator.fleet import Fleet, spread
from simulator.parameters import load
from simulator.plant import Plant
from simulator.precool import Regulated, precooled_state
from tests.simulator.plain import states


def test_compiled_and_plain_python_agree() -> None:
    """The same source, once as this process runs it, once without compilation: every plant and the fleet."""
    plain = subprocess.run(
        [sys.executable, "-m", "tests.simulator.plain"],
        env=os.environ | {"CRYOCHAMBER_COMPILED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    ours, theirs = states(), json.loads(plain.stdout)
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        assert values == pytest.approx(theirs[name], rel=1e-9, abs=1e-12), name


def test_compiled_code_is_kept_where_something_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "kernel.py"
    source.write_text("from simulator.compiled import compiled\n")
    home = tmp_path / "home"
    monkeypatch.setattr("simulator.compiled._SOURCES", tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    fresh = _store.__wrapped__
    first = fresh()
    assert first is not None
    assert Path(first).parent == tmp_path / "__pycache__"
    source.write_text("from simulator.compiled import compiled  # changed\n")
    assert fresh() != first
    shutil.rmtree(tmp_path / "__pycache__")
    (tmp_path / "__pycache__").write_text("read-only installation: no folder can be made here")
    second = fresh()
    assert second is not None
    assert Path(second).is_relative_to(home)
    shutil.rmtree(home)
    home.write_text("no home either")
    assert fresh() is None


def test_a_fleet_without_guests_holds_like_one_plant_on_the_median() -> None:
    """Half an hour from the stored cold state: the median chamber against the plant of ``Plant`` with its valves and tank."""
    fleet = Fleet(31, 0.5, every_s=1e6)
    while not fleet.done:
        fleet.advance()
    regulated = Regulated(Plant(load(), precooled_state()))
    regulated.fresh_air = True
    regulated.advance(1800.0)
    figures = fleet.figures()
    assert all(f.persons == 0 and f.occupied_mean_c is None for f in figures)
    assert spread([f.nitrogen_kg for f in figures])[1] == pytest.approx(regulated.plant.truth().nitrogen_kg, rel=0.05)
    assert spread([f.main_c for f in figures])[1] == pytest.approx(-110.0, abs=1.0)
    low, _, high = spread([f.nitrogen_kg for f in figures])
    assert 1.02 < high / low < 2.0  # chambers differ, and not wildly


def test_guests_warm_their_own_chamber_and_the_seed_decides_all() -> None:
    def hour(seed: int) -> Fleet:
        fleet = Fleet(8, 0.5, seed, every_s=600.0)
        while not fleet.done:
            fleet.advance()
        return fleet

    one, again, other = hour(1), hour(1), hour(2)
    assert one.figures() == again.figures()
    assert one.figures() != other.figures()
    for f in one.figures():
        assert f.occupied_mean_c is not None
        assert f.peak_c is not None
        assert f.oxygen_min_pct is not None
        assert -109.0 < f.occupied_mean_c < -98.0
        assert f.occupied_mean_c < f.peak_c < -85.0
        assert 20.5 < f.oxygen_min_pct < 20.95


def test_the_command_prints_the_spread() -> None:
    text = run(5, 0.2, 1, "walk-in-synthetic-air", warm=False)
    assert text.startswith("5 x walk-in-synthetic-air, 0.2 h")
    assert "main room at the end, °C" in text
    with pytest.raises(ValueError, match="above 0"):
        Fleet(0, 1.0)
