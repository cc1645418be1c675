"""The shipped announcements fit their texts, and a file that does not is named."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[2] / "deploy" / "tools" / "voice.py"


@pytest.fixture
def voice() -> ModuleType:
    spec = importlib.util.spec_from_file_location("voice_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_files_fit_texts(voice: ModuleType) -> None:
    import json

    assert json.loads(voice.INDEX.read_text("utf-8")) == voice.index()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda f: f.unlink(), "is missing"),
        (lambda f: f.write_bytes(b"<!doctype html>"), "not an Ogg Opus file"),
        (lambda f: f.write_bytes(f.read_bytes() * 40), "bytes, more than"),
    ],
)
def test_a_damaged_file_is_named(voice: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: object, said: str) -> None:
    shutil.copytree(voice.OUT, tmp_path / "voice")
    monkeypatch.setattr(voice, "OUT", tmp_path / "voice")
    damage(tmp_path / "voice" / "pl" / "leave_now.opus")  # type: ignore[operator]
    with pytest.raises(voice.VoiceError, match=said):
        voice.index()
