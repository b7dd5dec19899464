"""The client's commands on single items."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec import UNSET

from huntgroup.engine.session.content import entry_of, text_of
from huntgroup.engine.session.conversation import Conversation, Entry
from huntgroup.engine.session.refusal import Refused, invalid_value
from huntgroup.wire.realtime import (
    ContentPart,
    ConversationItemAdded,
    ConversationItemCreate,
    ConversationItemDeleted,
    ConversationItemDone,
    ConversationItemRetrieved,
    ConversationItemTruncate,
    ConversationItemTruncated,
    FunctionCallOutputItem,
    InputItem,
    ItemReference,
    KnownServerEvent,
    MessageItem,
)

Emit = Callable[[KnownServerEvent], None]
ToClientFormat = Callable[[bytes], bytes]


class Items:
    """Creates, shows, truncates and deletes items. Every method raises Refused and then changed nothing."""

    def __init__(self, conversation: Conversation, emit: Emit, as_client_sent: ToClientFormat) -> None:
        self._conversation = conversation
        self._emit = emit
        self._as_client_sent = as_client_sent

    def create(self, event: ConversationItemCreate) -> Entry:
        """Add the client's item. An entry whose text is None still has to be transcribed."""
        item = event.item
        if isinstance(item, FunctionCallOutputItem) and not self._conversation.has_call(item.call_id):
            text = f"Tool call ID '{item.call_id}' not found in conversation."
            raise Refused("invalid_tool_call_id", text, "item.call_id")
        entry = entry_of(item)
        previous = self._conversation.add(entry, event.previous_item_id)
        self._emit(ConversationItemAdded(item=entry.item, previous_item_id=previous))
        self._emit(ConversationItemDone(item=entry.item, previous_item_id=previous))
        return entry

    def retrieve(self, item_id: str) -> None:
        """Show an item with its audio, as far as that is still kept."""
        entry = self._conversation.get(item_id, "item_retrieve_invalid_item_id")
        item = entry.item
        if isinstance(item, MessageItem) and entry.audio:
            own = entry.spoken is not None or item.role == "assistant"
            audio = entry.audio if own else self._as_client_sent(entry.audio)
            parts = [msgspec.structs.replace(part, audio=audio) for part in item.content]
            item = msgspec.structs.replace(item, content=parts)
        self._emit(ConversationItemRetrieved(item=item))

    def delete(self, item_id: str) -> None:
        """Take an item out of the conversation."""
        self._conversation.remove(item_id)
        self._emit(ConversationItemDeleted(item_id=item_id))

    def truncate(self, event: ConversationItemTruncate) -> None:
        """Cut assistant audio to what was heard; the transcript goes, the mind keeps the words that were heard."""
        entry = self._conversation.get(event.item_id, "item_truncate_invalid_item_id")
        _check_truncation(entry, event)
        end_ms = event.audio_end_ms
        heard = entry.spoken.heard(end_ms) if entry.spoken else ""
        if entry.audio_ms:
            entry.audio = entry.audio[: _even(len(entry.audio) * end_ms / entry.audio_ms)]
        entry.audio_ms, entry.truncated = float(end_ms), True
        entry.item = _without_transcript(entry.item)
        entry.set_text(heard)
        self._emit(
            ConversationItemTruncated(item_id=event.item_id, content_index=event.content_index, audio_end_ms=end_ms)
        )

    def input_entries(self, items: list[InputItem]) -> tuple[Entry, ...]:
        """The entries a response reads instead of the conversation."""
        return tuple(self._input_entry(item, index) for index, item in enumerate(items))

    def _input_entry(self, item: InputItem, index: int) -> Entry:
        at = f"response.input[{index}]"
        if not isinstance(item, ItemReference):
            if text_of(item) is None:
                raise invalid_value(f"{at}.content", "audio needs its transcript here.")
            return entry_of(item, at)
        entry = self._conversation.find(item.id)
        if entry is None:
            raise invalid_value(f"{at}.id", "no such item in the conversation.")
        return entry


def _check_truncation(entry: Entry, event: ConversationItemTruncate) -> None:
    spoken = isinstance(entry.item, MessageItem) and entry.item.role == "assistant" and entry.audio_ms > 0
    if not spoken and not entry.truncated:
        raise Refused("unsupported_content_type", "Only model output audio messages can be truncated", "item_id")
    if event.content_index != 0:
        raise invalid_value("content_index", "no audio at this index.")
    if event.audio_end_ms < 0:
        raise invalid_value("audio_end_ms", "expected a value of 0 or more.")
    if event.audio_end_ms > entry.audio_ms:
        text = f"Audio content of {int(entry.audio_ms)}ms is already shorter than {event.audio_end_ms}ms"
        raise Refused("invalid_value", text, "audio_end_ms")


def _without_transcript(item: object) -> MessageItem:
    assert isinstance(item, MessageItem)
    part = ContentPart(type="output_audio", transcript=UNSET)
    return msgspec.structs.replace(item, content=[part])


def _even(count: float) -> int:
    return int(count) // 2 * 2
