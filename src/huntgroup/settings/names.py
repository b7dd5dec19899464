"""The settings by name: variables, the README's table, and what is set that nobody reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import AliasChoices
from pydantic_core import PydanticUndefined

from huntgroup.settings.fields import Settings


def env_name(field: str) -> str:
    """The environment variable of a field."""
    alias = Settings.model_fields[field].validation_alias
    assert isinstance(alias, AliasChoices)
    return str(alias.choices[0])


def settings_table() -> str:
    """The README's table: one Markdown row per field, in order."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `{env_name(name)}` | {_shown_default(field.default)} | {field.description} |")
    return "\n".join(rows)


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """`HUNTGROUP_…` variables that no field reads: most often a spelling mistake."""
    known = {env_name(field) for field in Settings.model_fields}
    return sorted(name for name in environ if name.startswith("HUNTGROUP_") and name not in known)


def _shown_default(default: Any) -> str:
    if default is PydanticUndefined or default is None or default == {}:
        return "none"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
