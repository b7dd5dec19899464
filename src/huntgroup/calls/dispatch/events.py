"""What each event of the model means for the call. One handler per event type; all are quick and none waits."""

from huntgroup.calls.dispatch.callerturns import CallerTurns, Handlers
from huntgroup.calls.dispatch.replies import Replies
from huntgroup.calls.guardrails.guardrails import GuardrailDesk
from huntgroup.calls.handoffs.consults import ConsultDesk
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.updates import SessionUpdates
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.sound.utterance import Utterance
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.turns.bargein import BargeIn
from huntgroup.calls.turns.floor import Floor
from huntgroup.calls.turns.written import sound_of
from huntgroup.domain import facts
from huntgroup.wire import realtime as rt

CONFLICT = "conversation_already_has_active_response"
HARMLESS = frozenset({"response_cancel_not_active"})
MAX_REPORTS = 100


class ModelEvents:
    """Carries out the model's events on the desks of one call."""

    def __init__(
        self,
        live: LiveCall,
        *,
        mouth: Mouth,
        responses: ResponseQueue,
        replies: Replies,
        turns: CallerTurns,
        updates: SessionUpdates,
        consults: ConsultDesk,
        guardrails: GuardrailDesk,
        floor: Floor,
        barge_in: BargeIn,
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._replies = replies
        self._turns = turns
        self._updates = updates
        self._consults = consults
        self._guardrails = guardrails
        self._floor = floor
        self._barge_in = barge_in
        self._deferred: list[rt.ServerEvent] = []
        self._reports = 0
        self._handlers = self._of_the_session() | self._of_responses() | turns.handlers()
        floor.on_decided = self._catch_up

    def _of_the_session(self) -> Handlers:
        items = self._live.items
        return {
            rt.SessionUpdated: lambda event: self._updates.updated(event.session),
            rt.ConversationItemAdded: lambda event: items.added(event.item, event.previous_item_id),
            rt.ConversationItemDone: lambda event: items.added(event.item, event.previous_item_id),
            rt.ConversationItemDeleted: lambda event: items.deleted(event.item_id),
            rt.Error: self._error,
            rt.UnknownServerEvent: self._unknown,
        }

    def _of_responses(self) -> Handlers:
        handlers: Handlers = {
            rt.ResponseCreated: self._created,
            rt.ResponseOutputItemAdded: lambda event: self._replies.item_added(event.response_id, event.item),
            rt.ResponseOutputAudioDelta: self._audio,
            rt.ResponseOutputAudioTranscriptDelta: self._words,
            rt.ResponseOutputAudioTranscriptDone: self._all_words,
            rt.ResponseOutputAudioDone: lambda event: self._mouth.close(event.item_id),
            rt.ResponseOutputItemDone: self._replies.item_done,
            rt.ResponseDone: self._done,
        }
        if self._live.line.written:
            handlers[rt.ResponseOutputTextDelta] = self._written
            handlers[rt.ResponseOutputTextDone] = self._all_written
        return handlers

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
        if not self._mouth.said.takes_more(response_id):
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
        elif self._responses.server.stuck:
            self._replies.stuck(ask)

    def _unknown(self, event: rt.UnknownServerEvent) -> None:
        if self._may_report():
            self._live.log.add(facts.BadInput, source="model", code="unknown_event", detail=event.type[:80])

    def _may_report(self) -> bool:
        """A flood of complaints is recorded only in its beginning."""
        self._reports += 1
        return self._reports <= MAX_REPORTS
