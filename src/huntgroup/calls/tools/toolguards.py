"""The SDK's guardrails of one tool call, before it runs and on what it answers."""

import logging
from collections.abc import Awaitable
from typing import Any, Literal

from agents import FunctionTool, ToolInputGuardrailData, ToolOutputGuardrailData

from huntgroup.calls.state.deadline import LimitPassed, limited
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain import facts
from huntgroup.domain.errors import ToolBlocked
from huntgroup.teams import ToolContext
from huntgroup.teams.guard import policy_of

logger = logging.getLogger(__name__)
Stage = Literal["tool_input", "tool_output"]
_STOPPED = {
    "tool_input": "a guardrail stopped this tool; it was not run",
    "tool_output": "the tool was run, but a guardrail keeps back what it answered",
}


class Rejected(Exception):
    """A guardrail answers in the tool's place, which is not run, with `words` for the model."""

    code = ToolBlocked.code

    def __init__(self, words: str) -> None:
        super().__init__("rejected by a guardrail")
        self.words = words


class ToolGuards:
    """Runs a tool's guardrails for one call.

    `reject_content` puts the guardrail's message in the place of the call (`Rejected`) or of its answer, which the next
    guardrail then looks at; `raise_exception` raises `ToolBlocked`. One that raises or hangs counts as its policy says,
    and by default blocks.
    """

    def __init__(self, live: LiveCall, tool: FunctionTool, context: ToolContext, agent: Any) -> None:
        self._live = live
        self._tool = tool
        self._context = context
        self._agent = agent

    async def before(self) -> None:
        """Check the call."""
        for guardrail in self._tool.tool_input_guardrails or []:
            data = ToolInputGuardrailData(context=self._context, agent=self._agent)
            words = await self._run("tool_input", guardrail.get_name(), guardrail.run(data))
            if words is not None:
                raise Rejected(words)

    async def after(self, output: str) -> str:
        """Check what the tool answered, which has done its work by then; returns what the model may read of it."""
        for guardrail in self._tool.tool_output_guardrails or []:
            data = ToolOutputGuardrailData(context=self._context, agent=self._agent, output=output)
            words = await self._run("tool_output", guardrail.get_name(), guardrail.run(data))
            output = output if words is None else words
        return output

    async def _run(self, stage: Stage, name: str, check: Awaitable[Any]) -> str | None:
        """Return the words of a guardrail that rejects, None of one that allows."""
        span = self._live.tracer.guardrail(name)
        try:
            deadline_ms = policy_of(self._agent, name).deadline_ms
            behavior = (await limited(check, deadline_ms, self._live.clock)).behavior
            kind, words = behavior["type"], str(behavior.get("message", "rejected"))
        except LimitPassed:
            span.end("error")
            self._failed(stage, name, "timed_out")
            return None
        except Exception as error:
            # The exception's text may quote the caller, so only its kind is logged.
            logger.warning("the guardrail %s raised %s", name, type(error).__name__)
            span.end("error")
            self._failed(stage, name, "raised")
            return None
        span.set(triggered=kind != "allow", stage=stage).end()
        if kind == "allow":
            return None
        if kind == "reject_content":
            self._tripped(stage, name, "rejected" if stage == "tool_input" else "replaced")
            return words
        self._tripped(stage, name, "stopped")
        raise ToolBlocked(_STOPPED[stage])

    def _tripped(self, stage: Stage, name: str, action: str) -> None:
        self._live.log.add(
            facts.GuardrailTripped,
            owned_by=self._agent.name,
            guardrail=name,
            stage=stage,
            action=action,
            heard_ms=0,
        )

    def _failed(self, stage: Stage, name: str, reason: str) -> None:
        closed = policy_of(self._agent, name).closed(withholds=True)
        self._live.log.add(
            facts.GuardrailFailed,
            owned_by=self._agent.name,
            guardrail=name,
            stage=stage,
            reason=reason,
            policy="fail_closed" if closed else "fail_open",
        )
        if closed:
            raise ToolBlocked(_STOPPED[stage])
