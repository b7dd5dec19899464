"""Responses that fail: each is asked for again, until the server has failed too often in a row."""

from collections.abc import Callable

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.waits import Why
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.domain import facts
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

    def judge(self, status: str, response: Response, ask: Ask, *, cut: bool) -> None:
        """A response is over: one that failed is asked for again, unless the caller spoke over it (`cut`)."""
        if status != "failed":
            self._in_a_row = 0
            return
        error = response.status_details.error if response.status_details is not None else None
        self.note((error.code if error is not None else None) or "response_failed", ask)
        if not cut:
            self.retry(ask)

    def refused(self, code: str, ask: Ask) -> None:
        """The server will not answer a request."""
        self.note(code, ask)
        self.retry(ask)

    def stuck(self, ask: Ask) -> None:
        """A response that nobody here knows is in the way of this request, which waits: another session has none."""
        self._live.log.add(facts.ModelError, owned_by=ask.agent, code=STUCK, detail=ask.reason)
        self._on_failing()

    def note(self, code: str, ask: Ask) -> None:
        """Count and record one failure; a server that fails again and again is lost."""
        self._in_a_row += 1
        self._live.log.add(facts.ModelError, owned_by=ask.agent, code=code, detail=ask.reason)
        if self._in_a_row >= MAX_FAILURES:
            self._in_a_row = 0
            self._on_failing()

    def retry(self, ask: Ask) -> None:
        """Ask again for what the server owes once it is noted, after a pause that grows with each failure in a row.

        It waits in the queue meanwhile, so that whatever happens in the call happens to it too.
        """
        is_over = self._live.approvals.is_over(ask.approval_of)
        again = None if is_over else ask.again(Reason.RETRY, self._live.owner)
        pause_ms = RETRY_PAUSE_MS * self._in_a_row
        if again is not None:
            self._responses.ask_again(again)
            self._live.tasks.spawn(self._after(pause_ms, again), "retry")

    async def _after(self, pause_ms: int, again: Ask) -> None:
        await self._live.clock.sleep_ms(pause_ms)
        self._responses.go(Why.RETRY, again.ask_id)
