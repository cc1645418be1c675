"""Telemetry: one frame a second in a SQLite file of its own, with extremes per 10 s and per minute beside it.

A frame is a row of packed float32 values in the order of a layout (the list of tags, kept once). Unknown values are NaN
in the frame and ``None`` to whoever asks; they are never zero. Losing the last second at a power cut is accepted here
(``synchronous=NORMAL``); the journal does not accept it.
"""

from __future__ import annotations

import logging
import math
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import orjson
from numpy.typing import NDArray
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from records.errors import StorageError, storage_error
from records.store import BUSY_MS, sqlite_file

log = logging.getLogger(__name__)

PERIODS_S = (10, 60)  # of the extremes kept beside the frames
QUEUE = 120  # two minutes of frames; then the oldest goes
RETRY_S = 1.0
CLEAN_EVERY_S = 3600
CLEAN_ROWS = 5000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS layout (id INTEGER PRIMARY KEY, tags TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS frame (t INTEGER PRIMARY KEY, layout INTEGER NOT NULL, v BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS extremes (
    period INTEGER NOT NULL, t INTEGER NOT NULL, layout INTEGER NOT NULL, lo BLOB NOT NULL, hi BLOB NOT NULL, PRIMARY KEY (period, t)
) WITHOUT ROWID;
"""
_CLEAN_FRAMES = "DELETE FROM frame WHERE t IN (SELECT t FROM frame WHERE t < ? ORDER BY t LIMIT ?)"
_CLEAN_EXTREMES = "DELETE FROM extremes WHERE period = ? AND t IN (SELECT t FROM extremes WHERE period = ? AND t < ? ORDER BY t LIMIT ?)"
Floats = NDArray[np.float32]
_T = TypeVar("_T")


class TelemetryHealth(NamedTuple):
    ok: bool
    queued: int
    dropped: int
    detail: str


class TagTrend(NamedTuple):
    """Bucket middles (epoch s), extremes per bucket; NaN where nothing was recorded."""

    t: NDArray[np.float64]
    low: Floats
    high: Floats


class Trends(NamedTuple):
    bucket_s: float
    tags: dict[str, TagTrend]


def telemetry_path(url: str) -> Path:
    """The file of a telemetry URL. Raises StorageError for anything but a SQLite file."""
    try:
        file = sqlite_file(make_url(url))
    except ArgumentError:
        file = None
    if file is None:
        raise StorageError("records.telemetry_url", "telemetry is kept in SQLite only", "Write sqlite:///var/telemetry.sqlite.")
    return file


def _connect(file: Path, *, write: bool) -> sqlite3.Connection:
    if write:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, isolation_level=None)
    else:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if write:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class _Extremes:
    """Extremes of the period that is running."""

    def __init__(self, start_s: int, size: int) -> None:
        self.start_s = start_s
        self.low = np.full(size, np.nan, np.float32)
        self.high = np.full(size, np.nan, np.float32)

    def add(self, values: Floats) -> None:
        self.low = np.fmin(self.low, values)
        self.high = np.fmax(self.high, values)


class TelemetryWriter:
    """A thread that writes what ``put`` hands over. ``put`` never blocks and never raises; when the disk cannot keep up
    the oldest frames go, counted.
    """

    def __init__(self, url: str, tags: Sequence[str], days: float = 90.0) -> None:
        """``tags``: names in frame order. ``days``: how long frames are kept. Opens the file in the thread, again and
        again if need be. Raises StorageError only for a URL that is no SQLite file.
        """
        self._file = telemetry_path(url)
        self._tags = tuple(tags)
        self._keep_s = int(days * 86400)
        self._queue: deque[tuple[int, Floats]] = deque()
        self._condition = threading.Condition()
        self._dropped = 0
        self._detail = "not yet open"
        self._closing = False
        self._layout = 0
        self._running: dict[int, _Extremes] = {}
        self._cleaned_s = 0
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        self._thread.start()

    def put(self, utc_s: float, values: Mapping[str, float | bool | None]) -> None:
        """One frame at ``utc_s`` (epoch s, rounded down). Tags without a value, or with None, are gaps."""
        frame = np.array([_number(values.get(tag)) for tag in self._tags], np.float32)
        with self._condition:
            if len(self._queue) >= QUEUE:
                self._queue.popleft()
                self._dropped += 1
            self._queue.append((int(utc_s), frame))
            self._condition.notify()

    @property
    def health(self) -> TelemetryHealth:
        with self._condition:
            return TelemetryHealth(not self._detail, len(self._queue), self._dropped, self._detail)

    def close(self, timeout_s: float = 5.0) -> None:
        """Write what is queued and end the thread."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._closing or bool(self._queue), timeout=None if connection else RETRY_S)
                batch, closing = list(self._queue), self._closing
            try:
                if connection is None:
                    connection = self._open()
                if batch:
                    self._write(connection, batch)
            except (sqlite3.Error, OSError) as error:
                self._failed(error)
                if connection is not None:
                    connection.close()
                    connection = None
                if closing:
                    return
                self._pause()
                continue
            with self._condition:
                self._detail = ""
                for item in batch:
                    if self._queue and self._queue[0] is item:  # otherwise it was dropped meanwhile
                        self._queue.popleft()
                if self._closing and not self._queue:
                    break
        connection.close()

    def _failed(self, error: Exception) -> None:
        translated = storage_error(str(self._file), error)
        with self._condition:
            news = self._detail != str(translated)
            self._detail = str(translated)
        if news:
            log.error("telemetry: %s", translated)
        if translated.corrupt:
            _set_aside(self._file)

    def _pause(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._closing, timeout=RETRY_S)

    def _open(self) -> sqlite3.Connection:
        connection = _connect(self._file, write=True)
        try:
            text = orjson.dumps(self._tags).decode()
            connection.execute("INSERT OR IGNORE INTO layout (tags) VALUES (?)", (text,))
            self._layout = int(connection.execute("SELECT id FROM layout WHERE tags = ?", (text,)).fetchone()[0])
        except sqlite3.Error:
            connection.close()
            raise
        self._running.clear()
        return connection

    def _write(self, connection: sqlite3.Connection, batch: list[tuple[int, Floats]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for at_s, values in batch:
                connection.execute("INSERT OR REPLACE INTO frame VALUES (?, ?, ?)", (at_s, self._layout, values.tobytes()))
                self._roll_up(connection, at_s, values)
            if batch[-1][0] - self._cleaned_s >= CLEAN_EVERY_S:
                self._clean(connection, batch[-1][0])
            connection.execute("COMMIT")
        except sqlite3.Error:
            self._running.clear()  # built anew from the frames that did get in
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _roll_up(self, connection: sqlite3.Connection, at_s: int, values: Floats) -> None:
        for period_s in PERIODS_S:
            start_s = at_s - at_s % period_s
            running = self._running.get(period_s)
            if running is None or running.start_s != start_s:
                running = self._running[period_s] = self._from_frames(connection, start_s, period_s)
            running.add(values)
            row = (period_s, start_s, self._layout, running.low.tobytes(), running.high.tobytes())
            connection.execute("INSERT OR REPLACE INTO extremes VALUES (?, ?, ?, ?, ?)", row)

    def _from_frames(self, connection: sqlite3.Connection, start_s: int, period_s: int) -> _Extremes:
        """After a restart within the period, or a step of the clock, its earlier frames count, too."""
        extremes = _Extremes(start_s, len(self._tags))
        query = "SELECT v FROM frame WHERE t >= ? AND t < ? AND layout = ?"
        for (blob,) in connection.execute(query, (start_s, start_s + period_s, self._layout)):
            extremes.add(np.frombuffer(blob, np.float32))
        return extremes

    def _clean(self, connection: sqlite3.Connection, now_s: int) -> None:
        """A bounded bite, so that a long absence does not stall the thread; repeated at once while there is more."""
        bite = (now_s - self._keep_s, CLEAN_ROWS)
        removed = connection.execute(_CLEAN_FRAMES, bite).rowcount
        for period_s in PERIODS_S:
            removed = max(removed, connection.execute(_CLEAN_EXTREMES, (period_s, period_s, *bite)).rowcount)
        if removed < CLEAN_ROWS:
            self._cleaned_s = now_s


def _number(value: float | bool | None) -> float:
    return math.nan if value is None else float(value)


def _set_aside(file: Path) -> None:
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    for suffix in ("", "-wal", "-shm"):
        part = file.with_name(file.name + suffix)
        if part.exists():
            part.replace(file.with_name(f"{file.name}.damaged-{stamp}{suffix}"))
    log.error("telemetry: %s was damaged and set aside, a new file is begun", file)


class TelemetryReader:
    """Trends from the file. Opens it for each question: the file may be replaced, and SQLite opens in well under 1 ms."""

    def __init__(self, url: str) -> None:
        self._file = telemetry_path(url)

    def tags(self) -> list[str]:
        """Every tag ever recorded, in order of appearance. Raises StorageError."""
        found: dict[str, None] = {}
        for layout in self._ask(_layouts).values():
            found.update(dict.fromkeys(layout))
        return list(found)

    def query(self, tags: Sequence[str], start_s: float, end_s: float, points: int) -> Trends:
        """Extremes of ``tags`` in at most ``points`` equal buckets between two times (epoch s).

        Raises KeyError for a tag that was never recorded, StorageError when the file cannot be read.
        """
        return self._ask(lambda connection: _query(connection, tags, start_s, end_s, points))

    def _ask(self, question: Callable[[sqlite3.Connection], _T]) -> _T:
        try:
            connection = _connect(self._file, write=False)
        except (sqlite3.Error, OSError) as error:
            raise storage_error(str(self._file), error) from error
        try:
            return question(connection)
        except sqlite3.Error as error:
            raise storage_error(str(self._file), error) from error
        finally:
            connection.close()


def _layouts(connection: sqlite3.Connection) -> dict[int, list[str]]:
    return {int(number): orjson.loads(tags) for number, tags in connection.execute("SELECT id, tags FROM layout ORDER BY id")}


def _query(connection: sqlite3.Connection, tags: Sequence[str], start_s: float, end_s: float, points: int) -> Trends:
    layouts = _layouts(connection)
    unknown = [tag for tag in tags if not any(tag in layout for layout in layouts.values())]
    if unknown:
        raise KeyError(unknown[0])
    count = max(1, min(points, math.ceil(end_s - start_s)))
    bucket_s = (end_s - start_s) / count
    low = np.full((len(tags), count), np.nan, np.float32)
    high = low.copy()
    period_s = max((period_s for period_s in PERIODS_S if bucket_s >= 2 * period_s), default=0)
    for number, layout in layouts.items():
        there = [i for i, tag in enumerate(tags) if tag in layout]
        if not there:
            continue
        columns = [layout.index(tags[i]) for i in there]
        times, lows, highs = _rows(connection, period_s, number, columns, len(layout), start_s, end_s)
        buckets = np.clip(((times - start_s) / bucket_s).astype(np.int64), 0, count - 1)
        for row, i in enumerate(there):
            _extremes(low[i], buckets, lows[:, row], np.fmin)
            _extremes(high[i], buckets, highs[:, row], np.fmax)
    middles = np.asarray(start_s + (np.arange(count) + 0.5) * bucket_s, np.float64)
    return Trends(bucket_s, {tag: TagTrend(middles, low[i], high[i]) for i, tag in enumerate(tags)})


def _rows(
    connection: sqlite3.Connection, period_s: int, layout: int, columns: list[int], width: int, start_s: float, end_s: float
) -> tuple[NDArray[np.float64], Floats, Floats]:
    """Times and the wanted columns of lows and highs. A period is taken when its middle lies inside; 0: single frames."""
    window = (math.ceil(start_s - period_s / 2), math.floor(end_s - period_s / 2), layout)
    if period_s == 0:
        query = "SELECT t, v FROM frame WHERE t >= ? AND t <= ? AND layout = ? ORDER BY t"
        found = connection.execute(query, window).fetchall()
    else:
        query = "SELECT t, lo, hi FROM extremes WHERE period = ? AND t >= ? AND t <= ? AND layout = ? ORDER BY t"
        found = connection.execute(query, (period_s, *window)).fetchall()
    times = np.array([row[0] for row in found], np.float64) + period_s / 2
    lows = _columns([row[1] for row in found], width, columns)
    return times, lows, lows if period_s == 0 else _columns([row[2] for row in found], width, columns)


def _columns(blobs: list[bytes], width: int, columns: list[int]) -> Floats:
    return np.frombuffer(b"".join(blobs), np.float32).reshape(-1, width)[:, columns]


def _extremes(into: Floats, buckets: NDArray[np.int64], values: Floats, function: np.ufunc) -> None:
    """Reduce runs of equal buckets (they are sorted) and merge them into ``into``; NaN gives way to any number."""
    if not len(values):
        return
    starts = np.flatnonzero(np.diff(buckets, prepend=-1))
    into[buckets[starts]] = function(into[buckets[starts]], function.reduceat(values, starts))
