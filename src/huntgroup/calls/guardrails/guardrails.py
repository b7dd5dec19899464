"""The guardrails of the SDK on a live call: one desk for what the caller says and what the agents say."""

import asyncio

from huntgroup.calls.guardrails.checks import Checker
from huntgroup.calls.guardrails.inputguard import InputGuard
from huntgroup.calls.guardrails.outputguard import OutputGuard
from huntgroup.calls.guardrails.retract import Retraction
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.live import LiveCall
from huntgroup.wire.realtime import MessageItem, Response


class GuardrailDesk:
    """Guards one call. It is told of the model's events in their order; `caller` and `agent` are its two halves."""

    def __init__(self, live: LiveCall, mouth: Mouth, responses: ResponseQueue, retraction: Retraction) -> None:
        checker = Checker(live)
        self._settled = asyncio.Event()
        self.caller = InputGuard(live, responses, checker, retraction, self._note_settled)
        self.agent = OutputGuard(live, mouth, checker, retraction, self._note_settled)

    def began(self, agent_name: str, response_id: str) -> None:
        """A response to the caller began."""
        self.caller.answered_by(response_id)
        self.agent.watch(agent_name, response_id)

    def over(self, response: Response) -> None:
        """A response is complete; to be called before its consequences are drawn."""
        response_id, status = response.id or "", response.status or "completed"
        if not self.agent.busy(response_id):
            return
        if status == "completed":
            for item in response.output or []:
                if isinstance(item, MessageItem) and isinstance(item.id, str):
                    self.agent.said_all(response_id, item.id, _transcript(item))
        self.agent.over(response_id, status)

    async def cleared(self, response_id: str) -> None:
        """Return when a reply, and the turn that it answers, are wholly checked: now it is retracted or stands."""
        while self.caller.busy(response_id) or self.agent.busy(response_id):
            await self._settled.wait()

    def _note_settled(self) -> None:
        """Something is wholly checked: wake who waits, and let those who come later wait for the next."""
        self._settled.set()
        self._settled = asyncio.Event()


def _transcript(item: MessageItem) -> str | None:
    parts = [part.transcript for part in item.content if isinstance(part.transcript, str)]
    return " ".join(parts) or None
