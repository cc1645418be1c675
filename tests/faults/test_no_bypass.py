"""FI-21, FI-27: there is no switch that turns a safeguard off, and a simulated plant is never taken for a real one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from chamber.commands import CommandKind
from chamber.profile import DeviceProfile
from chamber.settings import Settings
from cryochamber.cli import app
from plc_bridge.contract import Opcode, Output
from plc_bridge.register_map import BLOCKS

SWITCH = re.compile(r"bypass|overrid|inhibit|disabl|suppress|ignore|skip|force|shelve|mute|unsafe|jumper|dev_?mode|debug", re.IGNORECASE)


def _fields(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    if model in seen:
        return
    seen.add(model)
    for name, info in model.model_fields.items():
        yield name
        for inner in (info.annotation, *getattr(info.annotation, "__args__", ())):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _fields(inner, seen)


def test_the_pattern_finds_what_it_is_for() -> None:
    assert SWITCH.search("o2_bypass") is not None
    assert SWITCH.search("disable_interlocks") is not None
    assert {"port", "host", "limits"} <= set(_fields(Settings, set()))


@pytest.mark.req("SRS-CFG-002")
def test_no_command_and_no_opcode_bypasses_a_safeguard() -> None:
    written = [r for name in ("command", "mailbox") for r in BLOCKS[name]]
    names = [k.value for k in CommandKind] + [o.name for o in (*Opcode, *Output)]
    names += [r.name for r in written] + [p for r in written for p in r.parts]
    assert len(written) > 5
    # Service's two are held narrow in tests/chamber/test_bypasses.py, forcing stays inside every interlock
    # (tests/chamber/test_forcing.py), shelving hides an announcement and nothing else (tests/control/test_alarm_scan.py).
    narrow = {CommandKind.BYPASS, CommandKind.END_BYPASS, CommandKind.FORCE, CommandKind.SHELVE, CommandKind.UNSHELVE}
    assert {n for n in names if SWITCH.search(n)} == narrow


@pytest.mark.req("SRS-CFG-002")
@pytest.mark.parametrize("model", [Settings, DeviceProfile])
def test_no_setting_bypasses_a_safeguard(model: type[BaseModel]) -> None:
    assert [n for n in _fields(model, set()) if SWITCH.search(n)] == []


@pytest.mark.req("SRS-CFG-003")
def test_the_demo_refuses_a_plc_on_another_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRYOCHAMBER_PLC__HOST", "192.0.2.7")
    shown = CliRunner().invoke(app, ["demo"])
    assert shown.exit_code == 1
    assert "192.0.2.7" in shown.output
    assert "127.0.0.1" in shown.output
