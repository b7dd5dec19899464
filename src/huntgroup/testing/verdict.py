"""Holds a finished call against what its scenario expects."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallStarted,
    Fact,
    HandoffCommitted,
    ToolAnswered,
    ToolCalled,
)
from huntgroup.domain.timeline import in_order
from huntgroup.testing.scenario import Expect, ExpectedTool


def unmet(expect: Expect, facts: Sequence[Fact], *, first_agent: str) -> list[str]:
    """Return what a call did not keep of its expectations, line by line; rows are the runner's to ask for."""
    return [
        *_agents(expect, facts, first_agent),
        *_tools(expect, facts),
        *_types(expect, facts),
        *_heard(expect, facts),
        *_ended(expect, facts),
    ]


def path_of(facts: Sequence[Fact], first_agent: str) -> list[str]:
    """Return who had the call, in order."""
    return [first_agent, *(fact.to_agent for fact in facts if isinstance(fact, HandoffCommitted))]


def heard_of(facts: Sequence[Fact]) -> str:
    """Return everything that the caller heard, as one text."""
    return " ".join(fact.heard_text for fact in in_order(facts) if isinstance(fact, AgentSpoke))


def _agents(expect: Expect, facts: Sequence[Fact], first_agent: str) -> list[str]:
    path = path_of(facts, first_agent) if any(isinstance(fact, CallStarted) for fact in facts) else []
    if not expect.agents or path == expect.agents:
        return []
    return [f"agents: {' > '.join(path)} instead of {' > '.join(expect.agents)}"]


def _tools(expect: Expect, facts: Sequence[Fact]) -> list[str]:
    calls = [fact for fact in facts if isinstance(fact, ToolCalled)]
    answers = {fact.tool_call_id: fact for fact in facts if isinstance(fact, ToolAnswered)}
    problems, position = [], 0
    for wanted in expect.tools:
        found = next(
            (i for i in range(position, len(calls)) if _is(wanted, calls[i], answers.get(calls[i].tool_call_id))),
            None,
        )
        if found is None:
            problems.append(f"tools: no {wanted.tool} with {wanted.arguments} and ok={wanted.ok} in its place")
        else:
            position = found + 1
    done = {call.tool for call in calls if went_well(answers.get(call.tool_call_id))}
    return problems + [f"tools: {name} must not be done" for name in expect.not_tools if name in done]


def _is(wanted: ExpectedTool, call: ToolCalled, answer: ToolAnswered | None) -> bool:
    if call.tool != wanted.tool or (wanted.ok is not None and went_well(answer) != wanted.ok):
        return False
    return all(_same(value, call.arguments.get(name)) for name, value in wanted.arguments.items())


def _same(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, str) and isinstance(given, str):
        return re.search(wanted, given, re.IGNORECASE) is not None
    return bool(wanted == given)


def went_well(answer: ToolAnswered | None) -> bool:
    """Whether a tool was answered by itself and its own `ok` is not false."""
    if answer is None or not answer.ok:
        return False
    try:
        output = json.loads(answer.output)
    except ValueError:
        return True
    return not (isinstance(output, Mapping) and output.get("ok") is False)


def _types(expect: Expect, facts: Sequence[Fact]) -> list[str]:
    present = {type(fact).__name__ for fact in facts}
    missing = [f"facts: no {name}" for name in expect.facts if name not in present]
    return missing + [f"facts: {name} must not happen" for name in expect.not_facts if name in present]


def _heard(expect: Expect, facts: Sequence[Fact]) -> list[str]:
    heard = heard_of(facts)
    missing = [f"heard: nothing like {p!r}" for p in expect.heard if not re.search(p, heard, re.IGNORECASE)]
    return missing + [f"heard: {p!r} must not be" for p in expect.not_heard if re.search(p, heard, re.IGNORECASE)]


def _ended(expect: Expect, facts: Sequence[Fact]) -> list[str]:
    reason = next((fact.reason for fact in facts if isinstance(fact, CallEnded)), None)
    if expect.ended_by is None or (reason is not None and re.fullmatch(expect.ended_by, reason)):
        return []
    return [f"ended by {reason!r} instead of {expect.ended_by!r}"]
