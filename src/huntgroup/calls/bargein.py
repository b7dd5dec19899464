"""Silencing the agent in mid-sentence, so that the model remembers only what was heard."""

from huntgroup.calls.live import LiveCall
from huntgroup.calls.mouth import Mouth
from huntgroup.calls.responses import ResponseQueue
from huntgroup.calls.tools import ToolDesk
from huntgroup.domain import facts
from huntgroup.domain.ids import new_id
from huntgroup.media.playout import Cut
from huntgroup.wire.realtime import ConversationItemTruncate


class BargeIn:
    """Cuts what is being said: because the caller spoke or pressed a key, or because a guardrail tripped."""

    def __init__(self, live: LiveCall, mouth: Mouth, responses: ResponseQueue, tools: ToolDesk) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools

    def interrupt(self) -> None:
        """Silence the line at once; does nothing while nothing is playing."""
        if self._mouth.playing:
            for cut in self._mouth.interrupt():
                self._interrupted(cut)

    def silence_for_keys(self) -> None:
        """The caller pressed a key: stop what is being said and made; the keys are the next turn."""
        if self._live.ending == "silence":
            self._live.ending = None
        if self._live.ending is not None:
            return
        dead = self._responses.kill_current()
        self.interrupt()
        if dead is not None:
            self._mouth.bury(dead)

    def silence_for_rule(self) -> None:
        """A guardrail stops what is being said: silence the line, and let the model remember what was heard."""
        for cut in self._mouth.interrupt():
            self.truncate(cut)

    def truncate(self, cut: Cut) -> None:
        """Make the model remember only what was heard of an item."""
        self._tools.cut_short(cut.response_id)
        self._live.model.send(
            ConversationItemTruncate(
                event_id=new_id("cut"),
                item_id=cut.item_id,
                content_index=cut.content_index,
                audio_end_ms=cut.heard_ms,
            )
        )

    def _interrupted(self, cut: Cut) -> None:
        self.truncate(cut)
        self._live.log.add(
            facts.Interrupted,
            response_id=cut.response_id,
            item_id=cut.item_id,
            heard_ms=cut.heard_ms,
            generated_ms=cut.generated_ms,
        )
