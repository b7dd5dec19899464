"""All tables that the code declares, the shared ones and each vertical's."""

import importlib
import importlib.util
import pkgutil

from sqlalchemy import MetaData

from huntgroup import verticals
from huntgroup.storage.tables import Base


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
