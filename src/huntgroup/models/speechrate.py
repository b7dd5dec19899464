"""How long words take to be said, learned from replies whose beginning and end the server tells."""

from __future__ import annotations

from huntgroup.calls.sound.utterance import MS_PER_CHAR

LEAST_MS, MOST_MS = 30.0, 140.0
LEAST_CHARS = 20
_LEARNING = 0.5


class SpeechRate:
    """Milliseconds per character of one voice."""

    def __init__(self) -> None:
        self.ms_per_char = float(MS_PER_CHAR)
        self._chars: dict[str, int] = {}
        self._begun_ms: dict[str, int] = {}

    def ms_for(self, response_id: str, words: str) -> int:
        """Return how long more words of a reply are likely to sound."""
        self._chars[response_id] = self._chars.get(response_id, 0) + len(words)
        return round(len(words) * self.ms_per_char)

    def started(self, response_id: str, now_ms: int) -> None:
        """A reply begins to sound."""
        self._begun_ms[response_id] = now_ms

    def stopped(self, response_id: str, now_ms: int) -> None:
        """A reply was heard to its end: learn from it."""
        chars, begun_ms = self._chars.get(response_id, 0), self._begun_ms.get(response_id)
        self.forget(response_id)
        if begun_ms is not None and chars >= LEAST_CHARS:
            rate = min(MOST_MS, max(LEAST_MS, (now_ms - begun_ms) / chars))
            self.ms_per_char += _LEARNING * (rate - self.ms_per_char)

    def forget(self, response_id: str) -> None:
        """A reply was cut: it says nothing about its pace."""
        self._chars.pop(response_id, None)
        self._begun_ms.pop(response_id, None)
