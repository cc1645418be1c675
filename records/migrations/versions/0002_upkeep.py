"""Proof tests, work on the device, accepted configurations. Like the journal, entries are only added."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = "CREATE TRIGGER upkeep_no_{low} BEFORE {up} ON upkeep BEGIN SELECT RAISE(ABORT, 'upkeep entries are only added'); END"
_POSTGRES = "CREATE TRIGGER upkeep_append_only BEFORE UPDATE OR DELETE ON upkeep FOR EACH ROW EXECUTE FUNCTION journal_refuse()"


def upgrade() -> None:
    op.create_table(
        "upkeep",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("chamber", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("utc_s", sa.Float()),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("instrument", sa.String(32), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("configuration", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind in ('proof_test', 'work', 'replaced', 'accepted')", name="upkeep_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("upkeep_chamber_id", "upkeep", ["chamber", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRES)
    else:
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(low=verb, up=verb.upper()))


def downgrade() -> None:
    op.drop_table("upkeep")
