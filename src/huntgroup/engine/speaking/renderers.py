"""A renderer makes one sentence into sound. Pico is the floor; others stand beside it under their own voice names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from huntgroup.engine.speaking.spoken import spoken
from huntgroup.engine.speaking.voices import PICO_VOICES
from huntgroup.engine.speaking.workers import SpeechWorkers

_SLOWEST, _FASTEST = 0.25, 4.0


class Renderer(Protocol):
    """Turns one prepared sentence into PCM16 24 kHz mono."""

    def voices(self) -> Sequence[str]:
        """Names of its voices."""
        ...

    def prepare(self, sentence: str, voice: str) -> str:
        """The sentence as this voice must be given it; also the cache's key."""
        ...

    async def render(self, prepared: str, voice: str, speed: float) -> bytes:
        """The sound; raises `SpeechLost`. `voice` is one of `voices()`."""
        ...


class PicoRenderer:
    """Pico in child processes."""

    def __init__(self, workers: SpeechWorkers) -> None:
        self._workers = workers

    def voices(self) -> Sequence[str]:
        """The names in `voices.PICO_VOICES`."""
        return tuple(PICO_VOICES)

    def prepare(self, sentence: str, voice: str) -> str:
        """English is written out in words; other languages' numbers are left to Pico, markup goes everywhere."""
        if PICO_VOICES[voice].language.startswith("en"):
            return spoken(sentence)
        kept = (char if char.isprintable() and char not in "<>*`|" else " " for char in sentence)
        return " ".join("".join(kept).replace("&", " ").split())

    async def render(self, prepared: str, voice: str, speed: float) -> bytes:
        """One sentence by a child."""
        chosen = PICO_VOICES[voice]
        pace = min(_FASTEST, max(_SLOWEST, chosen.pace * speed))
        return await self._workers.render(
            {
                "text": prepared,
                "language": chosen.language,
                "speed": pace,
                "pitch": chosen.pitch,
            }
        )
