"""`cryochamber device`: what it prints, what it refuses, and the page it writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cryochamber.cli import app
from simulator.datasheet import entries

PAGE = Path(__file__).parents[2] / "docs" / "devices.md"


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["device", *arguments])
    return result.exit_code, result.output


def test_cabin_with_a_failed_extract_warns_of_the_room() -> None:
    status, text = _run("cabin", "--set", "-160", "--sessions", "2", "--gap-min", "0", "--extract", "0", "--fresh", "0")
    assert status == 0
    assert "oxygen at the face, lowest, %" in text
    assert "WARNING session 1: oxygen in the room below 19.5 %" in text


def test_runs_are_written_for_later(tmp_path: Path) -> None:
    assert _run("cabin", "--sessions", "1", "--gap-min", "0", "--seconds", "30", "--out", str(tmp_path))[0] == 0
    assert _run("local", "--minutes", "0.5", "--out", str(tmp_path))[0] == 0
    for stem in ("cabin", "local"):
        lines = (tmp_path / f"{stem}.csv").read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("at_s,")
        assert len(lines) > 30
        assert (tmp_path / f"{stem}.png").stat().st_size > 10_000


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    status, text = _run("local", "--minutes", "0.2", "--out", str(tmp_path / "taken"))
    assert status == 2
    assert "--out" in text


def test_an_empty_cabin_has_no_skin() -> None:
    status, text = _run("cabin", "--sessions", "1", "--gap-min", "0", "--empty")
    assert status == 0
    assert "skin" not in text


def test_local_too_near_warns_with_the_time() -> None:
    status, text = _run("local", "--distance-cm", "8", "--minutes", "3")
    assert status == 0
    assert "WARNING nozzle closer than 10 cm" in text
    assert "WARNING skin of the site below 0 °C after" in text


def test_a_phantom_can_be_treated() -> None:
    status, text = _run("local", "--phantom", "28", "--minutes", "1")
    assert status == 0
    assert "WARNING" not in text


@pytest.mark.parametrize(
    "arguments", [("cabin", "--set", "-250"), ("cabin", "--sessions", "0"), ("local", "--distance-cm", "0"), ("local", "--duty", "2")]
)
def test_impossible_wishes_are_refused(arguments: tuple[str, ...]) -> None:
    status, text = _run(*arguments)
    assert status == 2
    assert "Invalid value for" in text


def test_page_states_every_value_in_force() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for device in ("cabin", "local"):
        for e in entries(device):
            assert f"| `{e.name}` | {e.value:g} | {e.low:g} to {e.high:g} | {e.unit} | {e.source} |" in text


@pytest.mark.long
def test_page_is_what_the_devices_give() -> None:
    status, text = _run("figures", "--page", str(PAGE), "--check")
    assert status == 0, text


def _scenario(folder: Path, more: str) -> tuple[int, str]:
    file = folder / "knee.toml"
    file.write_text(f'name = "Knee"\ndevice = "hand-held"\nminutes = 0.2\n{more}')
    result = CliRunner().invoke(app, ["simulate", str(file), "--out", str(folder), "--no-plot"])
    return result.exit_code, result.output


def test_a_treatment_by_file_is_held_against_what_is_expected(tmp_path: Path) -> None:
    status, text = _scenario(tmp_path, "[expect]\no2_min_room_pct = { low = 19.5 }\nsurface_end_c = { high = 0 }\n")
    assert status == 1
    assert "NOT AS EXPECTED surface_end_c" in text
    assert "o2_min_room_pct =" not in text
    assert (tmp_path / "knee.csv").read_text(encoding="utf-8").startswith("at_s,")
    status, text = _scenario(tmp_path, "distance_cm = 500\n")
    assert status == 2
    assert "knee.toml: distance_cm = 500: Input should be less than or equal to 100" in text
