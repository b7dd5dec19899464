"""What every fact has, and the fact that stands for one that cannot be read."""

from typing import ClassVar

import msgspec


class FactBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """What every fact has."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    call_id: str
    seq: int
    t_ms: int
    agent: str | None = None


class UnreadableFact(FactBase, frozen=True, kw_only=True):
    """A stored fact that this version cannot read: of a type it does not know, or without a field that it needs.

    `kind` is its type's name as stored. It is made when a record is read and never logged.
    """

    kind: str
