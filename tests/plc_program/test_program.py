"""The program's text: as the tables say, at the addresses the register map says, in the plain language old PLCs take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chamber.tags import ANALOG_TAGS, BIT_TAGS
from plc_bridge.contract import Flag, MailReason, Opcode, Output, Trip
from plc_bridge.plc_rules import ROWS, Criterion, Test
from plc_bridge.program import generate as generator
from plc_bridge.program import guide, rules
from plc_bridge.program.declarations import identifier, milliseconds, register_units, tag_register
from plc_bridge.register_map import COMMAND, COMMAND_BASE, MAILBOX, STATUS

TEXT = generator.PROGRAM.read_text(encoding="utf-8")
CODE = re.sub(r"\(\*.*?\*\)", "", TEXT, flags=re.DOTALL)
LOCATED = dict(re.findall(r"^\s+(\w+) AT (%\w+(?:\.\d)?) : ", TEXT, flags=re.MULTILINE))


@pytest.mark.req("SRS-LNK-009")
def test_program_and_vectors_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert generator.main(["--check"]) == 0, capsys.readouterr().err


def test_check_finds_an_old_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "cryochamber.st"
    old.write_text(TEXT.replace("1950", "1900", 1), encoding="utf-8")
    vectors = generator.VECTORS.read_text(encoding="utf-8")
    monkeypatch.setattr(generator, "PROGRAM", old)
    monkeypatch.setattr(generator, "VECTORS", tmp_path / "vectors.json")
    assert generator.main(["--check"]) == 1
    assert "cryochamber.st, vectors.json" in capsys.readouterr().err
    assert generator.main([]) == 0
    assert old.read_text(encoding="utf-8") == TEXT
    assert (tmp_path / "vectors.json").read_text(encoding="utf-8") == vectors


def test_every_register_stands_at_its_modbus_address() -> None:
    for block, prefix in ((STATUS, "st_"), (COMMAND, "cmd_"), (MAILBOX, "")):
        for r in block:
            name = prefix + identifier(r.name)
            area = f"%MW{r.address - COMMAND_BASE}" if r.address >= COMMAND_BASE else f"%QW{r.address}"
            assert LOCATED[name if r.words == 1 else name + "_hi"] == area
            if r.words == 2:
                assert LOCATED[name + "_lo"] == f"{area[:3]}{int(area[3:]) + 1}"


def test_every_instrument_is_wired_once() -> None:
    assert [LOCATED[identifier(t.tag)] for t in BIT_TAGS] == [f"%IX{i // 8}.{i % 8}" for i in range(len(BIT_TAGS))]
    assert [LOCATED["raw_" + identifier(t.tag)] for t in ANALOG_TAGS] == [f"%IW{i}" for i in range(len(ANALOG_TAGS))]
    assert [LOCATED["do_" + o.name] for o in Output] == [f"%QX{o // 8}.{o % 8}" for o in Output]
    assert len(set(LOCATED.values())) == len(LOCATED)


@pytest.mark.req("SRS-LNK-009")
@pytest.mark.parametrize("name", [f"{row.trip.name}_{n + 1}" for row in ROWS for n in range(len(row.criteria))])
def test_every_criterion_is_evaluated_once_with_its_delay(name: str) -> None:
    trip, n = name.rsplit("_", 1)
    criterion = ROWS[Trip[trip]].criteria[int(n) - 1]
    assert re.search(rf"\bDT_{name} : DINT := {milliseconds(criterion.delay_s)};", CODE)
    assert len(re.findall(rf"\bt_{name}\(cond := ", CODE)) == 1
    if criterion.set_point is not None and criterion.test is not Test.TIMER:
        assert len(re.findall(rf"\bSP_{name}\b", CODE)) >= 2  # declared and used


def test_every_opcode_reason_and_flag_is_used() -> None:
    body = CODE[CODE.index("PROGRAM cryochamber") :]
    for opcode in Opcode:
        assert opcode is Opcode.NONE or f"= OPCODE_{opcode.name}" in body
    for reason in MailReason:
        assert f":= REASON_{reason.name};" in CODE
    for flag in Flag:
        assert (f"+ FLAG_{flag.name};" in body) is (flag is not Flag.SIMULATED)  # H-28: only a simulated PLC says so


def test_language_is_plain() -> None:
    assert TEXT.isascii()
    assert not re.search(r"\b(REFERENCE|POINTER|CLASS|METHOD|INTERFACE|LREAL|REAL|LINT|ULINT)\b", CODE)
    assert "__" not in CODE
    assert max(map(len, TEXT.splitlines())) <= 180  # comments of addresses are the longest


# -- a table that the program cannot express is refused, by name ------------------------------------------------------


def test_values_between_two_register_steps_are_refused() -> None:
    with pytest.raises(ValueError, match=r"19\.505"):
        register_units(19.505, 100)
    with pytest.raises(ValueError, match="whole number of milliseconds"):
        milliseconds(0.00025)
    with pytest.raises(KeyError, match="TT-999"):
        tag_register("TT-999")


def test_set_points_follow_the_scale_of_their_signals() -> None:
    assert rules.set_point(Criterion(Test.BELOW, ("AT-101A",), 19.5, "vol%")) == 1950
    assert rules.set_point(Criterion(Test.BELOW, ("TT-111",), -190.0, "°C")) == -1900
    assert rules.set_point(Criterion(Test.LEASE, (), 2.0, "s")) == 2000
    assert rules.set_point(Criterion(Test.BAD, ("TT-111",))) is None
    with pytest.raises(ValueError, match="AT-101A"):
        rules.set_point(Criterion(Test.BELOW, ("AT-101A",)))
    with pytest.raises(ValueError, match="different scale"):
        rules.set_point(Criterion(Test.BELOW, ("AT-101A", "TT-101"), 1.0))


def test_rows_out_of_order_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "ROWS", ROWS[::-1])
    with pytest.raises(ValueError, match="first-out"):
        rules.causes()


def test_a_status_register_nobody_writes_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for part in generator.PARTS.iterdir():
        text = part.read_text(encoding="utf-8")
        (tmp_path / part.name).write_text(text.replace("  st_voice := voice;\n", ""), encoding="utf-8")
    monkeypatch.setattr(generator, "PARTS", tmp_path)
    with pytest.raises(ValueError, match="st_voice"):
        generator.generate()


# -- the integrator's guide -------------------------------------------------------------------------------------------

GUIDE = Path(generator.__file__).parents[2] / "docs" / "integrator-guide.md"


def test_guide_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert guide.main(["--check", str(GUIDE)]) == 0, capsys.readouterr().err


def test_old_guide_is_found_and_renewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    old = tmp_path / "guide.md"
    old.write_text(text.replace("| AT-101A |", "| AT-999 |"), encoding="utf-8")
    assert guide.main(["--check", str(old)]) == 1
    assert "guide.md" in capsys.readouterr().err
    assert guide.main([str(old)]) == 0
    assert old.read_text(encoding="utf-8") == text
    assert guide.main([]) == 2


def test_guide_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="table: contacts"):
        guide.renew("no marks here")


def test_every_trip_has_a_proof() -> None:
    assert set(guide.PROOF) == set(Trip)


def test_every_test_the_guide_names_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", GUIDE.read_text(encoding="utf-8"))
    assert len(named) > 12
    root = GUIDE.parents[1]
    assert [f"{path}::{name}" for path, name in named if f"def {name}(" not in (root / path).read_text(encoding="utf-8")] == []
