"""What the responses of a call cost, by list price: each token of text or sound, read anew or cached, or made.

A report of usage says how many input tokens were cached, not of which kind: instructions and other text come first in
a conversation, so cached tokens count as text as long as there is text.
"""

from dataclasses import dataclass

from huntgroup.domain.facts import UsageReported
from huntgroup.domain.prices import PRICES, priced_as


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Tokens by what they cost. Bills add up."""

    text_in: int = 0
    text_cached: int = 0
    audio_in: int = 0
    audio_cached: int = 0
    text_out: int = 0
    audio_out: int = 0

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})

    @property
    def read(self) -> int:
        """All input tokens."""
        return self.text_in + self.text_cached + self.audio_in + self.audio_cached

    @property
    def cached(self) -> int:
        return self.text_cached + self.audio_cached

    @property
    def made(self) -> int:
        """All output tokens."""
        return self.text_out + self.audio_out

    def usd(self, model: str) -> float:
        """Return the list price; a model that nobody bills is priced as the reference."""
        price = PRICES[priced_as(model)]
        parts: list[float] = [getattr(self, name) * getattr(price, name) for name in self.__slots__]
        return sum(parts) / 1_000_000


def bill_of(usage: UsageReported) -> Bill:
    """Return the bill of one response."""
    text = max(0, usage.input_tokens - usage.input_audio_tokens)
    text_cached = min(text, usage.cached_tokens)
    audio_cached = min(usage.input_audio_tokens, usage.cached_tokens - text_cached)
    return Bill(
        text_in=text - text_cached,
        text_cached=text_cached,
        audio_in=usage.input_audio_tokens - audio_cached,
        audio_cached=audio_cached,
        text_out=max(0, usage.output_tokens - usage.output_audio_tokens),
        audio_out=usage.output_audio_tokens,
    )
