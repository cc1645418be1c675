"""Published cases: predicted with one parameter set, files that complain clearly, a page that says what was computed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cryochamber.cli import app
from cryochamber.validate import up_to_date
from simulator.validation.cases import CASES, CaseError, read_case, read_cases
from simulator.validation.climate import FILE, Climate, play, stored
from simulator.validation.predict import Prediction, predict, rmse
from simulator.validation.report import _what, score

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"

GOOD = """
[case]
study = "Somebody 2030"
[[exposure]]
seconds = 120
gas_c = -110
[[measurement]]
site = "thigh"
kind = "drop"
value = 10
"""


@pytest.fixture(scope="module")
def predictions() -> list[Prediction]:
    climates = stored()
    return [p for case in read_cases() for p in predict(case, climates, spread=False)]


def test_scored_cases_within_two_kelvin(predictions: list[Prediction]) -> None:
    """Root mean square over all scored skin temperatures; taking displays at their word is far worse."""
    count, bias, error = rmse(predictions)
    assert count >= 17
    assert error <= 2.0
    assert abs(bias) < 1.0
    assert rmse(predictions, "offset")[2] <= 2.0
    assert rmse(predictions, "nominal")[2] > error + 1.0


def test_page_says_what_is_computed(predictions: list[Prediction]) -> None:
    """Score and every predicted figure; the whole page is compared by the long test below."""
    text = PAGE.read_text(encoding="utf-8")
    assert score(predictions) in text
    for p in predictions:
        row = next(line for line in text.splitlines() if line.startswith(f"| {p.case.study}") and f"| {_what(p.measurement)} |" in line)
        digits = 0 if p.measurement.kind in ("time", "lowest") else 1
        assert f"{p.nominal:.{digits}f}" in row or f"{p.nominal:.2f}" in row


def test_rows_of_the_reference_table_with_its_one_offset(predictions: list[Prediction]) -> None:
    """The eight rows that the reference holds usable: within 2 K by its offset; by the simulator's own device 2.2 K, on the page."""
    rows = [p for p in predictions if not p.case.id.startswith(("cuttell", "saltykova"))]
    count, _, error = rmse(rows, "offset")
    assert count == 8
    assert error <= 2.0
    assert rmse(rows)[2] <= 2.4


def _of(predictions: list[Prediction], case: str, site: str) -> Prediction:
    return next(p for p in predictions if p.case.id == case and p.measurement.site == site)


def test_cabin_falls_behind_a_chamber_more_at_the_chest_than_at_the_legs(tmp_path: Path) -> None:
    """Polidori 2018, both at -140 °C for 3 min: 15 % at the legs (not significant), 53 % at the chest."""
    lacking: list[float] = []
    for site in ("leg", "chest"):
        drops: list[float] = []
        for room in ("walk-in", "cabin"):
            path = tmp_path / "c.toml"
            text = GOOD.replace("120", "180").replace("-110", f'-140\nroom = "{room}"').replace("thigh", site)
            path.write_text(text, encoding="utf-8")
            drops.append(predict(read_case(path), spread=False)[0].value)
        lacking.append(1.0 - drops[1] / drops[0])
    assert lacking[0] < 0.45 < 0.5 < lacking[1]


def test_women_cool_more_than_men(predictions: list[Prediction]) -> None:
    men, women = _of(predictions, "hammond-2014-men", "mean"), _of(predictions, "hammond-2014-women", "mean")
    assert women.value > men.value + 0.3


def test_muscle_and_core_after_an_hour(predictions: list[Prediction]) -> None:
    """Costello 2012: 1.2-1.6 K in the muscle, 0.3 ± 0.2 K rectal; the model's order of magnitude, no better."""
    for p in predictions:
        if p.case.id == "costello-2012" and p.measurement.use == "shown":
            assert 0.2 < p.value < 2.0


def test_core_within_a_tenth_of_four_reports(predictions: list[Prediction]) -> None:
    """Three ears after 20 min and the hour of the lowest core; nothing of the heat against the cold was fitted to them."""
    for case in ("hausswirth-2013-chamber", "louis-2015-cabin", "saltykova-2017"):
        assert abs(_of(predictions, case, "tympanic").error or 0.0) < 0.12
    assert abs(_of(predictions, "costello-2012", "rectal").error or 0.0) < 0.4
    assert abs(_of(predictions, "zalewski-2014", "core").error or 0.0) < 600.0


def test_skin_warms_by_five_kelvin_in_the_first_half_minute_outside(tmp_path: Path) -> None:
    """Why the delay of a picture has to be known."""
    path = tmp_path / "c.toml"
    seen = []
    for delay in (0, 30):
        path.write_text(GOOD.replace("value = 10", f"value = 10\ndelay_s = {delay}").replace("120", "180"), encoding="utf-8")
        seen.append(predict(read_case(path), spread=False)[0].value)
    assert seen[0] - seen[1] == pytest.approx(5.0, abs=1.5)


@pytest.mark.parametrize("gas_c", [-10.0, -180.0])
@pytest.mark.parametrize("room", ["walk-in", "cabin", "true", "jet"])
def test_any_protocol_gives_a_plausible_answer(tmp_path: Path, gas_c: float, room: str) -> None:
    """Every site, every kind, from a cool room to the coldest device: finite, ordered, between gas and core."""
    sites = ("mean", "face", "chest", "back", "abdomen", "arm", "forearm", "hand", "thigh", "knee", "calf", "foot", "core", "tympanic")
    rows = "".join(f'[[measurement]]\nsite = "{s}"\nkind = "post"\nvalue = 20\n' for s in sites)
    film = "film_w_m2k = 23\n" if room == "jet" else ""
    path = tmp_path / "c.toml"
    head = f'[case]\nstudy = "x"\n[[exposure]]\nseconds = 150\ngas_c = {gas_c}\nroom = "{room}"\n{film}'
    path.write_text(head + rows, encoding="utf-8")
    for p in predict(read_case(path), spread=False):
        assert gas_c < p.value < 37.5
        if p.measurement.site in ("core", "tympanic"):
            assert p.value > 36.0


def test_spread_grows_with_what_is_unknown() -> None:
    case = read_case(CASES / "hammond-2014-men.toml")
    assert 0.5 < predict(case)[0].spread < 4.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seconds = 120", "", r"\[\[exposure\]\] 1: seconds is missing"),
        ("gas_c = -110", "gas_c = -300", "from -196 to 60"),
        ('site = "thigh"', 'site = "elbow"', "'elbow' is unknown; known: mean"),
        ('kind = "drop"', 'kind = "dip"', "one of drop, post"),
        ('kind = "drop"', 'kind = "time"', "needs threshold_c"),
        ("value = 10", "", "give value"),
        ("value = 10", "value = 10\ncolour = 3", "unknown key 'colour'"),
        ("gas_c = -110", 'gas_c = -110\nroom = "jet"', "needs film_w_m2k"),
        ("[[measurement]]", "[measurement]", "at least one"),
        ("[case]", "[case", "case"),
        ('study = "Somebody 2030"', "study = 3", "must be a text"),
    ],
)
def test_bad_case_names_place_and_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(CaseError, match=message):
        read_case(path)


def test_a_strangers_case_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    good = CliRunner().invoke(app, ["validate", "--case", str(path)])
    assert good.exit_code == 0
    assert "| Somebody 2030 [unverified] |" in good.output
    assert "| the display itself | 1 |" in good.output
    path.write_text(GOOD.replace("thigh", "elbow"), encoding="utf-8")
    bad = CliRunner().invoke(app, ["validate", "--case", str(path)])
    assert bad.exit_code == 2
    assert "mine.toml [[measurement]] 1: site 'elbow' is unknown" in bad.output


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="No such file"):
        read_case(tmp_path / "none.toml")


def test_climates_are_read_between_set_point_and_room() -> None:
    climate = Climate((0.1, 0.05), (0.0, 0.0), (0.02, 0.02))
    assert climate.at(0.0, -110.0) == pytest.approx((273.15 - 96.8, 163.15))
    assert climate.at(1e4, -110.0)[0] == pytest.approx(273.15 - 103.4)
    assert climate.at(0.0, -110.0, 1.6)[0] - climate.at(0.0, -110.0)[0] == pytest.approx(0.02 * 0.5 * 132.0)


@pytest.mark.long
def test_page_is_up_to_date() -> None:
    assert up_to_date(PAGE)


@pytest.mark.long
def test_stored_climates_are_those_of_the_devices() -> None:
    """As the devices are now: within half a kelvin in 130."""
    assert FILE.exists()
    played, kept = play(), stored()
    assert played.keys() == kept.keys()
    for name, climate in played.items():
        assert climate.gas == pytest.approx(kept[name].gas, abs=0.004)
