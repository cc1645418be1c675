from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from chamber.events import Event, EventKind
from records import Store, open_store, reading
from records import writer as writer_module
from records.schema import journal, session, session_sample
from records.store import BUSY_MS
from records.writer import Recorder

AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def until(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait for a thread or a process; fails instead of hanging."""
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def opened(number: int = 1) -> Event:
    return Event(EventKind.SESSION_OPENED, 1.0, {"session": number, "program": "standard", "persons": 2, "limit_s": 180.0, "user": "ann"})


def state(number: int) -> Event:
    return Event(EventKind.STATE, float(number), {"number": number})


def rows_of(url: str, table: sa.Table = journal) -> list[sa.RowMapping]:
    store = open_store(url)
    try:
        with store.engine.connect() as connection:
            return list(connection.execute(sa.select(table)).mappings().all())
    finally:
        store.close()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/sub/records.sqlite"


@pytest.fixture
def recorder(url: str) -> Iterator[Recorder]:
    made = Recorder(url, "chamber-1", "boot-1")
    assert made.wait_open(10.0)
    yield made
    made.close()


def test_tickets_and_rows(recorder: Recorder, url: str) -> None:
    assert recorder.append([], AT) == 0
    assert recorder.append([opened(), state(1)], AT) == 2
    ticket = recorder.append([state(2)], AT)
    assert ticket == 3
    until(lambda: recorder.committed == ticket)
    assert recorder.health == (True, 0, 0, "")
    assert recorder.journal_id == 3
    found = rows_of(url)
    assert [(r["kind"], r["mono_s"], r["utc"], r["boot_id"]) for r in found] == [
        ("session_opened", 1.0, AT, "boot-1"),
        ("state", 1.0, AT, "boot-1"),
        ("state", 2.0, AT, "boot-1"),
    ]
    assert found[0]["user"] == "ann"
    assert "user" not in found[0]["data"]


def test_close_drains(recorder: Recorder, url: str) -> None:
    for number in range(3000):
        ticket = recorder.append([state(number)], AT)
    assert recorder.close(20.0)
    assert recorder.committed == ticket
    assert [r["data"]["number"] for r in rows_of(url)] == list(range(3000))


@pytest.mark.req("SRS-REC-002")
def test_append_never_waits_for_the_disk(recorder: Recorder, url: str) -> None:
    store = open_store(url)
    with store.engine.connect().execution_options(writing=True) as blocker, blocker.begin():
        began = time.monotonic()
        for number in range(100):
            ticket = recorder.append([state(number)], AT)
        assert time.monotonic() - began < 0.1 * 100 * BUSY_MS / 1000.0  # each that waits, waits so long
        until(lambda: not recorder.health.ok)
        assert "locked by another program" in recorder.health.detail
        assert recorder.committed == 0
    store.close()
    until(lambda: recorder.committed == ticket)  # tried again without being asked
    assert recorder.health.ok


def test_interrupted_sessions(url: str) -> None:
    first = Recorder(url, "chamber-1", "boot-1")
    first.append([opened(7)], AT)
    assert first.close()
    second = Recorder(url, "chamber-1", "boot-2")
    assert second.wait_open(10.0)
    assert [s.id for s in second.open_sessions() or ()] == [7]
    assert second.last_session_id() == 7
    second.interrupt(7, t_s=0.1, utc=AT, reason="control process restarted", elapsed_s=33.0)
    assert second.close()
    row = rows_of(url, session)[0]
    assert (row["state"], row["ended_by"], row["reason"], row["elapsed_s"]) == (
        "interrupted",
        "interrupted",
        "control process restarted",
        33.0,
    )
    third = Recorder(url, "chamber-1", "boot-3")
    assert third.wait_open(10.0)
    assert third.open_sessions() == ()
    third.close()


@pytest.mark.req("SRS-CYC-009")
def test_an_interrupted_session_keeps_what_its_trace_knows(url: str) -> None:
    first = Recorder(url, "chamber-1", "boot-1")
    assert first.wait_open(10.0)
    first.append([opened(7), Event(EventKind.SESSION_PHASE, 2.0, {"session": 7, "phase": "main", "t_s": 40.0})], AT)
    for t_s, main_c in ((39.0, -110.0), (40.0, -108.0), (41.0, -100.0), (72.0, -104.0)):  # then the process died
        first.sample(7, t_s, {"main_c": main_c, "o2_main": 20.9})
    assert first.close()
    second = Recorder(url, "chamber-1", "boot-2")
    assert second.wait_open(10.0)
    second.interrupt(7, t_s=0.1, utc=AT, reason="control_restart")
    assert second.close()
    (row,) = rows_of(url, session)
    assert (row["state"], row["elapsed_s"], row["t_max_main"], row["t_mean_main"]) == ("interrupted", 32.0, -100.0, -104.0)
    assert row["o2_min_room"] is None  # never measured: unknown, not zero


def test_other_chambers_are_left_alone(url: str) -> None:
    first = Recorder(url, "chamber-1", "boot-1")
    first.append([opened(7)], AT)
    assert first.close()
    other = Recorder(url, "chamber-2", "boot-2")
    assert other.wait_open(10.0)
    assert other.open_sessions() == ()
    assert other.last_session_id() == 0
    other.close()


def test_a_closed_session_stays_as_it_was(recorder: Recorder, url: str) -> None:
    closed = Event(EventKind.SESSION_CLOSED, 9.0, {"session": 1, "ended_by": "limit", "elapsed_s": 180.0})
    again = Event(EventKind.SESSION_CLOSED, 9.9, {"session": 1, "ended_by": "interrupted", "elapsed_s": 1.0})
    recorder.append([opened(), closed, again, opened()], AT)
    assert recorder.close()
    assert [(r["state"], r["elapsed_s"]) for r in rows_of(url, session)] == [("closed", 180.0)]
    assert len(rows_of(url)) == 4


def test_what_does_not_fit_holds_up_nothing(recorder: Recorder, url: str) -> None:
    recorder.sample(99, 1.0, {"main_c": -110.0})  # of a session that does not exist
    recorder.append([Event(EventKind.SESSION_OPENED, 1.0, {"program": "no id"}), Event(EventKind.STATE, 1.0, {"huge": 2**80})], AT)
    ticket = recorder.append([state(1)], AT)
    assert recorder.close()
    assert recorder.committed == ticket
    found = rows_of(url)
    assert [r["kind"] for r in found if r["kind"] != "records"] == ["session_opened", "state", "state"]
    assert "does_not_fit" in found[0]["data"]
    assert str(2**80) in found[1]["data"]["entry"]
    assert recorder.health.dropped == 1


def test_naive_time_is_refused_at_once(recorder: Recorder) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        recorder.append([state(1)], datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.req("SRS-REC-003")
def test_journal_refuses_changes(recorder: Recorder, url: str) -> None:
    recorder.append([state(1)], AT)
    recorder.close()
    store = open_store(url)
    for statement in (sa.update(journal).values(kind="x"), sa.delete(journal)):
        with store.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="append-only"):
            connection.execute(statement)
    store.close()


def broken(monkeypatch: pytest.MonkeyPatch, *, until_set: threading.Event) -> None:
    real = writer_module.open_store

    def fail(url: str) -> Store:
        if not until_set.is_set():
            raise OSError(28, "No space left on device")
        return real(url)

    monkeypatch.setattr(writer_module, "open_store", fail)
    monkeypatch.setattr(writer_module, "RETRY_S", 0.02)


def test_overflow_gives_up_samples_then_routine_then_refuses_to_commit(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mended = threading.Event()
    broken(monkeypatch, until_set=mended)
    recorder = Recorder(url, "chamber-1", "boot-1", capacity=10)
    until(lambda: not recorder.health.ok and "disk full" in recorder.health.detail)
    assert recorder.open_sessions() is None
    assert recorder.last_session_id() is None
    recorder.append([opened()], AT)
    until(lambda: recorder._in_flight != [])  # taken by the thread: nothing gives this one up
    for second in range(4):
        recorder.sample(1, float(second), {})
    recorder.append([Event(EventKind.SCAN, float(n), {"number": n}) for n in range(4)], AT)
    kept = recorder.append([state(n) for n in range(9)], AT)
    assert recorder.health.dropped == 8
    lost = recorder.append([state(99)], AT)
    mended.set()
    until(lambda: recorder.health.queued == 0)
    assert recorder.committed == kept < lost
    assert not recorder.health.ok
    assert "restart" in recorder.health.detail
    after = recorder.append([state(100)], AT)
    assert recorder.close()
    assert recorder.committed == kept < after
    found = rows_of(url)
    assert [r["data"]["number"] for r in found if r["kind"] == "state"] == [*range(9), 100]
    assert sum(r["data"]["count"] for r in found if r["kind"] == "records") == 9


@pytest.mark.req("SRS-REC-001")
def test_kill_9_loses_nothing_that_was_reported(url: str) -> None:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    reported = 0
    for attempt in range(3):
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crash_writer.py")), url], stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            for _ in range(40 + 17 * attempt):
                line = process.stdout.readline()
                assert line
            process.kill()
            told = [line, *(rest for rest in process.stdout if rest.endswith("\n"))]
        before = reported
        reported = before + int(told[-1])
        found = rows_of(url)
        assert len(found) >= reported
        numbers = [r["data"]["number"] for r in found[before:] if r["kind"] == "state"]
        assert numbers[: reported - before - 1] == [n % 5 for n in range(reported - before - 1)]  # in order, without holes
        reported = len(found)
    assert [r["id"] for r in rows_of(url, session)] == [1]
    assert len(rows_of(url, session_sample)) > 10


@pytest.mark.req("SRS-REC-002")
@pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux" or shutil.which("mount") is None, reason="mounting a small disk needs root"
)
def test_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)], check=False).returncode != 0:
        pytest.skip("mounting is not permitted here")
    recorder = Recorder(f"sqlite:///{disk}/records.sqlite", "chamber-1", "boot-1")
    try:
        assert recorder.wait_open(10.0)
        filler = "x" * 2000
        number = 0
        while "disk full" not in recorder.health.detail:  # that it is almost full is said before
            number += 1
            assert number < 5000
            ticket = recorder.append([Event(EventKind.STATE, 1.0, {"number": number, "filler": filler})], AT)
            time.sleep(0.001)
        health = recorder.health
        assert "disk full" in health.detail
        assert "Free space" in health.detail
        assert recorder.committed < ticket
        assert subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=False).returncode == 0
        until(lambda: recorder.committed == ticket)
        assert recorder.health.ok
        assert recorder.close()
        assert [r["data"]["number"] for r in rows_of(f"sqlite:///{disk}/records.sqlite")] == list(range(1, number + 1))
    finally:
        recorder.close()
        subprocess.run(["umount", str(disk)], check=False)


def test_a_file_that_is_moved_away_is_noticed(recorder: Recorder, url: str) -> None:
    recorder.append([state(1)], AT)
    until(lambda: recorder.committed == 1)
    file = Path(url.removeprefix("sqlite:///"))
    file.rename(file.with_name("moved.sqlite"))
    ticket = recorder.append([state(2)], AT)
    until(lambda: recorder.committed == ticket)
    found = rows_of(url)
    assert "moved or removed" in found[0]["data"]["detail"]
    assert found[1]["data"] == {"number": 2}


def test_a_file_that_is_damaged_while_in_use(recorder: Recorder, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "RETRY_S", 0.05)
    for number in range(500):
        ticket = recorder.append([state(number)], AT)
    until(lambda: recorder.committed == ticket)
    assert recorder._store is not None
    recorder._store.engine.dispose()  # else SQLite goes on with the pages it has in memory
    file = Path(url.removeprefix("sqlite:///"))
    size = file.stat().st_size
    with file.open("r+b") as damaged:
        damaged.write(b"\xff" * size)
    ticket = recorder.append([state(1000)], AT)
    until(lambda: recorder.committed == ticket)
    recorder.close()
    assert list(file.parent.glob("*.damaged-*"))
    found = rows_of(url)
    assert any("was damaged" in r["data"].get("detail", "") for r in found)
    assert found[-1]["data"] == {"number": 1000}


def test_reading_by_cursor(recorder: Recorder, url: str) -> None:
    recorder.append([state(n) for n in range(10)], AT)
    recorder.close()
    store = open_store(url)
    assert [r["id"] for r in reading.journal_after(store.engine, "chamber-1", 7, 2)] == [8, 9]
    assert reading.journal_count_after(store.engine, "chamber-1", 7) == 3
    assert reading.read_cursor(store.engine, "mqtt") is None
    for value in (3, 9):
        reading.write_cursor(store.engine, "chamber-1", "mqtt", value)
        assert reading.read_cursor(store.engine, "mqtt") == value
    store.close()


def test_the_newest_counters_are_read_back_at_the_next_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.sqlite"
    first = Recorder(url, "chamber-1", "a")
    assert first.wait_open(10.0)
    assert first.last(EventKind.WEAR) is None
    first.append([Event(EventKind.WEAR, float(n), {"main": {"travel_pct": n, "cycles": n}}) for n in (1, 2)], AT)
    assert first.close()
    again = Recorder(url, "chamber-1", "b")
    assert again.wait_open(10.0)
    assert again.last(EventKind.WEAR) == {"main": {"travel_pct": 2, "cycles": 2}}
    assert again.close()
