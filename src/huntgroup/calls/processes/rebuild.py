"""The state of a call, read from its facts alone: what another process needs to go on with it.

Pure: facts and team in, state out. What no fact tells is lost with its process: the tools' own `memory`, sound that was
made and not heard, keys that were pressed but not passed on, and speech whose words had not come.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    CallMoved,
    CallResumed,
    CallStarted,
    ClaimGranted,
    DtmfPressed,
    Fact,
    HandoffCommitted,
    HandoffProposed,
    HandoffReturned,
    HandoffRolledBack,
    SupervisorJoined,
    SupervisorLeft,
    SupervisorSpoke,
    ToolAnswered,
    ToolCalled,
)
from huntgroup.teams import Edge, Team

_LAST_QUESTION = re.compile(r"(?:^|[.!?]\s+)([^.!?]+\?)\s*$")


@dataclass(frozen=True)
class Entry:
    """How the call came to the agent that has it: along which edge, forth or back, what was told, and by whose wish."""

    edge: Edge
    back: bool
    payload: Mapping[str, Any]
    by: str = "model"


@dataclass
class CallState:
    """A call as its facts leave it.

    `owner`, `returns`, `hops`, `turn` and `claims` are those of `LiveCall`; `turn` may be lower when the last turn has
    left no fact. `next_seq` and `last_ms` continue the record. `open_calls` are tool calls without an answer,
    `open_move` a handoff that was neither committed nor rolled back. `ended` is the reason of the end, None while the
    call runs; `moved` says that its process gave it up on purpose, and `moved_because` why.
    """

    call_id: str = ""
    team: str = ""
    caller: str | None = None
    callee: str | None = None
    started_at: str | None = None
    owner: str = ""
    returns: list[Edge] = field(default_factory=list)
    hops: int = 0
    turn: int = 0
    claims: dict[str, str] = field(default_factory=dict)
    next_seq: int = 0
    last_ms: int = 0
    open_calls: list[ToolCalled] = field(default_factory=list)
    open_move: HandoffProposed | None = None
    entry: Entry | None = None
    ended: str | None = None
    moved: bool = False
    moved_because: str = ""
    supervisor: SupervisorJoined | None = None
    owed: bool = False
    """Whether the agent has something to say: the caller's last words, or a tool's answer, were not spoken to."""
    last_words: str = ""

    @property
    def last_question(self) -> str | None:
        """The question that the agent was heard to ask last, when nothing was said after it."""
        found = _LAST_QUESTION.search(self.last_words)
        return found.group(1).strip() if found is not None and not self.owed else None


def rebuild(facts: Sequence[Fact], team: Team) -> CallState:
    """Return the state that a call's facts leave; any beginning of a record will do, an empty one included."""
    reader = _Reader(team)
    for fact in sorted(facts, key=lambda one: one.seq):
        reader.read(fact)
    return reader.state


class _Reader:
    def __init__(self, team: Team) -> None:
        self._team = team
        self.state = CallState(owner=team.first)
        self._returned: HandoffReturned | None = None
        self._heard_until_ms = -1

    def read(self, fact: Fact) -> None:
        state = self.state
        state.call_id = fact.call_id
        state.next_seq = fact.seq + 1
        state.last_ms = max(state.last_ms, fact.t_ms)
        self._life(fact)
        self._speech(fact)
        self._tools(fact)
        self._moves(fact)

    def _life(self, fact: Fact) -> None:
        state = self.state
        match fact:
            case CallStarted():
                state.team, state.caller, state.callee = fact.team, fact.caller, fact.callee
                state.started_at = fact.started_at
            case ClaimGranted():
                state.claims[fact.claim] = fact.subject
            case CallMoved():
                state.moved, state.moved_because = True, fact.reason
            case CallResumed():
                state.moved, state.ended = False, None
            case CallEnded():
                state.ended = fact.reason
            case SupervisorJoined():
                state.supervisor = fact
            case SupervisorLeft():
                state.supervisor = None
            case _:
                pass

    def _speech(self, fact: Fact) -> None:
        state = self.state
        match fact:
            case CallerSpoke():
                state.turn = max(state.turn, fact.turn)
                state.owed = state.owed or (bool(fact.text) and fact.end_ms > self._heard_until_ms)
            case DtmfPressed():
                state.owed = True
            case SupervisorSpoke():
                if fact.text:
                    self._heard_until_ms = max(self._heard_until_ms, fact.end_ms)
                    state.last_words, state.owed = fact.text, False
            case AgentSpoke():
                state.turn = max(state.turn, fact.turn)
                if fact.heard_text and fact.end_ms is not None:
                    self._heard_until_ms = max(self._heard_until_ms, fact.end_ms)
                    state.last_words, state.owed = fact.heard_text, fact.interrupted
            case _:
                pass

    def _tools(self, fact: Fact) -> None:
        state = self.state
        match fact:
            case ToolCalled():
                state.turn = max(state.turn, fact.turn)
                state.open_calls.append(fact)
            case ToolAnswered():
                state.open_calls = [one for one in state.open_calls if one.tool_call_id != fact.tool_call_id]
                state.owed = True
            case _:
                pass

    def _moves(self, fact: Fact) -> None:
        state = self.state
        match fact:
            case HandoffProposed():
                state.open_move = fact
            case HandoffRolledBack():
                state.open_move = None
            case HandoffReturned():
                self._returned = fact
                self._back(fact)
            case HandoffCommitted():
                returned, self._returned = self._returned, None
                if returned is None or (returned.from_agent, returned.to_agent) != (fact.from_agent, fact.to_agent):
                    self._forth(fact)
                state.open_move = None
            case _:
                pass

    def _back(self, fact: HandoffReturned) -> None:
        """The return and its commit are one moment; a record may end between the two facts."""
        state = self.state
        edge = state.returns.pop() if state.returns else self._edge(fact.to_agent, fact.from_agent)
        state.owner, state.open_move = fact.to_agent, None
        state.entry = Entry(edge, True, fact.result)

    def _forth(self, fact: HandoffCommitted) -> None:
        state = self.state
        edge = self._edge(fact.from_agent, fact.to_agent)
        state.owner = fact.to_agent
        state.hops += 1
        state.returns = [*state.returns, edge] if edge.returns is not None else []
        by = state.open_move.by if state.open_move is not None else "model"
        state.entry = Entry(edge, False, fact.brief, by)

    def _edge(self, frm: str, to: str) -> Edge:
        """Return the team's edge; a supervisor may hand the call to whomever, without one."""
        known = (edge for edge in self._team.edges if (edge.frm, edge.to) == (frm, to))
        return next(known, None) or Edge(frm=frm, to=to, description="")
