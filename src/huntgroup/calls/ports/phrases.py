"""The port to the house's own words, which need no model."""

from dataclasses import dataclass
from typing import Literal, Protocol

PhraseKind = Literal["outage", "still_here", "apology"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the house and their sound, PCM16 mono at 24 kHz."""

    text: str
    audio: bytes


class HousePhrases(Protocol):
    """What a caller hears without any model: sound that was made before it is needed."""

    def phrase(self, kind: PhraseKind, voice: str) -> Phrase | None:
        """Return a phrase in the voice of that name, or in another; None when the house has no sound for it."""
        ...
