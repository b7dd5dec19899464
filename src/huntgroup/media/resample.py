"""Streaming sample-rate conversion that holds back 2 ms and leaves no seams between frames."""

from __future__ import annotations

import av
from av.audio.resampler import AudioResampler


class Resampler:
    """One stream of PCM16 mono from `from_hz` to `to_hz`.

    `push` takes any number of bytes and returns what is ready; a split sample is kept for the next push. The sum of all
    pushes and one `flush` has the input's length, to within a sample. After `flush` the object starts a new stream.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self.from_hz = from_hz
        self.to_hz = to_hz
        self._tail = b""
        self._engine: AudioResampler | None = None
        self._input: av.AudioFrame | None = None

    def push(self, pcm16: bytes) -> bytes:
        """Feed the next bytes of the stream; returns the converted bytes that are ready, perhaps none."""
        if self._tail:
            pcm16 = self._tail + pcm16
            self._tail = b""
        if len(pcm16) % 2:
            self._tail = pcm16[-1:]
            pcm16 = pcm16[:-1]
        if not pcm16 or self.from_hz == self.to_hz:
            return pcm16
        if self._engine is None:
            self._engine = AudioResampler(format="s16", layout="mono", rate=self.to_hz)
        return _joined(self._engine.resample(self._frame(pcm16)))

    def flush(self) -> bytes:
        """End the stream: what was held back."""
        engine, self._engine, self._tail = self._engine, None, b""
        return b"" if engine is None else _joined(engine.resample(None))

    def _frame(self, pcm16: bytes) -> av.AudioFrame:
        """The samples as a frame. Telephone frames are all of one length, and the engine copies what it is given."""
        frame = self._input
        if frame is None or frame.samples * 2 != len(pcm16):
            frame = self._input = av.AudioFrame(format="s16", layout="mono", samples=len(pcm16) // 2)
            frame.sample_rate = self.from_hz
        frame.planes[0].update(pcm16)
        return frame


def _joined(frames: list[av.AudioFrame]) -> bytes:
    # A plane may be padded past its samples.
    if len(frames) == 1:
        return bytes(frames[0].planes[0])[: frames[0].samples * 2]
    return b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in frames)


def resample(pcm16: bytes, from_hz: int, to_hz: int) -> bytes:
    """Convert a whole recording at once."""
    stream = Resampler(from_hz, to_hz)
    return stream.push(pcm16) + stream.flush()
