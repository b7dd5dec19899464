"""Alembic's environment: runs the steps on the connection that `upgrade` hands over."""

from alembic import context
from sqlalchemy import text

from huntgroup.migrations.tables import COMPARISON, VERSION_SCHEMA, every_metadata

connection = context.config.attributes["connection"]
connection.execute(text(f"create schema if not exists {VERSION_SCHEMA}"))
context.configure(
    connection=connection,
    target_metadata=every_metadata(),
    **COMPARISON,
)
with context.begin_transaction():
    context.run_migrations()
