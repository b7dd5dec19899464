"""The far end of a line: a queue of sound played at real speed, with marks, as a carrier keeps it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from huntgroup.media.formats import AudioFormat


@dataclass(frozen=True, slots=True)
class Played:
    """What one `advance` brought: sound, padded with silence to the full time; how much of it was queued; marks."""

    audio: bytes
    voiced_bytes: int
    marks: tuple[str, ...]


class Playback:
    """Plays what is queued strictly in order; a mark is due when everything before it was played."""

    def __init__(self, fmt: AudioFormat) -> None:
        self.format = fmt
        self._queue: deque[bytes | str] = deque()
        self._queued_bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether no sound waits (marks may)."""
        return self._queued_bytes == 0

    @property
    def queued_ms(self) -> float:
        """How much sound waits."""
        return self.format.duration_ms(self._queued_bytes)

    def play(self, audio: bytes) -> None:
        """Queue sound."""
        if audio:
            self._queue.append(audio)
            self._queued_bytes += len(audio)

    def mark(self, name: str) -> None:
        """Queue a mark behind the sound so far."""
        self._queue.append(name)

    def clear(self) -> tuple[str, ...]:
        """Drop all sound; returns the pending marks, which a carrier echoes at once."""
        marks = tuple(entry for entry in self._queue if isinstance(entry, str))
        self._queue.clear()
        self._queued_bytes = 0
        return marks

    def advance(self, ms: int) -> Played:
        """Let `ms` pass."""
        wanted = self.format.bytes_per_ms * ms
        out = bytearray()
        marks: list[str] = []
        while self._queue and (len(out) < wanted or isinstance(self._queue[0], str)):
            entry = self._queue.popleft()
            if isinstance(entry, str):
                marks.append(entry)
                continue
            room = wanted - len(out)
            out += entry[:room]
            if len(entry) > room:
                self._queue.appendleft(entry[room:])
        voiced = len(out)
        self._queued_bytes -= voiced
        missing_ms = ms - voiced // self.format.bytes_per_ms
        out += self.format.silence(missing_ms)[: wanted - voiced] if voiced < wanted else b""
        return Played(bytes(out), voiced, tuple(marks))
