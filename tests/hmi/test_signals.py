"""The table of bursts that the panel's measuring test reads is the one the server sends."""

from __future__ import annotations

import json
from pathlib import Path

from control.describe import signals_info

FIXTURE = Path(__file__).resolve().parents[2] / "hmi" / "src" / "sound" / "signals.fixture.json"


def test_measured_table_is_the_servers() -> None:
    wanted = signals_info().model_dump(mode="json")
    assert json.loads(FIXTURE.read_text("utf-8")) == wanted, f"write it anew: {json.dumps(wanted)}"
