"""A team: agents, the edges between them, and whom the call reaches first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents import Handoff
from agents.realtime import RealtimeAgent, realtime_handoff
from pydantic import ValidationError

from huntgroup.domain.errors import TeamError
from huntgroup.teams.bargein import BargeInPolicy
from huntgroup.teams.edges import Consult, Edge
from huntgroup.teams.keys import KeyTransfer
from huntgroup.teams.payload import validated

AnyAgent = RealtimeAgent[Any]
_KEYS = re.compile(r"[0-9*A-D]+")


@dataclass(frozen=True, kw_only=True)
class SilencePolicy:
    """What happens when the caller says nothing: a re-prompt, a narrower question, then goodbye."""

    reprompt_ms: int = 8_000
    narrow_ms: int = 8_000
    goodbye_ms: int = 8_000
    reprompt: str = "Are you still there?"
    narrow: str = "I can't hear you. If you are there, please say yes, or press any key."
    goodbye: str = "I still can't hear you, so I will hang up now. Please call again. Goodbye."


@dataclass(frozen=True, kw_only=True)
class Team:
    """Specialists on one line; `first` answers. Checked when it is made: raises `TeamError` naming the contradiction.

    `vocabulary` is words that the transcriber should expect. After `hop_limit` handoffs of one call, or when it went
    `loop_limit` times to and fro between the same two agents with nothing done for the caller, the next transfer goes
    to the `fallback` agent instead; without one, or when it has the call, the agent keeps it. `keys` says what a key
    does by itself: the caller presses it alone. `tenants` names the businesses that it works for; none means all.
    """

    name: str
    first: str
    agents: Sequence[AnyAgent]
    edges: Sequence[Edge] = ()
    consults: Sequence[Consult] = ()
    voice: str | None = None
    vocabulary: Sequence[str] = ()
    hop_limit: int = 12
    loop_limit: int = 4
    fallback: str | None = None
    keys: Mapping[str, KeyTransfer] = field(default_factory=dict)
    max_call_ms: int = 30 * 60_000
    tenants: tuple[str, ...] = ()
    silence: SilencePolicy = field(default_factory=SilencePolicy)
    barge_in: BargeInPolicy = field(default_factory=BargeInPolicy)

    def __post_init__(self) -> None:
        names = [agent.name for agent in self.agents]
        _no_twice(names, f"team {self.name}: two agents are named")
        self._known(self.first, "first")
        for edge in self.edges:
            self._known(edge.frm, f"handoff to {edge.to}")
            self._known(edge.to, f"handoff from {edge.frm}")
        for asked in self.consults:
            self._known(asked.frm, f"consult of {asked.to}")
            self._known(asked.to, f"consult by {asked.frm}")
        if self.fallback is not None:
            self._known(self.fallback, "fallback")
        if self.loop_limit < 1:
            raise TeamError(f"team {self.name}: a loop limit of {self.loop_limit} forbids every transfer")
        for key, transfer in self.keys.items():
            self._check_key(key, transfer)
        for name in names:
            _no_twice(self._tool_names(name), f"team {self.name}: agent {name} has two tools named")

    def agent(self, name: str) -> AnyAgent:
        """Return an agent by name. Raises `TeamError` when there is none."""
        for agent in self.agents:
            if agent.name == name:
                return agent
        raise TeamError(f"team {self.name} has no agent named {name!r}")

    def edges_from(self, name: str) -> list[Edge]:
        return [edge for edge in self.edges if edge.frm == name]

    def consults_of(self, name: str) -> list[Consult]:
        return [asked for asked in self.consults if asked.frm == name]

    def _known(self, name: str, where: str) -> None:
        if name not in {agent.name for agent in self.agents}:
            raise TeamError(f"team {self.name}: {where} names an unknown agent {name!r}")

    def _check_key(self, key: str, transfer: KeyTransfer) -> None:
        where = f"team {self.name}: key {key!r}"
        if not _KEYS.fullmatch(key):
            raise TeamError(f"{where}: a key is made of 0-9, * and letters A-D")
        self._known(transfer.to, f"key {key!r}")
        edges = [edge for edge in self.edges if edge.to == transfer.to]
        if not edges:
            raise TeamError(f"{where}: no handoff leads to {transfer.to}")
        for edge in edges:
            try:
                validated(edge.brief, transfer.brief)
            except ValidationError as error:
                raise TeamError(f"{where}: its brief does not fit the handoff from {edge.frm}: {error}") from error

    def _tool_names(self, name: str) -> list[str]:
        own = [tool.name for tool in self.agent(name).tools]
        edges = [edge.tool_name for edge in self.edges_from(name)]
        back = {edge.return_tool_name for edge in self.edges if edge.to == name and edge.returns}
        return [*own, *edges, *sorted(back), *(asked.tool_name for asked in self.consults_of(name))]


def team_of(first: AnyAgent, name: str | None = None) -> Team:
    """Make a team of a stock SDK agent and everybody it can hand off to, with the SDK's own handoffs."""
    agents: dict[str, AnyAgent] = {}
    edges: list[Edge] = []
    waiting = [first]
    while waiting:
        agent = waiting.pop(0)
        if agents.get(agent.name) is agent:
            continue
        if agent.name in agents:
            raise TeamError(f"two different agents are named {agent.name!r}")
        agents[agent.name] = agent
        for sdk, target in _sdk_handoffs(agent):
            edges.append(Edge(frm=agent.name, to=target.name, description=sdk.tool_description, sdk=sdk))
            waiting.append(target)
    return Team(name=name or first.name, first=first.name, agents=list(agents.values()), edges=edges)


def _sdk_handoffs(agent: AnyAgent) -> Iterable[tuple[Handoff[Any, AnyAgent], AnyAgent]]:
    for entry in agent.handoffs:
        if isinstance(entry, RealtimeAgent):
            yield realtime_handoff(entry), entry
        else:
            target = _target_of(entry)
            if target is None:
                raise TeamError(f"agent {agent.name}: the target of {entry.tool_name} cannot be found")
            yield entry, target


def _target_of(entry: Handoff[Any, AnyAgent]) -> AnyAgent | None:
    """Find the agent that a stock handoff leads to: the SDK keeps it only in the function that it calls."""
    pending: list[Any] = [entry.on_invoke_handoff]
    seen: set[int] = set()
    while pending:
        candidate = pending.pop()
        if id(candidate) in seen:
            continue
        seen.add(id(candidate))
        if isinstance(candidate, RealtimeAgent) and candidate.name == entry.agent_name:
            return candidate
        pending.extend(getattr(candidate, "args", ()) or ())
        pending.extend((getattr(candidate, "keywords", None) or {}).values())
        for cell in getattr(candidate, "__closure__", None) or ():
            pending.append(cell.cell_contents)
    return None


def _no_twice(names: Sequence[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise TeamError(f"{what} {name!r}")
