"""The caller's turns, in order."""

from dataclasses import dataclass


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
    """Which turn each of the caller's items is, and when it was spoken.

    Audio time of the model begins when the first sound is fed, at `origin_ms` of the line's clock.
    """

    def __init__(self) -> None:
        self.origin_ms = 0
        self.turns: dict[str, CallerTurn] = {}
        self.last_end_ms = 0

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

    def untold(self) -> list[CallerTurn]:
        """Return the turns whose words have not come, those included in which the call ended."""
        return [turn for turn in self.turns.values() if not turn.told]
