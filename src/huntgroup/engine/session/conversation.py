"""The items of a session's conversation in their order, with what the protocol does not show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import UNSET, UnsetType

from huntgroup.engine.session.refusal import Refused, invalid_value
from huntgroup.engine.session.spoken import Spoken
from huntgroup.wire.realtime import FunctionCallItem, Item

KEPT_AUDIO_BYTES = 8 * 1024 * 1024


@dataclass(eq=False)
class Entry:
    """One item and what the session knows beside it.

    `item` is replaced, never changed in place, because events hold references to it. `text` is what the mind reads;
    for speech that is still being transcribed it is None until `ready` is set. `interrupting` marks a caller's turn
    that cut the agent short, so that even a cough there has to be answered.
    """

    item: Item
    text: str | None = ""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    audio: bytes = b""
    audio_ms: float = 0.0
    spoken: Spoken | None = None
    truncated: bool = False
    interrupting: bool = False
    revision: int = 0

    @property
    def id(self) -> str:
        """The item's id."""
        return str(self.item.id)

    def set_text(self, text: str) -> None:
        """Tell the mind's view of the item and wake who waits for it."""
        self.text = text
        self.revision += 1
        self.ready.set()


class Conversation:
    """Entries by order and by id. Old audio is forgotten once more than `KEPT_AUDIO_BYTES` are held."""

    def __init__(self, conversation_id: str) -> None:
        self.id = conversation_id
        self._entries: list[Entry] = []
        self._by_id: dict[str, Entry] = {}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._by_id

    def get(self, item_id: str, code: str) -> Entry:
        """The entry; refused with `code` when there is none."""
        entry = self._by_id.get(item_id)
        if entry is None:
            raise Refused(code, "No item with this id is in the conversation.", "item_id")
        return entry

    def find(self, item_id: str) -> Entry | None:
        """The entry, or None."""
        return self._by_id.get(item_id)

    def add(self, entry: Entry, after: str | None | UnsetType = UNSET) -> str | None:
        """Insert after the item `after` ("root": first; absent: last). Returns the id before it, None at the front."""
        place = self._place(after)
        if entry.id in self._by_id:
            raise invalid_value("item.id", "an item with this id is already in the conversation.")
        self._entries.insert(place, entry)
        self._by_id[entry.id] = entry
        self._forget_old_audio()
        return self._entries[place - 1].id if place else None

    def remove(self, item_id: str) -> None:
        """Take an entry out. Refused when there is none."""
        entry = self.get(item_id, "item_delete_invalid_item_id")
        del self._by_id[item_id]
        self._entries.remove(entry)

    def before(self, item_id: str) -> str | None:
        """The id of the item in front of this one; None at the front or when it was deleted."""
        entry = self._by_id.get(item_id)
        place = self._entries.index(entry) if entry else 0
        return self._entries[place - 1].id if place else None

    def last_id(self) -> str | None:
        """The id of the last item."""
        return self._entries[-1].id if self._entries else None

    def has_call(self, call_id: str) -> bool:
        """Whether a function call with this id is in the conversation."""
        return any(
            isinstance(entry.item, FunctionCallItem) and entry.item.call_id == call_id for entry in self._entries
        )

    def _place(self, after: str | None | UnsetType) -> int:
        if after is None or isinstance(after, UnsetType):
            return len(self._entries)
        if after == "root":
            return 0
        if after not in self._by_id:
            raise invalid_value("previous_item_id", "no such item in the conversation.")
        return self._entries.index(self._by_id[after]) + 1

    def _forget_old_audio(self) -> None:
        held = 0
        for entry in reversed(self._entries):
            held += len(entry.audio)
            if held > KEPT_AUDIO_BYTES:
                entry.audio = b""
