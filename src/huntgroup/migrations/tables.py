"""All tables that the code declares, the shared ones and each vertical's."""

import importlib
import importlib.util
import pkgutil
from typing import Any

from sqlalchemy import MetaData

from huntgroup import verticals
from huntgroup.storage.tables import Base

VERSION_SCHEMA = "huntgroup"


def every_metadata() -> list[MetaData]:
    """Return the metadata of the shared tables and of every vertical that has `tables` with a `Base`."""
    found = [Base.metadata]
    for vertical in pkgutil.iter_modules(verticals.__path__, f"{verticals.__name__}."):
        if importlib.util.find_spec(f"{vertical.name}.tables") is not None:
            found.append(importlib.import_module(f"{vertical.name}.tables").Base.metadata)
    return found


def every_schema() -> set[str]:
    """Return the names of the schemas that are ours; everything else in the database is left alone."""
    return {metadata.schema for metadata in every_metadata() if metadata.schema is not None}


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    return kind != "schema" or name in every_schema()


COMPARISON: dict[str, Any] = {
    "include_schemas": True,
    "include_name": _is_ours,
    "version_table_schema": VERSION_SCHEMA,
    "compare_type": True,
    "compare_server_default": True,
}
"""How Alembic compares code and database: our schemas, with types and defaults."""
