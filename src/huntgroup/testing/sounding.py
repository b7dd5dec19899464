"""Where in the words of a reply somebody is who has heard so many milliseconds of it."""

from dataclasses import dataclass

from huntgroup.calls.ports import Profile

_PCM16_BYTES_PER_MS, _PCMU_BYTES_PER_MS = 48, 8


def bytes_per_ms(profile: Profile) -> int:
    """Return how much a model's sound is; what stands for the sound that a server plays itself is µ-law."""
    return _PCMU_BYTES_PER_MS if profile.plays_itself else _PCM16_BYTES_PER_MS


@dataclass
class Part:
    """What there is of one item: its words, and its sound."""

    text: str = ""
    audio_bytes: int = 0


class Sounding:
    """What a model has made of one spoken response so far, item by item."""

    def __init__(self, profile: Profile) -> None:
        self._bytes_per_ms = bytes_per_ms(profile)
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
            made_ms = part.audio_bytes / self._bytes_per_ms
            if heard_ms < made_ms:
                return letters + int(len(part.text) * heard_ms / made_ms)
            letters, heard_ms = letters + len(part.text), heard_ms - made_ms
        return letters
