"""Appointments of the day: when, which program, how many people. No names and no other personal data."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine, RowMapping

from records.schema import appointment as table
from records.store import writing


def between(engine: Engine, chamber: str, start: datetime, end: datetime) -> list[RowMapping]:
    """Appointments that begin in ``start`` <= t < ``end``, in their order."""
    mine = (table.c.chamber == chamber, table.c.starts_utc >= start, table.c.starts_utc < end)
    with engine.connect() as connection:
        return list(connection.execute(sa.select(table).where(*mine).order_by(table.c.starts_utc, table.c.id)).mappings().all())


def add(engine: Engine, chamber: str, starts: datetime, program: str, persons: int, user: str) -> int:
    """Enter an appointment and return its id. ``user`` is who entered it."""
    row = {"chamber": chamber, "starts_utc": starts, "program": program, "persons": persons, "user": user}
    with writing(engine, chamber) as connection:
        key = connection.execute(sa.insert(table).values(row)).inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave the appointment no id")
    return int(key[0])


def remove(engine: Engine, chamber: str, appointment_id: int) -> bool:
    """Take an appointment out. False when there is none of this id."""
    with writing(engine, chamber) as connection:
        done = connection.execute(sa.delete(table).where(table.c.chamber == chamber, table.c.id == appointment_id))
    return done.rowcount == 1
