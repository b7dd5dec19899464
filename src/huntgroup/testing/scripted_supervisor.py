"""A supervisor in the same process: what they say is queued, what they hear is kept."""

from __future__ import annotations

from collections import deque

from huntgroup.media.formats import FRAME_MS, PCM16_24K
from huntgroup.media.frames import pieces


class ScriptedSupervisor:
    """`Supervisor` for tests. `is_there` is the test's to set; `let_go_times` counts how often the call let them go."""

    def __init__(self, *, is_there: bool = True) -> None:
        self.is_there = is_there
        self.let_go_times = 0
        self._heard = bytearray()
        self._frames: deque[bytes] = deque()

    @property
    def heard(self) -> bytes:
        """All that was played to them, PCM16 at 24 kHz."""
        return bytes(self._heard)

    @property
    def heard_ms(self) -> int:
        """How long that is."""
        return int(PCM16_24K.duration_ms(len(self._heard)))

    def say(self, pcm16: bytes) -> None:
        """Say something; an incomplete last frame is filled up with silence."""
        self._frames.extend(piece.ljust(PCM16_24K.frame_bytes, b"\0") for piece in pieces(pcm16, PCM16_24K.frame_bytes))

    def play(self, pcm16: bytes) -> None:
        """Hear 20 ms."""
        if len(pcm16) != PCM16_24K.frame_bytes:
            raise ValueError(f"a frame is {FRAME_MS} ms, got {len(pcm16)} bytes")
        self._heard += pcm16

    def take(self) -> bytes | None:
        """The next 20 ms of what was to be said."""
        return self._frames.popleft() if self._frames and self.is_there else None

    def let_go(self) -> None:
        """The call needs them no more."""
        self.let_go_times += 1
        self.is_there = False
