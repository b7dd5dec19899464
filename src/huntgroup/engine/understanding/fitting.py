"""Values against schemas: what fits, and which arguments are the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value keeps the simple rules of its schema: type, enum, pattern, length and range."""
    if "enum" in schema and value not in schema["enum"]:
        return False
    expected: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
    }
    wanted = expected.get(str(schema.get("type")))
    if wanted is not None and not isinstance(value, wanted):
        return False
    if isinstance(value, str):
        return _fits_text(schema, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _fits_text(schema: Mapping[str, Any], value: str) -> bool:
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not re.search(pattern, value):
        return False
    return bool(schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)))


def same(a: Mapping[str, Any] | None, b: Mapping[str, Any], ignore: Sequence[str] = ()) -> bool:
    return a is not None and {k: v for k, v in a.items() if k not in ignore} == {
        k: v for k, v in b.items() if k not in ignore
    }
