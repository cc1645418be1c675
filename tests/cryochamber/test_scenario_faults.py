"""Scenario files with faults that grow, meet, and come at random."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cryochamber.scenario import Scenario, ScenarioError, read
from cryochamber.simulate import _random, play

FILE = Path(__file__).resolve().parents[2] / "scenarios" / "growing-and-random-faults.toml"


@pytest.mark.long
def test_the_scenario_of_the_house_holds() -> None:
    run = play(read(FILE))
    assert run.collector.violations == []
    assert run.unmet == []


def _scenario(**random_faults: Any) -> Scenario:
    return Scenario.model_validate({"name": "x", "seed": 3, "duration_s": 36_000, "random_faults": random_faults})


def test_random_faults_follow_the_rates_and_the_seed() -> None:
    wanted = {"sensor_open": 20.0, "mains_lost": 5.0}
    drawn = _random(_scenario(per_hour=wanted, lasts_s=[1.0, 2.0]))
    assert drawn == _random(_scenario(per_hour=wanted, lasts_s=[1.0, 2.0]))
    assert 150 < sum(f.kind == "sensor_open" for f in drawn) < 250
    assert 25 < sum(f.kind == "mains_lost" for f in drawn) < 75
    assert all(f.clear_at_s is not None and 1.0 <= f.clear_at_s - f.at_s <= 2.0 for f in drawn)


def test_nothing_fails_twice_at_a_time() -> None:
    drawn = _random(_scenario(per_hour={"sensor_open": 600.0, "sensor_short": 600.0}, targets=["TT-101"], lasts_s=[10.0, 60.0]))
    ends = [f.clear_at_s or 0.0 for f in drawn]
    assert len(drawn) > 100
    assert all(f.at_s >= end for f, end in zip(drawn[1:], ends[:-1], strict=True))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("per_hour = { sensor_opn = 1 }", "no fault"),
        ("per_hour = { plc_reboot = 1 }", "no fault that may come and go"),
        ("per_hour = { mains_lost = 1 }\ntargets = ['TT-101']", "can befall: supply"),
        ("per_hour = { mains_lost = 1 }\nlasts_s = [5, 1]", "shortest first"),
        ("per_hour = {}", "at least 1"),
        ("per_hour = { mains_lost = 0 }", "greater than 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_place(tmp_path: Path, text: str, error: str) -> None:
    file = tmp_path / "s.toml"
    file.write_text(f'name = "x"\nduration_s = 10\n[random_faults]\n{text}\n')
    with pytest.raises(ScenarioError, match=error):
        read(file)


def test_what_cannot_grow_is_told(tmp_path: Path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('name = "x"\nduration_s = 10\n[[faults]]\nat_s = 1\nkind = "mains_lost"\nramp_s = 5\n')
    with pytest.raises(ScenarioError, match="cannot grow over ramp_s; these can: sensor_offset"):
        play(read(file))
