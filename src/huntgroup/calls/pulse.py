"""The call's pulse: what must be looked at again and again, because no event may ever come to tell it."""

from collections.abc import Callable

from huntgroup.calls.dispatch.replies import Replies
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.turns.silence import SilenceWatch

TICK_MS = 250
FROZEN_LIMIT_MS = 15_000


class Pulse:
    """Ticks four times a second.

    Lost marks, a model that owes an answer, a caller's silence, and a line whose clock stands still (carriers send
    frames in silence too) are all found here. `on_idle_end` is called while the call is to end; `on_frozen` when the
    line has stopped.
    """

    def __init__(
        self,
        live: LiveCall,
        *,
        mouth: Mouth,
        responses: ResponseQueue,
        replies: Replies,
        silence: SilenceWatch,
        on_idle_end: Callable[[], None],
        on_frozen: Callable[[], None],
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._replies = replies
        self._silence = silence
        self._on_idle_end = on_idle_end
        self._on_frozen = on_frozen
        self._frozen_ms = 0

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            before_ms = self._live.line.now_ms()
            await self._live.clock.sleep_ms(TICK_MS)
            self._tick(max(0, self._live.line.now_ms() - before_ms))

    def _tick(self, line_ms: int) -> None:
        self._mouth.catch_up()
        owed = self._responses.overdue(TICK_MS)
        if owed is not None:
            self._replies.gave_up(*owed)
        self._frozen_ms = 0 if line_ms else self._frozen_ms + TICK_MS
        if self._frozen_ms >= FROZEN_LIMIT_MS:
            self._on_frozen()
        elif self._live.ending is not None:
            self._on_idle_end()
        else:
            self._silence.tick(line_ms)
