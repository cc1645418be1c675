"""Tables of journal, sessions and users. Changes come as migrations in ``records/migrations``, never here alone.

Several chambers may share one PostgreSQL database, hence ``chamber`` in the keys. Treatments and the persons treated will
refer to ``session``; nothing here holds personal data but the names of users.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """An aware time, kept as UTC. A naive one is refused: nobody knows what it meant."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData()
_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows only for INTEGER

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("id", _BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("chamber", sa.String(32), nullable=False),
    sa.Column("utc", Utc(), nullable=False),
    sa.Column("boot_id", sa.String(64), nullable=False),
    sa.Column("mono_s", sa.Float(), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("data", sa.JSON(), nullable=False),
    sa.Column("user", sa.String(32)),
    sa.Index("journal_chamber_kind_id", "chamber", "kind", "id"),
    sqlite_autoincrement=True,  # ids are never used again: they are the cursor of what was published
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("chamber", sa.String(32), primary_key=True),
    sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("program", sa.String(32), nullable=False),
    sa.Column("opened_utc", Utc(), nullable=False),
    sa.Column("closed_utc", Utc()),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("persons", sa.Integer()),
    sa.Column("limit_s", sa.Float()),
    sa.Column("elapsed_s", sa.Float()),
    sa.Column("ended_by", sa.String(64)),
    sa.Column("reason", sa.Text()),
    sa.Column("t_min_main", sa.Float()),
    sa.Column("t_mean_main", sa.Float()),
    sa.Column("t_max_main", sa.Float()),
    sa.Column("o2_min_main", sa.Float()),
    sa.Column("o2_min_room", sa.Float()),
    sa.Column("data", sa.JSON(), nullable=False),
    sa.CheckConstraint("state in ('open', 'closed', 'interrupted')", name="session_state"),
)

SAMPLE_COLUMNS = ("main_c", "coldest_c", "warmest_c", "pre_c", "o2_main", "o2_pre", "o2_room")
session_sample = sa.Table(
    "session_sample",
    metadata,
    sa.Column("chamber", sa.String(32), primary_key=True),
    sa.Column("session_id", sa.BigInteger(), primary_key=True, autoincrement=False),
    sa.Column("t_s", sa.Float(), primary_key=True, autoincrement=False),
    *(sa.Column(name, sa.Float()) for name in SAMPLE_COLUMNS),
    sa.ForeignKeyConstraint(["chamber", "session_id"], ["session.chamber", "session.id"]),
)

upkeep = sa.Table(
    "upkeep",
    metadata,
    sa.Column("id", _BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("chamber", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("utc_s", sa.Float()),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("instrument", sa.String(32), nullable=False),
    sa.Column("passed", sa.Boolean(), nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("note", sa.Text(), nullable=False),
    sa.Column("configuration", sa.JSON(), nullable=False),
    sa.CheckConstraint("kind in ('proof_test', 'work', 'replaced', 'accepted', 'checklist')", name="upkeep_kind"),
    sa.Index("upkeep_chamber_id", "chamber", "id"),
    sqlite_autoincrement=True,
)

user = sa.Table(
    "user",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("pin_hash", sa.String(256), nullable=False),
    sa.Column("created", Utc(), nullable=False),
    sa.Column("disabled", Utc()),
)

appointment = sa.Table(
    "appointment",
    metadata,
    sa.Column("id", _BIG_ID, primary_key=True, autoincrement=True),
    sa.Column("chamber", sa.String(32), nullable=False),
    sa.Column("starts_utc", Utc(), nullable=False),
    sa.Column("program", sa.String(32), nullable=False),
    sa.Column("persons", sa.Integer(), nullable=False),
    sa.Column("user", sa.String(32), nullable=False),
    sa.CheckConstraint("persons >= 1", name="appointment_persons"),
    sa.Index("appointment_chamber_starts", "chamber", "starts_utc"),
)

cursor = sa.Table(
    "cursor",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.BigInteger(), nullable=False),
)
