"""Silencing the agent in mid-sentence, so that the model remembers only what was heard."""

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.waits import Why
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.calls.turns.written import shorten
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

    def interrupt(self, cause: str) -> None:
        """The caller took the floor: silence the line at once and end the reply that is being made."""
        active = self._responses.cut()
        self._silence(cause)
        if active is not None:
            self._mouth.mute(active.response_id)

    def silence_for_keys(self) -> None:
        """The caller pressed a key: stop what is being said and made; the keys are the next turn."""
        if self._live.ending == "silence":
            self._live.ending = None
        if self._live.ending is not None:
            return
        dead = self._responses.kill_current()
        self._silence("keys")
        if dead is not None:
            self._mouth.mute(dead)

    def silence_for_rule(self) -> None:
        """A guardrail stops what is being said: silence the line, unless the caller has done so already."""
        if not self._mouth.cutting:
            self._silence("guardrail")

    def taken(self, cuts: list[Cut]) -> None:
        """It is certain what was heard: tell the model and the record."""
        for cut in cuts:
            self.truncate(cut)
            if self._cause != "guardrail":
                self._note(cut)
        self._responses.go(Why.CUT)

    def given_up(self, response_id: str) -> None:
        """The model stopped in the middle of a reply: it is to remember only as much of it as there is to be heard."""
        for unfinished in self._mouth.give_up(response_id):
            if unfinished.generated_ms:
                self._shorten(unfinished)
            else:
                self._live.model.send(self._live.items.delete(unfinished.item_id))

    def truncate(self, cut: Cut) -> None:
        """Make the model remember only what was heard of an item."""
        self._tools.cut_short(cut.response_id)
        self._shorten(cut)

    def _shorten(self, cut: Cut) -> None:
        if self._live.line.written:
            for event in shorten(self._live.items, cut.item_id, self._mouth.said.words_of(cut)):
                self._live.model.send(event)
            return
        self._live.model.send(
            ConversationItemTruncate(
                event_id=new_id("cut"),
                item_id=cut.item_id,
                content_index=cut.content_index,
                audio_end_ms=cut.heard_ms,
            )
        )

    def stray(self, response_id: str, item_id: str) -> None:
        """A reply that nobody may hear goes on at the server: this item of it was never heard."""
        if not self._mouth.ledger.generated_ms(item_id) and not self._live.items.is_gone(item_id):
            self._strays.setdefault(response_id, set()).add(item_id)

    def response_done(self, response_id: str) -> None:
        """Take what was never heard of a finished reply out of the model's memory."""
        for item_id in sorted(self._strays.pop(response_id, ())):
            self._live.model.send(ConversationItemDelete(event_id=new_id("del"), item_id=item_id))

    def _silence(self, cause: str) -> None:
        self._cause = cause
        self._responses.wait(Why.CUT)
        self._mouth.cut()

    def _note(self, cut: Cut) -> None:
        self._live.log.add(
            facts.Interrupted,
            owned_by=self._mouth.said.speaker_of(cut.item_id),
            response_id=cut.response_id,
            item_id=cut.item_id,
            heard_ms=cut.heard_ms,
            generated_ms=cut.generated_ms,
            cause=self._cause,
        )
