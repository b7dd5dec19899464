"""Guardrails of the SDK on a live call: the caller's words and the agent's words are checked while the call goes on."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from agents import InputGuardrail, OutputGuardrail
from agents.realtime import RealtimeAgent

from huntgroup.calls.live import LiveCall
from huntgroup.domain import facts
from huntgroup.teams import CallContext, VoiceAgent

logger = logging.getLogger(__name__)
DEBOUNCE_CHARS = 100


class GuardrailDesk:
    """Runs guardrails in tasks of the call; one that raises is noted and lets the call go on.

    `on_trip` is called once per tripped reply or turn, with the guardrail's name and the reply's id (None: the reply
    under way); it must silence the agent, and returns how many milliseconds of the reply had been heard.
    """

    def __init__(self, live: LiveCall, on_trip: Callable[[str, str | None], int]) -> None:
        self._live = live
        self._on_trip = on_trip
        self._checked: dict[str, int] = {}
        self._tripped: set[str] = set()

    def agent_said(self, agent_name: str, response_id: str, text: str, *, complete: bool) -> None:
        """Check the words of a reply, each time enough of them are new and at its end."""
        agent = self._live.team.agent(agent_name)
        if not agent.output_guardrails or response_id in self._tripped:
            return
        if not complete and len(text) - self._checked.get(response_id, 0) < DEBOUNCE_CHARS:
            return
        self._checked[response_id] = len(text)
        for guardrail in agent.output_guardrails:
            self._live.tasks.spawn(self._check_output(guardrail, agent, response_id, text), "output guardrail")

    def caller_said(self, item_id: str, text: str) -> None:
        """Check the caller's words of one turn while the reply to them may already be under way."""
        agent = self._live.agent
        if not isinstance(agent, VoiceAgent):
            return
        for guardrail in agent.input_guardrails:
            self._live.tasks.spawn(self._check_input(guardrail, agent, item_id, text), "input guardrail")

    async def _check_output(
        self, guardrail: OutputGuardrail[CallContext], agent: RealtimeAgent[CallContext], response_id: str, text: str
    ) -> None:
        check = guardrail.run(self._live.run_context(), agent, text)  # type: ignore[arg-type]
        if await self._tripped_by(guardrail.get_name(), check, response_id):
            self._trip(guardrail.get_name(), "output", agent.name, response_id, response_id)

    async def _check_input(
        self, guardrail: InputGuardrail[CallContext], agent: VoiceAgent, item_id: str, text: str
    ) -> None:
        context: Any = self._live.run_context()
        check = guardrail.run(agent, text, context)  # type: ignore[arg-type]
        if await self._tripped_by(guardrail.get_name(), check, None):
            self._trip(guardrail.get_name(), "input", agent.name, item_id, None)

    async def _tripped_by(self, name: str, check: Awaitable[Any], response_id: str | None) -> bool:
        span = self._live.tracer.guardrail(name, response_id)
        try:
            result = await check
        except Exception as error:
            logger.warning("the guardrail %s raised %s", name, type(error).__name__)
            span.end("error")
            return False
        tripped = bool(result.output.tripwire_triggered)
        span.set(triggered=tripped).end()
        return tripped

    def _trip(self, name: str, stage: str, agent: str, key: str, response_id: str | None) -> None:
        if key in self._tripped:
            return
        self._tripped.add(key)
        heard_ms = self._on_trip(name, response_id)
        self._live.log.add(
            facts.GuardrailTripped, owned_by=agent, guardrail=name, stage=stage, action="retracted", heard_ms=heard_ms
        )
