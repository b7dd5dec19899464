"""When and why a call ends for this process."""

import asyncio
from collections.abc import Callable

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.processes.moving import GIVEN_UP, POLITE_MS, quiet_moment
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.succession.succession import MODEL_LOST
from huntgroup.domain import facts

GOODBYE_GRACE_MS = 15_000
POLL_MS = 250
TOO_LONG = "We have reached the longest time that I can stay on the line. Please call again. Goodbye."


class Ending:
    """Decides the end of a call; `ended` is done with the reason. `busy` and `working` are those of `UnderWay`."""

    def __init__(
        self,
        live: LiveCall,
        responses: ResponseQueue,
        *,
        busy: Callable[[], bool],
        working: Callable[[], bool],
    ) -> None:
        self._live = live
        self._responses = responses
        self._busy = busy
        self._working = working
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def given_up(self) -> bool:
        """Whether the call goes on in another process."""
        return self.ended.done() and not self.ended.cancelled() and self.ended.result() in GIVEN_UP

    def now(self, reason: str) -> None:
        """End the call now."""
        if not self.ended.done():
            self.ended.set_result(reason)

    def after_words(self, reason: str) -> None:
        """End the call when what is being said and done is over."""
        if self._live.ending is None or self._live.ending == "silence":
            self._live.ending = reason

    def look(self) -> None:
        """End the call if it is to end and nothing is under way any more."""
        if self._live.ending is not None and not self._busy():
            self.now(self._live.ending)

    def model_over(self) -> None:
        """There will be no model any more."""
        self._live.ending = MODEL_LOST
        self.look()

    def line_over(self, reason: str, *, lost: bool) -> None:
        """There is no line any more; the caller hung up unless it was `lost`."""
        if lost:
            self._live.log.add(facts.LineLost, reason=reason)
        # What is to end once a supervisor leaves it was not about to end.
        ending = self._live.ending if self._live.taken_by is None else None
        self.now("line_lost" if lost else ending or "caller_hung_up")

    async def leave(self, reason: str, patience_ms: int, polite_ms: int = POLITE_MS) -> None:
        """End the call for this process at a moment at which nobody speaks and nothing is done, or after a while.

        Words are waited for `polite_ms` at most, and what is being done `patience_ms`.
        """
        await quiet_moment(self._live.clock, patience_ms, busy=self._busy, working=self._working, polite_ms=polite_ms)
        self.now(reason)

    async def limit_length(self) -> None:
        """Say goodbye when the call has lasted as long as its team allows; once a supervisor who has it leaves it."""
        await self._live.clock.sleep_ms(self._live.team.max_call_ms - self._live.line.now_ms())
        self.after_words("too_long")
        if self._live.taken_by is not None:
            self._live.log.add(facts.LengthReached)
        self._responses.ask(
            Ask(
                reason=Reason.GOODBYE,
                agent=self._live.owner,
                instructions=f'Say exactly: "{TOO_LONG}"',
                tools=False,
            )
        )
        while self._live.taken_by is not None:
            await self._live.clock.sleep_ms(POLL_MS)
        await self._live.clock.sleep_ms(GOODBYE_GRACE_MS)
        self.now("too_long")
