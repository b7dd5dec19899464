"""Responses that fail: each is asked for again, until the server has failed too often in a row."""

from collections.abc import Callable
from dataclasses import replace

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.state.asks import DROPPED_BY_SPEECH, Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import Response

MAX_FAILURES = 3
RETRY_PAUSE_MS = 200
STUCK = "response_in_the_way"


class Failures:
    """Counts failures in a row; `on_failing` is told when there are too many."""

    def __init__(self, live: LiveCall, responses: ResponseQueue, on_failing: Callable[[], None]) -> None:
        self._live = live
        self._responses = responses
        self._on_failing = on_failing
        self._in_a_row = 0

    def judge(self, status: str, response: Response, ask: Ask) -> None:
        """A response is over: one that failed is asked for again."""
        if status != "failed":
            self._in_a_row = 0
            return
        error = response.status_details.error if response.status_details is not None else None
        self.note((error.code if error is not None else None) or "response_failed", ask)
        self.retry(ask)

    def refused(self, code: str, ask: Ask) -> None:
        """The server will not answer a request; what only made sense in a silence is let be."""
        self.note(code, ask)
        if ask.reason not in DROPPED_BY_SPEECH or self._in_a_row >= MAX_FAILURES:
            self.retry(ask)

    def stuck(self, ask: Ask) -> None:
        """A response that nobody here knows is in the way of this request, which waits: another session has none."""
        self._live.log.add(facts.ModelError, owned_by=ask.agent, code=STUCK, detail=ask.reason)
        self._on_failing()

    def note(self, code: str, ask: Ask) -> None:
        """Count and record one failure."""
        self._in_a_row += 1
        self._live.log.add(facts.ModelError, owned_by=ask.agent, code=code, detail=ask.reason)

    def retry(self, ask: Ask) -> None:
        """Ask again for what the server owes, after a pause that grows; a server that owes again and again is lost.

        Prescribed words are asked for as what they are; an answer in the agent's own is a plain turn.
        """
        reason = "retry" if ask.instructions is None else ask.reason
        again = replace(ask, reason=reason, agent=self._live.owner, ask_id=new_id("ask"))
        if self._in_a_row >= MAX_FAILURES:
            self._in_a_row = 0
            self._on_failing()
            self._responses.ask(again)
            return
        self._live.tasks.spawn(self._ask_later(again, RETRY_PAUSE_MS * self._in_a_row), "retry")

    async def _ask_later(self, ask: Ask, pause_ms: int) -> None:
        await self._live.clock.sleep_ms(pause_ms)
        self._responses.ask(ask)
