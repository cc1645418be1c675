"""The databases as the API sees them: opened when first needed, opened anew when they fail or are replaced.

All questions run in threads, a few at a time: a slow disk delays a page, never the stream or a stop.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import anyio.to_thread
import numpy as np
from anyio import CapacityLimiter
from sqlalchemy.engine import Engine, RowMapping

from api.debrief import KINDS, Line
from api.models import (
    AlarmChange,
    AlarmFigures,
    Appointment,
    HistoryTag,
    HistoryView,
    JournalEntry,
    JournalView,
    SessionRecord,
    SessionRow,
    SessionSample,
    SessionsView,
    Trend,
    UserView,
)
from api.problems import ProblemError
from chamber.alarm_figures import Change, figures
from chamber.commands import Role
from chamber.events import EventKind
from chamber.settings import Settings
from chamber.tags import ANALOG, BITS
from records import reading, schedule, users
from records.errors import DATABASE_ERRORS, StorageError, storage_error
from records.schema import SAMPLE_COLUMNS
from records.store import Store, open_store
from records.telemetry import Floats, TelemetryReader

log = logging.getLogger(__name__)

AT_ONCE = 8
# What the control process records beside the tags: plain words and unit.
DERIVED: dict[str, tuple[str, str]] = {
    "main_c": ("Main room, voted", "°C"),
    "pre_c": ("Pre-chamber, voted", "°C"),
    "setpoint_main_c": ("Main room set point", "°C"),
    "valve_main_pct": ("Main LN2 valve demand", "%"),
    "valve_pre_pct": ("Pre-chamber LN2 valve demand", "%"),
    "state": ("Cycle state code", ""),
}
REOPEN_S = 2.0
_T = TypeVar("_T")
# Names of the tables' columns as the API has them.
_SESSION_NAMES = {
    "opened_utc": "opened",
    "closed_utc": "closed",
    "t_min_main": "main_min_c",
    "t_mean_main": "main_mean_c",
    "t_max_main": "main_max_c",
    "o2_min_main": "o2_main_min_pct",
    "o2_min_room": "o2_room_min_pct",
}


class Books:
    """Journal, sessions, users and telemetry. Every method raises StorageError when the database cannot be used."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.place(settings.records.url)
        self._chamber = settings.site.chamber
        self._telemetry = TelemetryReader(settings.place(settings.records.telemetry_url))
        self._store: Store | None = None
        self._opening = threading.Lock()
        self._failed: tuple[float, StorageError] | None = None
        self._limiter = CapacityLimiter(AT_ONCE)
        self._boot_id = f"api-{uuid.uuid4().hex[:12]}"
        self._begun_s = time.monotonic()
        self.ok = True

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)

    async def ask(self, question: Callable[[Engine], _T]) -> _T:
        """Run a question against the records in a thread."""
        return await self._in_thread(lambda: self._ask(question))

    def _ask(self, question: Callable[[Engine], _T]) -> _T:
        store = self._opened()
        try:
            answer = question(store.engine)
        except users.UserError:
            raise
        except DATABASE_ERRORS as error:
            self._drop(store)
            raise storage_error(store.place, error) from error
        self.ok = True
        return answer

    def _opened(self) -> Store:
        with self._opening:
            if self._store is not None and self._store.replaced():
                self._store.close()
                self._store = None
            if self._store is None:
                if self._failed is not None and time.monotonic() - self._failed[0] < REOPEN_S:
                    raise self._failed[1]
                try:
                    self._store = open_store(self._url, repair=False)
                except StorageError as error:
                    self._failed = (time.monotonic(), error)
                    self.ok = False
                    raise
            return self._store

    def _drop(self, store: Store) -> None:
        with self._opening:
            self.ok = False
            if self._store is store:
                store.close()
                self._store = None

    async def close(self) -> None:
        def close() -> None:
            with self._opening:
                if self._store is not None:
                    self._store.close()
                    self._store = None

        await asyncio.to_thread(close)

    def _row(self, kind: EventKind, data: dict[str, Any], user: str | None) -> dict[str, Any]:
        """A journal entry of this process."""
        return {
            "chamber": self._chamber,
            "utc": datetime.now(UTC),
            "boot_id": self._boot_id,
            "mono_s": time.monotonic() - self._begun_s,
            "kind": kind.value,
            "data": data,
            "user": user,
        }

    # --- users ---

    async def verify(self, name: str, pin: str) -> Role | None:
        return await self.ask(lambda engine: users.verify(engine, name, pin))

    async def role_of(self, name: str) -> Role | None:
        return await self.ask(lambda engine: users.role_of(engine, name))

    async def record_sign_in(self, name: str | None, outcome: str, address: str) -> None:
        """Journal a sign-in, a wrong one without the name: people type their PIN there. A full disk keeps nobody out."""
        row = self._row(EventKind.SIGN_IN, {"outcome": outcome, "address": address}, name)
        try:
            await self.ask(lambda engine: reading.append_row(engine, row))
        except StorageError:
            log.exception("sign-in not recorded")

    async def users(self) -> list[UserView]:
        found = await self.ask(users.list_users)
        return [UserView(name=u.name, role=u.role, created=u.created, disabled=u.disabled) for u in found]

    async def create_user(self, name: str, role: Role, by: str) -> str:
        """The new user's PIN. Raises UserError."""
        pin = await self.ask(lambda engine: users.create_user(engine, name, role))
        await self._record_change("user_created", name, by)
        return pin

    async def new_pin(self, name: str, by: str) -> str:
        """Raises UserError when there is no such user."""
        pin = await self.ask(lambda engine: users.set_pin(engine, name))
        await self._record_change("pin_changed", name, by)
        return pin

    async def enable_user(self, name: str, by: str, *, enabled: bool) -> None:
        """Raises UserError when there is no such user."""
        change = users.enable_user if enabled else users.disable_user
        await self.ask(lambda engine: change(engine, name))
        await self._record_change("user_enabled" if enabled else "user_disabled", name, by)

    async def _record_change(self, change: str, name: str, by: str) -> None:
        await self.ask(lambda engine: reading.append_row(engine, self._row(EventKind.SYSTEM, {"change": change, "user": name}, by)))

    # --- schedule ---

    async def schedule(self, start: datetime, end: datetime) -> list[Appointment]:
        rows = await self.ask(lambda engine: schedule.between(engine, self._chamber, start, end))
        return [Appointment(id=r["id"], starts=r["starts_utc"], program=r["program"], persons=r["persons"]) for r in rows]

    async def add_appointment(self, starts: datetime, program: str, persons: int, user: str) -> Appointment:
        found = await self.ask(lambda engine: schedule.add(engine, self._chamber, starts, program, persons, user))
        return Appointment(id=found, starts=starts, program=program, persons=persons)

    async def remove_appointment(self, appointment_id: int) -> bool:
        return await self.ask(lambda engine: schedule.remove(engine, self._chamber, appointment_id))

    # --- journal and sessions ---

    async def journal_after(self, after: int, limit: int) -> list[RowMapping]:
        return await self.ask(lambda engine: reading.journal_after(engine, self._chamber, after, limit))

    async def journal_count_after(self, after: int) -> int:
        return await self.ask(lambda engine: reading.journal_count_after(engine, self._chamber, after))

    async def read_cursor(self, name: str) -> int | None:
        return await self.ask(lambda engine: reading.read_cursor(engine, name))

    async def write_cursor(self, name: str, value: int) -> None:
        await self.ask(lambda engine: reading.write_cursor(engine, self._chamber, name, value))

    async def journal(self, limit: int, before: int | None, kind: EventKind | None, names: bool) -> JournalView:
        wanted = None if kind is None else kind.value
        rows = await self.ask(lambda engine: reading.journal_rows(engine, self._chamber, limit, before, wanted))
        entries = [_entry(row, names) for row in rows]
        return JournalView(entries=entries, next_before=entries[-1].id if len(entries) == limit else None)

    async def alarm_history(self, limit: int, names: bool) -> list[AlarmChange]:
        rows = await self.ask(lambda engine: reading.journal_rows(engine, self._chamber, limit, None, EventKind.ALARM.value))
        return [_alarm_change(row, names) for row in rows]

    async def exercise_lines(self, start: datetime, end: datetime) -> list[Line]:
        """What a debriefing is made from, oldest first."""
        kinds = tuple(k.value for k in KINDS)
        rows = await self.ask(lambda engine: reading.journal_between(engine, self._chamber, start, end, kinds))
        return [Line(row["utc"], row["kind"], row["data"], row["user"]) for row in rows]

    async def alarm_figures(self, start: datetime, end: datetime) -> AlarmFigures:
        """Raises ValueError when ``end`` is not after ``start``."""
        kinds = (EventKind.ALARM.value, EventKind.STARTED.value)
        rows = await self.ask(lambda engine: reading.journal_between(engine, self._chamber, start, end, kinds))
        count = await self.ask(lambda engine: reading.sessions_between(engine, self._chamber, start, end))
        changes = [_figure_change(row) for row in rows if row["kind"] == EventKind.ALARM.value]
        restarts = [row["utc"].timestamp() for row in rows if row["kind"] == EventKind.STARTED.value]
        found = figures(changes, start.timestamp(), end.timestamp(), sessions=count, restarts=restarts)
        return AlarmFigures.model_validate(
            {
                "from": start,
                "to": end,
                "announced": found.announced,
                "sessions": count,
                "figures": [{**f._asdict(), "met": f.met} for f in found.figures],
                "top": [{"alarm": alarm, "count": n} for alarm, n in found.top],
                "priorities": found.priorities,
                "floods": [{"from": _utc(f.from_s), "to": _utc(f.until_s), "alarms": f.alarms} for f in found.floods],
                "chattering": list(found.chattering),
                "stale": list(found.stale),
                "unanswered": list(found.unanswered),
            }
        )

    async def sessions(self, limit: int, before: int | None) -> SessionsView:
        rows = await self.ask(lambda engine: reading.session_rows(engine, self._chamber, limit, before))
        found = [SessionRow.model_validate(_session(row)) for row in rows]
        return SessionsView(sessions=found, next_before=found[-1].id if len(found) == limit else None)

    async def session(self, session_id: int, names: bool) -> SessionRecord | None:
        found = await self.ask(lambda engine: reading.session_with_trace(engine, self._chamber, session_id))
        if found is None:
            return None
        row, trace = found
        data = without_names(row["data"]) if not names else row["data"]
        samples = [SessionSample(t_s=s["t_s"], **{name: s[name] for name in SAMPLE_COLUMNS}) for s in trace]
        return SessionRecord.model_validate(_session(row) | {"data": data, "trace": samples})

    # --- trends ---

    async def history(self, tags: list[str], start: datetime, end: datetime, points: int) -> HistoryView:
        """Raises ProblemError 422 for a tag without a trend."""
        try:
            trends = await self._in_thread(lambda: self._telemetry.query(tags, start.timestamp(), end.timestamp(), points))
        except KeyError as error:
            raise ProblemError(
                422, "no_such_trend", f"tags: {error.args[0]} has no trend.", "GET /api/v1/history/tags lists what there is."
            ) from None
        found = {
            tag: Trend(t=np.round(trend.t, 3).tolist(), min=_gaps(trend.low), max=_gaps(trend.high)) for tag, trend in trends.tags.items()
        }
        return HistoryView.model_validate({"from": start, "to": end, "bucket_s": trends.bucket_s, "tags": found})

    async def history_tags(self) -> list[HistoryTag]:
        return [_tag(name) for name in await self._in_thread(self._telemetry.tags)]


def _gaps(values: Floats) -> list[float | None]:
    return [None if math.isnan(value) else round(value, 4) for value in values.tolist()]


def _tag(name: str) -> HistoryTag:
    if name in ANALOG:
        return HistoryTag(tag=name, text=ANALOG[name].text, unit=ANALOG[name].unit.value, kind="analog")
    if name in BITS:
        return HistoryTag(tag=name, text=BITS[name].text, unit="", kind="bit")
    text, unit = DERIVED.get(name, (name, ""))
    return HistoryTag(tag=name, text=text, unit=unit, kind="derived")


def without_names(data: dict[str, Any]) -> dict[str, Any]:
    """The data of an entry without the users' names."""
    return {key: value for key, value in data.items() if key not in ("user", "second")}


def _entry(row: RowMapping, names: bool) -> JournalEntry:
    return JournalEntry(
        id=row["id"],
        time=row["utc"],
        boot_id=row["boot_id"],
        mono_s=row["mono_s"],
        kind=row["kind"],
        data=row["data"] if names else without_names(row["data"]),
        user=row["user"] if names else None,
    )


def _alarm_change(row: RowMapping, names: bool) -> AlarmChange:
    data: dict[str, Any] = row["data"]
    return AlarmChange.model_validate(
        {
            "time": row["utc"],
            "alarm": str(data.get("alarm", "")),
            "from": data.get("from"),
            "to": str(data.get("to", "")),
            "priority": data.get("priority"),
            "detail": str(data.get("detail", "")),
            "reason": str(data.get("reason", "")),
            "user": row["user"] if names else None,
        }
    )


def _figure_change(row: RowMapping) -> Change:
    data: dict[str, Any] = row["data"]
    known = {name: str(data.get(name, "")) for name in ("alarm", "priority", "to", "event")}
    return Change(t_s=row["utc"].timestamp(), before=str(data.get("from", "")), **known)


def _utc(t_s: float) -> datetime:
    return datetime.fromtimestamp(t_s, UTC)


def _session(row: RowMapping) -> dict[str, Any]:
    found = {_SESSION_NAMES.get(str(key), str(key)): value for key, value in row.items() if key != "data"}
    return found | {"skin": (row["data"] or {}).get("skin", [])}
