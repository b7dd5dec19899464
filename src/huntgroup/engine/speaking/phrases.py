"""The house's phrases, spoken by the offline voices before anybody needs them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from huntgroup.calls.ports import Phrase, PhraseKind
from huntgroup.engine.ports import Voice

WORDS: Mapping[PhraseKind, str] = {
    "outage": "One moment, please.",
    "still_here": "I'm still here. Just a moment.",
    "apology": "I'm sorry, I have a technical problem and can't go on with this call. Please call again in a while.",
}


class SpokenPhrases:
    """`calls.ports.HousePhrases` from sound that is there; a voice that was not asked for is the first that was."""

    def __init__(self, sounds: Mapping[tuple[PhraseKind, str], bytes], words: Mapping[PhraseKind, str]) -> None:
        self._sounds = sounds
        self._words = words
        self._first = next((voice for _, voice in sounds), "")

    def phrase(self, kind: PhraseKind, voice: str) -> Phrase | None:
        """Return the phrase, or None when it has no sound."""
        audio = self._sounds.get((kind, voice)) or self._sounds.get((kind, self._first))
        return Phrase(self._words[kind], audio) if audio else None


async def speak_phrases(voice: Voice, names: Iterable[str], words: Mapping[PhraseKind, str] = WORDS) -> SpokenPhrases:
    """Speak every phrase in every voice of `names` that is known, or else in the first voice there is."""
    known = voice.voices()
    chosen = dict.fromkeys(name for name in names if name in known) or {known[0]: None}
    wanted = [(kind, name) for name in chosen for kind in words]
    sounds = await asyncio.gather(*(_sound(voice, words[kind], name) for kind, name in wanted))
    return SpokenPhrases(dict(zip(wanted, sounds, strict=True)), words)


async def _sound(voice: Voice, text: str, name: str) -> bytes:
    return b"".join([chunk async for chunk in voice.speak(text, voice=name)])
