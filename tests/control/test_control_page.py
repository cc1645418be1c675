"""The page on temperature control is made of stored figures, and says of each what it was played with."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.regulation import __main__ as bench
from bench.regulation import stored
from bench.regulation.cascade import CASES, Told
from bench.regulation.columns import packed, unpacked
from bench.regulation.cost import Cost
from bench.regulation.page import text
from bench.regulation.pieces import PIECES
from bench.regulation.stored import Stored

COSTS = [Cost("simple-pid (SIMC)", 2.0, 4.0), Cost("ours, PID", 5.25, 11.0)]
TOLD = [Told(0.18 + i, 0.41, 1.08, 0.57, 2785.4) for i in range(len(CASES))]
NOW = {p.name: "as it is" for p in PIECES}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Two pieces kept, the second played with other code than now."""
    file = tmp_path / "results.json"
    cost = Stored("as it is", None, "2026-01-02 03:04", 5.0, 4.0, packed(COSTS))
    stored.save(file, {"cost": cost, "cascade": Stored("as it was", None, "2026-01-01 03:04", 3.0, 2.0, packed(TOLD))})
    return file


def test_figures_come_back_as_they_were_kept(kept: Path) -> None:
    assert unpacked(Cost, stored.load(kept)["cost"].figures) == COSTS
    assert unpacked(Told, stored.load(kept)["cascade"].figures) == TOLD


def test_page_of_stored_figures(kept: Path) -> None:
    page = text(stored.load(kept), NOW)
    assert "| ours, PID | 5.2 | 11.0 | 2.6 |" in page
    assert "| profile PID | 3 | 1.18 | 0.41 | 1.08 | 0.57 | 2785 |" in page
    assert "*Not played yet: reference.*" in page
    assert "| `reference` | regulators on random plants | | not played | | | |" in page


def test_figures_of_other_code_are_said_to_be_older(kept: Path) -> None:
    page = text(stored.load(kept), NOW)
    assert "Older than the code as this page was written: **cascade over the coil's outlet**." in page
    assert "| 3 | 2 | as it was, older than now |" in page
    assert "| 5 | 4 | as it is |" in page


def test_older_figures_that_fit_no_more_are_said_to_and_newer_ones_are_an_error(kept: Path) -> None:
    results = stored.load(kept)
    unfit = results | {"cascade": results["cascade"]._replace(figures={"gone": [1.0]})}
    assert "*Kept figures of cascade are of older code and fit this page no more: to be played anew.*" in text(unfit, NOW)
    with pytest.raises(TypeError, match="gone"):
        text(unfit, NOW | {"cascade": "as it was"})


def test_what_is_missing_is_what_has_no_figures_of_this_code_and_these_plants(kept: Path) -> None:
    results = stored.load(kept)
    stored.save(kept, results | {"floors": Stored("as it is", 2, "", 0.0, 0.0, {}), "ready": Stored("as it is", 3, "", 0.0, 0.0, {})})
    played = {p.name for p in bench.chosen([], NOW, stored.load(kept), plants=3, missing=True)}
    assert played == {p.name for p in PIECES} - {"cost", "ready"}
    assert [p.name for p in bench.chosen(["cost"], NOW, results, plants=3, missing=False)] == ["cost"]


def test_unknown_piece_names_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        bench.main(["reference", "refrence"])
    assert "no such piece: refrence; there are: reference, floors," in capsys.readouterr().err


def test_fingerprint_is_of_what_takes_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(name: str, line: str) -> None:
        (tmp_path / "bench" / f"{name}.py").write_text(line + "\n", encoding="utf-8")

    (tmp_path / "bench").mkdir()
    lines = ("def f():", "    from bench import b", "if TYPE_CHECKING:", "    from bench import types_only")
    write("a", "\n".join(lines))
    for name in ("b", "types_only", "other"):
        write(name, "X = 1")
    monkeypatch.setattr(stored, "ROOT", tmp_path)
    before = stored.fingerprint("bench.a")
    write("types_only", "X = 2")
    write("other", "X = 2")
    assert stored.fingerprint("bench.a") == before
    write("b", "X = 2")
    assert stored.fingerprint("bench.a") != before


def test_every_data_file_of_a_fingerprint_is_there() -> None:
    assert [path for path in stored.DATA.values() if not (stored.ROOT / path).is_file()] == []


@pytest.mark.skipif(not bench.RESULTS.exists(), reason="never played as a whole")
def test_the_page_is_the_stored_figures_and_nothing_else() -> None:
    """After a change of notes.md or of the page's prose: python -m bench.regulation --page."""
    end = "## When this was played"
    made = text(stored.load(bench.RESULTS), NOW).split(end)[0]
    assert (bench.DOCS / "control.md").read_text(encoding="utf-8").split(end)[0] == made
