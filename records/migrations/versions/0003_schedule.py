"""Appointments of the day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("chamber", sa.String(32), nullable=False),
        sa.Column("starts_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program", sa.String(32), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.CheckConstraint("persons >= 1", name="appointment_persons"),
    )
    op.create_index("appointment_chamber_starts", "appointment", ["chamber", "starts_utc"])


def downgrade() -> None:
    op.drop_table("appointment")
