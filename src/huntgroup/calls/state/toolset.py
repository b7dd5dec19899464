"""What the model of one agent sees: instructions and tools, resolved before anything is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable

from agents import FunctionTool, Handoff, RunContextWrapper
from agents.realtime import RealtimeAgent

from huntgroup.teams import CallContext, Consult, Edge, Team
from huntgroup.teams.payload import purpose_of, schema_of
from huntgroup.wire.realtime import FunctionToolSpec

QUESTION_SCHEMA = {
    "type": "object",
    "properties": {
        "question": {
            "type": "string",
            "description": "What to ask, with all that is needed.",
        }
    },
    "required": ["question"],
}


@dataclass(frozen=True)
class Return:
    """The way back along a return edge."""

    edge: Edge


Action = FunctionTool | Edge | Return | Consult


@dataclass(frozen=True)
class Toolset:
    """An agent's tools: as the model reads them, and what each name does."""

    agent: str
    instructions: str
    specs: Sequence[FunctionToolSpec]
    actions: Mapping[str, Action]

    @property
    def transfers(self) -> frozenset[str]:
        """Names of the tools that give the call away."""
        return frozenset(name for name, action in self.actions.items() if isinstance(action, Edge | Return))


async def resolve(
    team: Team,
    agent_name: str,
    context: RunContextWrapper[CallContext],
    returns: Sequence[Edge],
    takeover: str = "",
) -> Toolset:
    """Resolve an agent's instructions and tools; `takeover` is what it is told about how the call came to it.

    The agent's own code runs here (dynamic instructions, enabled tools), so anything may be raised.
    """
    agent = team.agent(agent_name)
    actions: dict[str, Action] = {
        tool.name: tool for tool in await agent.get_all_tools(context) if isinstance(tool, FunctionTool)
    }
    for edge in team.edges_from(agent_name):
        if edge.sdk is None or await _enabled(edge.sdk, context, agent):
            actions[edge.tool_name] = edge
    if returns and returns[-1].to == agent_name:
        actions[returns[-1].return_tool_name] = Return(returns[-1])
    for asked in team.consults_of(agent_name):
        actions[asked.tool_name] = asked
    prompt = await agent.get_system_prompt(context) or ""
    specs = [spec_of(name, action) for name, action in actions.items()]
    return Toolset(agent_name, f"{prompt}\n\n{takeover}".strip(), specs, actions)


async def own_tools(
    team: Team, agent_name: str, context: RunContextWrapper[CallContext], *, consults: bool = False
) -> Toolset:
    """Resolve an agent that works behind the line: its own tools, no transfers, and whom it may ask with `consults`."""
    agent = team.agent(agent_name)
    actions: dict[str, Action] = {
        tool.name: tool for tool in await agent.get_all_tools(context) if isinstance(tool, FunctionTool)
    }
    if consults:
        actions.update({asked.tool_name: asked for asked in team.consults_of(agent_name)})
    prompt = await agent.get_system_prompt(context) or ""
    return Toolset(agent_name, prompt, [spec_of(name, action) for name, action in actions.items()], actions)


def spec_of(name: str, action: Action) -> FunctionToolSpec:
    """Return a tool as the protocol writes it."""
    match action:
        case FunctionTool():
            return FunctionToolSpec(
                name=name,
                description=action.description,
                parameters=action.params_json_schema,
            )
        case Edge():
            description = _with_requires(action.description, action.requires)
            return FunctionToolSpec(name=name, description=description, parameters=action.parameters())
        case Return():
            return FunctionToolSpec(
                name=name,
                description=_way_back(action.edge),
                parameters=schema_of(action.edge.returns),
            )
        case Consult():
            description = _with_requires(action.description, action.requires)
            return FunctionToolSpec(name=name, description=description, parameters=QUESTION_SCHEMA)


def _way_back(edge: Edge) -> str:
    return (
        f"Give the call back to {edge.frm} with the result, when the caller's question is dealt with, or when they "
        f"want something that you have no tool for. Do not announce it.\n\n{purpose_of(edge.returns)}"
    ).strip()


def _with_requires(description: str, requires: Sequence[str]) -> str:
    return f"{description}\n\nRequires: {', '.join(requires)}" if requires else description


async def _enabled(
    sdk: Handoff[CallContext, RealtimeAgent[CallContext]],
    context: RunContextWrapper[CallContext],
    agent: RealtimeAgent[CallContext],
) -> bool:
    if isinstance(sdk.is_enabled, bool):
        return sdk.is_enabled
    verdict = sdk.is_enabled(context, agent)
    return bool(await verdict) if isawaitable(verdict) else bool(verdict)
