"""Sound of phrases said before: openers and fillers cost nothing the second time."""

from __future__ import annotations

from collections import OrderedDict

Key = tuple[str, float, str]
_LIMIT_BYTES = 24_000_000
_LONGEST_BYTES = 480_000


class PhraseCache:
    """Least recently used goes first. A key is (voice, speed, text as spoken); phrases over 10 s are not kept."""

    def __init__(self, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        self.size_bytes = 0

    def get(self, key: Key) -> bytes | None:
        """The phrase's sound, or None."""
        sound = self._kept.get(key)
        if sound is not None:
            self._kept.move_to_end(key)
        return sound

    def put(self, key: Key, sound: bytes) -> None:
        """Keep a phrase, dropping the oldest while there is too much."""
        if not sound or len(sound) > min(_LONGEST_BYTES, self._limit_bytes) or key in self._kept:
            return
        self._kept[key] = sound
        self.size_bytes += len(sound)
        while self.size_bytes > self._limit_bytes:
            _, dropped = self._kept.popitem(last=False)
            self.size_bytes -= len(dropped)
