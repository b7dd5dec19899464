"""Ears for all calls of a process: models loaded once, decoding in threads outside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from huntgroup.domain.errors import DataMissing
from huntgroup.engine.hearing.deaf import DeafEar
from huntgroup.engine.hearing.ear import ListeningEar
from huntgroup.engine.hearing.scribe import Scribe
from huntgroup.engine.hearing.vad import Vad, VadModel
from huntgroup.engine.hearing.whisper import Whisper
from huntgroup.engine.ports import Ear, EarOptions
from huntgroup.engine.weights import (
    SILERO,
    WHISPER_BASE,
    WHISPER_TINY,
    Bundle,
    Progress,
    Weights,
)

Size = Literal["base", "tiny"]
_BUNDLES: dict[Size, Bundle] = {"base": WHISPER_BASE, "tiny": WHISPER_TINY}


class EarShop:
    """Makes ears; open it once per process with `EarShop.open()`.

    Without model files it still opens: `missing` says why, and its ears hear nothing, so that text and DTMF go on.
    """

    def __init__(self, vad: VadModel | None, scribe: Scribe | None, *, missing: str | None = None) -> None:
        self._vad = vad
        self._scribe = scribe
        self.missing = missing

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        weights: Weights,
        *,
        size: Size = "base",
        workers: int = 2,
        progress: Progress = lambda text: None,
    ) -> AsyncIterator[EarShop]:
        """Load the models in a thread, close the workers afterwards.

        The other Whisper size stands in for a missing one.
        """
        progress(f"loading the ear (Whisper {size}, Silero)")
        threads = ThreadPoolExecutor(workers, thread_name_prefix="ear")
        try:
            yield await asyncio.to_thread(_load, cls, weights, size, workers, threads)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def new_ear(self, options: EarOptions | None = None) -> Ear:
        """An ear for one caller; call it inside the event loop that will use it."""
        if self._vad is None or self._scribe is None:
            return DeafEar()
        return ListeningEar(Vad(self._vad), self._scribe, options or EarOptions())


def _load(
    make: type[EarShop],
    weights: Weights,
    size: Size,
    workers: int,
    threads: ThreadPoolExecutor,
) -> EarShop:
    try:
        vad = VadModel(weights.locate(SILERO) / SILERO.files[0].name)
        writer = Whisper(_whisper_folder(weights, size), workers=workers)
    except DataMissing as error:
        return make(None, None, missing=str(error))
    return make(vad, Scribe(writer, threads))


def _whisper_folder(weights: Weights, size: Size) -> Path:
    other: Size = "tiny" if size == "base" else "base"
    try:
        return weights.locate(_BUNDLES[size])
    except DataMissing as first:
        try:
            return weights.locate(_BUNDLES[other])
        except DataMissing:
            raise first from None
