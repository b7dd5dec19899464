"""A caller's voice."""

from __future__ import annotations

from huntgroup.engine.speaking import Speakers


async def spoken(words: str, voice: str = "pico-hugh") -> bytes:
    """Words as PCM16 at 24 kHz. Raises `SpeechUnavailable`."""
    async with Speakers.open() as speakers:
        return b"".join([chunk async for chunk in speakers.speak(words, voice=voice)])
