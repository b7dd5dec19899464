"""The SDK's agent hooks, fired where the SDK fires them.

A hook that raises, or takes longer than two seconds, is noted and given up; the call goes on.
"""

import asyncio
import logging
from typing import Any

from agents import FunctionTool, RunContextWrapper
from agents.realtime import RealtimeAgent

from huntgroup.teams import CallContext

logger = logging.getLogger(__name__)
Context = RunContextWrapper[CallContext]
Agent = RealtimeAgent[Any]
HOOK_LIMIT_S = 2.0


async def agent_started(context: Context, agent: Agent) -> None:
    await _fire(agent.hooks, "on_start", context, agent)


async def agent_ended(context: Context, agent: Agent, output: str) -> None:
    await _fire(agent.hooks, "on_end", context, agent, output)


async def handed_off(context: Context, source: Agent, target: Agent) -> None:
    await _fire(target.hooks, "on_handoff", context, target, source)


async def tool_started(context: Context, agent: Agent, tool: FunctionTool) -> None:
    await _fire(agent.hooks, "on_tool_start", context, agent, tool)


async def tool_ended(context: Context, agent: Agent, tool: FunctionTool, result: str) -> None:
    await _fire(agent.hooks, "on_tool_end", context, agent, tool, result)


async def _fire(hooks: Any, name: str, *arguments: Any) -> None:
    if hooks is None:
        return
    try:
        async with asyncio.timeout(HOOK_LIMIT_S):
            await getattr(hooks, name)(*arguments)
    except Exception as error:
        logger.warning("the agent hook %s raised %s", name, type(error).__name__)
