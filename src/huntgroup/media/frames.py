"""Cutting a stream of bytes into frames of one size."""

from __future__ import annotations

from collections.abc import Iterator


class Framer:
    """Collects bytes of any chunking and gives them back in frames of exactly `frame_bytes`."""

    def __init__(self, frame_bytes: int) -> None:
        if frame_bytes <= 0:
            raise ValueError(f"a frame needs at least one byte, got {frame_bytes}")
        self.frame_bytes = frame_bytes
        self._rest = bytearray()

    def push(self, audio: bytes) -> list[bytes]:
        """Add bytes; returns the frames that became whole, in order."""
        self._rest += audio
        whole = len(self._rest) - len(self._rest) % self.frame_bytes
        frames = [bytes(self._rest[i : i + self.frame_bytes]) for i in range(0, whole, self.frame_bytes)]
        del self._rest[:whole]
        return frames

    def flush(self, padding: bytes = b"") -> bytes:
        """The rest; filled up with `padding` (one sample of silence) to a whole frame when that is given."""
        rest = bytes(self._rest)
        self._rest.clear()
        if rest and padding:
            missing = self.frame_bytes - len(rest)
            rest += (padding * (missing // len(padding) + 1))[:missing]
        return rest

    def clear(self) -> None:
        """Forget the rest."""
        self._rest.clear()

    @property
    def pending_bytes(self) -> int:
        """Bytes that wait for a whole frame."""
        return len(self._rest)


def pieces(audio: bytes, size: int) -> Iterator[bytes]:
    """`audio` in order, in pieces of at most `size` bytes."""
    return (audio[i : i + size] for i in range(0, len(audio), size))
