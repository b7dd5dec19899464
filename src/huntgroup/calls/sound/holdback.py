"""How much of a reply's sound may be heard, given how far its transcript is checked. Pure: no clock, no loop, no sound.

The protocol sends transcript and sound in pieces, each in order, and says nothing about which words are in which
sound. What a backend guarantees is one number, `lag_ms`: all words of the first `a - lag_ms` of an item's sound are in
the transcript that came before or with its first `a` milliseconds. 0 means that the transcript leads. None means that
nothing is known; then the sound of an item waits for the whole of its transcript. `docs/decisions` says why this
cannot leak.
"""

from collections import deque
from dataclasses import dataclass, field

_EPSILON_MS = 1e-6


@dataclass(slots=True)
class _Sound:
    """Sound of one item. `bounds` pairs an end in ms with the position that must be checked before it is heard."""

    made_ms: float = 0.0
    allowed_ms: float = 0.0
    text: str = ""
    unbound: deque[float] = field(default_factory=deque)
    bounds: deque[tuple[float, int]] = field(default_factory=deque)


class HoldBack:
    """The account of one reply.

    `position` counts the transcript that came, over all items in order of arrival; a check is of everything up to a
    position. The owner reports `words`, `sound` and `complete` in the order in which they came, and `passed` for checks
    that allowed what they saw, and releases no more of an item than `allowed_ms`.
    """

    def __init__(self, lag_ms: int | None) -> None:
        self._lag_ms = lag_ms
        self._sounds: dict[str, _Sound] = {}
        self._passed = -1
        self._base = 0
        self.text = ""

    @property
    def position(self) -> int:
        """Where the transcript ends now."""
        return self._base + len(self.text)

    @property
    def has_wordless_sound(self) -> bool:
        """Whether an item has sound and no transcript, so that nothing can be checked."""
        return any(sound.made_ms and not sound.text for sound in self._sounds.values())

    def at(self, length: int) -> int:
        """Return the position behind the first `length` characters of `text` and the blanks that follow them."""
        blanks = len(self.text) - length - len(self.text[length:].lstrip())
        return self._base + length + blanks

    def chars_to(self, position: int) -> int:
        """Return how many characters of `text` lie before a position; 0 when `text` was replaced since."""
        return max(0, position - self._base)

    def words(self, item_id: str, delta: str) -> None:
        """More of an item's transcript came."""
        item = self._item(item_id)
        if not item.text and self.text and not self.text[-1].isspace():
            self.text += " "
        item.text += delta
        self.text += delta

    def sound(self, item_id: str, ms: float) -> None:
        """More of an item's sound came."""
        item = self._item(item_id)
        item.made_ms += ms
        item.unbound.append(item.made_ms)
        if self._lag_ms is not None:
            while item.unbound and item.made_ms - item.unbound[0] >= self._lag_ms - _EPSILON_MS:
                item.bounds.append((item.unbound.popleft(), self.position))

    def complete(self, item_id: str, transcript: str | None = None) -> None:
        """The transcript covers all of an item's sound so far; `transcript` wins over its pieces, and is checked then.

        Sound that comes later belongs to another part of the item and needs words of its own.
        """
        item = self._item(item_id)
        if transcript and not _letters(item.text).endswith(_letters(transcript)):
            self._replace(item, transcript)
        item.bounds.extend((end_ms, self.position) for end_ms in item.unbound)
        item.unbound.clear()

    def passed(self, position: int) -> None:
        """Everything up to `position` was checked and may be heard."""
        self._passed = max(self._passed, position)

    def allowed_ms(self, item_id: str) -> float:
        """Return how much of an item's sound may be heard now; nothing of one that has no words yet."""
        item = self._item(item_id)
        if not item.text:
            return 0.0
        while item.bounds and item.bounds[0][1] <= self._passed:
            item.allowed_ms = item.bounds.popleft()[0]
        return item.allowed_ms + _EPSILON_MS

    def _replace(self, item: _Sound, transcript: str) -> None:
        """Take the final transcript; nothing more of the reply is heard before a check that has seen it."""
        before = self.position
        self.text = self.text.replace(item.text, transcript, 1) if item.text else f"{self.text} {transcript}".strip()
        item.text = transcript
        self._base = before + 1
        for sound in self._sounds.values():
            sound.bounds = deque((end_ms, self.position) for end_ms, _ in sound.bounds)

    def _item(self, item_id: str) -> _Sound:
        return self._sounds.setdefault(item_id, _Sound())


def _letters(text: str) -> str:
    return "".join(text.split())
