"""The start-up checklist of the day is an entry of the upkeep record, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BEFORE = "kind in ('proof_test', 'work', 'replaced', 'accepted')"
_AFTER = "kind in ('proof_test', 'work', 'replaced', 'accepted', 'checklist')"
_COLUMNS = 'id, chamber, kind, utc_s, subject, instrument, passed, "by", note, configuration'
_TRIGGER = "CREATE TRIGGER upkeep_no_{low} BEFORE {up} ON upkeep BEGIN SELECT RAISE(ABORT, 'upkeep entries are only added'); END"


def _allow(kinds: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("upkeep_kind", "upkeep", type_="check")
        op.create_check_constraint("upkeep_kind", "upkeep", kinds)
        return
    # SQLite cannot change a constraint: the table is made anew, with its rows, index and triggers
    op.create_table(
        "upkeep_new",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("chamber", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("utc_s", sa.Float()),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("instrument", sa.String(32), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("configuration", sa.JSON(), nullable=False),
        sa.CheckConstraint(kinds, name="upkeep_kind"),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO upkeep_new ({_COLUMNS}) SELECT {_COLUMNS} FROM upkeep ORDER BY id")  # noqa: S608
    op.drop_table("upkeep")
    op.rename_table("upkeep_new", "upkeep")
    op.create_index("upkeep_chamber_id", "upkeep", ["chamber", "id"])
    for verb in ("update", "delete"):
        op.execute(_TRIGGER.format(low=verb, up=verb.upper()))


def upgrade() -> None:
    _allow(_AFTER)


def downgrade() -> None:
    """Refused by the constraint while a checklist is in the record: an entry is never dropped."""
    _allow(_BEFORE)
