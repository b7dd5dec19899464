"""The caller's turns as the model's server hears them: begun, ended, committed, and put into words."""

from collections.abc import Callable
from typing import Any

from huntgroup.calls.guardrails.guardrails import GuardrailDesk
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.conversation import CallerTurn, Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.turns.floor import Floor
from huntgroup.calls.turns.silence import SilenceWatch
from huntgroup.domain import facts
from huntgroup.wire import realtime as rt

COMMIT_WAIT_MS = 2_000
Handlers = dict[type, Callable[[Any], None]]
"""What is to be done with an event, by its type."""


class CallerTurns:
    """Numbers the caller's turns, has them answered, and records what was said in them.

    `speaking` is whether the server hears the caller speak.
    """

    def __init__(
        self,
        live: LiveCall,
        *,
        responses: ResponseQueue,
        guardrails: GuardrailDesk,
        silence: SilenceWatch,
        conversation: Conversation,
        floor: Floor,
    ) -> None:
        self._live = live
        self._responses = responses
        self._guardrails = guardrails
        self._silence = silence
        self._conversation = conversation
        self._floor = floor
        self.speaking = False
        floor.on_turn, floor.on_ignored = self._take_turn, self._nothing_said

    def handlers(self) -> Handlers:
        """Return what is to be done with each event about the caller's speech."""
        return {
            rt.InputAudioBufferSpeechStarted: self._speech_started,
            rt.InputAudioBufferSpeechStopped: self._speech_stopped,
            rt.InputAudioBufferCommitted: self._committed,
            rt.ConversationItemInputAudioTranscriptionCompleted: self._transcribed,
            rt.ConversationItemInputAudioTranscriptionFailed: self._not_transcribed,
        }

    def _speech_started(self, event: rt.InputAudioBufferSpeechStarted) -> None:
        self.speaking = True
        self._conversation.speech_started(event.item_id, event.audio_start_ms)
        self._silence.reset()
        self._floor.speech_started(self._conversation.turns[event.item_id])

    def _speech_stopped(self, event: rt.InputAudioBufferSpeechStopped) -> None:
        self.speaking = False
        self._conversation.speech_stopped(event.item_id, event.audio_end_ms)
        self._floor.speech_stopped(event.item_id)
        self._live.tasks.spawn(self._resume_later(event.item_id), "wait for the commit")

    async def _resume_later(self, item_id: str) -> None:
        """A server that drops a noise commits nothing: then nobody else says that the caller's turn is over."""
        await self._live.clock.sleep_ms(COMMIT_WAIT_MS)
        turn = self._conversation.turns.get(item_id)
        if turn is None or not turn.committed:
            self._floor.never_committed(item_id)
            if not self.speaking:
                self._responses.resume()

    def _committed(self, event: rt.InputAudioBufferCommitted) -> None:
        self.speaking = False
        turn = self._conversation.committed(event.item_id, self._live.line.now_ms())
        if self._floor.committed(turn):
            self._take_turn(turn)

    def _take_turn(self, turn: CallerTurn) -> None:
        """A committed turn of the caller is to be answered."""
        self.number(turn)
        if self._live.taken_by is not None:
            # A person listens and answers.
            self._guardrails.caller.unspoken()
            self._responses.resume()
            return
        self._guardrails.caller.committed(turn.item_id)
        if self._live.ending is None:
            self._responses.ask(Ask(reason=Reason.TURN, agent=self._live.owner))
        self._responses.resume()

    def _nothing_said(self) -> None:
        """What began as speech is no turn: whoever took the floor over it, in writing or as a supervisor, goes on."""
        if not self.speaking:
            self._responses.resume()

    def _transcribed(self, event: rt.ConversationItemInputAudioTranscriptionCompleted) -> None:
        turn = self._conversation.turns.get(event.item_id)
        if turn is not None:
            self._floor.words(turn, event.transcript)
        if turn is not None and not turn.told:
            self.tell(turn, event.transcript)
            self._guardrails.caller.transcribed(event.item_id, event.transcript)

    def _not_transcribed(self, event: rt.ConversationItemInputAudioTranscriptionFailed) -> None:
        turn = self._conversation.turns.get(event.item_id)
        if turn is not None:
            self._floor.words(turn, "")
        if turn is not None and not turn.told:
            self.tell(turn, "")
            self._guardrails.caller.not_transcribed(event.item_id)

    def number(self, turn: CallerTurn) -> None:
        """Make it the call's next turn, which is for the agent that has the call now."""
        live = self._live
        live.turn += 1
        self._responses.turn_taken()
        turn.number, turn.owner = live.turn, live.owner
        live.tracer.turn(live.turn, live.owner)

    def lost(self, turn: CallerTurn) -> None:
        """The words of a turn are lost with the session that heard it."""
        self.tell(turn, "")
        self._guardrails.caller.lost(turn.item_id)

    def tell(self, turn: CallerTurn, text: str, how: str = "spoken") -> None:
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
