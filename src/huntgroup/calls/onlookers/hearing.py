"""How far what an agent says has reached the caller's ear, told while it is being heard."""

from collections.abc import Callable

from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.sound.utterance import Utterance, words_within
from huntgroup.calls.state.conversation import Conversation
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain.progress import Heard

MOST_KEPT = 16


class Hearing:
    """Tells who hears the live call when more whole words of an utterance were heard, by the line's own marks.

    What it tells only grows. The end of an utterance is an `AgentSpoke` instead, which is exact.
    """

    def __init__(self, live: LiveCall, mouth: Mouth, conversation: Conversation, turn_of: Callable[[str], int]) -> None:
        self._live = live
        self._mouth = mouth
        self._conversation = conversation
        self._turn_of = turn_of
        self._told: dict[str, int] = {}

    def heard(self) -> None:
        """The line said that something more was heard; called at every mark, mostly with nobody to tell."""
        tell = self._live.hearer()
        if tell is None:
            return
        for utterance, heard_ms in self._mouth.said.being_heard():
            text = words_within(utterance.text, heard_ms).strip()
            if len(text) > self._told.get(utterance.item_id, -1):
                self._told[utterance.item_id] = len(text)
                tell(self._progress(utterance, text))
        self._forget()

    def _progress(self, utterance: Utterance, text: str) -> Heard:
        turn = self._turn_of(utterance.response_id)
        return Heard(
            call_id=self._live.call_id,
            item_id=utterance.item_id,
            agent=utterance.agent,
            turn=turn,
            text=text,
            latency_ms=self._latency(utterance, turn),
        )

    def _latency(self, utterance: Utterance, turn: int) -> int | None:
        """From the end of the caller's turn to the first of its answer; None when it answers none."""
        asked = next((one for one in self._conversation.turns.values() if turn and one.number == turn), None)
        first_ms = self._mouth.said.first_heard_ms(utterance.response_id)
        return max(0, first_ms - asked.end_ms) if asked is not None and first_ms is not None else None

    def _forget(self) -> None:
        """Keep account of the latest utterances only."""
        while len(self._told) > MOST_KEPT:
            del self._told[next(iter(self._told))]
