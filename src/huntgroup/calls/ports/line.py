"""The port to the caller: a line, and what it tells."""

from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

from huntgroup.media.formats import AudioFormat


class LineAudio(Struct, frozen=True, gc=False):
    """Caller's sound in the line's format, in order."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class LineDtmf:
    digit: str


class LineMark(Struct, frozen=True, gc=False):
    """An echo of our mark: everything played before it was heard, or dropped by `clear`."""

    name: str


@dataclass(frozen=True, slots=True)
class LineBadInput:
    """The line sent something malformed; it was dropped and the line goes on."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class LineEnded:
    """The caller's side is over; the last event. `lost` is True when nobody said goodbye (a socket that broke)."""

    reason: str
    lost: bool


@dataclass(frozen=True, slots=True)
class LineReturned:
    """The caller's side was away for `away_ms` by the wall clock, and is back. The line's own clock stood still."""

    away_ms: int


@dataclass(frozen=True, slots=True)
class LineTick:
    """Time has passed on a line that brings no sound of the caller; about every 100 ms."""


LineEvent = LineAudio | LineTick | LineDtmf | LineMark | LineBadInput | LineReturned | LineEnded


class Line(Protocol):
    """How one caller reaches us."""

    @property
    def kind(self) -> str: ...

    @property
    def written(self) -> bool:
        """Whether the caller reads and writes here, instead of hearing and speaking."""
        ...

    @property
    def format(self) -> AudioFormat:
        """The format of `LineAudio` and of `play`."""
        ...

    def now_ms(self) -> int:
        """Return milliseconds since the line opened, by the line's own media clock."""
        ...

    async def receive(self) -> LineEvent:
        """Return the next event; after `LineEnded` it returns `LineEnded` again."""
        ...

    def play(self, audio: bytes) -> None:
        """Queue sound for the caller; never blocks. Does nothing after the end."""
        ...

    def mark(self, name: str) -> None:
        """Queue a mark; it comes back as `LineMark` when everything before it was heard."""
        ...

    def clear(self) -> None:
        """Drop everything that is queued and not heard; pending marks come back at once."""
        ...

    async def pump(self) -> None:
        """Write the queue out until the line is over; the call runs this as one of its tasks."""
        ...

    async def hang_up(self) -> None:
        """Let queued sound be heard (with a limit), then close our side; safe to repeat."""
        ...
