"""The two facts of every tool call."""

from agents import FunctionTool

from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.toolset import Toolset
from huntgroup.calls.tools.toolrun import Answer, Invocation, parse_arguments
from huntgroup.domain import facts
from huntgroup.domain.errors import BadArguments
from huntgroup.teams import Consult, effect_of

MAX_UNREADABLE_CHARS = 200


def note_call(live: LiveCall, toolset: Toolset, call: Invocation) -> None:
    """Record that a tool was called; arguments that cannot be read are kept in their beginning."""
    try:
        arguments = parse_arguments(call.arguments)
    except BadArguments:
        arguments = {"_unreadable": call.arguments[:MAX_UNREADABLE_CHARS]}
    live.log.add(
        facts.ToolCalled,
        owned_by=call.agent,
        turn=call.turn if call.turn is not None else live.turn,
        tool=call.name,
        tool_call_id=call.tool_call_id,
        arguments=arguments,
        effect=_effect(toolset, call.name),
        response_id=call.response_id,
    )


def note_answer(live: LiveCall, call: Invocation, answer: Answer, duration_ms: int) -> None:
    """Record the one answer of a tool call."""
    live.log.add(
        facts.ToolAnswered,
        owned_by=call.agent,
        tool=call.name,
        tool_call_id=call.tool_call_id,
        output=answer.output,
        ok=answer.ok,
        error=answer.error,
        duration_ms=duration_ms,
    )


def _effect(toolset: Toolset, name: str) -> str:
    action = toolset.actions.get(name)
    if action is None:
        return "unknown"
    if isinstance(action, FunctionTool):
        return effect_of(action)
    return "read" if isinstance(action, Consult) else "terminal"
