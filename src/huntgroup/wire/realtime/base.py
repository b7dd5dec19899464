"""Bases of the Realtime structs: how absence and null are written, and what a bad event is.

Client side: an optional field is UNSET and absent from the wire. Server side: an optional field is None and written
as null, because real clients depend on the key being there.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from huntgroup.domain.errors import TellDeveloper

Opt = UnsetType
"""Short for "may be absent"; written as `T | Opt = UNSET`."""


class Part(Struct, kw_only=True):
    """A nested object whose absent fields stay absent."""


class ClientEventBase(Struct, kw_only=True, tag_field="type"):
    """An event a client sends. `event_id` is the client's and comes back as `error.event_id`."""

    event_id: str | Opt = UNSET


class ServerEventBase(Struct, kw_only=True, tag_field="type"):
    """An event a server sends. The sender stamps `event_id`."""

    event_id: str = ""


class UnknownServerEvent(Struct, kw_only=True):
    """A server event whose type this package does not know; `raw` is the whole decoded object."""

    type: str
    raw: dict[str, Any]


class MalformedEvent(TellDeveloper):
    """An event that cannot be read.

    `code` and `param` are those of the protocol's error body; `event_id` is the sender's when it could be read.
    The message names fields and types, never their contents.
    """

    def __init__(self, code: str, param: str | None, message: str, event_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.param = param
        self.message = message
        self.event_id = event_id


__all__ = [
    "UNSET",
    "ClientEventBase",
    "MalformedEvent",
    "Opt",
    "Part",
    "ServerEventBase",
    "Struct",
    "UnknownServerEvent",
    "msgspec",
]
