"""What tokens of realtime models cost, and how many tokens speech and text are, by rule of thumb.

Prices are the vendor's list prices of November 2026 in USD per million tokens. Texts are four characters a token, a
caller's speech is a token per 100 ms, an agent's a token per 50 ms.
"""

import math
from dataclasses import dataclass

CHARS_PER_TOKEN = 4
CALLER_MS_PER_TOKEN = 100
AGENT_MS_PER_TOKEN = 50
REFERENCE = "gpt-realtime-2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """USD per million tokens."""

    text_in: float
    text_cached: float
    text_out: float
    audio_in: float
    audio_cached: float
    audio_out: float


_FULL = Price(text_in=4.0, text_cached=0.4, text_out=24.0, audio_in=32.0, audio_cached=0.4, audio_out=64.0)
_MINI = Price(text_in=0.6, text_cached=0.06, text_out=2.4, audio_in=10.0, audio_cached=0.3, audio_out=20.0)
_OLDER = Price(text_in=4.0, text_cached=0.4, text_out=16.0, audio_in=32.0, audio_cached=0.4, audio_out=64.0)
PRICES = {
    "gpt-realtime-2.1": _FULL,
    "gpt-realtime-2.1-mini": _MINI,
    "gpt-realtime-2": _FULL,
    "gpt-realtime-1.5": _OLDER,
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Input tokens by kind."""

    text: int = 0
    audio: int = 0

    @property
    def total(self) -> int:
        return self.text + self.audio

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.text + other.text, self.audio + other.audio)

    def __sub__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.text - other.text, self.audio - other.audio)


def priced_as(model: str) -> str:
    """Return the model whose prices stand for `model`: itself, or the reference for one that nobody bills."""
    return model if model in PRICES else REFERENCE


def input_usd(model: str, tokens: Tokens) -> float:
    """Return what reading `tokens` costs when none of them is cached; negative for negative tokens."""
    price = PRICES[priced_as(model)]
    return (tokens.text * price.text_in + tokens.audio * price.audio_in) / 1_000_000


def cache_usd(model: str, tokens: Tokens) -> float:
    """Return how much less reading `tokens` costs when all of them are cached."""
    price = PRICES[priced_as(model)]
    text, audio = price.text_in - price.text_cached, price.audio_in - price.audio_cached
    return (tokens.text * text + tokens.audio * audio) / 1_000_000


def text_tokens(text: str) -> Tokens:
    return Tokens(text=math.ceil(len(text) / CHARS_PER_TOKEN))


def caller_tokens(ms: float) -> Tokens:
    return Tokens(audio=math.ceil(ms / CALLER_MS_PER_TOKEN))


def agent_tokens(ms: float) -> Tokens:
    return Tokens(audio=math.ceil(ms / AGENT_MS_PER_TOKEN))
