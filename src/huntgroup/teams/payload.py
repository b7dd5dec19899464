"""What travels with a handoff: a pydantic model or a dataclass, both ways."""

import dataclasses
import inspect
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

PayloadType = type[Any]


class Brief(BaseModel):
    """Base of what travels with a handoff, both ways: typed fields with descriptions, unknown ones ignored.

    A dataclass does as well; `Annotated[str, Field(description="…")]` describes its fields.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)


def is_payload_type(kind: object) -> bool:
    """Whether something can type a brief or a result."""
    return isinstance(kind, type) and (issubclass(kind, BaseModel) or dataclasses.is_dataclass(kind))


def schema_of(kind: PayloadType | None) -> dict[str, Any]:
    """Return the JSON schema of a brief or a result, or that of no arguments."""
    if kind is None:
        return {"type": "object", "properties": {}, "required": []}
    return _adapter(kind).json_schema()


def validated(kind: PayloadType | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a payload as its type has it, in plain JSON values. Raises pydantic's `ValidationError`."""
    if kind is None:
        return dict(given)
    adapter = _adapter(kind)
    plain: dict[str, Any] = adapter.dump_python(adapter.validate_python(dict(given)), mode="json")
    return plain


def validated_json(kind: PayloadType, text: str) -> dict[str, Any]:
    """Return a payload from its JSON text, in plain JSON values. Raises pydantic's `ValidationError`."""
    adapter = _adapter(kind)
    plain: dict[str, Any] = adapter.dump_python(adapter.validate_json(text), mode="json")
    return plain


def purpose_of(kind: PayloadType | None) -> str:
    """Return what a payload type says of itself to a model: its docstring, unless a dataclass made it up."""
    text = inspect.cleandoc(kind.__doc__ or "") if kind is not None else ""
    made_up = kind is not None and text.startswith(f"{kind.__name__}(")
    return "" if made_up else text


def _adapter(kind: PayloadType) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


_adapters: dict[PayloadType, TypeAdapter[Any]] = {}
