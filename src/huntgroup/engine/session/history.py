"""The conversation as a mind reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from huntgroup.engine.ports import HistoryEntry, Said, ToolResult, ToolUse
from huntgroup.engine.session.conversation import Entry
from huntgroup.wire.realtime import FunctionCallItem, FunctionCallOutputItem, MessageItem

TRANSCRIPT_LIMIT_S = 20.0


async def transcripts_of(entries: Iterable[Entry]) -> None:
    """Wait until everything said is written; after `TRANSCRIPT_LIMIT_S` it counts as not understood."""
    for entry in entries:
        try:
            await asyncio.wait_for(entry.ready.wait(), TRANSCRIPT_LIMIT_S)
        except TimeoutError:
            entry.set_text("")


def history_of(entries: Sequence[Entry]) -> list[HistoryEntry]:
    """Entries as turns, tool calls and results.

    Speech in which nothing was understood is left out, except at the very end, where it is what the mind must answer.
    """
    told = [(entry, told) for entry in entries if (told := _told(entry)) is not None]
    last = entries[-1] if entries else None
    return [entry for owner, entry in told if not _is_empty(entry) or _is_silent_user(entry, owner is last)]


def _told(entry: Entry) -> HistoryEntry | None:
    item = entry.item
    if isinstance(item, FunctionCallItem):
        return ToolUse(call_id=str(item.call_id), name=item.name, arguments=item.arguments)
    if isinstance(item, FunctionCallOutputItem):
        return ToolResult(call_id=item.call_id, output=item.output)
    if isinstance(item, MessageItem) and item.role in ("user", "assistant", "system"):
        return Said(role=item.role, text=entry.text or "")  # type: ignore[arg-type]
    return None


def _is_empty(entry: HistoryEntry) -> bool:
    return isinstance(entry, Said) and not entry.text


def _is_silent_user(entry: HistoryEntry, last: bool) -> bool:
    return last and isinstance(entry, Said) and entry.role == "user"
