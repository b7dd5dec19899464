"""What a model session that takes over a running call is seeded with: the call's facts as items of the protocol.

Pure: facts in, items out. The same for a session that replaces a lost one and for a call that another process resumes.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from huntgroup.calls.succession.memories import Memory, memories_of
from huntgroup.domain.facts import Fact
from huntgroup.teams import Team
from huntgroup.wire.realtime import (
    ContentPart,
    FunctionCallItem,
    FunctionCallOutputItem,
    Item,
    MessageItem,
)

UNKNOWN_OUTCOME = json.dumps(
    {
        "ok": False,
        "error": "outcome_unknown",
        "message": "The connection broke before this answered. It may have been done: look before you repeat it.",
    }
)
LEFT_OUT = "The beginning of this call is left out here."


@dataclass(frozen=True)
class SeedBudget:
    """How much a session is seeded with at most; what does not fit is left out, the oldest first."""

    items: int = 200
    chars: int = 40_000


def seed_items(
    facts: Sequence[Fact],
    team: Team,
    *,
    running: Collection[str] = (),
    pending_keys: int = 0,
    budget: SeedBudget | None = None,
) -> list[Item]:
    """Return what the agent that has the call may know of it, as items in the order in which they were heard and done.

    Callers' words are transcripts and agents' words are what was heard. Tool calls come with their answers; of the ids
    in `running` the answer is still to be delivered, and any other open call is answered with `outcome_unknown`. The
    last `pending_keys` keys are left out, for whoever still collects them. Conversation goes first to stay within
    `budget`, what the current owner's tools said last.
    """
    memories = memories_of(facts, team, pending_keys=pending_keys)
    kept = _within(memories, frozenset(running), budget or SeedBudget())
    items = [item for memory in kept for item in _items(memory, frozenset(running))]
    return items if len(kept) == len(memories) else [message("system", LEFT_OUT), *items]


def message(role: str, text: str) -> MessageItem:
    """Return words as an item: of the `user`, the `assistant` or the `system`."""
    kind = "output_text" if role == "assistant" else "input_text"
    return MessageItem(role=role, content=[ContentPart(type=kind, text=text)])


def _items(memory: Memory, running: frozenset[str]) -> list[Item]:
    if memory.call is None:
        return [message(memory.role, memory.text)]
    call_id = memory.call.tool_call_id
    called = FunctionCallItem(name=memory.call.tool, arguments=memory.arguments, call_id=call_id)
    if memory.output is None and call_id in running:
        return [called]
    return [called, FunctionCallOutputItem(call_id=call_id, output=memory.output or UNKNOWN_OUTCOME)]


def _within(memories: list[Memory], running: frozenset[str], budget: SeedBudget) -> list[Memory]:
    sizes = {id(memory): _size(_items(memory, running)) for memory in memories}
    items, chars = (sum(size[at] for size in sizes.values()) for at in (0, 1))
    dropped: set[int] = set()
    for memory in sorted(memories, key=lambda one: one.current):
        if items <= budget.items and chars <= budget.chars:
            break
        dropped.add(id(memory))
        items, chars = items - sizes[id(memory)][0], chars - sizes[id(memory)][1]
    return [memory for memory in memories if id(memory) not in dropped]


def _size(items: Sequence[Item]) -> tuple[int, int]:
    return len(items), sum(_chars(item) for item in items)


def _chars(item: Item) -> int:
    match item:
        case FunctionCallItem():
            return len(item.name) + len(item.arguments)
        case FunctionCallOutputItem():
            return len(item.output)
        case MessageItem():
            return sum(len(part.text) for part in item.content if isinstance(part.text, str))
        case _:
            return 0
