"""Finds the first key of a decoded object that its struct does not know.

msgspec can forbid unknown keys only for a whole class, but the same classes are read leniently when a newer server
sends them. So strictness is a walk of its own, used on client events alone.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec


def first_unknown_key(value: dict[str, Any], struct: type[msgspec.Struct]) -> str | None:
    """The path of the first unknown key, such as `session.audio.input.foo` or `item.content[0].foo`; None if none."""
    return _in_struct(value, struct, "")


def _in_struct(value: dict[str, Any], struct: type[msgspec.Struct], path: str) -> str | None:
    known, tag_field = _fields(struct), struct.__struct_config__.tag_field
    for key, inner in value.items():
        here = f"{path}.{key}" if path else key
        if key == tag_field:
            continue
        if key not in known:
            return here
        if found := _in_any(inner, known[key], here):
            return found
    return None


def _in_any(value: Any, structs: tuple[type[msgspec.Struct], ...], path: str) -> str | None:
    if not structs:
        return None
    if isinstance(value, dict):
        struct = _pick(value, structs)
        return _in_struct(value, struct, path) if struct else None
    if isinstance(value, list):
        found = (_in_any(inner, structs, f"{path}[{index}]") for index, inner in enumerate(value))
        return next((path for path in found if path), None)
    return None


def _pick(value: dict[str, Any], structs: tuple[type[msgspec.Struct], ...]) -> type[msgspec.Struct] | None:
    for struct in structs:
        config = struct.__struct_config__
        if config.tag_field is None or value.get(config.tag_field) == config.tag:
            return struct
    return None


@cache
def _fields(struct: type[msgspec.Struct]) -> dict[str, tuple[type[msgspec.Struct], ...]]:
    hints = get_type_hints(struct)
    return {name: tuple(_structs(hints[name])) for name in struct.__struct_fields__}


def _structs(hint: Any) -> list[type[msgspec.Struct]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return [hint]
    if get_origin(hint) in (Union, UnionType, list):
        return [struct for inner in get_args(hint) for struct in _structs(inner)]
    return []
