"""What clients may put into the conversation, and how items are completed."""

from __future__ import annotations

import msgspec

from huntgroup.domain.ids import new_id
from huntgroup.engine.session.conversation import Entry
from huntgroup.engine.session.refusal import Refused, invalid_value
from huntgroup.wire.realtime import (
    ContentPart,
    FunctionCallItem,
    FunctionCallOutputItem,
    Item,
    ItemReference,
    MessageItem,
)

_ALLOWED = {
    "user": ("input_text", "input_audio", "input_image"),
    "system": ("input_text",),
    "assistant": ("output_text", "output_audio"),
}


def entry_of(item: Item, at: str = "item") -> Entry:
    """A checked, completed entry for an item a client sent. Raises Refused.

    Audio without a transcript leaves `text` None; the caller must see to its transcription.
    """
    if isinstance(item, MessageItem):
        _check_message(item, at)
    whole = completed(item)
    entry = Entry(item=without_audio(whole))
    entry.text = text_of(item)
    if entry.text is not None:
        entry.ready.set()
    entry.audio = b"".join(part.audio or b"" for part in _parts(item))
    return entry


def completed(item: Item) -> Item:
    """The item as a server reports it: with an id, the object name and a status."""
    extra = {}
    if isinstance(item, FunctionCallItem) and not item.call_id:
        extra["call_id"] = new_id("call")
    return msgspec.structs.replace(
        item, id=item.id or new_id("item"), object="realtime.item", status="completed", **extra
    )


def without_audio(item: Item) -> Item:
    """The item as events carry it: audio itself is sent only by `conversation.item.retrieved`."""
    if not isinstance(item, MessageItem) or not any(part.audio for part in item.content):
        return item
    parts = [
        msgspec.structs.replace(part, audio=msgspec.UNSET, transcript=part.transcript or None)
        if part.type in ("input_audio", "output_audio")
        else part
        for part in item.content
    ]
    return msgspec.structs.replace(item, content=parts)


def text_of(item: Item | ItemReference) -> str | None:
    """What the mind reads of an item; None while audio has no transcript."""
    if isinstance(item, FunctionCallOutputItem):
        return item.output
    parts = _parts(item)
    if any(part.audio and not part.transcript for part in parts):
        return None
    return " ".join(text for part in parts if (text := part.text or part.transcript))


def _parts(item: Item | ItemReference) -> list[ContentPart]:
    return item.content if isinstance(item, MessageItem) else []


def _check_message(item: MessageItem, at: str) -> None:
    if item.role not in _ALLOWED:
        raise invalid_value(f"{at}.role", "supported values are: 'system', 'user', 'assistant'.")
    for index, part in enumerate(item.content):
        path = f"{at}.content[{index}]"
        if part.type not in _ALLOWED[item.role]:
            names = ", ".join(f"'{name}'" for name in _ALLOWED[item.role])
            raise invalid_value(f"{path}.type", f"supported values for this role are: {names}.")
        _check_part(part, path)


def _check_part(part: ContentPart, path: str) -> None:
    if part.type == "output_audio":
        text = "Assistant audio cannot be created by a client; send its text as 'output_text'."
        raise Refused("unsupported_content_type", text, f"{path}.type")
    wanted = {"input_audio": "audio", "input_image": "image_url"}.get(part.type, "text")
    if wanted == "audio" and part.audio is None and part.transcript:
        return
    if not isinstance(getattr(part, wanted), (str, bytes)):
        raise Refused(
            "missing_required_parameter",
            f"Missing required parameter: '{path}.{wanted}'.",
            f"{path}.{wanted}",
        )
