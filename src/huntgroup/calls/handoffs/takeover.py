"""What the receiver of a call is told."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from huntgroup.domain.errors import BadArguments
from huntgroup.domain.facts import (
    AgentSpoke,
    CallerSpoke,
    Fact,
    HandoffProposed,
    HandoffRefused,
    SupervisorSpoke,
    ToolAnswered,
)
from huntgroup.domain.timeline import in_order
from huntgroup.teams import Edge
from huntgroup.teams.payload import PayloadType, validated

_WANTED = {
    "key": "The caller pressed a key to reach you.",
    "menu": "The caller chose you.",
    "supervisor": "A supervisor passed the call to you.",
    "fallback": "The call went to and fro without help for the caller; you are to put that right.",
}


def read_payload(kind: PayloadType | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Validate what is told along a transfer or a return. Raises `BadArguments` naming the fields that do not fit."""
    try:
        return validated(kind, given)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False))
        raise BadArguments(f"these do not fit: {places}") from error


def takeover_text(edge: Edge, brief: Mapping[str, Any], by: str) -> str:
    """Return what is added to the receiver's instructions; `by` says who wanted the handoff."""
    lines = [
        f"You have just taken over this call from {edge.frm}.",
        "The caller heard no break: do not greet again, do not announce or repeat the transfer.",
        "Do not ask again what was already said. Deal with the caller's last request now.",
    ]
    if by in _WANTED:
        lines.append(_WANTED[by])
    if edge.opener == "scripted" and edge.phrase:
        lines.append(f'Begin with: "{edge.phrase}"')
    if brief:
        lines.append(f"What you were told: {json.dumps(brief, ensure_ascii=False)}")
    return "\n".join(lines)


def moved_text(frm: str, to: str) -> str:
    """Return what the conversation says of a change of hands that no tool call in it tells of."""
    return f"{frm} has handed the call over to {to}."


def begin_words(edge: Edge, agent: str, *, back: bool) -> str:
    """Return what a receiver is asked to say at once when nobody but a hand moved the call, and nothing is open."""
    words = f"{agent.replace('_', ' ').capitalize()} here. How can I help you?"
    if edge.opener == "scripted" and edge.phrase and not back:
        words = edge.phrase
    return f'The call is yours, and the caller waits. In their language, say: "{words}"'


def return_text(edge: Edge, result: Mapping[str, Any]) -> str:
    """Return what is added to the giver's instructions when the call comes back."""
    return (
        f"{edge.to} has just given the call back to you. The caller heard no break: do not greet again. If the caller "
        "asked for something new, deal with it now; otherwise ask briefly whether there is anything else.\n"
        f"Result: {json.dumps(result, ensure_ascii=False)}"
    )


def so_far(facts: Sequence[Fact], agent: str) -> str:
    """Return what was heard, in its order, and what the agent's own tools answered, for a model that forgot it."""
    moves = {fact.tool_call_id for fact in facts if isinstance(fact, HandoffProposed | HandoffRefused)}
    lines = ["The conversation so far:"]
    for fact in in_order(facts):
        if isinstance(fact, CallerSpoke) and fact.text:
            lines.append(f"Caller: {fact.text}")
        elif isinstance(fact, AgentSpoke) and fact.heard_text:
            lines.append(f"{fact.agent}: {fact.heard_text}")
        elif isinstance(fact, SupervisorSpoke) and fact.text:
            lines.append(f"Supervisor: {fact.text}")
        elif isinstance(fact, ToolAnswered) and fact.agent == agent and fact.tool_call_id not in moves:
            lines.append(f"Your tool {fact.tool} answered: {fact.output}")
    return "\n".join(lines)
