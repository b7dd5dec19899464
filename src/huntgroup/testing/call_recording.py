"""Both sides of a call on one timeline, and who could be heard when."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

from huntgroup.media import g711, levels
from huntgroup.media.formats import FRAME_MS, PCMU_8K

LOUD_DBFS = -45.0


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time on the call's media clock."""

    start_ms: int
    end_ms: int


class CallRecording:
    """Frames of 20 ms of µ-law, caller and agent side by side, from the first frame of the stream.

    `last_played_ms` is when agent audio last ended, `playing_for_ms` how long it has been going on without a pause.
    """

    def __init__(self) -> None:
        self._caller = bytearray()
        self._agent = bytearray()
        self._agent_playing = bytearray()
        self._agent_loud = bytearray()
        self._caller_loud = bytearray()
        self.last_played_ms = 0
        self.playing_for_ms = 0

    def add(self, caller: bytes, agent: bytes, *, agent_is_playing: bool) -> None:
        """The next 20 ms: what the caller said, what sounded at the ear, and whether that came from the queue."""
        self._caller += caller
        self._agent += agent
        self._agent_playing.append(agent_is_playing)
        self._agent_loud.append(agent_is_playing and _is_loud(agent))
        self._caller_loud.append(_is_loud(caller))
        self.playing_for_ms = self.playing_for_ms + FRAME_MS if agent_is_playing else 0
        if agent_is_playing:
            self.last_played_ms = self.length_ms

    @property
    def length_ms(self) -> int:
        """The time so far."""
        return len(self._agent_playing) * FRAME_MS

    def heard(self, *, merge_ms: int = 60) -> list[Span]:
        """When agent audio was played; pauses up to `merge_ms` belong to it."""
        return _spans(self._agent_playing, merge_ms)

    def sounds(self, *, merge_ms: int = 300) -> list[Span]:
        """When the agent was loud enough to be noticed."""
        return _spans(self._agent_loud, merge_ms)

    def caller_sounds(self, *, merge_ms: int = 300) -> list[Span]:
        """When the caller was loud enough to be noticed."""
        return _spans(self._caller_loud, merge_ms)

    def first_sound_after(self, ms: int) -> int | None:
        """When the agent could first be noticed at or after `ms`."""
        index = self._agent_loud.find(1, max(0, ms) // FRAME_MS)
        return None if index < 0 else index * FRAME_MS

    def agent_pcm16(self, span: Span | None = None) -> bytes:
        """What the ear got, PCM16 at 8 kHz; the whole call without a span."""
        per_ms = PCMU_8K.bytes_per_ms
        window = slice(span.start_ms * per_ms, span.end_ms * per_ms) if span else slice(None)
        return g711.ulaw_to_pcm16(bytes(self._agent[window]))

    def caller_pcm16(self) -> bytes:
        """What the caller said, PCM16 at 8 kHz."""
        return g711.ulaw_to_pcm16(bytes(self._caller))

    def save_wav(self, path: Path | str) -> Path:
        """Write a stereo WAV: the caller left, the agent right. Returns the path."""
        left, right = self.caller_pcm16(), self.agent_pcm16()
        stereo = bytearray(len(left) * 2)
        for offset in (0, 1):
            stereo[offset::4] = left[offset::2]
            stereo[offset + 2 :: 4] = right[offset::2]
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as out:
            out.setnchannels(2)
            out.setsampwidth(2)
            out.setframerate(PCMU_8K.rate_hz)
            out.writeframes(stereo)
        return path


def _is_loud(ulaw: bytes) -> bool:
    return not levels.is_quiet(g711.ulaw_to_pcm16(ulaw), LOUD_DBFS)


def _spans(flags: bytearray, merge_ms: int) -> list[Span]:
    spans: list[Span] = []
    for index, flag in enumerate(flags):
        if not flag:
            continue
        start, end = index * FRAME_MS, (index + 1) * FRAME_MS
        if spans and start - spans[-1].end_ms <= merge_ms:
            spans[-1] = Span(spans[-1].start_ms, end)
        else:
            spans.append(Span(start, end))
    return spans
