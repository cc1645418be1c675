"""The upkeep record on disk: every entry comes back in its order, none can be changed, none at all means nothing allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import IntegrityError

from chamber.events import Event, EventKind
from chamber.upkeep import Entry, Kind, event_data
from records.reading import journal_rows, session_rows
from records.store import migration_config, open_store
from records.upkeep import add_entries, read_entries
from records.writer import Recorder

ENTRIES = (
    Entry(Kind.ACCEPTED, 1.5, "0123456789abcdef", by="anna", note="first", configuration={"a": "1"}),
    Entry(Kind.PROOF_TEST, 2.0, "O2-TRIP", "AT-101A", True, "eva", "T90 11 s"),
    Entry(Kind.PROOF_TEST, 3.0, "O2-TRIP", "AT-101B", False, "eva", "no alarm"),
    Entry(Kind.WORK, None, "service_key", note="turned"),
    Entry(Kind.REPLACED, 4.0, "AT-101B", by="eva"),
    Entry(Kind.CHECKLIST, 5.0, "daily", by="eva", configuration={"LIGHTS": "confirmed"}),
)


def url_of(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/records.sqlite"


def test_what_the_scan_told_is_there_after_a_restart(tmp_path: Path) -> None:
    first = Recorder(url_of(tmp_path), "one", "boot-1")
    assert first.wait_open(5.0)
    assert first.upkeep() == ()
    first.append([Event(EventKind.UPKEEP, 0.0, event_data(e)) for e in ENTRIES], datetime.now(UTC))
    assert first.close()
    second = Recorder(url_of(tmp_path), "one", "boot-2")
    assert second.wait_open(5.0)
    assert second.upkeep() == ENTRIES
    assert second.close()
    other = Recorder(url_of(tmp_path), "two", "boot-3")  # another chamber in the same database
    assert other.wait_open(5.0)
    assert other.upkeep() == ()
    assert other.close()
    store = open_store(url_of(tmp_path))
    lines = journal_rows(store.engine, "one", 10, kind="upkeep")
    assert [(r["data"]["subject"], r["user"]) for r in reversed(lines)] == [(e.subject, e.by or None) for e in ENTRIES]
    store.close()


def test_entries_of_the_commissioning_are_entries_as_any(tmp_path: Path) -> None:
    store = open_store(url_of(tmp_path))
    add_entries(store.engine, "one", ENTRIES, "commissioning")
    with store.engine.connect() as connection:
        assert read_entries(connection, "one") == ENTRIES
    assert len(journal_rows(store.engine, "one", 10)) == len(ENTRIES)
    store.close()


@pytest.mark.parametrize("statement", ["UPDATE upkeep SET passed = 1", "DELETE FROM upkeep"])
def test_entries_are_only_added(tmp_path: Path, statement: str) -> None:
    store = open_store(url_of(tmp_path))
    add_entries(store.engine, "one", ENTRIES, "commissioning")
    with pytest.raises(IntegrityError, match="only added"), store.engine.begin() as connection:
        connection.execute(sa.text(statement))
    store.close()


def test_a_jump_of_the_clock_is_noted_with_the_session_that_ran(tmp_path: Path) -> None:
    recorder = Recorder(url_of(tmp_path), "one", "boot")
    opened = Event(EventKind.SESSION_OPENED, 0.0, {"session": 7, "program": "standard", "persons": 1, "limit_s": 180.0})
    jumps = [Event(EventKind.CLOCK, 1.0, {"jump_s": s, "session": 7}) for s in (3600.0, -3600.0)]
    nobody = Event(EventKind.CLOCK, 2.0, {"jump_s": 5.0, "session": None})
    recorder.append([opened, *jumps, nobody], datetime.now(UTC))
    assert recorder.close()
    store = open_store(url_of(tmp_path))
    assert session_rows(store.engine, "one", 1)[0]["data"]["clock_jumps_s"] == [3600.0, -3600.0]
    store.close()


def test_entries_of_an_older_program_stay_when_the_checklist_comes(tmp_path: Path) -> None:
    store = open_store(url_of(tmp_path))
    add_entries(store.engine, "one", ENTRIES[:-1], "boot-1")
    with store.engine.begin() as connection:
        command.downgrade(migration_config(connection), "0003")
    store.close()
    store = open_store(url_of(tmp_path))  # migrates
    add_entries(store.engine, "one", ENTRIES[-1:], "boot-2")
    with store.engine.connect() as connection:
        assert read_entries(connection, "one") == ENTRIES
    with store.engine.connect() as connection, pytest.raises(IntegrityError, match="only added"):
        connection.execute(sa.text("DELETE FROM upkeep"))
    store.close()
