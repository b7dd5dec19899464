"""Server events by the handful: whole turns and responses in the protocol's order, for scripts."""

from __future__ import annotations

import msgspec

from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import (
    ClientEvent,
    ContentPart,
    ConversationItemAdded,
    ConversationItemCreate,
    ConversationItemDelete,
    ConversationItemDeleted,
    ConversationItemDone,
    ConversationItemInputAudioTranscriptionCompleted,
    ConversationItemTruncate,
    ConversationItemTruncated,
    EffectiveSession,
    Error,
    ErrorBody,
    FunctionCallItem,
    InputAudioBufferCommitted,
    InputAudioBufferSpeechStarted,
    InputAudioBufferSpeechStopped,
    Item,
    MessageItem,
    Response,
    ResponseContentPartAdded,
    ResponseContentPartDone,
    ResponseCreated,
    ResponseDone,
    ResponseFunctionCallArgumentsDelta,
    ResponseFunctionCallArgumentsDone,
    ResponseOutputAudioDelta,
    ResponseOutputAudioDone,
    ResponseOutputAudioTranscriptDelta,
    ResponseOutputAudioTranscriptDone,
    ResponseOutputItemAdded,
    ResponseOutputItemDone,
    ServerEvent,
    SessionUpdate,
    SessionUpdated,
    StatusDetails,
    TranscriptionUsage,
    Usage,
)


def caller_says(text: str, *, start_ms: int = 0, end_ms: int = 1000) -> list[ServerEvent]:
    """A caller's turn by voice activity, with its transcript."""
    item_id = new_id("item")
    item = _message(item_id, "user", ContentPart(type="input_audio", transcript=None))
    usage = TranscriptionUsage(type="duration", seconds=(end_ms - start_ms) / 1000)
    return [
        InputAudioBufferSpeechStarted(item_id=item_id, audio_start_ms=start_ms),
        InputAudioBufferSpeechStopped(item_id=item_id, audio_end_ms=end_ms),
        InputAudioBufferCommitted(item_id=item_id),
        ConversationItemAdded(item=item),
        ConversationItemDone(item=item),
        ConversationItemInputAudioTranscriptionCompleted(
            item_id=item_id, content_index=0, transcript=text, usage=usage
        ),
    ]


def agent_says(
    text: str, audio: bytes = b"", *, response_id: str | None = None, metadata: dict[str, str | None] | None = None
) -> list[ServerEvent]:
    """A whole spoken response of one message."""
    return response([spoken(text, audio)], response_id=response_id, metadata=metadata)


def agent_calls(
    *calls: tuple[str, str, str],
    say: str = "",
    audio: bytes = b"",
    response_id: str | None = None,
    metadata: dict[str, str | None] | None = None,
) -> list[ServerEvent]:
    """A whole response of tool calls, each `(name, arguments, call_id)`, after an optional sentence."""
    items: list[tuple[Item, bytes]] = [spoken(say, audio)] if say else []
    for name, arguments, call_id in calls:
        items.append((FunctionCallItem(id=new_id("item"), name=name, arguments=arguments, call_id=call_id), b""))
    return response(items, response_id=response_id, metadata=metadata)


def spoken(text: str, audio: bytes = b"") -> tuple[Item, bytes]:
    """An assistant message and its sound, for `response`."""
    return _message(new_id("item"), "assistant", ContentPart(type="output_audio", transcript=text)), audio


def response(
    items: list[tuple[Item, bytes]],
    *,
    response_id: str | None = None,
    metadata: dict[str, str | None] | None = None,
    status: str = "completed",
    reason: str | None = None,
) -> list[ServerEvent]:
    """All events of one response with these items."""
    response_id = response_id or new_id("resp")
    details = None if status == "completed" else StatusDetails(type=status, reason=reason)
    usage = Usage(total_tokens=30, input_tokens=20, output_tokens=10)
    output = [msgspec.structs.replace(item, status=_status(status)) for item, _ in items]
    events: list[ServerEvent] = [
        ResponseCreated(response=Response(id=response_id, status="in_progress", metadata=metadata))
    ]
    for index, (item, audio) in enumerate(items):
        events += _item_events(response_id, index, item, audio, _status(status))
    done = Response(
        id=response_id, status=status, status_details=details, output=output, usage=usage, metadata=metadata
    )
    return [*events, ResponseDone(response=done)]


def error(code: str, event_id: str | None = None, message: str = "refused") -> Error:
    """An `error` event, correlated to a client event by its id."""
    return Error(error=ErrorBody(code=code, message=message, event_id=event_id))


def usual_answer(config: EffectiveSession, event: ClientEvent) -> list[ServerEvent]:
    """What any server answers to updates and item commands; nothing to the rest."""
    match event:
        case SessionUpdate():
            for name in event.session.__struct_fields__:
                value = getattr(event.session, name)
                if value is not msgspec.UNSET:
                    setattr(config, name, value)
            return [SessionUpdated(session=msgspec.structs.replace(config))]
        case ConversationItemCreate():
            item = msgspec.structs.replace(event.item, id=event.item.id or new_id("item"), status="completed")
            return [ConversationItemAdded(item=item), ConversationItemDone(item=item)]
        case ConversationItemDelete():
            return [ConversationItemDeleted(item_id=event.item_id)]
        case ConversationItemTruncate():
            return [
                ConversationItemTruncated(
                    item_id=event.item_id, content_index=event.content_index, audio_end_ms=event.audio_end_ms
                )
            ]
        case _:
            return []


def _item_events(response_id: str, index: int, item: Item, audio: bytes, status: str) -> list[ServerEvent]:
    begun = msgspec.structs.replace(item, status="in_progress")
    if isinstance(begun, MessageItem):
        begun.content = []
    ended = msgspec.structs.replace(item, status=status)
    return [
        ResponseOutputItemAdded(response_id=response_id, output_index=index, item=begun),
        ConversationItemAdded(item=begun),
        *_contents(response_id, index, item, audio),
        ConversationItemDone(item=ended),
        ResponseOutputItemDone(response_id=response_id, output_index=index, item=ended),
    ]


def _contents(response_id: str, index: int, item: Item, audio: bytes) -> list[ServerEvent]:
    item_id = str(item.id)
    if isinstance(item, FunctionCallItem):
        return _call_events(response_id, index, item)
    if not isinstance(item, MessageItem):
        return []
    text = item.content[0].transcript or ""
    at = {"response_id": response_id, "item_id": item_id, "output_index": index, "content_index": 0}
    part = {"type": "audio", "transcript": text}
    events = [
        ResponseContentPartAdded(**at, part=ContentPart(type="audio", transcript="")),  # type: ignore[arg-type]
        ResponseOutputAudioTranscriptDelta(**at, delta=text),  # type: ignore[arg-type]
        ResponseOutputAudioDelta(**at, delta=audio) if audio else None,  # type: ignore[arg-type]
        ResponseOutputAudioDone(**at),  # type: ignore[arg-type]
        ResponseOutputAudioTranscriptDone(**at, transcript=text),  # type: ignore[arg-type]
        ResponseContentPartDone(**at, part=ContentPart(**part)),  # type: ignore[arg-type]
    ]
    return [event for event in events if event is not None]


def _call_events(response_id: str, index: int, item: FunctionCallItem) -> list[ServerEvent]:
    at = {"response_id": response_id, "item_id": str(item.id), "output_index": index, "call_id": str(item.call_id)}
    return [
        ResponseFunctionCallArgumentsDelta(**at, delta=item.arguments),  # type: ignore[arg-type]
        ResponseFunctionCallArgumentsDone(**at, name=item.name, arguments=item.arguments),  # type: ignore[arg-type]
    ]


def _message(item_id: str, role: str, part: ContentPart) -> MessageItem:
    return MessageItem(id=item_id, object="realtime.item", status="completed", role=role, content=[part])


def _status(response_status: str) -> str:
    return "completed" if response_status == "completed" else "incomplete"
