"""Sound that was given to a line, kept until it is known to be heard: what a stopped speaker goes on with."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

import msgspec
from msgspec.structs import replace

Owner = TypeVar("Owner")


class Piece(msgspec.Struct, Generic[Owner], frozen=True):
    """A stretch of line audio that stands for `ms` of `owner`'s sound; `last` when it ends it."""

    owner: Owner
    audio: bytes
    ms: float
    last: bool = False

    def split(self, ms: float, align_bytes: int) -> tuple[Piece[Owner], Piece[Owner]]:
        """The first `ms` and the rest, cut between two samples."""
        at = round(len(self.audio) * ms / self.ms) // align_bytes * align_bytes if self.ms else 0
        head = replace(self, audio=self.audio[:at], ms=ms, last=False)
        return head, replace(self, audio=self.audio[at:], ms=self.ms - ms)


class Unheard(Generic[Owner]):
    """Pieces by their place on the ledger's scale (ms of sound given to the line since the call began)."""

    def __init__(self, align_bytes: int) -> None:
        self._align_bytes = align_bytes
        self._pieces: deque[tuple[float, Piece[Owner]]] = deque()
        self._followed = 0.0

    def add(self, start: float, piece: Piece[Owner]) -> None:
        """`piece` was given to the line at `start`."""
        self._pieces.append((start, piece))

    def follow(self, position: float, settled: float) -> bytes:
        """The sound since the last call up to `position`; what lies before `settled` too is forgotten."""
        out = b"".join(self._between(self._followed, position))
        self._followed = max(self._followed, position)
        keep_from = min(self._followed, settled)
        while self._pieces and self._pieces[0][0] + self._pieces[0][1].ms < keep_from:
            self._pieces.popleft()
        return out

    def take_from(self, position: float) -> list[Piece[Owner]]:
        """Everything from `position` on, which is forgotten here: it was not heard."""
        pieces, self._pieces = self._pieces, deque()
        self._followed = position
        rest: list[Piece[Owner]] = []
        for start, piece in pieces:
            if start >= position:
                rest.append(piece)
            elif start + piece.ms > position:
                rest.append(piece.split(position - start, self._align_bytes)[1])
        return rest

    def _between(self, begin: float, end: float) -> list[bytes]:
        out: list[bytes] = []
        for start, piece in self._pieces:
            stop = start + piece.ms
            if stop <= begin or not piece.ms:
                continue
            if start >= end:
                break
            first, last = ((min(max(at, start), stop) - start) / piece.ms for at in (begin, end))
            out.append(piece.audio[self._even(first, piece) : self._even(last, piece)])
        return out

    def _even(self, share: float, piece: Piece[Owner]) -> int:
        return round(len(piece.audio) * share) // self._align_bytes * self._align_bytes
