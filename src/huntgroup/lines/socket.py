"""What a line needs of the WebSocket below it."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, Protocol

SendNow = Callable[[str], bool]
Abort = Callable[[], None]
Sink = Callable[[MutableMapping[str, Any]], None]
PushTo = Callable[[Sink | None], None]


class TextSocket(Protocol):
    """What the line needs of an accepted WebSocket (Starlette's fits).

    One that has a method `send_now(text) -> bool` is written to without waiting: True when the text is written, False
    when it must go through `send_text` after all. One that has a method `abort()` gives the connection up at once, with
    what was not sent. One that has a method `push_to(sink)` gives every message to `sink` when it comes, those that
    wait first, and to `receive` again after `push_to(None)`.
    """

    async def receive(self) -> MutableMapping[str, Any]: ...

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


def sender_of(socket: TextSocket) -> SendNow:
    """The socket's `send_now`, or one that always says False."""
    found: SendNow = getattr(socket, "send_now", _must_wait)
    return found


def aborter_of(socket: TextSocket) -> Abort:
    """The socket's `abort`, or one that leaves the connection to its server."""
    found: Abort = getattr(socket, "abort", _leave)
    return found


def pusher_of(socket: TextSocket) -> PushTo | None:
    """The socket's `push_to`, if it has one."""
    found: PushTo | None = getattr(socket, "push_to", None)
    return found


def _must_wait(text: str) -> bool:
    return False


def _leave() -> None:
    return None
