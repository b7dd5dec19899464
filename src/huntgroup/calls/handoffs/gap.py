"""The gap of a handoff at the caller's ear, by the playout ledger."""

from collections.abc import Callable

from huntgroup.calls.handoffs.moves import Move
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain import facts


class GapMeter:
    """Waits for the receiver's first sound after a committed move and records how long the caller heard nothing.

    `caller_end_ms` says when the caller last stopped speaking, on the line's clock.
    """

    def __init__(self, live: LiveCall, mouth: Mouth, caller_end_ms: Callable[[], int]) -> None:
        self._live = live
        self._mouth = mouth
        self._caller_end_ms = caller_end_ms
        self._move: Move | None = None
        self._caller_ended_ms = 0

    def begin(self, move: Move) -> None:
        """The call has changed hands."""
        self._move = move
        self._caller_ended_ms = self._caller_end_ms()

    def response_created(self, response_id: str, ask: Ask) -> None:
        """The receiver's first response may have been all tools; then its words are in a later one."""
        if self._move is not None and ask.agent == self._move.to:
            self._move.response_id = response_id

    def heard(self) -> None:
        """Something more was heard: perhaps the receiver's first sound."""
        move = self._move
        if move is None or move.response_id is None:
            return
        first_ms = self._mouth.said.first_heard_ms(move.response_id)
        if first_ms is None:
            return
        self._move = None
        last_ms = self._mouth.said.last_heard_ms(before=move.response_id) or 0
        gap_ms = max(0, first_ms - max(last_ms, self._caller_ended_ms))
        self._live.log.add(facts.HandoffHeard, from_agent=move.frm, to_agent=move.to, gap_ms=gap_ms)
        move.span.set(gap_ms=gap_ms).end()
