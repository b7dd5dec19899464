"""The manager's view of a call: its facts sorted into what the caller said, what tools did and who spoke."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    CallStarted,
    ClaimGranted,
    EmergencyDeclared,
    Fact,
    HandoffCommitted,
    HumanRequested,
    ToolAnswered,
    ToolCalled,
)
from huntgroup.domain.timeline import in_order


@dataclass(frozen=True, slots=True)
class ToolUse:
    """One tool call and its answer. `ok` is False when it failed, refused or was never answered."""

    tool: str
    effect: str
    ok: bool
    identifies: bool
    """A claim was granted while it ran: it told who the caller is."""


@dataclass(frozen=True, slots=True)
class CallView:
    """One whole call over all agents, in the order in which things were said and done; agents' texts are as heard."""

    facts: tuple[Fact, ...]
    started: CallStarted | None
    ended: CallEnded | None
    caller_lines: tuple[str, ...]
    agent_lines: tuple[str, ...]
    agents: tuple[str, ...]
    tools: tuple[ToolUse, ...]
    claims: tuple[str, ...]
    emergency: str | None
    human_wanted: str | None

    @property
    def writes(self) -> tuple[ToolUse, ...]:
        return tuple(use for use in self.tools if use.effect == "write")

    @property
    def end_reason(self) -> str:
        return self.ended.reason if self.ended is not None else "unfinished"


def view_of(facts: Sequence[Fact]) -> CallView:
    """Sort `facts` into a view, whatever order they come in; the facts themselves are left as they are."""
    ordered = tuple(in_order(facts))
    return CallView(
        facts=ordered,
        started=next((fact for fact in ordered if isinstance(fact, CallStarted)), None),
        ended=next((fact for fact in ordered if isinstance(fact, CallEnded)), None),
        caller_lines=tuple(f.text.strip() for f in ordered if isinstance(f, CallerSpoke) and f.text.strip()),
        agent_lines=tuple(f.heard_text.strip() for f in ordered if isinstance(f, AgentSpoke) and f.heard_text.strip()),
        agents=_agents(ordered),
        tools=_tools(ordered),
        claims=tuple(fact.claim for fact in ordered if isinstance(fact, ClaimGranted)),
        emergency=next((fact.sign for fact in ordered if isinstance(fact, EmergencyDeclared)), None),
        human_wanted=next((fact.reason for fact in ordered if isinstance(fact, HumanRequested)), None),
    )


def _agents(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Agents in the order in which they first owned the call."""
    names: dict[str, None] = {}
    for fact in facts:
        if isinstance(fact, HandoffCommitted):
            names.setdefault(fact.from_agent)
            names.setdefault(fact.to_agent)
        elif isinstance(fact, AgentSpoke) and fact.agent is not None:
            names.setdefault(fact.agent)
    return tuple(names)


def _tools(facts: Sequence[Fact]) -> tuple[ToolUse, ...]:
    uses: list[ToolUse] = []
    answers = {fact.tool_call_id: fact for fact in facts if isinstance(fact, ToolAnswered)}
    claims = [fact.seq for fact in facts if isinstance(fact, ClaimGranted)]
    for fact in facts:
        if isinstance(fact, ToolCalled):
            answer = answers.get(fact.tool_call_id)
            identifies = answer is not None and any(fact.seq < seq < answer.seq for seq in claims)
            uses.append(ToolUse(fact.tool, fact.effect, _succeeded(answer), identifies))
    return tuple(uses)


def _succeeded(answer: ToolAnswered | None) -> bool:
    """A tool succeeded when the call says so and its own `ok`, if it has one, agrees."""
    if answer is None or not answer.ok:
        return False
    try:
        output = json.loads(answer.output)
    except ValueError:
        return True
    return not (isinstance(output, dict) and output.get("ok") is False)
