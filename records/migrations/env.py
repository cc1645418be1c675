"""Alembic's entry: migrations run on the connection they are given, inside its transaction."""

from __future__ import annotations

from alembic import context

from records.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
