"""Who may run a tool, decided outside of the model and in the moment of execution. Pure.

A model names tools and arguments; it decides nothing about rights. Between a tool call and its execution the call may
have changed hands, so what was allowed when the call was taken is looked at again.
"""

from collections.abc import Collection
from dataclasses import dataclass

from agents import FunctionTool

from huntgroup.calls.state.live import LiveCall
from huntgroup.domain.claims import Claims
from huntgroup.domain.errors import NotAuthorised
from huntgroup.teams import Team, VoiceTool


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What holds on a call now: who has it, with which tools, for whom, and what is proven about the caller."""

    team: Team
    owner: str
    scope: Collection[str]
    claims: Claims
    tenant: str

    @staticmethod
    def of(live: LiveCall) -> "Authority":
        return Authority(
            team=live.team,
            owner=live.owner,
            scope=live.toolset.actions.keys(),
            claims=live.context.claims,
            tenant=live.context.tenant,
        )


def authorise(agent: str, tool: FunctionTool, authority: Authority) -> None:
    """Let `agent` run `tool`, or raise `NotAuthorised` or `ClaimMissing`.

    The agent must have the call, or work behind the line for the one that has it; the tool must be among its tools, and
    both tool and team be meant for the call's tenant.
    """
    if agent != authority.owner and agent not in behind(authority.team, authority.owner):
        raise NotAuthorised("not_owner", "the call has changed hands since; this was not done")
    scope = _scope(agent, authority)
    if scope is not None and tool.name not in scope:
        raise NotAuthorised("out_of_scope", f"{tool.name} is none of the tools of {agent}")
    if authority.team.tenants and authority.tenant not in authority.team.tenants:
        raise NotAuthorised("wrong_tenant", "this team does not work for the business that was called")
    if isinstance(tool, VoiceTool):
        _authorise_voice_tool(tool, authority)


def _authorise_voice_tool(tool: VoiceTool, authority: Authority) -> None:
    if tool.teams and authority.team.name not in tool.teams:
        raise NotAuthorised("wrong_team", f"{tool.name} is not meant for this line")
    if tool.tenants and authority.tenant not in tool.tenants:
        raise NotAuthorised("wrong_tenant", f"{tool.name} is not meant for the business that was called")
    authority.claims.require(tool.requires)


def behind(team: Team, owner: str) -> frozenset[str]:
    """Return the agents that may work for `owner` behind the line, those whom they ask in turn included."""
    found: set[str] = set()
    waiting = [owner]
    while waiting:
        asked = [consult.to for consult in team.consults_of(waiting.pop())]
        waiting += [name for name in asked if name not in found]
        found.update(asked)
    return frozenset(found)


def refuse_foreign(team: Team, name: str) -> None:
    """Raise `NotAuthorised` when a tool of this name is a colleague's, as when a model remembers another's tools."""
    if any(tool.name == name for agent in team.agents for tool in agent.tools):
        raise NotAuthorised("out_of_scope", f"{name[:80]!r} is a colleague's tool")


def _scope(agent: str, authority: Authority) -> Collection[str] | None:
    """Return the names of an agent's tools; None where they are not known, as behind the line with an MCP server."""
    if agent == authority.owner:
        return authority.scope
    member = authority.team.agent(agent)
    return None if member.mcp_servers else [tool.name for tool in member.tools]
