"""What the tools of a recorded call answered, and what they did to the call while they ran."""

import json
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs

from huntgroup.calls.replay.causes import Causes
from huntgroup.domain.facts import (
    AgentSpoke,
    ApprovalGiven,
    CallEnded,
    ClaimGranted,
    EmergencyDeclared,
    Fact,
    HumanRequested,
    LateResult,
    ToolAnswered,
    ToolCalled,
)

OF_THE_TOOL = frozenset(
    {None, "tool_failed", "tool_timed_out", "bad_arguments", "not_saved", "output_too_large", "blocked", "call_ended"}
)
"""Codes with which a tool itself answered, or ran when the call ended; with any other it was never reached."""


@dataclass(kw_only=True)
class Take:
    """One recorded run of a tool: its answer, the claims and facts that it left, and how the call ended by it.

    `ran_ms` is how long the tool itself ran; a terminal one begins only when the words of its reply were heard, and one
    that needs an approval when it has that.
    """

    answer: ToolAnswered
    ran_ms: int
    claims: list[tuple[str, str]] = field(default_factory=list)
    recorded: list[EmergencyDeclared | HumanRequested] = field(default_factory=list)
    ends_call: str | None = None


class Cassette:
    """Recorded runs by tool and arguments; each is played once, in the order of the record."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        causes = Causes(facts)
        ended = next((fact.reason for fact in facts if isinstance(fact, CallEnded)), None)
        late = {fact.tool_call_id: fact for fact in facts if isinstance(fact, LateResult)}
        made: dict[str, Take] = {}
        self._takes: dict[str, deque[Take]] = defaultdict(deque)
        for fact in causes.in_order():
            if isinstance(fact, ToolCalled):
                answer = _own(causes.answer_of(fact), late.get(fact.tool_call_id))
                if answer is not None and answer.error in OF_THE_TOOL:
                    take = made[fact.tool_call_id] = Take(answer=answer, ran_ms=_ran_ms(fact, answer, facts))
                    take.ends_call = ended if fact.effect == "terminal" and answer.ok else None
                    self._takes[_key(fact.tool, fact.arguments)].append(take)
            elif isinstance(fact, ClaimGranted | EmergencyDeclared | HumanRequested):
                called = causes.caller_of(fact)
                if called is not None and called.tool_call_id in made:
                    _leave(made[called.tool_call_id], fact)

    def take(self, tool: str, arguments: Mapping[str, Any]) -> Take | None:
        """Return the next recorded run of this call; None when the record has no more."""
        takes = self._takes.get(_key(tool, arguments))
        return takes.popleft() if takes else None


def _own(answer: ToolAnswered | None, late: LateResult | None) -> ToolAnswered | None:
    """Return what a tool itself answered: of a late result the model was told something else, or less."""
    if answer is None or late is None:
        return answer
    return structs.replace(answer, output=late.output, ok=True, error=None)


def _ran_ms(called: ToolCalled, answer: ToolAnswered, facts: Sequence[Fact]) -> int:
    asked = [fact for fact in facts if isinstance(fact, ApprovalGiven) and fact.tool_call_id == called.tool_call_id]
    if called.effect != "terminal":
        return max(0, answer.duration_ms - sum(fact.after_ms for fact in asked))
    spoken = [fact.t_ms for fact in facts if isinstance(fact, AgentSpoke) and called.seq < fact.seq < answer.seq]
    return max(0, answer.t_ms - max([called.t_ms, *spoken, *(fact.t_ms for fact in asked)]))


def _leave(take: Take, fact: ClaimGranted | EmergencyDeclared | HumanRequested) -> None:
    if isinstance(fact, ClaimGranted):
        take.claims.append((fact.claim, fact.subject))
    else:
        take.recorded.append(fact)


def _key(tool: str, arguments: Mapping[str, Any]) -> str:
    return f"{tool} {json.dumps(arguments, sort_keys=True)}"
