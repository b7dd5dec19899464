"""One running call: what goes into the record, and how the call is begun and finished."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from huntgroup.calls.handoffs.openerecho import EchoWatch
from huntgroup.calls.lineevents import LineEvents
from huntgroup.calls.model.updates import Update, UpdateRejected
from huntgroup.calls.ports import HousePhrases, RealtimeModel
from huntgroup.calls.processes.resumption import Resumption, first_asks
from huntgroup.calls.sound.utterance import Spoken
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.state.whisper import framed
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.calls.succession.succession import MODEL_LOST
from huntgroup.calls.supervision.supervision import SupervisorDesk
from huntgroup.calls.tools import hooks
from huntgroup.calls.wiring import Desks
from huntgroup.domain import facts
from huntgroup.domain.errors import HandoffRefused, TellModel
from huntgroup.teams import KeyTransfer, VoiceAgent

HANG_UP_LIMIT_S = 20
TRANSCRIPT_WAIT_MS = 1_500
POLL_MS = 50


class Desk:
    """The front desk of a running call, with all others behind it; `ended` is done with the reason when it is to end.

    `finish` and then `settle` must follow.
    """

    def __init__(
        self,
        live: LiveCall,
        model: RealtimeModel,
        phrases: HousePhrases,
        standbys: Allowance,
        *,
        passthrough: bool,
    ) -> None:
        self.live = live
        self._desks = Desks(
            live,
            model,
            phrases,
            standbys,
            passthrough=passthrough,
            on_spoken=self._spoken,
            on_configuration=self._configure,
            on_key_transfer=self._key_transfer,
        )
        self._line = LineEvents(live, self._desks)
        self._echo = EchoWatch(live)
        self._ending = self._desks.ending

    def open(self, resumption: Resumption | None = None) -> None:
        """Start the call's tasks, and have the agent answer, or go on, as soon as there is a model."""
        live = self.live
        live.tasks.spawn_line(live.line.pump(), "line out")
        live.tasks.spawn_line(self._line.read(), "line in")
        live.tasks.spawn(self._desks.pulse().run(), "pulse")
        live.tasks.spawn(self._ending.limit_length(), "length")
        live.tasks.spawn(hooks.agent_started(live.run_context(), live.agent), "first hook")
        self._desks.recovery.start()
        opener = Ask(reason=Reason.OPENER, agent=live.owner, instructions=self._opener())
        for ask in [opener] if resumption is None else first_asks(resumption.state):
            self._desks.talk.responses.ask(ask)

    @property
    def ended(self) -> asyncio.Future[str]:
        return self._ending.ended

    @property
    def certain(self) -> bool:
        """Whether the model's server is known to stand on the owner's instructions and tools."""
        desks = self._desks
        doubtful = desks.handoffs.busy or desks.standing.in_doubt or desks.updates.outstanding
        return desks.switchboard.connected and not doubtful

    def heard_of(self, response_id: str) -> int:
        """Return how many milliseconds of a response the caller has heard so far."""
        return self._desks.talk.mouth.said.heard_of(response_id)

    def transfer(self, to: str, brief: Mapping[str, Any], by: str) -> asyncio.Future[bool]:
        """Begin a handoff that no model asked for; the result is True once it is committed. See `HandoffDesk`."""
        if self.live.taken_by is not None:
            raise HandoffRefused("taken", "a supervisor has the call")
        return self._desks.handoffs.transfer(to, brief, by).outcome

    def whisper(self, text: str, by: str) -> None:
        """Tell the owner something that the caller does not hear; without a model, as soon as there is one."""
        live = self.live
        told = live.log.add(facts.Whispered, by=by, text=text)
        live.whispers.told(told.seq, text, self._desks.talk.responses.server.sent)
        live.model.send(live.items.note(framed(text)))

    @property
    def supervisors(self) -> SupervisorDesk:
        """Whoever speaks in the agent's place."""
        return self._desks.supervisors

    def say(self, text: str, words_id: str | None) -> None:
        """Take typed words as the caller's turn, once."""
        self._desks.talk.typed.say(text, words_id)

    def interrupt(self) -> None:
        """Stop what the agent says; the caller is to go on."""
        self._desks.talk.typed.interrupt()

    def press(self, digit: str) -> None:
        """Take a key of the caller's, whatever brought it."""
        self._line.press(digit)

    def end_after_words(self, reason: str) -> None:
        """End the call when what is being said and done is over; not while a supervisor talks with the caller."""
        if self.live.taken_by is None:
            self._ending.after_words(reason)

    def end(self, reason: str) -> None:
        """End the call now."""
        self._ending.now(reason)

    async def leave(self, reason: str, patience_ms: int, polite_ms: int) -> None:
        """End the call for this process at a moment at which nobody speaks and nothing is done, or after a while."""
        await self._ending.leave(reason, patience_ms, polite_ms)

    # -- the end --------------------------------------------------------------------------------------------------

    async def finish(self) -> None:
        """Stop all work, then let the last words be heard; `settle` must follow."""
        self._desks.talk.responses.hold()
        self._desks.replies.closing = True
        self._desks.recovery.close()
        await self._last_transcripts()
        self._desks.switchboard.drop()
        await self.live.tasks.stop_work()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.live.line.hang_up(), HANG_UP_LIMIT_S)

    def settle(self) -> None:
        """Bring the record to its end: words cut where they stand, every tool call answered, turns told."""
        desks = self._desks
        desks.replies.closing = True
        desks.talk.mouth.settle()
        desks.supervisors.settle("moved" if self._ending.given_up else "call_over")
        desks.talk.floor.settle()
        if self._ending.given_up:
            # Another process finds out what became of open tool calls and moves, and answers for them.
            desks.talk.tools.abandon()
        else:
            desks.handoffs.settle()
            desks.talk.tools.settle()
        for turn in desks.talk.conversation.untold():
            desks.talk.turns.tell(turn, "")
        self.live.tasks.stop_line()

    async def _last_transcripts(self) -> None:
        """What the caller said last may still be on its way from the transcriber."""
        for _ in range(TRANSCRIPT_WAIT_MS // POLL_MS):
            owed = any(turn.number for turn in self._desks.talk.conversation.untold())
            if not self._desks.switchboard.connected or not owed:
                return
            await self.live.clock.sleep_ms(POLL_MS)

    # -- what the desks tell --------------------------------------------------------------------------------------

    def _spoken(self, spoken: Spoken) -> None:
        utterance = spoken.utterance
        fact = self.live.log.add(
            facts.AgentSpoke,
            owned_by=utterance.agent,
            turn=self._desks.replies.turn_of(utterance.response_id),
            response_id=utterance.response_id,
            item_id=utterance.item_id,
            text=utterance.text.strip(),
            heard_text=spoken.heard_text.strip(),
            generated_ms=spoken.generated_ms,
            heard_ms=spoken.heard_ms,
            start_ms=spoken.start_ms,
            end_ms=spoken.end_ms,
            interrupted=spoken.interrupted,
            ordered=self._desks.replies.ordered_of(utterance.response_id),
        )
        self._desks.succession.spoken(spoken)
        if isinstance(fact, facts.AgentSpoke):
            self._echo.spoken(fact)
            for whisper in self.live.whispers.heard(fact, self.live.owner):
                answered = {"whisper": whisper, "response_id": fact.response_id}
                self.live.log.add(facts.WhisperAnswered, owned_by=fact.agent, **answered)

    def _configure(self, update: Update) -> None:
        self.live.tasks.spawn(self._configured(update), "configuration")

    async def _configured(self, first: Update) -> None:
        try:
            await first.accepted
        except UpdateRejected as error:
            if str(error) == MODEL_LOST:
                return
            self.live.log.add(facts.ModelError, code=str(error), detail="session.update")
            self._desks.recovery.refused("configuration_refused")

    def _key_transfer(self, key: KeyTransfer) -> bool:
        try:
            self.transfer(key.to, key.brief, "key")
        except TellModel:
            return False
        return True

    def _opener(self) -> str | None:
        agent = self.live.agent
        words = agent.opener if isinstance(agent, VoiceAgent) else None
        return f'Greet the caller. Say exactly: "{words}"' if words else None
