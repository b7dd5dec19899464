"""A slow natural voice with a fast plain one under it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from huntgroup.engine.speaking.renderers import Renderer
from huntgroup.engine.speaking.trouble import SpeechLost


class WithFloor:
    """Renders with `upper`; a sentence that is later than `patience_s`, or lost, is spoken by `floor_voice` instead."""

    def __init__(self, upper: Renderer, floor: Renderer, *, floor_voice: str, patience_s: float = 1.5) -> None:
        self._upper = upper
        self._floor = floor
        self._floor_voice = floor_voice
        self._patience_s = patience_s

    def voices(self) -> Sequence[str]:
        """The upper renderer's voices."""
        return self._upper.voices()

    def prepare(self, sentence: str, voice: str) -> str:
        """As the upper renderer wants it; the floor prepares it once more."""
        return self._upper.prepare(sentence, voice)

    async def render(self, prepared: str, voice: str, speed: float) -> bytes:
        """One sentence by whoever is in time."""
        try:
            async with asyncio.timeout(self._patience_s):
                return await self._upper.render(prepared, voice, speed)
        except (TimeoutError, SpeechLost):
            text = self._floor.prepare(prepared, self._floor_voice)
            return await self._floor.render(text, self._floor_voice, speed)
