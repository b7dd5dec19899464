"""The process's voices: `engine.ports.Voice` over one or more renderers, with a phrase cache."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec

from huntgroup.engine.speaking.cache import PhraseCache
from huntgroup.engine.speaking.floor import WithFloor
from huntgroup.engine.speaking.renderers import PicoRenderer, Renderer
from huntgroup.engine.speaking.sentences import sentences
from huntgroup.engine.speaking.trouble import SpeechUnavailable, UnknownVoice
from huntgroup.engine.speaking.voices import ALIASES, DEFAULT_VOICE, resolve
from huntgroup.engine.speaking.workers import SpeechWorkers

_CHUNK_BYTES = 4_800 * 2


class Speakers:
    """Text to speech for all calls of a process; make it with `Speakers.open()`."""

    def __init__(self, renderers: Sequence[Renderer], cache: PhraseCache | None = None) -> None:
        self._by_voice = {name: renderer for renderer in renderers for name in renderer.voices()}
        self._cache = cache or PhraseCache()

    @classmethod
    @asynccontextmanager
    async def open(cls, *, workers: int = 1, extra: Sequence[Renderer] = ()) -> AsyncIterator[Speakers]:
        """Start the Pico children, warm, and stop them afterwards; `extra` renderers add their voices, with Pico
        speaking for them when they are late.

        Raises `SpeechUnavailable` when Pico is not installed and there is no other renderer.
        """
        async with AsyncExitStack() as stack:
            renderers: list[Renderer] = list(extra)
            if find_spec("py_nanotts") is not None:
                pico = PicoRenderer(await stack.enter_async_context(SpeechWorkers(count=workers)))
                renderers = [pico, *(WithFloor(one, pico, floor_voice=DEFAULT_VOICE) for one in extra)]
            if not renderers:
                raise SpeechUnavailable("py-nanotts is not installed and no other voice is configured")
            speakers = cls(renderers)
            await speakers.prepare(["Hello."], voice=renderers[0].voices()[0])
            yield speakers

    def voices(self) -> Sequence[str]:
        """Our voice names, then the aliases that map to one of them."""
        return (
            *self._by_voice,
            *(name for name, ours in ALIASES.items() if ours in self._by_voice),
        )

    def speak(self, text: str, *, voice: str = DEFAULT_VOICE, speed: float = 1.0) -> AsyncIterator[bytes]:
        """Yield PCM16 24 kHz in chunks of up to 200 ms, sentence by sentence as they are made.

        Raises `UnknownVoice` at once, `SpeechLost` while iterating. A text without words yields nothing.
        """
        name = resolve(voice)
        if name not in self._by_voice:
            raise UnknownVoice(voice)
        return self._speak(text, name, speed)

    async def prepare(self, phrases: Iterable[str], *, voice: str, speed: float = 1.0) -> None:
        """Render phrases ahead into the cache."""
        for phrase in phrases:
            async for _ in self.speak(phrase, voice=voice, speed=speed):
                pass

    async def _speak(self, text: str, voice: str, speed: float) -> AsyncIterator[bytes]:
        for sentence in sentences(text):
            sound = await self._sentence(sentence, voice, speed)
            for start in range(0, len(sound), _CHUNK_BYTES):
                yield sound[start : start + _CHUNK_BYTES]

    async def _sentence(self, sentence: str, voice: str, speed: float) -> bytes:
        renderer = self._by_voice[voice]
        prepared = renderer.prepare(sentence, voice)
        if not any(char.isalnum() for char in prepared):
            return b""
        key = (voice, speed, prepared)
        sound = self._cache.get(key)
        if sound is None:
            sound = await renderer.render(prepared, voice, speed)
            self._cache.put(key, sound)
        return sound
