"""What the receiver of a call is told, and what of the conversation it gets to see."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from huntgroup.calls.toolrun import parse_arguments
from huntgroup.domain.errors import BadArguments
from huntgroup.domain.facts import AgentSpoke, CallerSpoke, Fact
from huntgroup.teams import Edge, VoiceAgent
from huntgroup.teams.team import AnyAgent

_LAST = re.compile(r"last\((\d+)\)")


def read_payload(model: type[BaseModel] | None, arguments: str) -> dict[str, Any]:
    """Validate the arguments of a transfer or a return against its type. Raises `BadArguments` naming the fields."""
    given = parse_arguments(arguments)
    if model is None:
        return given
    try:
        return model.model_validate(given).model_dump(mode="json")
    except ValidationError as error:
        places = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False))
        raise BadArguments(f"these do not fit: {places}") from error


def seen_by(agent: AnyAgent, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that the agent may see."""
    if not isinstance(agent, VoiceAgent) or agent.sees is None:
        return dict(payload)
    return {name: value for name, value in payload.items() if name in agent.sees}


def takeover_text(edge: Edge, brief: Mapping[str, Any]) -> str:
    """Return what is added to the receiver's instructions."""
    lines = [
        f"You have just taken over this call from {edge.frm}.",
        "The caller heard no break: do not greet again, do not announce or repeat the transfer.",
        "Do not ask again what was already said. Deal with the caller's last request now.",
    ]
    if edge.opener == "scripted" and edge.phrase:
        lines.append(f'Begin with: "{edge.phrase}"')
    if brief:
        lines.append(f"What you were told: {json.dumps(brief, ensure_ascii=False)}")
    return "\n".join(lines)


def return_text(edge: Edge, result: Mapping[str, Any]) -> str:
    """Return what is added to the giver's instructions when the call comes back."""
    return (
        f"{edge.to} has just given the call back to you. The caller heard no break: do not greet again. If the caller "
        "asked for something new, deal with it now; otherwise ask briefly whether there is anything else.\n"
        f"Result: {json.dumps(result, ensure_ascii=False)}"
    )


def hidden_items(policy: str, item_ids: Sequence[str], keep: frozenset[str]) -> list[str]:
    """Return the items that the receiver must not see; `keep` (the transfer's own items) always stay."""
    if policy == "full":
        return []
    match = _LAST.fullmatch(policy)
    kept_tail = set(item_ids[-int(match.group(1)) :]) if match else set()
    return [item_id for item_id in item_ids if item_id not in kept_tail and item_id not in keep]


def kept_items(policy: str, sizes: Sequence[int]) -> int:
    """Return how many of the last entries of `sizes` items each a receiver may know of."""
    if policy == "full":
        return len(sizes)
    match = _LAST.fullmatch(policy)
    room, kept = int(match.group(1)) if match else 0, 0
    for size in reversed(sizes):
        room -= size
        if room < 0:
            break
        kept += 1
    return kept


def so_far(facts: Sequence[Fact]) -> str:
    """Return what was said in the call as heard, for a model whose memory of it was taken away."""
    lines = []
    for fact in facts:
        if isinstance(fact, CallerSpoke) and fact.text:
            lines.append(f"Caller: {fact.text}")
        elif isinstance(fact, AgentSpoke) and fact.heard_text:
            lines.append(f"{fact.agent}: {fact.heard_text}")
    return "\n".join(["The conversation so far:", *lines])
