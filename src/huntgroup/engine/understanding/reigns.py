"""Which agent held the call at each moment of a history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from huntgroup.engine.ports import HistoryEntry, Said, ToolResult, ToolUse

from .knowledge import parse
from .results import is_failure
from .state import Scene

_TRANSFER = re.compile(r"(?:transfer|handoff|hand_off)_to_(\w+)$|(return)_to_(\w+)$")
_BY_HAND = re.compile(r"\w+ has handed the call over to (\w+)\.")


@dataclass
class Reigns:
    """Which agent held the call at each entry; names as the transfer tools say them, "" before any transfer."""

    owner: list[str]
    current: str


def reigns_of(scene: Scene, history: Sequence[HistoryEntry]) -> Reigns:
    """Who owned each entry, by the transfers that were not refused; the session's own tools have the last word."""
    uses: dict[str, ToolUse] = {}
    owners: list[str] = []
    current, past = "", [""]
    for entry in history:
        owners.append(current)
        if isinstance(entry, ToolUse):
            uses[entry.call_id] = entry
        elif isinstance(entry, Said) and entry.role == "system":
            current = moved_to(entry.text) or current
            past += [current] if current != past[-1] else []
        elif isinstance(entry, ToolResult) and entry.call_id in uses:
            target = target_of(uses[entry.call_id].name)
            if target and not is_failure(parse(entry.output)):
                current = _known_as(target, past, uses[entry.call_id].name)
                past.append(current)
    if len(past) > 1 and scene.tool(f"transfer_to_{current}") is not None:
        current = past[-2]
    return Reigns(owners, current)


def target_of(name: str) -> str:
    """Return the agent to whom a tool of this name gives the call, "" when it does not."""
    match = _TRANSFER.match(name)
    return (match.group(1) or match.group(3) or "") if match else ""


def moved_to(note: str) -> str:
    """Whom a note says that somebody gave the call to by hand, "" when it says something else."""
    match = _BY_HAND.match(note)
    return match.group(1) if match else ""


def is_hand_over(name: str) -> bool:
    """Whether a tool gives the call to another agent."""
    return bool(target_of(name))


def _known_as(target: str, past: list[str], tool: str) -> str:
    """A return goes to a known agent; one that never was a target is the one who had the call first."""
    return "" if tool.startswith("return_to_") and target not in past else target
