"""A browser's peer without a network, for `WebRtcLine`: the caller's frames and what the caller hears, as lists."""

from __future__ import annotations

from collections import deque

from huntgroup.media.formats import PCM16_24K
from huntgroup.media.frames import Framer


class MemoryPeer:
    """Connected from the start. `silence` makes it send nothing at all, as a network that is gone does.

    `sign_every_frames` makes it send no sound either, but a sign of life every so many frames: who only listens.
    """

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self._framer = Framer(PCM16_24K.frame_bytes)
        self.sent = bytearray()
        self.is_sending = True
        self.is_closed = False
        self.silence = False
        self.silent_frames: int | None = 0
        self.soundless_frames: int | None = 0
        self.sign_every_frames: int | None = None
        self._taken = 0

    def speak(self, pcm16: bytes) -> None:
        """Say something, beginning with the next frame."""
        self._frames.extend(self._framer.push(pcm16))

    def play(self, pcm16: bytes) -> None:
        """Take what is played."""
        self.sent += pcm16

    def take(self) -> bytes | None:
        """The caller's next 20 ms; None for silence."""
        self._taken += 1
        mute = self.silence or self.sign_every_frames is not None
        signs = not self.silence and self._taken % (self.sign_every_frames or 1) == 0
        self.silent_frames = 0 if signs else (self.silent_frames or 0) + 1
        if self.soundless_frames is not None:
            self.soundless_frames = self.soundless_frames + 1 if mute else 0
        return self._frames.popleft() if self._frames and not mute else None

    async def close(self) -> None:
        """Be gone."""
        self.is_closed, self.is_sending = True, False

    @property
    def heard(self) -> bytes:
        """All that was played, silent frames left out."""
        size = PCM16_24K.frame_bytes
        frames = (self.sent[at : at + size] for at in range(0, len(self.sent), size))
        return b"".join(bytes(frame) for frame in frames if any(frame))
