"""Entries of the upkeep record: written with the journal's lines, in the same transaction, and read at the start."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from chamber.events import Event, EventKind
from chamber.upkeep import Entry, Kind, event_data
from records.schema import journal, upkeep
from records.store import writing


def apply_upkeep(connection: Connection, chamber: str, event: Event) -> None:
    """Add the entry of an UPKEEP event; other events are none of this table's business."""
    if event.kind is not EventKind.UPKEEP:
        return
    d = event.data
    row = {name: d[name] for name in ("utc_s", "subject", "instrument", "passed", "note", "configuration")}
    connection.execute(sa.insert(upkeep).values(chamber=chamber, kind=d["entry"], by=d["user"], **row))


def read_entries(connection: Connection, chamber: str) -> tuple[Entry, ...]:
    """Every entry, oldest first: what holds is the fold over all of them."""
    rows = connection.execute(sa.select(upkeep).where(upkeep.c.chamber == chamber).order_by(upkeep.c.id)).mappings()
    return tuple(
        Entry(Kind(r["kind"]), r["utc_s"], r["subject"], r["instrument"], r["passed"], r["by"], r["note"], r["configuration"]) for r in rows
    )


def add_entries(engine: Engine, chamber: str, entries: Sequence[Entry], boot_id: str) -> None:
    """Add entries from a process other than the control process, with their lines in the journal (commissioning)."""
    utc, mono_s = datetime.now(UTC), time.monotonic()
    with writing(engine, chamber) as connection:
        for entry in entries:
            data = event_data(entry)
            apply_upkeep(connection, chamber, Event(EventKind.UPKEEP, mono_s, data))
            user = data.pop("user")
            where = {"chamber": chamber, "boot_id": boot_id, "utc": utc, "mono_s": mono_s}
            connection.execute(sa.insert(journal).values(kind=EventKind.UPKEEP.value, data=data, user=user[:32] or None, **where))
