"""Rows of sessions, made from the same events and in the same transaction as the journal's lines."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from chamber.events import Event, EventKind
from records.schema import session, session_sample

log = logging.getLogger(__name__)

# Event data -> column.
_CLOSING = {
    "elapsed_s": "elapsed_s",
    "persons": "persons",
    "ended_by": "ended_by",
    "reason": "reason",
    "main_min_c": "t_min_main",
    "main_mean_c": "t_mean_main",
    "main_max_c": "t_max_main",
    "o2_main_min_pct": "o2_min_main",
    "o2_room_min_pct": "o2_min_room",
}
_BESIDE = ("broken_off", "skin")  # of the closing, beside the columns
_COLUMNS_AT_OPENING = frozenset({"session", "program", "persons", "limit_s"})


def apply_event(connection: Connection, chamber: str, event: Event, utc: datetime) -> None:
    """Open, continue or close a session row, if the event says so."""
    match event.kind:
        case EventKind.SESSION_OPENED:
            _open(connection, chamber, event.data, utc)
        case EventKind.SESSION_PHASE:
            _phase(connection, chamber, event.data)
        case EventKind.SESSION_CLOSED:
            _close(connection, chamber, event.data, utc)
        case EventKind.CLOCK:
            _clock(connection, chamber, event.data)
        case _:
            pass


def insert_sample(connection: Connection, chamber: str, session_id: int, t_s: float, values: Mapping[str, float | None]) -> None:
    """One second of the trace; a second one for the same time is ignored."""
    row = {"chamber": chamber, "session_id": session_id, "t_s": t_s, **values}
    connection.execute(_insert_new(connection, session_sample, row))


def _insert_new(connection: Connection, table: sa.Table, row: dict[str, Any]) -> Any:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(table).values(row).on_conflict_do_nothing()


def _mine(chamber: str, session_id: object) -> sa.ColumnElement[bool]:
    return sa.and_(session.c.chamber == chamber, session.c.id == session_id)


def _open(connection: Connection, chamber: str, data: dict[str, Any], utc: datetime) -> None:
    row = {
        "chamber": chamber,
        "id": data.get("session"),
        "program": str(data.get("program", "")),
        "opened_utc": utc,
        "state": "open",
        "persons": data.get("persons"),
        "limit_s": data.get("limit_s"),
        "data": {key: value for key, value in data.items() if key not in _COLUMNS_AT_OPENING} | {"phases": []},
    }
    if connection.execute(_insert_new(connection, session, row)).rowcount == 0:
        log.error("session %s of %s exists already; the older record is kept", row["id"], chamber)


def _phase(connection: Connection, chamber: str, data: dict[str, Any]) -> None:
    known = connection.execute(sa.select(session.c.data).where(_mine(chamber, data.get("session")))).scalar_one_or_none()
    if known is None:
        log.error("phase %s of an unknown session %s", data.get("phase"), data.get("session"))
        return
    phases = [*known.get("phases", []), {"phase": data.get("phase"), "t_s": data.get("t_s")}]
    connection.execute(sa.update(session).where(_mine(chamber, data.get("session"))).values(data=known | {"phases": phases}))


def _clock(connection: Connection, chamber: str, data: dict[str, Any]) -> None:
    """The wall clock jumped while the session ran: its dates are doubtful, its durations are not."""
    mine = _mine(chamber, data.get("session"))
    known = connection.execute(sa.select(session.c.data).where(mine)).scalar_one_or_none()
    if known is not None:
        jumps = [*known.get("clock_jumps_s", []), data.get("jump_s")]
        connection.execute(sa.update(session).where(mine).values(data=known | {"clock_jumps_s": jumps}))


def _from_trace(connection: Connection, chamber: str, session_id: object) -> dict[str, Any]:
    """What the trace still knows of a session that nobody closed: time in the main room up to the last sample, extremes."""
    known = connection.execute(sa.select(session.c.data).where(_mine(chamber, session_id))).scalar_one_or_none() or {}
    began = next((p["t_s"] for p in known.get("phases", []) if p["phase"] in ("main", "exposure")), None)
    if began is None:
        return {}  # never seen in the main room
    s = session_sample.c
    inside = sa.and_(s.chamber == chamber, s.session_id == session_id, s.t_s >= began)
    columns = (
        sa.func.max(s.t_s),
        sa.func.min(s.main_c),
        sa.func.avg(s.main_c),
        sa.func.max(s.main_c),
        sa.func.min(s.o2_main),
        sa.func.min(s.o2_room),
    )
    last, coldest, mean, warmest, o2_main, o2_room = connection.execute(sa.select(*columns).where(inside)).one()
    if last is None:
        return {}
    found = {
        "elapsed_s": last - began,
        "t_min_main": coldest,
        "t_mean_main": mean,
        "t_max_main": warmest,
        "o2_min_main": o2_main,
        "o2_min_room": o2_room,
    }
    return {column: value for column, value in found.items() if value is not None}


def _close(connection: Connection, chamber: str, data: dict[str, Any], utc: datetime) -> None:
    values: dict[str, Any] = {column: data[key] for key, column in _CLOSING.items() if data.get(key) is not None}
    interrupted = data.get("ended_by") == "interrupted"
    if interrupted:
        values = _from_trace(connection, chamber, data.get("session")) | values
    values |= {"closed_utc": utc, "state": "interrupted" if interrupted else "closed"}
    more = {key: data[key] for key in _BESIDE if data.get(key)}
    if more:
        known = connection.execute(sa.select(session.c.data).where(_mine(chamber, data.get("session")))).scalar_one_or_none() or {}
        values["data"] = known | more
    still_open = sa.and_(_mine(chamber, data.get("session")), session.c.state == "open")
    if connection.execute(sa.update(session).where(still_open).values(values)).rowcount == 0:
        log.error("closing of session %s, which is not open", data.get("session"))
