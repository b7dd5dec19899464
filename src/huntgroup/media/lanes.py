"""The two lanes of a call's sound: what the caller said, and what the caller heard, on one clock.

The lane of what was heard is a copy of the queue that plays strictly in order and at real speed. Where that queue is at
the far end, a clear takes effect there when the mark that was sent right before it comes back; until then the copy goes
on. Where it is at ours, a clear takes effect at once, and all is heard a known time later than it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from huntgroup.media.formats import AudioFormat
from huntgroup.media.playback import Playback

# A frame may be late by some; a hole that is longer is a hole in the sound, too.
_HOLE_MS = 200
_LONGEST_HOLE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Both lanes from `at_ms` on, of the same length."""

    at_ms: int
    caller: bytes
    heard: bytes


class Lanes:
    """Lays the sound of both sides beside each other, as a line carries it. Milliseconds are the line's own.

    `behind_ms` is how much later than sent the far end hears, where the queue is at our end; 0 where it is at theirs.
    """

    def __init__(self, fmt: AudioFormat, behind_ms: int = 0) -> None:
        self.format = fmt
        self._behind_ms = behind_ms
        self._caller = bytearray()
        self._heard = bytearray(fmt.silence(behind_ms))
        self._playback = Playback(fmt)
        self._taken_ms = 0
        # Where the last hole of the caller begins in what waits, and how much of it is left.
        self._hole_at = self._hole_ms = 0
        self._length_ms = 0
        self._last_mark: str | None = None
        self._dropping: str | None = None

    @property
    def pending_ms(self) -> int:
        """How much waits to be taken."""
        return self._length_ms - self._taken_ms

    def said(self, audio: bytes, now_ms: int) -> None:
        """A frame of the caller came, which ends at `now_ms`, or earlier when several came at once."""
        frame_ms = int(self.format.duration_ms(len(audio)))
        hole_ms = now_ms - self._length_ms - frame_ms
        if hole_ms > _HOLE_MS:
            self._hole_at, before_ms = len(self._caller), self._length_ms
            self.silent_until(self._length_ms + hole_ms)
            self._hole_ms = self._length_ms - before_ms
        elif self._hole_ms and hole_ms <= -frame_ms:
            self._fill_hole(frame_ms)
        self._caller += audio
        self._advance(len(self._caller) // self.format.bytes_per_ms - self.pending_ms)

    def _fill_hole(self, ms: int) -> None:
        """The line's clock did not move on: the hole is of our own lateness, and its frames are coming now."""
        ms = min(ms, self._hole_ms)
        del self._caller[self._hole_at : self._hole_at + ms * self.format.bytes_per_ms]
        self._hole_ms -= ms

    def silent_until(self, now_ms: int) -> None:
        """The caller sent nothing until `now_ms`."""
        missing_ms = min(now_ms - self._length_ms, _LONGEST_HOLE_MS)
        if missing_ms > 0:
            self._caller += self.format.silence(missing_ms)
            self._advance(missing_ms)

    def played(self, audio: bytes) -> None:
        """Sound was queued for the caller."""
        if self._dropping is not None:
            self._drop()
        self._playback.play(audio)

    def marked(self, name: str) -> None:
        """A mark was queued."""
        self._last_mark = name

    def cleared(self) -> None:
        """The line was told to drop what is queued."""
        self._dropping = self._last_mark if not self._behind_ms else None
        if self._dropping is None:
            self._drop()

    def echoed(self, name: str) -> None:
        """A mark came back."""
        if name == self._dropping:
            self._drop()
        if name == self._last_mark:
            self._last_mark = None

    def take(self) -> Piece:
        """Return what was laid down since the last time."""
        n_bytes = self.pending_ms * self.format.bytes_per_ms
        piece = Piece(self._taken_ms, bytes(self._caller[:n_bytes]), bytes(self._heard[:n_bytes]))
        del self._caller[:n_bytes], self._heard[:n_bytes]
        self._hole_ms = 0
        self._taken_ms = self._length_ms
        return piece

    def _advance(self, ms: int) -> None:
        if ms > 0:
            self._heard += self._playback.advance(ms).audio
            self._length_ms += ms

    def _drop(self) -> None:
        self._playback.clear()
        self._dropping = None
