"""Where things are kept."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import field_validator

from huntgroup.settings.section import Section, env


class StorageSettings(Section):
    """The database, and the data folder."""

    database_url: str | None = env(
        "HUNTGROUP_DATABASE_URL",
        None,
        "`postgresql://user:password@host/name`. Unset: an embedded PostgreSQL under the data folder.",
    )
    data_dir: Path = env(
        "HUNTGROUP_DATA_DIR", Path(".huntgroup"), "Folder for the embedded database, recordings and caches."
    )

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str | None) -> str | None:
        schemes = ("postgresql", "postgres", "postgresql+asyncpg")
        if value is not None and urlsplit(value).scheme not in schemes:
            raise ValueError("must be a PostgreSQL address such as postgresql://user:password@host/name")
        return value

    @property
    def postgres_dir(self) -> Path:
        """Where the embedded PostgreSQL keeps its data."""
        return self.data_dir / "postgres"

    @property
    def recordings_dir(self) -> Path:
        return self.data_dir / "recordings"
