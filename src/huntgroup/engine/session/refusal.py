"""How a session says no to one client event."""

from __future__ import annotations

from huntgroup.domain.errors import TellDeveloper


class Refused(TellDeveloper):
    """One client event cannot be done; nothing of it was applied and the session goes on.

    `code` and `param` are those of the protocol's error body. The message never quotes what a caller said.
    """

    def __init__(self, code: str | None, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param


def invalid_value(param: str, message: str) -> Refused:
    """The usual refusal of a value that has the right type but cannot be used."""
    return Refused("invalid_value", f"Invalid value for '{param}': {message}", param)
