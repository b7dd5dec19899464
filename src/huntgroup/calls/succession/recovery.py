"""A call without a model: the house says a phrase, another session is opened, and the agent goes on where it was."""

from collections.abc import Callable, Iterator
from itertools import chain, repeat

from huntgroup.calls.ports import PhraseKind
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.backoff import Backoff
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.succession.announcer import Announcer
from huntgroup.calls.succession.succession import Succession
from huntgroup.calls.succession.switchboard import Connection, Switchboard
from huntgroup.calls.telemetry.tracing import Span
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable

DIAL_LIMIT_MS = 5_000
OUTAGE_LIMIT_MS = 30_000
FIRST_PATIENCE_MS = 1_500
PHRASE_AFTER_MS = 150
PHRASE_AGAIN_MS = 6_000
POLL_MS = 50
SHORT_LIFE_MS = 3_000
STRIKES = 2
STRIKES_WITHIN_MS = 120_000
START = "start"
FAILING = "failing"


class Recovery:
    """Opens the first session of a call and another one whenever the present one is lost.

    `on_connected` is told of each session that the call was put through to; `on_over` when nobody answers any more,
    with an apology on the line if the house has the sound. `caller_speaks` says whether a session hears them speak.
    """

    def __init__(
        self,
        live: LiveCall,
        switchboard: Switchboard,
        succession: Succession,
        mouth: Mouth,
        announcer: Announcer,
        *,
        on_connected: Callable[[Connection], None],
        on_over: Callable[[], None],
        caller_speaks: Callable[[], bool],
        backoff: Backoff | None = None,
    ) -> None:
        self._live = live
        self._switchboard = switchboard
        self._succession = succession
        self._mouth = mouth
        self._announcer = announcer
        self._on_connected = on_connected
        self._on_over = on_over
        self._backoff = backoff or Backoff()
        self._caller_speaks = caller_speaks
        self._strikes: list[int] = []
        self._last: Connection | None = None
        self._outage_ms = live.clock.now_ms()
        self._pauses = self._backoff.pauses_ms(live.call_id)
        self._patience_ms = PHRASE_AFTER_MS
        self._span: Span | None = None
        self._over = False
        self.running = False

    def start(self) -> None:
        """Open the first session."""
        self.running = True
        self._succession.detach()
        self._live.tasks.spawn(self._recover(START, owed=True), "first model session")

    def lost(self, reason: str) -> None:
        """The present session is over."""
        if self.running or self._over:
            return
        if self._in_vain():
            self.refused(reason)
            return
        self.running = True
        self._note_loss(reason)
        self._switchboard.drop()
        owed = self._succession.detach()
        self._live.tasks.spawn(self._recover(reason, owed=owed), "model recovery")

    def close(self) -> None:
        """The call is ending: a session that is lost from now on is not replaced."""
        self._over = True

    def failing(self) -> None:
        """The server answers, but its responses fail again and again: try another session, and that not for ever."""
        now_ms = self._live.clock.now_ms()
        self._strikes = [*(at_ms for at_ms in self._strikes if now_ms - at_ms < STRIKES_WITHIN_MS), now_ms]
        if len(self._strikes) < STRIKES:
            self.lost(FAILING)
        else:
            self.refused(FAILING)

    def refused(self, reason: str) -> None:
        """The server cannot hold this call, and another session of it could not either."""
        if not self._over:
            self._note_loss(reason)
            self._succession.detach()
            self._give_up(reason, self._live.line.now_ms(), 0)

    async def _recover(self, reason: str, *, owed: bool) -> None:
        lost_ms = self._live.line.now_ms()
        self._patience_ms = FIRST_PATIENCE_MS if reason == START else PHRASE_AFTER_MS
        filling = self._live.tasks.spawn(self._fill(owed), "words of the house")
        await self._live.clock.sleep_ms(self._begin_outage())
        attempts = 0
        while True:
            attempts += 1
            try:
                connection = await self._switchboard.dial(DIAL_LIMIT_MS)
                break
            except ModelUnavailable as error:
                reason = self._not_opened(error, reason)
                if not error.retryable or self._live.clock.now_ms() - self._outage_ms > OUTAGE_LIMIT_MS:
                    filling.cancel()
                    self._give_up(error.reason[:200], lost_ms, attempts)
                    return
                await self._live.clock.sleep_ms(next(self._pauses))
        if reason == START:
            filling.cancel()
        self._resume(connection, reason, lost_ms, attempts)

    def _in_vain(self) -> bool:
        """Whether sessions have been opening and breaking at once for as long as an outage may last."""
        return self._broke_at_once() and self._live.clock.now_ms() - self._outage_ms > OUTAGE_LIMIT_MS

    def _broke_at_once(self) -> bool:
        last = self._last
        return last is not None and not last.served and self._live.clock.now_ms() - last.opened_ms < SHORT_LIFE_MS

    def _begin_outage(self) -> int:
        """Return how long to wait before the first try: not at all, but after a session that broke at once."""
        if self._broke_at_once():
            return next(self._pauses)
        self._outage_ms = self._live.clock.now_ms()
        self._pauses = self._backoff.pauses_ms(self._live.call_id)
        return 0

    def _not_opened(self, error: ModelUnavailable, reason: str) -> str:
        """Note a session that could not be opened; a call whose first one cannot be has lost its model too."""
        if reason != START:
            return reason
        self._patience_ms = PHRASE_AFTER_MS
        self._note_loss(error.reason[:200])
        return error.reason[:200]

    def _resume(self, connection: Connection, reason: str, lost_ms: int, attempts: int) -> None:
        self.running = False
        if self._switchboard.connected:
            # A handoff has cut the call over to its standby meanwhile, and that knows all there is to know.
            self._switchboard.hang_up(connection)
            self._note("restored", reason, lost_ms, attempts)
            return
        self._last = connection
        succeeded = self._succession.attach(connection)
        if reason != START:
            self._note("restored" if succeeded.whole else "partial", reason, lost_ms, attempts)
        self._on_connected(connection)

    def _give_up(self, reason: str, lost_ms: int, attempts: int) -> None:
        self._note("lost", reason, lost_ms, attempts)
        self.running, self._over = False, True
        self._switchboard.drop()
        if self._live.taken_by is None:
            self._announcer.say("apology")
        self._on_over()

    def _note_loss(self, reason: str) -> None:
        self._live.log.add(facts.ModelLost, reason=reason)
        self._span = self._live.tracer.outage(reason)

    def _note(self, verdict: str, reason: str, lost_ms: int, attempts: int) -> None:
        profile = self._switchboard.profile
        self._live.log.add(
            facts.ModelRestored,
            verdict=verdict,
            reason=reason,
            gap_ms=max(0, self._live.line.now_ms() - lost_ms),
            attempts=attempts,
            model=f"{profile.name}/{profile.model}",
        )
        if self._span is not None:
            self._span.set(verdict=verdict, attempts=attempts).end("error" if verdict == "lost" else "ok")

    async def _fill(self, owed: bool) -> None:
        """Say a phrase once the line falls silent, and again while there is no model; the agent's voice ends this."""
        kinds: Iterator[PhraseKind] = chain(["outage"], repeat("still_here"))
        quiet_ms = said = 0
        while self.running or (owed and not said):
            await self._live.clock.sleep_ms(POLL_MS)
            self._mouth.catch_up()
            taken = self._live.taken_by is not None
            if taken or self._mouth.playing or (not self.running and self._caller_speaks()):
                owed, quiet_ms = owed and self.running, 0
                continue
            quiet_ms += POLL_MS
            if quiet_ms >= (PHRASE_AGAIN_MS if said else self._patience_ms):
                self._announcer.say(next(kinds))
                quiet_ms, said = 0, said + 1
