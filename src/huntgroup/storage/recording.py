"""The kept sound of one call, read piece by piece: an hour of it is never in memory. Every method blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huntgroup.media import g711
from huntgroup.media.formats import AudioFormat
from huntgroup.media.resample import resample
from huntgroup.media.wav import HEAD_BYTES, wav_head

PIECE_FRAMES = 32_768
# A part at another rate is converted second by second, each with what is around it, so that any stretch of it is the
# same sound wherever reading begins.
_MARGIN_MS = 50
Span = tuple[int, int]
Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Part:
    """One file: `frames` moments of caller and heard, from `start_ms` of the call on."""

    path: Path
    start_ms: int
    format: AudioFormat
    frames: int

    def frames_at(self, rate_hz: int) -> int:
        """How many moments it has at another rate."""
        return self.frames * rate_hz // self.format.rate_hz

    def read(self, start: int, count: int, rate_hz: int) -> Samples:
        """Return the moments from `start` on at `rate_hz`; silence where the file has none any more."""
        if rate_hz == self.format.rate_hz:
            return self._own(start, count)
        first, last = start // rate_hz, (start + count - 1) // rate_hz
        seconds = [self._second(number, rate_hz) for number in range(first, last + 1)]
        return np.concatenate(seconds)[start - first * rate_hz :][:count]

    def _second(self, number: int, rate_hz: int) -> Samples:
        own_hz = self.format.rate_hz
        before = _MARGIN_MS if number else 0
        window = self._own(number * own_hz - before * own_hz // 1000, own_hz + (before + _MARGIN_MS) * own_hz // 1000)
        lanes = [np.frombuffer(resample(window[:, n].tobytes(), own_hz, rate_hz), dtype=np.int16) for n in (0, 1)]
        out = np.zeros((rate_hz, 2), dtype=np.int16)
        for n, lane in enumerate(lanes):
            found = lane[before * rate_hz // 1000 :][:rate_hz]
            out[: len(found), n] = found
        return out

    def _own(self, start: int, count: int) -> Samples:
        size = 2 * self.format.sample_bytes
        with self.path.open("rb") as file:
            file.seek(HEAD_BYTES + start * size)
            data = file.read(max(0, min(count, self.frames - start)) * size)
        found = self._decoded(data[: len(data) - len(data) % size])
        out = np.zeros((count, 2), dtype=np.int16)
        out[: len(found)] = found
        return out

    def _decoded(self, data: bytes) -> Samples:
        if self.format.encoding == "audio/pcmu":
            data = g711.ulaw_to_pcm16(data)
        elif self.format.encoding == "audio/pcma":
            data = g711.alaw_to_pcm16(data)
        return np.frombuffer(data, dtype=np.int16).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Recording:
    """The sound of one call, all its parts on one clock; a later part hides what it overlaps."""

    parts: tuple[Part, ...]

    @property
    def rate_hz(self) -> int:
        return self.parts[0].format.rate_hz

    @property
    def frames(self) -> int:
        """How many moments it has, at `rate_hz`."""
        return max(self._start(part) + part.frames_at(self.rate_hz) for part in self.parts)

    @property
    def duration_ms(self) -> int:
        return self.frames * 1000 // self.rate_hz

    def read(self, start: int, count: int) -> Samples:
        """Return PCM16 at `rate_hz` from the moment `start` on, one row per moment: caller, heard."""
        out = np.zeros((count, 2), dtype=np.int16)
        for part in self.parts:
            at = self._start(part)
            first, last = max(start, at), min(start + count, at + part.frames_at(self.rate_hz))
            if first < last:
                out[first - start : last - start] = part.read(first - at, last - first, self.rate_hz)
        return out

    def peaks(self, count: int) -> dict[str, Any]:
        """Return how loud each lane is, 0…1, in at most `count` steps of equal length, for drawing."""
        size = max(1, -(-self.frames // count))
        steps = -(-self.frames // size)
        at_once = max(1, PIECE_FRAMES // size)
        loudest = [self._loudest(at, min(at_once, steps - at), size) for at in range(0, steps, at_once)]
        lanes = np.concatenate(loudest).T if loudest else np.zeros((2, 0))
        told = {name: [round(float(v), 3) for v in lane] for name, lane in zip(("caller", "heard"), lanes, strict=True)}
        return {"step_ms": size * 1000 / self.rate_hz, "duration_ms": self.duration_ms, **told}

    def _loudest(self, step: int, steps: int, size: int) -> NDArray[np.float64]:
        samples = np.abs(self.read(step * size, steps * size).astype(np.int32))
        found: NDArray[np.float64] = samples.reshape(steps, size, 2).max(axis=1) / 32768
        return found

    def _start(self, part: Part) -> int:
        return part.start_ms * self.rate_hz // 1000


class WavFile:
    """A recording as a file of PCM16: `both` lanes in stereo, or one: `caller`, or `heard` within the `spans` (ms)."""

    def __init__(self, recording: Recording, lane: str = "both", spans: Sequence[Span] = ()) -> None:
        self._recording = recording
        self._lane = lane
        self._spans = spans
        self._channels = 2 if lane == "both" else 1
        self._frame_bytes = 2 * self._channels
        self._frames = recording.frames

    @property
    def size_bytes(self) -> int:
        return HEAD_BYTES + self._frames * self._frame_bytes

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `end`, in pieces of 128 kB at most."""
        head = wav_head(
            AudioFormat("audio/pcm", self._recording.rate_hz), self._channels, self._frames * self._frame_bytes
        )
        if start < HEAD_BYTES:
            yield head[start : min(end, HEAD_BYTES)]
        at, until = max(0, start - HEAD_BYTES), end - HEAD_BYTES
        while at < until:
            frame, skip = divmod(at, self._frame_bytes)
            count = min(PIECE_FRAMES, -(-(until - frame * self._frame_bytes) // self._frame_bytes))
            piece = self._sound(frame, count)[skip : until - frame * self._frame_bytes]
            at += len(piece)
            yield piece

    def _sound(self, start: int, count: int) -> bytes:
        samples = self._recording.read(start, count)
        if self._lane == "caller":
            samples = samples[:, 0]
        elif self._lane == "heard":
            samples = within(samples[:, 1], start, self._spans, self._recording.rate_hz)
        return np.ascontiguousarray(samples).tobytes()


def within(samples: Samples, start: int, spans: Sequence[Span], rate_hz: int) -> Samples:
    """Return the samples, which begin at the moment `start`, with silence outside of the spans (ms)."""
    out = np.zeros_like(samples)
    for start_ms, end_ms in spans:
        first, last = (max(0, ms * rate_hz // 1000 - start) for ms in (start_ms, end_ms))
        out[first:last] = samples[first:last]
    return out
