"""What each event of the model means for the call. One handler per event type; all are quick and none waits."""

from collections.abc import Callable
from typing import Any

from huntgroup.calls.consults import ConsultDesk
from huntgroup.calls.conversation import CallerTurn, Conversation
from huntgroup.calls.guardrails import GuardrailDesk
from huntgroup.calls.handoffs import HandoffDesk
from huntgroup.calls.live import LiveCall
from huntgroup.calls.mouth import Mouth
from huntgroup.calls.responses import Ask, ResponseQueue
from huntgroup.calls.silence import SilenceWatch
from huntgroup.calls.toolrun import Invocation
from huntgroup.calls.tools import ToolDesk
from huntgroup.calls.tracing import Span
from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.teams import Consult
from huntgroup.wire import realtime as rt

CONFLICT = "conversation_already_has_active_response"
HARMLESS = frozenset({"response_cancel_not_active"})
MAX_FAILURES = 3


class ModelEvents:
    """Carries out the model's events on the desks of one call.

    `on_barge_in` silences the agent; `on_settled` is told when something ended that the end of the call may wait for;
    `on_failing` when the model fails again and again.
    """

    def __init__(
        self,
        live: LiveCall,
        *,
        mouth: Mouth,
        responses: ResponseQueue,
        tools: ToolDesk,
        handoffs: HandoffDesk,
        consults: ConsultDesk,
        guardrails: GuardrailDesk,
        silence: SilenceWatch,
        conversation: Conversation,
        on_barge_in: Callable[[], None],
        on_settled: Callable[[], None],
        on_failing: Callable[[], None],
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools
        self._handoffs = handoffs
        self._consults = consults
        self._guardrails = guardrails
        self._silence = silence
        self._conversation = conversation
        self._on_barge_in = on_barge_in
        self._on_settled = on_settled
        self._on_failing = on_failing
        self._spans: dict[str, Span] = {}
        self._owners: dict[str, str] = {}
        self._transfers: dict[str, list[Invocation]] = {}
        self._failures = 0
        self.caller_speaking = False
        self._handlers: dict[type, Callable[[Any], None]] = {
            rt.ResponseOutputAudioDelta: self._audio,
            rt.ResponseOutputAudioTranscriptDelta: self._words,
            rt.ResponseOutputAudioTranscriptDone: self._all_words,
            rt.ResponseOutputAudioDone: self._audio_done,
            rt.ResponseCreated: self._response_created,
            rt.ResponseDone: self._response_done,
            rt.ResponseOutputItemDone: self._item_done,
            rt.SessionUpdated: self._session_updated,
            rt.Error: self._error,
            rt.InputAudioBufferSpeechStarted: self._speech_started,
            rt.InputAudioBufferSpeechStopped: self._speech_stopped,
            rt.InputAudioBufferCommitted: self._committed,
            rt.ConversationItemInputAudioTranscriptionCompleted: self._transcribed,
            rt.ConversationItemInputAudioTranscriptionFailed: self._not_transcribed,
            rt.ConversationItemAdded: self._item_added,
            rt.ConversationItemDeleted: self._item_deleted,
            rt.UnknownServerEvent: self._unknown,
        }

    def handle(self, event: rt.ServerEvent | rt.UnknownServerEvent) -> None:
        """Carry out one event; events that mean nothing to a call are passed over."""
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)

    # -- the agent's sound ----------------------------------------------------------------------------------------

    def _audio(self, event: rt.ResponseOutputAudioDelta) -> None:
        self._mouth.begin(event.item_id, event.response_id, self._owner_of(event.response_id))
        self._mouth.sound(event.item_id, event.content_index, event.delta)

    def _words(self, event: rt.ResponseOutputAudioTranscriptDelta) -> None:
        owner = self._owner_of(event.response_id)
        self._mouth.begin(event.item_id, event.response_id, owner)
        text = self._mouth.words(event.item_id, event.delta)
        self._guardrails.agent_said(owner, event.response_id, text, complete=False)

    def _all_words(self, event: rt.ResponseOutputAudioTranscriptDone) -> None:
        owner = self._owner_of(event.response_id)
        utterance = self._mouth.begin(event.item_id, event.response_id, owner)
        utterance.text = event.transcript or utterance.text
        self._guardrails.agent_said(owner, event.response_id, utterance.text, complete=True)

    def _audio_done(self, event: rt.ResponseOutputAudioDone) -> None:
        self._mouth.close(event.item_id)

    # -- responses ------------------------------------------------------------------------------------------------

    def _response_created(self, event: rt.ResponseCreated) -> None:
        active = self._responses.created(event.response)
        if active is None:
            return
        self._owners[active.response_id] = active.ask.agent
        span = self._live.tracer.response(active.response_id, active.ask.agent, active.ask.reason)
        self._spans[active.response_id] = span
        self._handoffs.response_created(active.response_id, active.ask)

    def _response_done(self, event: rt.ResponseDone) -> None:
        response = event.response
        if self._consults.response_done(response):
            self._usage(response)
            return
        ended = self._responses.done(response)
        if ended is None:
            return
        self._usage(response)
        status = response.status or "completed"
        self._end_span(ended.response_id, status)
        self._catch_up(ended.response_id, response)
        transfers = self._transfers.pop(ended.response_id, [])
        self._tools.response_done(ended.response_id, cancelled=status == "cancelled")
        if transfers:
            self._handoffs.propose(transfers)
        self._judge(status, response, ended.ask)
        self._responses.proceed()
        self._on_settled()

    def _item_done(self, event: rt.ResponseOutputItemDone) -> None:
        item = event.item
        if isinstance(item, rt.FunctionCallItem) and item.status != "incomplete":
            self._call(event.response_id, item)
        elif isinstance(item, rt.MessageItem) and isinstance(item.id, str):
            self._mouth.close(item.id)

    def _catch_up(self, response_id: str, response: rt.Response) -> None:
        """Take what only the finished response tells: calls whose own events never came, items that were cut."""
        for item in response.output or []:
            if isinstance(item, rt.FunctionCallItem) and item.status != "incomplete":
                self._call(response_id, item)
            elif isinstance(item, rt.MessageItem) and isinstance(item.id, str):
                self._mouth.close(item.id)

    def _call(self, response_id: str, item: rt.FunctionCallItem) -> None:
        if response_id not in self._owners:
            return
        call_id = item.call_id if isinstance(item.call_id, str) else new_id("call")
        item_id = item.id if isinstance(item.id, str) else ""
        owner = self._owner_of(response_id)
        call = Invocation(item.name, call_id, item.arguments, owner, response_id, item_id)
        if not self._tools.accept(call):
            return
        action = self._live.toolset.actions.get(item.name)
        if item.name in self._live.toolset.transfers:
            self._transfers.setdefault(response_id, []).append(call)
        elif isinstance(action, Consult):
            self._live.tasks.spawn(self._consult(action, call), f"consult {action.to}")
        else:
            self._tools.start(call)

    async def _consult(self, asked: Consult, call: Invocation) -> None:
        answer = await self._consults.serve(asked, call)
        self._tools.answered(call, answer)

    def _judge(self, status: str, response: rt.Response, ask: Ask) -> None:
        if status != "failed":
            self._failures = 0
            return
        self._failures += 1
        details = response.status_details
        error = details.error if details is not None else None
        code = (error.code if error is not None else None) or "response_failed"
        self._live.log.add(facts.ModelError, code=code, detail=ask.reason)
        if self._failures >= MAX_FAILURES:
            self._on_failing()
        else:
            self._responses.ask(
                Ask(
                    reason="retry",
                    agent=self._live.owner,
                    instructions=ask.instructions,
                )
            )

    def _usage(self, response: rt.Response) -> None:
        usage = response.usage
        if usage is None:
            return
        read, made = usage.input_token_details, usage.output_token_details
        self._live.log.add(
            facts.UsageReported,
            response_id=response.id or "",
            input_tokens=usage.input_tokens or 0,
            output_tokens=usage.output_tokens or 0,
            cached_tokens=(read.cached_tokens or 0) if read is not None else 0,
            input_audio_tokens=(read.audio_tokens or 0) if read is not None else 0,
            output_audio_tokens=(made.audio_tokens or 0) if made is not None else 0,
        )

    def _end_span(self, response_id: str, status: str) -> None:
        span = self._spans.pop(response_id, None)
        if span is None:
            return
        span.set(status=status)
        span.end({"completed": "ok", "cancelled": "cancelled"}.get(status, "error"))  # type: ignore[arg-type]

    # -- the session ------------------------------------------------------------------------------------------------

    def _session_updated(self, event: rt.SessionUpdated) -> None:
        self._handoffs.updated()

    def _error(self, event: rt.Error) -> None:
        error = event.error
        code = error.code or error.type
        if self._handoffs.refused(error.event_id, code) or self._consults.refused(error.event_id):
            return
        if self._responses.refused(error.event_id, conflict=code == CONFLICT) and code == CONFLICT:
            return
        if code not in HARMLESS:
            self._live.log.add(facts.ModelError, code=code, detail=error.param or "")

    def _unknown(self, event: rt.UnknownServerEvent) -> None:
        self._live.log.add(facts.BadInput, source="model", code="unknown_event", detail=event.type[:80])

    # -- the caller -------------------------------------------------------------------------------------------------

    def _speech_started(self, event: rt.InputAudioBufferSpeechStarted) -> None:
        self.caller_speaking = True
        self._conversation.speech_started(event.item_id, event.audio_start_ms)
        self._silence.reset()
        if self._live.ending is None:
            self._responses.pause()
            self._on_barge_in()

    def _speech_stopped(self, event: rt.InputAudioBufferSpeechStopped) -> None:
        self.caller_speaking = False
        self._conversation.speech_stopped(event.item_id, event.audio_end_ms)

    def _committed(self, event: rt.InputAudioBufferCommitted) -> None:
        self.caller_speaking = False
        self._live.turn += 1
        self._conversation.committed(event.item_id, self._live.turn, self._live.line.now_ms())
        self._live.tracer.turn(self._live.turn, self._live.owner)
        if self._live.ending is None:
            self._responses.ask(Ask(reason="turn", agent=self._live.owner))
        self._responses.resume()

    def _transcribed(self, event: rt.ConversationItemInputAudioTranscriptionCompleted) -> None:
        turn = self._conversation.turns.get(event.item_id)
        if turn is not None and not turn.told:
            self.tell_turn(turn, event.transcript)
            active = self._responses.active
            self._guardrails.caller_said(active.response_id if active is not None else "", event.transcript)

    def _not_transcribed(self, event: rt.ConversationItemInputAudioTranscriptionFailed) -> None:
        turn = self._conversation.turns.get(event.item_id)
        if turn is not None and not turn.told:
            self.tell_turn(turn, "")

    def tell_turn(self, turn: CallerTurn, text: str) -> None:
        """Record what the caller said in a turn."""
        turn.told = True
        self._live.log.add(
            facts.CallerSpoke,
            turn=turn.number or self._live.turn,
            item_id=turn.item_id,
            text=text.strip(),
            start_ms=turn.start_ms,
            end_ms=turn.end_ms,
        )

    def _item_added(self, event: rt.ConversationItemAdded) -> None:
        self._conversation.added(event.item)

    def _item_deleted(self, event: rt.ConversationItemDeleted) -> None:
        self._conversation.deleted(event.item_id)

    def _owner_of(self, response_id: str) -> str:
        return self._owners.get(response_id, self._live.owner)
