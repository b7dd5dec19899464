"""The kept sound of calls, for reading and forgetting. Every method blocks: call it off the event loop."""

import contextlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huntgroup.media import g711
from huntgroup.media.formats import AudioFormat
from huntgroup.media.resample import resample
from huntgroup.media.wav import HEAD_BYTES, read_wav_head, wav_head

_NAME = re.compile(r"(?P<call_id>[A-Za-z0-9_-]+)\.(?P<start_ms>\d+)\.wav")
# A file may be older than its call's row: facts wait for a database that is away.
_YOUNG_S = 24 * 3600
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Part:
    path: Path
    start_ms: int
    format: AudioFormat
    frames: int

    def samples(self) -> NDArray[np.int16]:
        """All of it, PCM16, one row per moment: caller, heard."""
        data = self.path.read_bytes()[HEAD_BYTES:]
        data = data[: len(data) - len(data) % (2 * self.format.sample_bytes)]
        if self.format.encoding == "audio/pcmu":
            data = g711.ulaw_to_pcm16(data)
        elif self.format.encoding == "audio/pcma":
            data = g711.alaw_to_pcm16(data)
        return np.frombuffer(data, dtype=np.int16).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Recording:
    """The sound of one call, all its parts on one clock."""

    parts: tuple[_Part, ...]

    @property
    def rate_hz(self) -> int:
        return self.parts[0].format.rate_hz

    @property
    def duration_ms(self) -> int:
        return max(part.start_ms + part.frames * 1000 // part.format.rate_hz for part in self.parts)

    def samples(self) -> NDArray[np.int16]:
        """Return all of it, PCM16 at `rate_hz`, one row per moment: caller, heard."""
        if len(self.parts) == 1 and self.parts[0].start_ms == 0:
            return self.parts[0].samples()
        out = np.zeros((self.duration_ms * self.rate_hz // 1000 + self.rate_hz, 2), dtype=np.int16)
        end = 0
        for part in self.parts:
            at = part.start_ms * self.rate_hz // 1000
            found = _at_rate(part.samples(), part.format.rate_hz, self.rate_hz)[: len(out) - at]
            out[at : at + len(found)] = found
            end = max(end, at + len(found))
        return out[:end]

    def wav(self, lane: str = "both", spans: Sequence[Span] = ()) -> bytes:
        """Return a WAV file in PCM16: `both` lanes in stereo, or one: `caller`, or `heard` within the `spans` (ms)."""
        samples = self.samples()
        if lane == "caller":
            samples = samples[:, :1]
        elif lane == "heard":
            samples = within(samples[:, 1:], spans, self.rate_hz)
        data = np.ascontiguousarray(samples).tobytes()
        return wav_head(AudioFormat("audio/pcm", self.rate_hz), samples.shape[1], len(data)) + data

    def peaks(self, count: int) -> dict[str, Any]:
        """Return how loud each lane is, 0…1, in `count` steps of equal length, for drawing."""
        samples = np.abs(self.samples().astype(np.int32))
        size = max(1, -(-len(samples) // count))
        padded = np.zeros((size * -(-max(1, len(samples)) // size), 2), dtype=np.int32)
        padded[: len(samples)] = samples
        loudest = padded.reshape(-1, size, 2).max(axis=1) / 32768
        step_ms = size * 1000 / self.rate_hz
        lanes = {name: [round(float(v), 3) for v in loudest[:, n]] for n, name in enumerate(("caller", "heard"))}
        return {"step_ms": step_ms, "duration_ms": self.duration_ms, **lanes}


class Recordings:
    """The folder of recordings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, call_id: str) -> Recording | None:
        """Return a call's sound; None when there is none."""
        parts = [part for path in self._files() if (part := _part(path, call_id)) is not None]
        return Recording(tuple(sorted(parts, key=lambda part: part.start_ms))) if parts else None

    def forget(self, call_id: str) -> None:
        """Delete a call's sound."""
        for path in self._files():
            if _call_of(path) == call_id:
                path.unlink(missing_ok=True)

    def calls(self, older_than_s: float = _YOUNG_S) -> dict[str, float]:
        """Return the calls whose sound was last written to that long ago or earlier, and how many seconds ago."""
        ages: dict[str, float] = {}
        for path in self._files():
            with contextlib.suppress(OSError):
                age_s = time.time() - path.stat().st_mtime
                call_id = _call_of(path)
                ages[call_id] = min(age_s, ages.get(call_id, age_s))
        return {call_id: age_s for call_id, age_s in ages.items() if age_s >= older_than_s}

    def _files(self) -> list[Path]:
        try:
            return [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return []


def within(samples: NDArray[np.int16], spans: Sequence[Span], rate_hz: int) -> NDArray[np.int16]:
    """Return the samples with silence outside of the spans, which are in milliseconds."""
    out = np.zeros_like(samples)
    for start_ms, end_ms in spans:
        start, end = start_ms * rate_hz // 1000, end_ms * rate_hz // 1000
        out[start:end] = samples[start:end]
    return out


def _part(path: Path, call_id: str) -> _Part | None:
    if _call_of(path) != call_id:
        return None
    try:
        with path.open("rb") as file:
            head = read_wav_head(file.read(HEAD_BYTES))
        # By the file's length: a process that was killed never wrote it into the head.
        frames = (path.stat().st_size - HEAD_BYTES) // (2 * head.format.sample_bytes)
    except (OSError, ValueError):
        return None
    return _Part(path, int(path.name.split(".")[1]), head.format, frames)


def _call_of(path: Path) -> str:
    return path.name.split(".")[0]


def _at_rate(samples: NDArray[np.int16], from_hz: int, to_hz: int) -> NDArray[np.int16]:
    if from_hz == to_hz:
        return samples
    lanes = [np.frombuffer(resample(samples[:, n].tobytes(), from_hz, to_hz), dtype=np.int16) for n in (0, 1)]
    length = min(len(lane) for lane in lanes)
    return np.stack([lane[:length] for lane in lanes], axis=1)
