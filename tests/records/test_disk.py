"""Little free space is told before there is none, and blocks through the recorder's health."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from records import disk
from records.disk import DiskWatch, free_share
from records.writer import Recorder


def test_less_than_a_twentieth_is_told_every_ten_seconds(tmp_path: Path) -> None:
    free: list[float | None] = [0.05]
    asked: list[Path] = []

    def share(folder: Path) -> float:
        asked.append(folder)
        if free[0] is None:
            raise OSError("no such place")
        return free[0]

    watch = DiskWatch(f"sqlite:///{tmp_path}/records.sqlite", share)
    assert watch.look(100.0) == ""
    free[0] = 0.0499
    assert watch.look(109.9) == ""  # not looked at yet
    assert "5.0 % of the disk" in watch.look(110.0)
    free[0] = None
    assert "5.0 % of the disk" in watch.look(120.0)  # nobody can tell: what was known stands
    free[0] = 0.05
    assert watch.look(130.0) == ""
    assert asked == [tmp_path] * 4


@pytest.mark.parametrize("url", ["postgresql+psycopg://db/records", "sqlite://", "sqlite:///:memory:"])
def test_what_is_not_a_file_here_is_not_looked_at(url: str) -> None:
    def never(_folder: Path) -> float:
        raise AssertionError("nothing to look at")

    assert DiskWatch(url, never).look(0.0) == ""


def test_the_free_share_is_that_of_the_disk(tmp_path: Path) -> None:
    assert 0.0 < free_share(tmp_path) < 1.0


def test_a_full_disk_spoils_the_health_of_the_recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "LOW_SHARE", 1.1)
    recorder = Recorder(f"sqlite:///{tmp_path}/records.sqlite", "chamber-1", "boot-1")
    try:
        assert recorder.wait_open(10.0)
        end = time.monotonic() + 10.0
        while "of the disk is free" not in recorder.health.detail:
            assert time.monotonic() < end
            time.sleep(0.005)
        assert not recorder.health.ok
    finally:
        assert recorder.close()
