"""Where in the words of a reply somebody is who has heard so many milliseconds of it."""

from dataclasses import dataclass

_BYTES_PER_MS = 48


@dataclass
class Part:
    """What there is of one item: its words, and its sound as PCM16 at 24 kHz."""

    text: str = ""
    audio_bytes: int = 0


class Sounding:
    """What a model has made of one spoken response so far, item by item."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}

    def part(self, item_id: str) -> Part:
        """Return what was made of an item, to be added to."""
        return self._parts.setdefault(item_id, Part())

    @property
    def has_sound(self) -> bool:
        return any(part.audio_bytes for part in self._parts.values())

    def letters_at(self, heard_ms: float) -> int:
        """Return how many letters were heard when so many milliseconds were; each item is spoken at its own pace."""
        letters = 0
        for part in self._parts.values():
            made_ms = part.audio_bytes / _BYTES_PER_MS
            if heard_ms < made_ms:
                return letters + int(len(part.text) * heard_ms / made_ms)
            letters, heard_ms = letters + len(part.text), heard_ms - made_ms
        return letters
