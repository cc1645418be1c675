"""Starts and their count: three unclean ones within ten minutes lock the chamber out."""

from __future__ import annotations

import json
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chamber.events import Event, EventKind
from chamber.settings import Settings
from control.process import Start
from cryochamber.config import load_profile
from cryochamber.running import StartError, Starts, _found, cool_off_left_s, make_folders, port_free
from records.writer import Recorder


@pytest.mark.req("SRS-CYC-008")
def test_the_third_start_without_a_clean_end_locks_out(tmp_path: Path) -> None:
    file = tmp_path / "starts.json"
    assert [Starts(file).begin() for _ in range(3)] == [False, False, True]


def test_clean_ends_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "starts.json"
    for _ in range(5):
        starts = Starts(file)
        assert not starts.begin()
        starts.end_cleanly()


def test_old_starts_are_forgotten_and_future_ones_are_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "starts.json"
    now = time.time()
    file.write_text(json.dumps([now - 601.0, now - 700.0, now + 3600.0]))
    assert not Starts(file).begin()
    file.write_text(json.dumps([now - 599.0, now - 300.0]))
    assert Starts(file).begin()


@pytest.mark.parametrize("broken", ["", "{", "null", '["x"]', '{"a": 1}'])
def test_a_broken_file_counts_as_one_unclean_start(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "starts.json"
    file.write_text(broken)
    assert not Starts(file).begin()
    assert file.read_text() != broken
    assert Starts(file).begin()


def test_folders_that_cannot_be_made_name_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(data_dir=tmp_path / "file" / "var", run_dir=tmp_path / "run")
    with pytest.raises(StartError, match=r"cannot be created.*data_dir and run_dir"):
        make_folders(settings)
    make_folders(Settings(data_dir=tmp_path / "var", run_dir=tmp_path / "run"))
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_a_port_in_use_is_seen() -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        port = s.getsockname()[1]
        assert not port_free("127.0.0.1", port)
    assert port_free("127.0.0.1", port)


AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def opening(session: int) -> Event:
    return Event(EventKind.SESSION_OPENED, 1.0, {"session": session, "program": "standard", "persons": 2, "limit_s": 180.0})


def restarted(url: str, *events: Event, utc: datetime = AT) -> Start:
    """What the next start finds after these events and a sudden end."""
    first = Recorder(url, "c", "boot-1")
    assert first.wait_open(10.0)
    first.append(list(events), utc)
    assert first.close()
    second = Recorder(url, "c", "boot-2")
    try:
        return _found(second, load_profile(), False)[0]
    finally:
        second.close()


@pytest.mark.req("SRS-CYC-009")
def test_a_session_left_open_is_still_open_for_the_start_after_the_next(tmp_path: Path) -> None:
    """Nobody has looked yet: a second crash must not forget who may be inside (H-16)."""
    url = f"sqlite:///{tmp_path / 'r.sqlite'}"
    utc = datetime.now(UTC) - timedelta(seconds=90)
    for start in (restarted(url, opening(7), utc=utc), restarted(url)):
        assert start.unknown_session
        assert start.left_open is not None
        assert (start.left_open.session, start.left_open.persons) == (7, 2)
        assert time.monotonic() - start.left_open.since_s == pytest.approx(90.0, abs=20.0)
        assert start.session_id == 8


@pytest.mark.parametrize(
    "closing",
    [
        {"ended_by": "interrupted", "reason": "control_restart", "elapsed_s": 33.0},
        {"ended_by": "cause:TIME-LIMIT", "elapsed_s": 190.0, "broken_off": True},
    ],
)
def test_the_pause_after_a_broken_off_exposure_survives_a_start(tmp_path: Path, closing: dict[str, object]) -> None:
    url = f"sqlite:///{tmp_path / 'r.sqlite'}"
    closed = Event(EventKind.SESSION_CLOSED, 2.0, {"session": 7, **closing})
    start = restarted(url, opening(7), closed, utc=datetime.now(UTC) - timedelta(seconds=120))
    assert start.left_open is None
    assert not start.unknown_session
    assert start.cool_off_left_s == pytest.approx(480.0, abs=20.0)


def test_an_ordinary_end_needs_no_pause(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'r.sqlite'}"
    closed = Event(EventKind.SESSION_CLOSED, 2.0, {"session": 7, "ended_by": "cause:TIME-LIMIT", "elapsed_s": 180.0, "broken_off": False})
    assert restarted(url, opening(7), closed, utc=datetime.now(UTC)).cool_off_left_s <= 0.0


def test_the_pause_runs_out_and_a_clock_set_back_does_not_shorten_it() -> None:
    assert cool_off_left_s(None, AT, 600.0) <= 0.0
    assert cool_off_left_s(AT - timedelta(seconds=599), AT, 600.0) == pytest.approx(1.0)
    assert cool_off_left_s(AT - timedelta(seconds=601), AT, 600.0) <= 0.0
    assert cool_off_left_s(AT + timedelta(hours=2), AT, 600.0) == pytest.approx(600.0)
