"""The caller's turns, in order."""

from dataclasses import dataclass

LATE_MS = 8_000


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

    def committed(self, item_id: str, now_ms: int) -> CallerTurn:
        """Note that a caller's item is in the model's conversation."""
        turn = self.turns.setdefault(item_id, CallerTurn(item_id, 0, now_ms, now_ms))
        turn.committed = True
        return turn

    def restart(self, heard_from_ms: int) -> tuple[list[CallerTurn], list[CallerTurn]]:
        """Another session hears the caller from `heard_from_ms` on, and turns without words come again from there.

        Returns the earlier turns whose words never came, and now never will; and the turns that come again.
        """
        unheard = [turn for turn in self.untold() if turn.number]
        self.turns = {item_id: turn for item_id, turn in self.turns.items() if turn.told}
        lost = [turn for turn in unheard if turn.start_ms < heard_from_ms]
        return lost, [turn for turn in unheard if turn.start_ms >= heard_from_ms]

    def unheard_from_ms(self, now_ms: int) -> int | None:
        """Return when the earliest speech began whose words may still come; None when all is told.

        A transcript that is late by more than `LATE_MS` is not waited for.
        """
        unheard = (turn for turn in self.turns.values() if not turn.told)
        recent = (turn.start_ms for turn in unheard if not turn.number or now_ms - turn.end_ms < LATE_MS)
        return min(recent, default=None)

    def untold(self) -> list[CallerTurn]:
        """Return the turns whose words have not come, those included in which the call ended."""
        return [turn for turn in self.turns.values() if not turn.told]
