"""A line whose sound is kept: a wrapper around any other."""

from __future__ import annotations

from typing import Protocol

from huntgroup.calls.ports import Line, LineAround, LineAudio, LineEnded, LineEvent, LineMark
from huntgroup.media.lanes import Lanes, Piece

PIECE_MS = 1_000


class Tape(Protocol):
    """Where sound goes. Neither method blocks or raises."""

    def put(self, piece: Piece) -> None:
        """Keep a piece."""
        ...

    def close(self) -> None:
        """There is no more; safe to repeat."""
        ...


class RecordedLine(LineAround):
    """`Line` around another; both sides of its sound go to a tape, a second at a time. `behind_ms`: see `Lanes`."""

    def __init__(self, line: Line, tape: Tape, behind_ms: int = 0) -> None:
        super().__init__(line)
        self._tape = tape
        self._lanes = Lanes(line.format, behind_ms)

    async def receive(self) -> LineEvent:
        event = await self._line.receive()
        if isinstance(event, LineAudio):
            self._lanes.said(event.audio, self._line.now_ms())
            if self._lanes.pending_ms >= PIECE_MS:
                self._tape.put(self._lanes.take())
        elif isinstance(event, LineMark):
            self._lanes.echoed(event.name)
        elif isinstance(event, LineEnded):
            self._finish()
        return event

    def play(self, audio: bytes) -> None:
        self._lanes.played(audio)
        self._line.play(audio)

    def mark(self, name: str) -> None:
        self._lanes.marked(name)
        self._line.mark(name)

    def clear(self) -> None:
        self._lanes.cleared()
        self._line.clear()

    async def hang_up(self) -> None:
        """Let queued sound be heard, close the line, and end the tape there."""
        try:
            await self._line.hang_up()
        finally:
            self._finish()

    def _finish(self) -> None:
        """What the line carried while it was hung up went past `receive`; it is silence of the caller here."""
        self._lanes.silent_until(self._line.now_ms())
        if self._lanes.pending_ms:
            self._tape.put(self._lanes.take())
        self._tape.close()
