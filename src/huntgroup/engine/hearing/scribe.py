"""Turns sound into words for all ears of the process: a few threads, one model."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from huntgroup.engine.hearing.noise import cleaned
from huntgroup.engine.hearing.whisper import NOTHING, Samples, Written
from huntgroup.engine.hearing.window import SAMPLE_RATE_HZ
from huntgroup.engine.ports import EarOptions, Expects, Heard

_LOG = logging.getLogger(__name__)
_LONGEST_MS = 28_000
_BYTES_PER_MS = 2 * SAMPLE_RATE_HZ // 1000


class Writer(Protocol):
    """What a scribe needs of a model: a blocking call that several threads may make."""

    def write(
        self,
        samples: Samples,
        *,
        language: str | None,
        prompt: str = "",
        likely: str = "en",
        expects: Expects | None = None,
    ) -> Written:
        """Write down up to 30 s of 16 kHz sound."""
        ...


class Scribe:
    """Runs a writer in threads; cancelling a `write` that has not begun costs nothing."""

    def __init__(self, writer: Writer, threads: Executor) -> None:
        self._writer = writer
        self._threads = threads

    async def write(
        self,
        sound: bytes,
        options: EarOptions,
        *,
        likely: str,
        start_ms: int,
        voiced_ms: int | None,
    ) -> Heard:
        """Write down PCM16 16 kHz; longer than 28 s is cut into pieces. `voiced_ms` None means unknown."""
        length_ms = len(sound) // _BYTES_PER_MS
        loop = asyncio.get_running_loop()
        pieces: list[tuple[str, Written]] = []
        for piece in _pieces(sound):
            done = await loop.run_in_executor(self._threads, self._piece, piece, options, likely, voiced_ms)
            pieces.append(done)
        text = " ".join(text for text, _ in pieces if text)
        language = next(
            (written.language for text, written in pieces if text),
            options.language or likely,
        )
        confidence = min((written.confidence for text, written in pieces if text), default=0.0)
        return Heard(text, language, round(confidence, 3), start_ms, start_ms + length_ms)

    def _piece(self, sound: bytes, options: EarOptions, likely: str, voiced_ms: int | None) -> tuple[str, Written]:
        samples = np.frombuffer(sound, dtype="<i2").astype(np.float32) / np.float32(32768)
        try:
            written = self._writer.write(
                samples,
                language=options.language,
                prompt=options.prompt,
                likely=likely,
                expects=options.expects,
            )
        except Exception as error:  # a turn must end whatever the model does
            _LOG.warning("a decode failed (%s); the turn counts as noise", type(error).__name__)
            return "", NOTHING
        voiced = len(sound) // _BYTES_PER_MS if voiced_ms is None else voiced_ms
        return cleaned(written, voiced_ms=voiced, level_dbfs=loudness_dbfs(samples)), written


def loudness_dbfs(samples: NDArray[np.float32]) -> float:
    """Level of the loudest tenth of a second; -120 for silence."""
    if not len(samples):
        return -120.0
    size = SAMPLE_RATE_HZ // 10
    padded = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
    power = float(np.max(np.mean(np.square(padded), axis=1)))
    return 10.0 * float(np.log10(max(power, 1e-12)))


def _pieces(sound: bytes) -> list[bytes]:
    size = _LONGEST_MS * _BYTES_PER_MS
    return [sound[at : at + size] for at in range(0, len(sound) // 2 * 2, size)] or [b""]
