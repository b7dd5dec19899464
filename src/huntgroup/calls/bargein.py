"""Silencing the agent in mid-sentence, so that the model remembers only what was heard."""

from huntgroup.calls.live import LiveCall
from huntgroup.calls.mouth import Mouth
from huntgroup.calls.responses import Ask, ResponseQueue
from huntgroup.calls.tools import ToolDesk
from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.media.playout import Cut
from huntgroup.wire.realtime import ConversationItemDelete, ConversationItemTruncate


class BargeIn:
    """Cuts what is being said: because the caller spoke or pressed a key, or because a guardrail tripped.

    The model is told what was heard once the line has said it, and is asked for nothing before that. `taken` must be
    handed to the mouth as its `on_cut`.
    """

    def __init__(self, live: LiveCall, mouth: Mouth, responses: ResponseQueue, tools: ToolDesk) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools
        self._cause = "speech"
        self._strays: dict[str, set[str]] = {}

    def interrupt(self) -> None:
        """The caller took the floor: silence the line at once and end the reply that is being made."""
        active = self._responses.cut()
        self._silence("speech")
        if active is not None:
            self._mouth.bury(active.response_id)

    def silence_for_keys(self) -> None:
        """The caller pressed a key: stop what is being said and made; the keys are the next turn."""
        if self._live.ending == "silence":
            self._live.ending = None
        if self._live.ending is not None:
            return
        dead = self._responses.kill_current()
        self._silence("keys")
        if dead is not None:
            self._mouth.bury(dead)

    def retract(self, guardrail: str, response_id: str | None) -> int:
        """Stop a reply that a guardrail forbids and have the agent say something else; returns ms heard of it.

        Without an id the reply that is asked for or being made now is meant.
        """
        active = self._responses.active
        if response_id is None or (active is not None and active.response_id == response_id):
            response_id = self._responses.kill_current() or response_id
        heard_ms = self._mouth.heard_of(response_id) if response_id is not None else 0
        self._silence("guardrail")
        if response_id is not None:
            self._mouth.bury(response_id)
        words = (
            "Your last reply was stopped by a rule. Say in one sentence that you can't help with that here, and offer "
            f"what you can do instead. The rule: {guardrail}."
        )
        self._responses.ask(Ask(reason="guardrail", agent=self._live.owner, instructions=words, tools=False))
        return heard_ms

    def taken(self, cuts: list[Cut]) -> None:
        """It is certain what was heard: tell the model and the record."""
        for cut in cuts:
            self._truncate(cut)
        self._responses.go("cut")

    def stray(self, response_id: str, item_id: str) -> None:
        """A reply that nobody may hear goes on at the server: this item of it was never heard."""
        if not self._mouth.ledger.generated_ms(item_id):
            self._strays.setdefault(response_id, set()).add(item_id)

    def response_done(self, response_id: str) -> None:
        """Take what was never heard of a finished reply out of the model's memory."""
        for item_id in sorted(self._strays.pop(response_id, ())):
            self._live.model.send(ConversationItemDelete(event_id=new_id("del"), item_id=item_id))

    def _silence(self, cause: str) -> None:
        self._cause = cause
        self._responses.wait("cut")
        self._mouth.cut()

    def _truncate(self, cut: Cut) -> None:
        self._tools.cut_short(cut.response_id)
        self._live.model.send(
            ConversationItemTruncate(
                event_id=new_id("cut"),
                item_id=cut.item_id,
                content_index=cut.content_index,
                audio_end_ms=cut.heard_ms,
            )
        )
        if self._cause != "guardrail":
            self._live.log.add(
                facts.Interrupted,
                owned_by=self._mouth.speaker_of(cut.item_id),
                response_id=cut.response_id,
                item_id=cut.item_id,
                heard_ms=cut.heard_ms,
                generated_ms=cut.generated_ms,
                cause=self._cause,
            )
