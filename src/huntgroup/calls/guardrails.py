"""Guardrails of the SDK on a live call: the caller's words and the agent's words are checked while the call goes on."""

from collections.abc import Callable
from typing import Any

from agents import InputGuardrail, OutputGuardrail
from agents.realtime import RealtimeAgent

from huntgroup.calls.live import LiveCall
from huntgroup.domain import facts
from huntgroup.teams import CallContext, VoiceAgent

DEBOUNCE_CHARS = 100


class GuardrailDesk:
    """Runs guardrails in tasks of the call.

    `on_trip` is called once per tripped response with the guardrail's name; it must silence the agent, and returns how
    many milliseconds of the reply had been heard.
    """

    def __init__(self, live: LiveCall, on_trip: Callable[[str, str], int]) -> None:
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
            self._live.tasks.spawn(
                self._check_output(guardrail, agent, response_id, text),
                "output guardrail",
            )

    def caller_said(self, response_id: str, text: str) -> None:
        """Check the caller's words while the reply `response_id` may already be under way."""
        agent = self._live.agent
        if not isinstance(agent, VoiceAgent):
            return
        for guardrail in agent.input_guardrails:
            self._live.tasks.spawn(
                self._check_input(guardrail, agent, response_id, text),
                "input guardrail",
            )

    async def _check_output(
        self,
        guardrail: OutputGuardrail[CallContext],
        agent: RealtimeAgent[CallContext],
        response_id: str,
        text: str,
    ) -> None:
        name = guardrail.get_name()
        span = self._live.tracer.guardrail(name, response_id)
        result = await guardrail.run(self._live.run_context(), agent, text)  # type: ignore[arg-type]
        span.set(triggered=result.output.tripwire_triggered).end()
        if result.output.tripwire_triggered:
            self._trip(name, "output", response_id)

    async def _check_input(
        self,
        guardrail: InputGuardrail[CallContext],
        agent: VoiceAgent,
        response_id: str,
        text: str,
    ) -> None:
        name = guardrail.get_name()
        span = self._live.tracer.guardrail(name, response_id or None)
        context: Any = self._live.run_context()
        result = await guardrail.run(agent, text, context)  # type: ignore[arg-type]
        span.set(triggered=result.output.tripwire_triggered).end()
        if result.output.tripwire_triggered:
            self._trip(name, "input", response_id)

    def _trip(self, name: str, stage: str, response_id: str) -> None:
        if response_id in self._tripped:
            return
        self._tripped.add(response_id)
        heard_ms = self._on_trip(name, response_id)
        self._live.log.add(
            facts.GuardrailTripped,
            guardrail=name,
            stage=stage,
            action="retracted",
            heard_ms=heard_ms,
        )
