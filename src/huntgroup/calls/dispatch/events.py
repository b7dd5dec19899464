"""What each event of the model means for the call. One handler per event type; all are quick and none waits."""

from collections.abc import Callable
from typing import Any

from huntgroup.calls.dispatch.replies import Replies
from huntgroup.calls.guardrails.guardrails import GuardrailDesk
from huntgroup.calls.handoffs.consults import ConsultDesk
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.updates import SessionUpdates
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.sound.utterance import Utterance
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.conversation import CallerTurn, Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.turns.bargein import BargeIn
from huntgroup.calls.turns.floor import Floor
from huntgroup.calls.turns.silence import SilenceWatch
from huntgroup.calls.turns.written import sound_of
from huntgroup.domain import facts
from huntgroup.wire import realtime as rt

CONFLICT = "conversation_already_has_active_response"
HARMLESS = frozenset({"response_cancel_not_active"})
MAX_REPORTS = 100
COMMIT_WAIT_MS = 2_000


class ModelEvents:
    """Carries out the model's events on the desks of one call."""

    def __init__(
        self,
        live: LiveCall,
        *,
        mouth: Mouth,
        responses: ResponseQueue,
        replies: Replies,
        updates: SessionUpdates,
        consults: ConsultDesk,
        guardrails: GuardrailDesk,
        silence: SilenceWatch,
        conversation: Conversation,
        floor: Floor,
        barge_in: BargeIn,
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._replies = replies
        self._updates = updates
        self._consults = consults
        self._guardrails = guardrails
        self._silence = silence
        self._conversation = conversation
        self._floor = floor
        self._barge_in = barge_in
        self._deferred: list[rt.ServerEvent] = []
        floor.on_turn = self._take_turn
        floor.on_decided = self._catch_up
        self._reports = 0
        self.caller_speaking = False
        self._handlers: dict[type, Callable[[Any], None]] = {
            rt.ResponseOutputAudioDelta: self._audio,
            rt.ResponseOutputAudioTranscriptDelta: self._words,
            rt.ResponseOutputAudioTranscriptDone: self._all_words,
            rt.ResponseOutputAudioDone: lambda event: self._mouth.close(event.item_id),
            rt.ResponseCreated: self._created,
            rt.ResponseOutputItemDone: replies.item_done,
            rt.ResponseDone: self._done,
            rt.SessionUpdated: lambda event: self._updates.updated(event.session),
            rt.Error: self._error,
            rt.InputAudioBufferSpeechStarted: self._speech_started,
            rt.InputAudioBufferSpeechStopped: self._speech_stopped,
            rt.InputAudioBufferCommitted: self._committed,
            rt.ConversationItemInputAudioTranscriptionCompleted: self._transcribed,
            rt.ConversationItemInputAudioTranscriptionFailed: self._not_transcribed,
            rt.ConversationItemAdded: lambda event: live.items.added(event.item, event.previous_item_id),
            rt.ConversationItemDone: lambda event: live.items.added(event.item, event.previous_item_id),
            rt.ConversationItemDeleted: lambda event: live.items.deleted(event.item_id),
            rt.ResponseOutputItemAdded: lambda event: replies.item_added(event.response_id, event.item),
            rt.UnknownServerEvent: self._unknown,
        }
        if live.line.written:
            self._handlers[rt.ResponseOutputTextDelta] = self._written
            self._handlers[rt.ResponseOutputTextDone] = self._all_written

    def handle(self, event: rt.ServerEvent | rt.UnknownServerEvent) -> None:
        """Carry out one event; events that mean nothing to a call are passed over."""
        self._responses.server.alive = True
        if self._floor.doubtful and self._has_consequences(event):
            self._deferred.append(event)
            return
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    def _has_consequences(self, event: rt.ServerEvent | rt.UnknownServerEvent) -> bool:
        """Whether tools may be run because of an event: not before it is known whether the caller speaks."""
        active = self._responses.active
        if active is None or active.dead:
            return False
        if isinstance(event, rt.ResponseDone):
            return event.response.id == active.response_id
        return (
            isinstance(event, rt.ResponseOutputItemDone)
            and event.response_id == active.response_id
            and isinstance(event.item, rt.FunctionCallItem)
        )

    def _catch_up(self) -> None:
        """Nobody takes the floor any more, or somebody has: what was put off happens now."""
        deferred, self._deferred = self._deferred, []
        for event in deferred:
            self._handlers[type(event)](event)

    # -- the agent's sound ----------------------------------------------------------------------------------------

    def _created(self, event: rt.ResponseCreated) -> None:
        self._replies.created(event)
        active = self._responses.active
        if active is not None and active.response_id == event.response.id and not active.dead:
            self._guardrails.began(active.ask.agent, active.response_id)
            self._live.whispers.began(active.response_id, active.ask)
            if active.ask.approval_of is not None:
                self._live.approvals.telling(active.ask.approval_of, active.response_id)

    def _audio(self, event: rt.ResponseOutputAudioDelta) -> None:
        self._sound(event, event.delta)

    def _sound(self, event: rt.ResponseOutputAudioDelta | rt.ResponseOutputTextDelta, audio: bytes) -> None:
        owner = self._speaker(event.response_id, event.item_id)
        if owner is None:
            return
        self._begin(event.item_id, event.response_id, owner)
        self._mouth.sound(event.item_id, event.content_index, audio)
        self._guardrails.agent.sounded(event.response_id)

    def _words(self, event: rt.ResponseOutputAudioTranscriptDelta | rt.ResponseOutputTextDelta) -> None:
        owner = self._speaker(event.response_id, event.item_id)
        if owner is None:
            return
        self._begin(event.item_id, event.response_id, owner)
        self._mouth.words(event.item_id, event.delta)
        self._guardrails.agent.said(event.response_id, event.item_id, event.delta)

    def _all_words(self, event: rt.ResponseOutputAudioTranscriptDone) -> None:
        owner = self._speaker(event.response_id, event.item_id)
        if owner is None:
            return
        utterance = self._begin(event.item_id, event.response_id, owner)
        utterance.text = event.transcript or utterance.text
        self._guardrails.agent.said_all(event.response_id, event.item_id, event.transcript)

    def _written(self, event: rt.ResponseOutputTextDelta) -> None:
        self._words(event)
        self._sound(event, sound_of(event.delta, self._live.line.format))

    def _all_written(self, event: rt.ResponseOutputTextDone) -> None:
        owner = self._speaker(event.response_id, event.item_id)
        if owner is not None:
            self._begin(event.item_id, event.response_id, owner)
            self._guardrails.agent.said_all(event.response_id, event.item_id, event.text)
            self._mouth.close(event.item_id)

    def _begin(self, item_id: str, response_id: str, owner: str) -> Utterance:
        """No sound of a guarded agent may come before its guard, whatever the server forgot to announce."""
        self._live.items.made_by(item_id, response_id)
        self._guardrails.agent.watch(owner, response_id)
        return self._mouth.begin(item_id, response_id, owner)

    def _speaker(self, response_id: str, item_id: str) -> str | None:
        """Return whose words these are; None when nobody may be heard saying them."""
        if self._mouth.is_buried(response_id):
            self._barge_in.stray(response_id, item_id)
            return None
        return self._replies.owner_of(response_id)

    def _done(self, event: rt.ResponseDone) -> None:
        self._guardrails.over(event.response)
        self._barge_in.response_done(event.response.id or "")
        self._replies.done(event)

    # -- the session ------------------------------------------------------------------------------------------------

    def _error(self, event: rt.Error) -> None:
        error = event.error
        code = error.code or error.type
        if self._updates.refused(error.event_id, code) or self._consults.refused(error.event_id):
            return
        ask = self._responses.refused(error.event_id, conflict=code == CONFLICT)
        if ask is not None:
            self._ask_refused(code, ask)
        elif code not in HARMLESS and self._may_report():
            self._live.log.add(facts.ModelError, code=code, detail=error.param or "")

    def _ask_refused(self, code: str, ask: Ask) -> None:
        if code != CONFLICT:
            self._replies.refused(code, ask)
        elif self._responses.stuck:
            self._replies.stuck(ask)

    def _unknown(self, event: rt.UnknownServerEvent) -> None:
        if self._may_report():
            self._live.log.add(facts.BadInput, source="model", code="unknown_event", detail=event.type[:80])

    def _may_report(self) -> bool:
        """A flood of complaints is recorded only in its beginning."""
        self._reports += 1
        return self._reports <= MAX_REPORTS

    # -- the caller -------------------------------------------------------------------------------------------------

    def _speech_started(self, event: rt.InputAudioBufferSpeechStarted) -> None:
        self.caller_speaking = True
        self._conversation.speech_started(event.item_id, event.audio_start_ms)
        self._silence.reset()
        self._floor.speech_started(self._conversation.turns[event.item_id])

    def _speech_stopped(self, event: rt.InputAudioBufferSpeechStopped) -> None:
        self.caller_speaking = False
        self._conversation.speech_stopped(event.item_id, event.audio_end_ms)
        self._floor.speech_stopped(event.item_id)
        self._live.tasks.spawn(self._resume_later(event.item_id), "wait for the commit")

    async def _resume_later(self, item_id: str) -> None:
        """A server that drops a noise commits nothing: then nobody else says that the caller's turn is over."""
        await self._live.clock.sleep_ms(COMMIT_WAIT_MS)
        turn = self._conversation.turns.get(item_id)
        if turn is None or not turn.committed:
            self._floor.never_committed(item_id)
            if not self.caller_speaking:
                self._responses.resume()

    def _committed(self, event: rt.InputAudioBufferCommitted) -> None:
        self.caller_speaking = False
        turn = self._conversation.committed(event.item_id, self._live.line.now_ms())
        if self._floor.committed(turn):
            self._take_turn(turn)

    def _take_turn(self, turn: CallerTurn) -> None:
        """A committed turn of the caller is to be answered."""
        self._live.turn += 1
        turn.number = self._live.turn
        turn.owner = self._live.owner
        self._live.tracer.turn(self._live.turn, self._live.owner)
        if self._live.taken_by is not None:
            # A person listens and answers.
            self._guardrails.caller.unspoken()
            self._responses.resume()
            return
        self._guardrails.caller.committed(turn.item_id)
        if self._live.ending is None:
            self._responses.ask(Ask(reason=Reason.TURN, agent=self._live.owner))
        self._responses.resume()

    def _transcribed(self, event: rt.ConversationItemInputAudioTranscriptionCompleted) -> None:
        turn = self._conversation.turns.get(event.item_id)
        if turn is not None:
            self._floor.words(turn, event.transcript)
        if turn is not None and not turn.told:
            self.tell_turn(turn, event.transcript)
            self._guardrails.caller.transcribed(event.item_id, event.transcript)

    def _not_transcribed(self, event: rt.ConversationItemInputAudioTranscriptionFailed) -> None:
        turn = self._conversation.turns.get(event.item_id)
        if turn is not None:
            self._floor.words(turn, "")
        if turn is not None and not turn.told:
            self.tell_turn(turn, "")
            self._guardrails.caller.not_transcribed(event.item_id)

    def turn_lost(self, turn: CallerTurn) -> None:
        """The words of a turn are lost with the session that heard it."""
        self.tell_turn(turn, "")
        self._guardrails.caller.lost(turn.item_id)

    def tell_turn(self, turn: CallerTurn, text: str, how: str = "spoken") -> None:
        """Record what the caller said in a turn, and how."""
        turn.told = True
        self._live.log.add(
            facts.CallerSpoke,
            owned_by=turn.owner,
            turn=turn.number or self._live.turn,
            item_id=turn.item_id,
            text=text.strip(),
            start_ms=turn.start_ms,
            end_ms=turn.end_ms,
            how=how,
        )
