from __future__ import annotations

import math
import sqlite3
import time
from pathlib import Path

import numpy as np
import pytest

from records import StorageError
from records.store import BUSY_MS
from records.telemetry import TelemetryReader, TelemetryWriter

BEGIN = 1_770_000_000 - 1_770_000_000 % 3600


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/sub/telemetry.sqlite"


def write(url: str, begin: int, values: list[float | None], tag: str = "TT-102", days: float = 90.0) -> None:
    writer = TelemetryWriter(url, [tag, "other"], days)
    for second, value in enumerate(values):
        while writer.health.queued > 60:
            time.sleep(0.001)
        writer.put(begin + second + 0.4, {tag: value})
    writer.close()
    assert writer.health.ok, writer.health
    assert writer.health.dropped == 0


def test_extremes_survive_any_bucket(url: str) -> None:
    values: list[float | None] = [-100.0] * 600
    values[123], values[456], values[300] = -190.0, -20.0, None
    write(url, BEGIN, values)
    reader = TelemetryReader(url)
    for points in (1, 2, 7, 60, 600):
        found = reader.query(["TT-102"], BEGIN, BEGIN + 600, points).tags["TT-102"]
        assert len(found.t) == points
        assert np.nanmin(found.low) == np.float32(-190.0)
        assert np.nanmax(found.high) == np.float32(-20.0)
        bucket = int(123 / (600 / points))
        assert found.low[bucket] == np.float32(-190.0)


def test_gaps_are_gaps(url: str) -> None:
    write(url, BEGIN, [-100.0] * 10 + [None] * 10 + [-100.0] * 10)
    found = TelemetryReader(url).query(["TT-102", "other"], BEGIN, BEGIN + 40, 4)
    assert [math.isnan(v) for v in found.tags["TT-102"].low] == [False, True, False, True]
    assert all(math.isnan(v) for v in found.tags["other"].high)


def test_rolled_up_and_raw_agree(url: str) -> None:
    generator = np.random.default_rng(1)
    values = [float(v) for v in generator.normal(-110.0, 5.0, 7200)]
    write(url, BEGIN, list(values))
    reader = TelemetryReader(url)
    rolled = reader.query(["TT-102"], BEGIN, BEGIN + 7200, 30)
    assert rolled.bucket_s == 240.0
    expected = np.array(values, np.float32).reshape(30, 240)
    np.testing.assert_array_equal(rolled.tags["TT-102"].low, expected.min(axis=1))
    np.testing.assert_array_equal(rolled.tags["TT-102"].high, expected.max(axis=1))


def test_a_restart_within_a_minute_keeps_its_extremes(url: str) -> None:
    write(url, BEGIN, [-50.0] + [-100.0] * 9)
    write(url, BEGIN + 20, [-100.0] * 10)
    found = TelemetryReader(url).query(["TT-102"], BEGIN - 3600, BEGIN + 3600, 2)
    assert found.tags["TT-102"].high[1] == np.float32(-50.0)


def test_layouts_may_change(url: str) -> None:
    write(url, BEGIN, [-100.0] * 5, "TT-102")
    write(url, BEGIN + 5, [-120.0] * 5, "TT-999")
    reader = TelemetryReader(url)
    assert reader.tags() == ["TT-102", "other", "TT-999"]
    found = reader.query(["TT-999", "TT-102"], BEGIN, BEGIN + 10, 2).tags
    assert math.isnan(found["TT-999"].low[0])
    assert found["TT-999"].low[1] == -120.0
    assert found["TT-102"].low[0] == -100.0
    with pytest.raises(KeyError, match="TT-000"):
        reader.query(["TT-000"], BEGIN, BEGIN + 10, 2)


def test_old_frames_go(url: str) -> None:
    write(url, BEGIN, [-100.0] * 100)
    write(url, BEGIN + 2 * 86400, [-100.0] * 100, days=1.0)
    reader = TelemetryReader(url)
    assert np.isnan(reader.query(["TT-102"], BEGIN, BEGIN + 100, 1).tags["TT-102"].low).all()
    assert np.isnan(reader.query(["TT-102"], BEGIN - 3600, BEGIN + 3600, 2).tags["TT-102"].low).all()
    assert reader.query(["TT-102"], BEGIN + 2 * 86400, BEGIN + 2 * 86400 + 100, 1).tags["TT-102"].low[0] == -100.0


def test_put_never_waits_and_gives_up_the_oldest(url: str) -> None:
    write(url, BEGIN, [-100.0])
    blocker = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    writer = TelemetryWriter(url, ["TT-102", "other"])
    began = time.monotonic()
    for second in range(1000):
        writer.put(BEGIN + 100 + second, {"TT-102": float(second)})
    assert time.monotonic() - began < 0.1 * 1000 * BUSY_MS / 1000.0  # each that waits, waits so long
    assert writer.health.dropped == 880
    blocker.execute("ROLLBACK")
    blocker.close()
    writer.close(10.0)
    found = TelemetryReader(url).query(["TT-102"], BEGIN, BEGIN + 1100, 1100).tags["TT-102"]
    assert np.nanmax(found.high) == 999.0


def test_a_damaged_file_is_set_aside(url: str) -> None:
    file = Path(url.removeprefix("sqlite:///"))
    file.parent.mkdir()
    file.write_bytes(b"no database at all\n" * 100)
    writer = TelemetryWriter(url, ["TT-102"])
    writer.put(BEGIN, {"TT-102": -1.0})
    end = time.monotonic() + 10.0
    while not writer.health.ok and time.monotonic() < end:
        time.sleep(0.01)
    writer.close()
    assert TelemetryReader(url).query(["TT-102"], BEGIN, BEGIN + 1, 1).tags["TT-102"].low[0] == -1.0
    assert len(list(file.parent.glob("*.damaged-*"))) == 1


def test_missing_file_is_named(url: str) -> None:
    with pytest.raises(StorageError, match=r"telemetry\.sqlite"):
        TelemetryReader(url).tags()
    with pytest.raises(StorageError, match="SQLite only"):
        TelemetryReader("postgresql://x/y")
