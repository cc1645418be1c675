"""Questions to journal and sessions. All are short, by index, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping

from records.schema import SAMPLE_COLUMNS, cursor, journal, session, session_sample
from records.store import writing

LATELY = 50  # sessions; no cool-off is longer than an hour


class OpenSession(NamedTuple):
    """A session that was opened and never closed: the process ended while it ran."""

    id: int
    program: str
    opened: datetime
    persons: int | None
    limit_s: float | None


def journal_rows(engine: Engine, chamber: str, limit: int, before: int | None = None, kind: str | None = None) -> list[RowMapping]:
    query = sa.select(journal).where(journal.c.chamber == chamber).order_by(journal.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(journal.c.id < before)
    if kind is not None:
        query = query.where(journal.c.kind == kind)
    return _all(engine, query)


def journal_after(engine: Engine, chamber: str, after: int, limit: int) -> list[RowMapping]:
    """Oldest first: what comes after a cursor."""
    query = sa.select(journal).where(journal.c.chamber == chamber, journal.c.id > after).order_by(journal.c.id).limit(limit)
    return _all(engine, query)


def journal_count_after(engine: Engine, chamber: str, after: int) -> int:
    query = sa.select(sa.func.count()).select_from(journal).where(journal.c.chamber == chamber, journal.c.id > after)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def journal_between(engine: Engine, chamber: str, start: datetime, end: datetime, kinds: Sequence[str]) -> list[RowMapping]:
    """Oldest first: lines of these kinds from ``start`` until before ``end``."""
    mine = (journal.c.chamber == chamber, journal.c.kind.in_(kinds), journal.c.utc >= start, journal.c.utc < end)
    return _all(engine, sa.select(journal).where(*mine).order_by(journal.c.utc, journal.c.id))


def sessions_between(engine: Engine, chamber: str, start: datetime, end: datetime) -> int:
    """How many sessions were opened from ``start`` until before ``end``."""
    mine = (session.c.chamber == chamber, session.c.opened_utc >= start, session.c.opened_utc < end)
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(session).where(*mine)).scalar_one())


def session_rows(engine: Engine, chamber: str, limit: int, before: int | None = None) -> list[RowMapping]:
    query = sa.select(session).where(session.c.chamber == chamber).order_by(session.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(session.c.id < before)
    return _all(engine, query)


def session_with_trace(engine: Engine, chamber: str, session_id: int) -> tuple[RowMapping, list[RowMapping]] | None:
    columns = [session_sample.c.t_s, *(session_sample.c[name] for name in SAMPLE_COLUMNS)]
    mine = (session_sample.c.chamber == chamber, session_sample.c.session_id == session_id)
    with engine.connect() as connection:
        row = connection.execute(sa.select(session).where(session.c.chamber == chamber, session.c.id == session_id)).mappings().first()
        if row is None:
            return None
        trace = connection.execute(sa.select(*columns).where(*mine).order_by(session_sample.c.t_s)).mappings().all()
    return row, list(trace)


def open_sessions(engine: Engine, chamber: str) -> list[OpenSession]:
    query = sa.select(session).where(session.c.chamber == chamber, session.c.state == "open").order_by(session.c.id)
    return [OpenSession(r["id"], r["program"], r["opened_utc"], r["persons"], r["limit_s"]) for r in _all(engine, query)]


def broken_off(engine: Engine, chamber: str) -> datetime | None:
    """End of the newest session that was interrupted or came to an evacuation during the exposure; None: no such one of late."""
    query = sa.select(session).where(session.c.chamber == chamber, session.c.state != "open").order_by(session.c.id.desc()).limit(LATELY)
    ends = [r["closed_utc"] for r in _all(engine, query) if r["state"] == "interrupted" or r["data"].get("broken_off", False)]
    return max(ends, default=None)


def last_session_id(connection: Connection, chamber: str) -> int:
    """0 when there was none."""
    return int(
        connection.execute(sa.select(sa.func.coalesce(sa.func.max(session.c.id), 0)).where(session.c.chamber == chamber)).scalar_one()
    )


def last_journal_id(connection: Connection, chamber: str) -> int:
    return int(
        connection.execute(sa.select(sa.func.coalesce(sa.func.max(journal.c.id), 0)).where(journal.c.chamber == chamber)).scalar_one()
    )


def read_cursor(engine: Engine, name: str) -> int | None:
    with engine.connect() as connection:
        value = connection.execute(sa.select(cursor.c.value).where(cursor.c.name == name)).scalar_one_or_none()
    return None if value is None else int(value)


def write_cursor(engine: Engine, chamber: str, name: str, value: int) -> None:
    with writing(engine, chamber) as connection:
        if connection.execute(sa.update(cursor).where(cursor.c.name == name).values(value=value)).rowcount == 0:
            connection.execute(sa.insert(cursor).values(name=name, value=value))


def append_row(engine: Engine, row: dict[str, Any]) -> None:
    """One journal line from a process other than the control process (sign-ins)."""
    with writing(engine, row["chamber"]) as connection:
        connection.execute(sa.insert(journal).values(row))


def _all(engine: Engine, query: sa.Select[Any]) -> list[RowMapping]:
    with engine.connect() as connection:
        return list(connection.execute(query).mappings().all())
