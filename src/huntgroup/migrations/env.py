"""Alembic's environment: runs the steps on the connection that `upgrade` hands over."""

from typing import Any

from alembic import context
from sqlalchemy import text

from huntgroup.migrations.tables import every_metadata, every_schema

VERSION_SCHEMA = "huntgroup"


def ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether a comparison looks at this schema; tables of others are none of our business."""
    return kind != "schema" or name in every_schema()


connection = context.config.attributes["connection"]
connection.execute(text(f"create schema if not exists {VERSION_SCHEMA}"))
context.configure(
    connection=connection,
    target_metadata=every_metadata(),
    include_schemas=True,
    include_name=ours,
    version_table_schema=VERSION_SCHEMA,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
