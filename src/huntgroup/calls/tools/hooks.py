"""The SDK's agent hooks, fired where the SDK fires them.

A hook that raises, or takes longer than two seconds of the call's clock, is noted and given up; the call goes on.
"""

import logging
from typing import Any

from agents import FunctionTool, RunContextWrapper
from agents.realtime import RealtimeAgent

from huntgroup.calls.state.deadline import limited
from huntgroup.teams import CallContext

logger = logging.getLogger(__name__)
Context = RunContextWrapper[CallContext]
Agent = RealtimeAgent[Any]
HOOK_LIMIT_MS = 2_000


async def agent_started(context: Context, agent: Agent) -> None:
    await _fire(agent.hooks, "on_start", context, agent)


async def agent_ended(context: Context, agent: Agent, output: str) -> None:
    await _fire(agent.hooks, "on_end", context, agent, output)


async def handed_off(context: Context, source: Agent, target: Agent) -> None:
    await _fire(target.hooks, "on_handoff", context, target, source)


async def changed_hands(context: Context, source: Agent, target: Agent) -> None:
    """Tell both agents of a call that changed hands."""
    await handed_off(context, source, target)
    await agent_ended(context, source, "")
    await agent_started(context, target)


async def tool_started(context: Context, agent: Agent, tool: FunctionTool) -> None:
    await _fire(agent.hooks, "on_tool_start", context, agent, tool)


async def tool_ended(context: Context, agent: Agent, tool: FunctionTool, result: str) -> None:
    await _fire(agent.hooks, "on_tool_end", context, agent, tool, result)


async def _fire(hooks: Any, name: str, context: Context, *arguments: Any) -> None:
    if hooks is None:
        return
    try:
        await limited(getattr(hooks, name)(context, *arguments), HOOK_LIMIT_MS, context.context.clock)
    except Exception as error:
        logger.warning("the agent hook %s raised %s", name, type(error).__name__)
