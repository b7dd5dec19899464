"""A voice for replayed calls: silence, as long as the recorded words sounded."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from huntgroup.domain.facts import AgentSpoke, Fact

_BYTES_PER_MS = 48
_CHUNK_MS = 200
_MS_PER_LETTER = 60.0


class RecordedVoice:
    """`engine.ports.Voice`: PCM16 silence at 24 kHz.

    A sentence lasts as long as in the record, by its share of the words that were said there; another one as long as
    its letters let expect.
    """

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._spoken = [(fact.text, fact.generated_ms) for fact in facts if isinstance(fact, AgentSpoke) and fact.text]
        letters = sum(len(text) for text, ms in self._spoken if ms)
        self._rate = sum(ms for _, ms in self._spoken) / letters if letters else _MS_PER_LETTER

    def voices(self) -> Sequence[str]:
        """One name; every other is taken for it."""
        return ("recorded",)

    async def speak(self, text: str, *, voice: str, speed: float = 1.0) -> AsyncIterator[bytes]:
        """Say something: chunks of silence."""
        left_ms = round(self._length_ms(text) / speed)
        while left_ms > 0:
            yield bytes(min(left_ms, _CHUNK_MS) * _BYTES_PER_MS)
            left_ms -= _CHUNK_MS

    def _length_ms(self, text: str) -> float:
        for said, ms in self._spoken:
            if ms and text in said:
                return ms * len(text) / len(said)
        return len(text) * self._rate
