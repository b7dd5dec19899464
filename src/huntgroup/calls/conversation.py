"""The caller's turns and the items of the model's conversation, in order."""

from dataclasses import dataclass

from huntgroup.wire.realtime import Item, MessageItem

LATE_MS = 8_000


@dataclass
class CallerTurn:
    """One stretch of the caller's speech; times are of the line's clock."""

    item_id: str
    number: int
    start_ms: int
    end_ms: int
    told: bool = False
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

    def committed(self, item_id: str, number: int, now_ms: int) -> CallerTurn:
        """Give a caller's item its turn number."""
        turn = self.turns.setdefault(item_id, CallerTurn(item_id, number, now_ms, now_ms))
        turn.number = number
        return turn

    def restart(self) -> None:
        """Another session remembers from here on; the turns of the one before whose words never came are forgotten."""
        self._items.clear()
        self.turns = {item_id: turn for item_id, turn in self.turns.items() if turn.told}

    def unheard_from_ms(self, now_ms: int) -> int | None:
        """Return when the earliest speech began whose words may still come; None when all is told.

        A transcript that is late by more than `LATE_MS` is not waited for.
        """
        unheard = (turn for turn in self.turns.values() if not turn.told)
        recent = (turn.start_ms for turn in unheard if not turn.number or now_ms - turn.end_ms < LATE_MS)
        return min(recent, default=None)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

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
