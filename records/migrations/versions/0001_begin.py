"""Journal, sessions, users, cursors. The journal refuses changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQLITE = "CREATE TRIGGER journal_no_{low} BEFORE {up} ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
_POSTGRES = (
    "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
    "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
)


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("chamber", sa.String(32), nullable=False),
        sa.Column("utc", time, nullable=False),
        sa.Column("boot_id", sa.String(64), nullable=False),
        sa.Column("mono_s", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("user", sa.String(32)),
        sqlite_autoincrement=True,
    )
    op.create_index("journal_chamber_kind_id", "journal", ["chamber", "kind", "id"])
    op.create_table(
        "session",
        sa.Column("chamber", sa.String(32), primary_key=True),
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("program", sa.String(32), nullable=False),
        sa.Column("opened_utc", time, nullable=False),
        sa.Column("closed_utc", time),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("persons", sa.Integer()),
        sa.Column("limit_s", sa.Float()),
        sa.Column("elapsed_s", sa.Float()),
        sa.Column("ended_by", sa.String(64)),
        sa.Column("reason", sa.Text()),
        *(sa.Column(name, sa.Float()) for name in ("t_min_main", "t_mean_main", "t_max_main", "o2_min_main", "o2_min_room")),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint("state in ('open', 'closed', 'interrupted')", name="session_state"),
    )
    op.create_table(
        "session_sample",
        sa.Column("chamber", sa.String(32), primary_key=True),
        sa.Column("session_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("t_s", sa.Float(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.Float()) for name in ("main_c", "coldest_c", "warmest_c", "pre_c", "o2_main", "o2_pre", "o2_room")),
        sa.ForeignKeyConstraint(["chamber", "session_id"], ["session.chamber", "session.id"]),
    )
    op.create_table(
        "user",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("pin_hash", sa.String(256), nullable=False),
        sa.Column("created", time, nullable=False),
        sa.Column("disabled", time),
    )
    op.create_table("cursor", sa.Column("name", sa.String(64), primary_key=True), sa.Column("value", sa.BigInteger(), nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRES:
            op.execute(statement)
    else:
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(low=verb, up=verb.upper()))


def downgrade() -> None:
    for table in ("cursor", "user", "session_sample", "session", "journal"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_refuse()")
