"""Whether what comes in is what went out: the agent's own sound, brought back late and fainter by the caller's line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huntgroup.media.formats import FRAME_MS, PCM16_8K, AudioFormat
from huntgroup.media.transcode import transcode

Samples = NDArray[np.float32]

LONGEST_DELAY_MS = 600
WINDOW_MS = 400
_TAPS, _TAPS_BEFORE = 32, 8
_PER_MS = PCM16_8K.rate_hz // 1000
_FRAME = FRAME_MS * _PER_MS
_QUIET = 60.0
_NEAR_SHARE = 0.5
_LAGS = np.subtract.outer(np.arange(_TAPS), np.arange(_TAPS))


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of a stretch's energy is explained by our own sound (0..1), and for how long another voice is in it."""

    explained: float
    near_ms: int


class EchoJudge:
    """Keeps the last second of both directions of one line; `judge` is asked only when it matters.

    `push` must be given all sound of the caller, some frames at a time, with what sounded at the far end in the same
    time, both in the line's format; it costs a microsecond or two, `judge` about one millisecond.
    """

    def __init__(self, fmt: AudioFormat) -> None:
        self._format = fmt
        self._kept_bytes = (WINDOW_MS + LONGEST_DELAY_MS) * fmt.bytes_per_ms
        self._heard = bytearray(fmt.silence(WINDOW_MS + LONGEST_DELAY_MS))
        self._played = bytearray(self._heard)

    def push(self, heard: bytes, played: bytes, *, goes_on: bool = False) -> None:
        """Take sound of the caller and what sounded there meanwhile.

        Where less was played than heard, the rest was silent: before what `goes_on` sounding, else behind it.
        """
        self._heard += heard
        length = len(heard)
        if len(played) < length:
            silence = self._format.silence((length - len(played)) // self._format.bytes_per_ms + 1)
            played = (silence + played)[-length:] if goes_on else played + silence
        self._played += played[:length] if len(played) < 2 * length else played[-length:]
        if len(self._heard) > 2 * self._kept_bytes:
            del self._heard[: -self._kept_bytes]
            del self._played[: -self._kept_bytes]

    def judge(self, last_ms: int) -> Evidence | None:
        """What the last `WINDOW_MS` are; another voice is counted in the last `last_ms` only. None: they are silent."""
        heard = self._samples(self._heard, WINDOW_MS)
        played = self._samples(self._played, WINDOW_MS + LONGEST_DELAY_MS)
        if _level(heard) < _QUIET:
            return None
        if _level(played) < _QUIET:
            return Evidence(0.0, last_ms)
        rest = heard - _echo_in(heard, played)
        explained = 1.0 - float(rest @ rest) / float(heard @ heard)
        frames = range(len(heard) - last_ms * _PER_MS, len(heard), _FRAME)
        return Evidence(max(0.0, explained), FRAME_MS * sum(_is_near(heard, rest, at) for at in frames if at >= 0))

    def _samples(self, kept: bytearray, ms: int) -> Samples:
        pcm16 = transcode(bytes(kept[-ms * self._format.bytes_per_ms :]), self._format, PCM16_8K)
        samples = np.frombuffer(pcm16, dtype="<i2").astype(np.float32)
        out = np.zeros(ms * _PER_MS, np.float32)
        out[-len(samples) :] = samples[-len(out) :]
        out -= out.mean()
        return out


def _level(samples: Samples) -> float:
    return float(np.sqrt((samples @ samples) / len(samples)))


def _is_near(heard: Samples, rest: Samples, at: int) -> bool:
    frame, left = heard[at : at + _FRAME], rest[at : at + _FRAME]
    return _level(left) > _QUIET and float(left @ left) > _NEAR_SHARE * float(frame @ frame)


def _echo_in(heard: Samples, played: Samples) -> Samples:
    """The best copy of `played` in `heard`: delayed as it fits best, through a filter of 4 ms."""
    begin = len(played) - len(heard) - _delay(heard, played) + _TAPS_BEFORE
    source = np.concatenate((np.zeros(_TAPS, np.float32), played, np.zeros(_TAPS, np.float32)))
    columns = [source[_TAPS + begin - tap :][: len(heard)] for tap in range(_TAPS)]
    own = np.array([float(columns[0] @ column) for column in columns])
    own[0] = own[0] * 1.001 + 1e-9
    matches = np.array([float(column @ heard) for column in columns])
    taps = np.linalg.solve(own[np.abs(_LAGS)], matches).astype(np.float32)
    return np.convolve(source[begin + 1 :][: len(heard) + _TAPS - 1], taps, "valid").astype(np.float32)


def _delay(heard: Samples, played: Samples) -> int:
    """By how many samples `heard` lags behind `played`, by the peak of their normalised cross-correlation."""
    size = 1 << (len(played) + len(heard) - 1).bit_length()
    spectrum = np.fft.rfft(played, size) * np.conj(np.fft.rfft(heard, size))
    lags = len(played) - len(heard) + 1
    matches = np.fft.irfft(spectrum, size)[:lags]
    energy = np.concatenate(([0.0], np.cumsum(played.astype(np.float64) ** 2)))
    spans = energy[len(heard) :] - energy[:lags]
    best = int(np.argmax(np.abs(matches) / np.sqrt(spans + 1.0)))
    return len(played) - len(heard) - best
