"""The caller's turns and the items of the model's conversation, in order."""

from dataclasses import dataclass

from huntgroup.wire.realtime import Item, MessageItem


@dataclass
class CallerTurn:
    """One stretch of the caller's speech; times are of the line's clock. `number` is 0 until it counts as a turn."""

    item_id: str
    number: int
    start_ms: int
    end_ms: int
    told: bool = False
    committed: bool = False
    ignored: bool = False
    owner: str | None = None


class Conversation:
    """What the model's server remembers, and which turn each of the caller's items is.

    Audio time of the model begins when the first sound is fed, at `origin_ms` of the line's clock.
    """

    def __init__(self) -> None:
        self.origin_ms = 0
        self.turns: dict[str, CallerTurn] = {}
        self.last_end_ms = 0
        self._items: list[str] = []

    def speech_started(self, item_id: str, audio_start_ms: int) -> None:
        at_ms = self.origin_ms + audio_start_ms
        self.turns[item_id] = CallerTurn(item_id, 0, at_ms, at_ms)

    def speech_stopped(self, item_id: str, audio_end_ms: int) -> None:
        turn = self.turns.get(item_id)
        self.last_end_ms = self.origin_ms + audio_end_ms
        if turn is not None:
            turn.end_ms = self.last_end_ms

    def committed(self, item_id: str, now_ms: int) -> CallerTurn:
        """Note that a caller's item is in the model's conversation."""
        turn = self.turns.setdefault(item_id, CallerTurn(item_id, 0, now_ms, now_ms))
        turn.committed = True
        return turn

    def untold(self) -> list[CallerTurn]:
        """Return the turns whose words have not come, those included in which the call ended."""
        return [turn for turn in self.turns.values() if not turn.told]

    def added(self, item: Item) -> None:
        if isinstance(item.id, str) and item.id not in self._items and not _is_system(item):
            self._items.append(item.id)

    def deleted(self, item_id: str) -> None:
        if item_id in self._items:
            self._items.remove(item_id)

    def item_ids(self) -> list[str]:
        """Return the ids of what was said and done, oldest first."""
        return list(self._items)


def _is_system(item: Item) -> bool:
    return isinstance(item, MessageItem) and item.role == "system"
