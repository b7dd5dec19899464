"""The database's history: every table of every room, one numbered step at a time."""

from huntgroup.migrations.upgrade import is_current, upgrade

__all__ = ["is_current", "upgrade"]
