"""Starts and their count: three unclean ones within ten minutes lock the chamber out."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pytest

from chamber.settings import Settings
from cryochamber.running import StartError, Starts, make_folders, port_free


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
