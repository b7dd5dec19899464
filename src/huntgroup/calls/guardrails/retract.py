"""Stopping what a guardrail forbids: nothing more of it is heard or done, and the agent says something else."""

from collections.abc import Callable, Iterable
from functools import partial

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.calls.turns.bargein import BargeIn
from huntgroup.domain.ids import new_id
from huntgroup.teams.agent import REFUSAL
from huntgroup.wire.realtime import ConversationItemDelete

MOST_IN_A_ROW = 2


class Retraction:
    """Takes replies and turns back.

    The agent is asked to say something else at most twice in a row: a guardrail that stops that too would be heard as
    an agent that never stops apologising. `reset` begins to count anew. `park` keeps what follows from a reply while it
    is open whether its agent gets the call (see `HandoffDesk.park`).
    """

    def __init__(
        self,
        live: LiveCall,
        mouth: Mouth,
        responses: ResponseQueue,
        tools: ToolDesk,
        barge_in: BargeIn,
        park: Callable[[str, Callable[[], None]], bool],
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools
        self._barge_in = barge_in
        self._park = park
        self._in_a_row = 0

    def reset(self) -> None:
        """Something was said that may be said, or the caller has spoken."""
        self._in_a_row = 0

    def reply(self, response_id: str) -> int:
        """Stop a reply that may not be said; returns ms heard of it.

        A reply that the caller has cut already, or is speaking over, is only forgotten: their words are answered next.
        """
        overtaken = self._mouth.cutting or self._mouth.said.was_cut(response_id) or self._responses.paused
        heard_ms = self._drop(response_id)
        refuse = partial(self._refuse, self._live.turn)
        if not overtaken and not self._park(response_id, refuse):
            refuse()
        return heard_ms

    def turn(self, item_id: str, response_ids: Iterable[str], instructions: str, *, current: bool) -> int:
        """Stop all replies to a turn of the caller and make the model forget the turn; returns ms heard of them.

        `instructions` are for what the agent says instead. `current` is False when the caller has spoken again since:
        then the later turn is answered, and no more is said about this one.
        """
        if current:
            self._responses.drop_turns()
            if self._responses.active is None:
                self._responses.kill_current()
        heard_ms = sum(self._drop(response_id) for response_id in list(response_ids))
        self._forget_item(item_id)
        if current:
            self._say_something_else(instructions)
        return heard_ms

    def forget(self, response_id: str) -> None:
        """Nothing that is still held of a reply will be heard: it was never proven to be allowed."""
        for cut in self._mouth.end_early(response_id):
            self._barge_in.truncate(cut)

    def _refuse(self, turn: int) -> None:
        """Say that there is no answer to `turn`; whoever has the call does, unless the caller has spoken since."""
        if turn == self._live.turn and not self._responses.paused:
            words = getattr(self._live.agent, "refusal", REFUSAL)
            self._say_something_else(f'In place of your last reply, which a rule stopped, say exactly: "{words}"')

    def _drop(self, response_id: str) -> int:
        active = self._responses.active
        if active is not None and active.response_id == response_id:
            self._responses.kill_current()
        heard_ms = self._mouth.said.heard_of(response_id)
        if self._mouth.said.is_on_line(response_id):
            self._barge_in.silence_for_rule()
        if not self._mouth.cutting:
            for cut in self._mouth.withhold(response_id):
                self._barge_in.truncate(cut)
        for silent in self._mouth.said.silent_items(response_id):
            self._forget_item(silent)
        self._mouth.bury(response_id)
        self._tools.retract(response_id)
        return heard_ms

    def _forget_item(self, item_id: str) -> None:
        self._live.model.send(ConversationItemDelete(event_id=new_id("del"), item_id=item_id))

    def _say_something_else(self, instructions: str) -> None:
        """The words are fixed in them: a model that is asked to do better may do the same again."""
        self._in_a_row += 1
        if self._in_a_row <= MOST_IN_A_ROW:
            ask = Ask(reason=Reason.GUARDRAIL, agent=self._live.owner, instructions=instructions, tools=False)
            self._responses.ask(ask)
