"""The control process's pen: events go in at once, a thread makes them durable, ``committed`` tells how far it is.

``append`` never blocks on a disk and never raises for one. While the database cannot be written, events wait in memory
(bounded, counted) and are tried again every second; a session may be boarded only once its SESSION_OPENED is committed.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, StatementError

from chamber.events import Event, EventKind
from chamber.upkeep import Entry
from records import reading
from records.disk import LOOK_S, DiskWatch
from records.errors import DATABASE_ERRORS, StorageError, storage_error
from records.reading import OpenSession
from records.schema import SAMPLE_COLUMNS, journal
from records.sessions import apply_event, insert_sample
from records.store import Store, open_store, writing
from records.upkeep import apply_upkeep, read_entries

log = logging.getLogger(__name__)

CAPACITY = 20_000  # events in memory: hours of an ordinary day, about 20 MB
BATCH = 500
RETRY_S = 1.0
STALL_S = 3.0  # a write that takes longer counts as trouble: the disk hangs without an error
ROUTINE = frozenset({EventKind.SCAN, EventKind.SYSTEM, EventKind.RECORDS, EventKind.SIGN_IN, EventKind.COMMAND})
"""Given up before anything that tells what happened to people and nitrogen; samples of the trace go first of all."""
READ_BACK = (EventKind.WEAR, EventKind.TUNING, EventKind.PRECOOL, EventKind.TWIN)
"""Whose newest line says what holds; read at the start."""
_UNFIT = (IntegrityError, DataError, ProgrammingError)


class RecorderHealth(NamedTuple):
    """``ok``: the last write succeeded and nothing was lost. ``dropped``: events and samples given up for lack of room."""

    ok: bool
    queued: int
    dropped: int
    detail: str


class _Entry(NamedTuple):
    order: int
    ticket: int
    event: Event
    utc: datetime


class _Sample(NamedTuple):
    order: int
    session_id: int
    t_s: float
    values: dict[str, float | None]


class Recorder:
    """One writer thread for journal, sessions and traces of one chamber."""

    def __init__(self, url: str, chamber: str, boot_id: str, *, capacity: int = CAPACITY) -> None:
        """Starts at once; the thread opens the database, again and again if need be. See ``health`` and ``wait_open``."""
        self._url = url
        self._chamber = chamber
        self._boot_id = boot_id
        self._capacity = capacity
        self._condition = threading.Condition()
        self._essential: deque[_Entry] = deque()
        self._routine: deque[_Entry] = deque()
        self._samples: deque[_Sample] = deque()
        self._in_flight: list[_Entry | _Sample] = []
        self._writing_since_s: float | None = None
        self._order = 0
        self._ticket = 0
        self._committed = 0
        self._lost_ticket: int | None = None
        self._dropped = 0
        self._dropped_told = 0
        self._journal_id = 0
        self._detail = "database not yet open"
        self._opened = False
        self._open_sessions: tuple[OpenSession, ...] = ()
        self._last_session_id = 0
        self._broken_off: datetime | None = None
        self._upkeep: tuple[Entry, ...] = ()
        self._last: dict[EventKind, Mapping[str, Any]] = {}
        self._closing = False
        self._store: Store | None = None
        self._notes: list[str] = []
        self._disk = DiskWatch(url)
        self._disk_low = ""
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self._thread.start()

    # --- called by the scan: none of these waits for a disk ---

    def append(self, events: Sequence[Event], utc: datetime) -> int:
        """Hand over events that happened at ``utc``. Returns the ticket of the last one; compare ``committed``.

        Raises ValueError for a time without zone: a mistake in the caller that no retry would mend.
        """
        if utc.tzinfo is None:
            raise ValueError(f"{utc!r} has no time zone; use datetime.now(UTC)")
        with self._condition:
            for event in events:
                self._order += 1
                self._ticket += 1
                self._take(_Entry(self._order, self._ticket, event, utc))
            if events:
                self._condition.notify()
            return self._ticket

    def sample(self, session_id: int, t_s: float, values: Mapping[str, float | None]) -> None:
        """One second of a session's trace: main_c, coldest_c, warmest_c, pre_c, o2_main, o2_pre, o2_room; absent: unknown."""
        with self._condition:
            self._order += 1
            if self._queued() >= self._capacity:
                self._dropped += 1
                if not self._samples:
                    return
                self._samples.popleft()
            self._samples.append(_Sample(self._order, session_id, t_s, {name: values.get(name) for name in SAMPLE_COLUMNS}))
            self._condition.notify()

    def interrupt(self, session_id: int, *, t_s: float, utc: datetime, reason: str, elapsed_s: float | None = None) -> int:
        """Close a session that an earlier process left open. It is never continued. Returns the ticket."""
        data = {"session": session_id, "ended_by": "interrupted", "reason": reason, "elapsed_s": elapsed_s}
        return self.append([Event(EventKind.SESSION_CLOSED, t_s, data)], utc)

    @property
    def committed(self) -> int:
        """Every event up to this ticket is durable (routine events that were given up excepted; ``health`` counts them).

        If an essential event had to be given up this stays below its ticket until the process restarts: nothing later may
        be taken for recorded.
        """
        with self._condition:
            return self._committed if self._lost_ticket is None else min(self._committed, self._lost_ticket - 1)

    @property
    def journal_id(self) -> int:
        """Id of the newest durable line of the journal; 0 when there is none or it is not known."""
        with self._condition:
            return self._journal_id

    @property
    def health(self) -> RecorderHealth:
        with self._condition:
            detail = self._detail
            waited_s = 0.0 if self._writing_since_s is None else time.monotonic() - self._writing_since_s
            if not detail and waited_s > STALL_S:
                detail = f"a write has been waiting for the disk for {waited_s:.0f} s"
            if not detail:
                detail = self._disk_low
            if not detail and self._lost_ticket is not None:
                detail = f"events were lost for lack of memory ({self._dropped}); restart the service"
            return RecorderHealth(not detail, self._queued(), self._dropped, detail)

    # --- called at the start and at the end ---

    def wait_open(self, timeout_s: float) -> bool:
        """Wait until the database is open. False: it is not yet; see ``health``."""
        with self._condition:
            return self._condition.wait_for(lambda: self._opened, timeout_s)

    def open_sessions(self) -> tuple[OpenSession, ...] | None:
        """Sessions that an earlier process left open; None while the database is not open: unknown, not none."""
        with self._condition:
            return self._open_sessions if self._opened else None

    def last_session_id(self) -> int | None:
        """Highest session id at the opening (0: none); None while the database is not open."""
        with self._condition:
            return self._last_session_id if self._opened else None

    def broken_off(self) -> datetime | None:
        """End of the newest exposure that was broken off before the opening; None: none of late, or the database is not open."""
        with self._condition:
            return self._broken_off

    def upkeep(self) -> tuple[Entry, ...]:
        """The upkeep record at the opening; empty while the database is not open: nothing can be shown, nothing is allowed."""
        with self._condition:
            return self._upkeep

    def last(self, kind: EventKind) -> Mapping[str, Any] | None:
        """Data of the newest line of one of ``READ_BACK`` at the opening; None: there is none, or the database is not open."""
        with self._condition:
            return self._last.get(kind)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Write what waits and end the thread. False: something was left unwritten."""
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        self._thread.join(timeout_s)
        with self._condition:
            return not self._thread.is_alive() and self._queued() == 0

    # --- queue; the lock is held ---

    def _queued(self) -> int:
        return len(self._essential) + len(self._routine) + len(self._samples) + len(self._in_flight)

    def _take(self, entry: _Entry) -> None:
        routine = entry.event.kind in ROUTINE
        if self._queued() >= self._capacity:
            self._dropped += 1
            if self._samples:
                self._samples.popleft()
            elif self._routine:
                self._routine.popleft()
            elif routine:
                return
            else:
                self._lost_ticket = entry.ticket if self._lost_ticket is None else self._lost_ticket
                return
        (self._routine if routine else self._essential).append(entry)

    def _next_batch(self) -> list[_Entry | _Sample]:
        batch: list[_Entry | _Sample] = []
        queues: tuple[deque[Any], ...] = (self._essential, self._routine, self._samples)
        for item in heapq.merge(*(list(queue)[:BATCH] for queue in queues)):
            if len(batch) == BATCH:
                break
            batch.append(item)
        taken = {item.order for item in batch}
        for queue in queues:
            while queue and queue[0].order in taken:
                queue.popleft()
        return batch

    # --- writer thread ---

    def _run(self) -> None:
        try:
            self._write_all()
        finally:
            with self._condition:
                if not self._closing:  # a mistake in this module: nothing more will be recorded, and it must be seen
                    self._detail = "the writer has ended unexpectedly; see the log and restart the service"

    def _write_all(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._closing or self._queued() > 0 or not self._opened, LOOK_S)
                if not self._in_flight:
                    self._in_flight = self._next_batch()
                if self._closing and not self._in_flight:
                    break
            try:
                self._work()
            except (StorageError, *DATABASE_ERRORS) as error:
                self._failed(error)
                with self._condition:
                    self._condition.wait_for(lambda: self._closing, RETRY_S)
                    if self._closing:
                        break
        if self._store is not None:
            self._store.close()

    def _work(self) -> None:
        low = self._disk.look(time.monotonic())
        with self._condition:
            self._disk_low = low
        store = self._opened_store()
        batch = self._in_flight
        if batch or self._notes:
            with self._condition:
                self._writing_since_s = time.monotonic()
            try:
                journal_id = self._commit(store, batch)
            finally:
                with self._condition:
                    self._writing_since_s = None
            tickets = [item.ticket for item in batch if isinstance(item, _Entry)]
            with self._condition:
                self._journal_id = max(self._journal_id, journal_id)
                self._committed = max([self._committed, *tickets])
        with self._condition:
            self._in_flight = []
            self._detail = ""

    def _opened_store(self) -> Store:
        if self._store is not None and self._store.replaced():
            self._notes.append(f"{self._store.place} was moved or removed while in use; what it held is with the moved file")
            self._store.close()
            self._store = None
        if self._store is None:
            store = open_store(self._url)
            with store.engine.connect() as connection:
                journal_id = reading.last_journal_id(connection, self._chamber)
                session_id = reading.last_session_id(connection, self._chamber)
                upkeep = read_entries(connection, self._chamber)
            last = {k: row["data"] for k in READ_BACK for row in reading.journal_rows(store.engine, self._chamber, 1, None, k.value)}
            left_open = tuple(reading.open_sessions(store.engine, self._chamber))
            broken_off = reading.broken_off(store.engine, self._chamber)
            self._notes.extend(store.notes)
            for note in store.notes:
                log.error("records: %s", note)
            with self._condition:
                self._store = store
                self._journal_id = journal_id
                if not self._opened:
                    self._opened, self._open_sessions, self._last_session_id = True, left_open, session_id
                    self._broken_off = broken_off
                    self._upkeep = upkeep
                    self._last = last
                self._condition.notify_all()
        return self._store

    def _commit(self, store: Store, batch: list[_Entry | _Sample]) -> int:
        try:
            return self._transaction(store, batch)
        except StatementError as error:
            if not _unfit(error):
                raise
            log.warning("records: a batch does not fit the tables, written one by one: %s", error)
        last = 0
        for item in batch:
            last = max(last, self._commit_alone(store, item))
        return last

    def _commit_alone(self, store: Store, item: _Entry | _Sample) -> int:
        """One item that may not fit. It must not hold up the others for ever: what does not fit is kept as text."""
        try:
            return self._transaction(store, [item])
        except StatementError as error:
            if not _unfit(error):
                raise
            log.error("records: item does not fit the tables: %r (%s)", item, error)
            if isinstance(item, _Sample):
                with self._condition:
                    self._dropped += 1
                return 0
            data = {"does_not_fit": str(error.orig), "entry": repr(item.event.data)}
            with writing(store.engine, self._chamber) as connection:
                row = self._row(item) | {"data": data}
                connection.execute(sa.insert(journal).values(row))
                return reading.last_journal_id(connection, self._chamber)

    def _transaction(self, store: Store, batch: list[_Entry | _Sample]) -> int:
        notes, dropped = self._remarks()
        rows = [*notes, *(self._row(item) for item in batch if isinstance(item, _Entry))]
        with writing(store.engine, self._chamber) as connection:
            if rows:
                connection.execute(sa.insert(journal), rows)
            for item in batch:
                self._derive(connection, item)
            last = reading.last_journal_id(connection, self._chamber)
        self._notes.clear()
        self._dropped_told = dropped
        return last

    def _derive(self, connection: Connection, item: _Entry | _Sample) -> None:
        if isinstance(item, _Sample):
            insert_sample(connection, self._chamber, item.session_id, item.t_s, item.values)
        else:
            apply_event(connection, self._chamber, item.event, item.utc)
            apply_upkeep(connection, self._chamber, item.event)

    def _row(self, entry: _Entry) -> dict[str, Any]:
        data = dict(entry.event.data)
        user = data.pop("user", None)
        return self._line(entry.event.kind, data, entry.utc, entry.event.t_s) | {"user": None if user in (None, "") else str(user)}

    def _line(self, kind: EventKind, data: dict[str, Any], utc: datetime, mono_s: float) -> dict[str, Any]:
        where = {"chamber": self._chamber, "boot_id": self._boot_id}
        return where | {"utc": utc, "mono_s": mono_s, "kind": kind.value, "data": data, "user": None}

    def _remarks(self) -> tuple[list[dict[str, Any]], int]:
        """What the journal must say about itself: a damaged file, events that were given up."""
        with self._condition:
            dropped = self._dropped
        told: list[dict[str, Any]] = [{"change": "storage", "detail": note} for note in self._notes]
        if dropped > self._dropped_told:
            told.append({"change": "dropped", "count": dropped - self._dropped_told})
        return [self._line(EventKind.RECORDS, data, datetime.now(UTC), time.monotonic()) for data in told], dropped

    def _failed(self, error: BaseException) -> None:
        place = self._url.split("@")[-1] if self._store is None else self._store.place
        translated = error if isinstance(error, StorageError) else storage_error(place, error)
        with self._condition:
            news = self._detail != str(translated)
            self._detail = str(translated)
        if news:
            log.error("records: %s", translated)
        if self._store is None:
            return
        if translated.corrupt:
            self._store.close()
            self._store = None
        else:
            self._store.engine.dispose()


def _unfit(error: StatementError) -> bool:
    """The data is at fault, not the database: trying again would fail for ever."""
    return isinstance(error, _UNFIT) or not isinstance(error, DBAPIError)
