"""The agent that gives the call away: what it may still say and do before another has it, or when none takes it."""

from huntgroup.calls.handoffs.moves import Move
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.tools.toolrun import refusal
from huntgroup.calls.tools.tools import ToolDesk
from huntgroup.domain.errors import TellModel

FINISH_POLL_MS = 20


class Giver:
    """The giver's part of a move, up to the moment in which something is sent for the receiver."""

    def __init__(self, live: LiveCall, mouth: Mouth, responses: ResponseQueue, tools: ToolDesk) -> None:
        self._live = live
        self._mouth = mouth
        self._responses = responses
        self._tools = tools

    async def let_finish(self, move: Move) -> None:
        """Let the giver end the reply that it is making, and cut it past the edge's deadline."""
        waited_ms = 0
        while self._responses.writing and waited_ms < move.edge.deadline_ms:
            await self._live.clock.sleep_ms(FINISH_POLL_MS)
            waited_ms += FINISH_POLL_MS
        dead = self._responses.kill_current()
        if dead is not None:
            self._mouth.bury(dead)

    async def allowed(self, move: Move) -> None:
        """Let guardrails judge the reply that asks for a transfer first: nothing of one that they stop may happen.

        Raises `Retracted` when they stop it.
        """
        if move.call is not None:
            await self._tools.allowed(move.call)

    def bridge(self, move: Move) -> None:
        """Have the giver say the edge's phrase while the receiver is made ready."""
        if move.edge.opener == "bridge" and move.edge.phrase and not move.back:
            words = f'Say exactly: "{move.edge.phrase}"'
            move.bridge = Ask(reason="bridge", agent=move.frm, instructions=words, tools=False)
            self._responses.let_through(move.bridge)

    def carries_on(self, move: Move, error: TellModel) -> None:
        """Tell the giver why nobody takes the call, and forget the phrase about it that was not said yet."""
        if move.bridge is not None:
            self._responses.withdraw(move.bridge)
        if move.call is not None:
            self._tools.answered(move.call, refusal(error))
