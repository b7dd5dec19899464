"""The caller's written side: typed words are a turn as spoken ones are, and an agent can be stopped without a sound."""

from huntgroup.calls.dispatch.callerturns import CallerTurns
from huntgroup.calls.guardrails.guardrails import GuardrailDesk
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.conversation import CallerTurn, Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.turns.floor import Floor
from huntgroup.calls.turns.silence import SilenceWatch
from huntgroup.domain.facts import CallerSpoke
from huntgroup.wire.realtime import ContentPart, MessageItem

TYPED = "typed"
BY_HAND = "by_hand"


class Typed:
    """Takes what the caller writes.

    A typed turn is committed, transcribed and told in one moment; from there on nothing tells it from a spoken one.
    """

    def __init__(
        self,
        live: LiveCall,
        *,
        responses: ResponseQueue,
        conversation: Conversation,
        floor: Floor,
        guardrails: GuardrailDesk,
        silence: SilenceWatch,
        turns: CallerTurns,
    ) -> None:
        self._live = live
        self._responses = responses
        self._conversation = conversation
        self._floor = floor
        self._guardrails = guardrails
        self._silence = silence
        self._turns = turns
        self._taken = {fact.item_id for fact in live.log.facts if isinstance(fact, CallerSpoke)}

    def say(self, text: str, words_id: str | None = None) -> None:
        """Take typed words, which must not be blank, as the caller's next turn; they interrupt as speech does.

        Words whose `words_id` is in the record, of this process or one before it, were taken: nothing happens.
        """
        if words_id is not None and f"{TYPED}_{words_id}" in self._taken:
            return
        live, now_ms = self._live, self._live.line.now_ms()
        self._silence.reset()
        self._floor.take(TYPED)
        part = ContentPart(type="input_text", text=text)
        created = live.items.create(MessageItem(role="user", content=[part]), TYPED, known_as=words_id)
        self._taken.add(str(created.item.id))
        live.model.send(created)
        turn = self._number(CallerTurn(str(created.item.id), 0, now_ms, now_ms, committed=True))
        self._turns.tell(turn, text, how=TYPED)
        if live.taken_by is not None:
            # A person reads and answers.
            self._guardrails.caller.unspoken()
        else:
            self._answer(turn, text)
        self._go_on()

    def _answer(self, turn: CallerTurn, text: str) -> None:
        self._guardrails.caller.committed(turn.item_id)
        if self._live.ending is None:
            self._responses.ask(Ask(reason=Reason.TURN, agent=self._live.owner))
        self._guardrails.caller.transcribed(turn.item_id, text)

    def interrupt(self, cause: str = BY_HAND) -> None:
        """Stop what the agent says and makes; nothing is asked for, a person is to go on."""
        self._silence.reset()
        self._floor.take(cause)
        self._go_on()

    def _number(self, turn: CallerTurn) -> CallerTurn:
        self._turns.number(turn)
        self._conversation.turns[turn.item_id] = turn
        self._conversation.last_end_ms = turn.end_ms
        return turn

    def _go_on(self) -> None:
        """Written words leave no room for a pause, unless the caller speaks as well."""
        if not self._turns.speaking:
            self._responses.resume()
