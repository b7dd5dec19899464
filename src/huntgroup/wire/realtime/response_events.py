"""Server events of one response, from created to done."""

from __future__ import annotations

from huntgroup.wire.realtime.base import ServerEventBase
from huntgroup.wire.realtime.items import ContentPart, Item
from huntgroup.wire.realtime.response import Response


class OutputEvent(ServerEventBase):
    """Placed in a response: the item's place in the output."""

    response_id: str
    item_id: str
    output_index: int


class ContentEvent(OutputEvent):
    """Placed in a response: the content part's place in the item."""

    content_index: int


class ResponseCreated(ServerEventBase, tag="response.created"):
    response: Response


class ResponseDone(ServerEventBase, tag="response.done"):
    """Exactly one for each `response.created`; carries status and usage, never the audio."""

    response: Response


class ResponseOutputItemAdded(ServerEventBase, tag="response.output_item.added"):
    response_id: str
    output_index: int
    item: Item


class ResponseOutputItemDone(ServerEventBase, tag="response.output_item.done"):
    response_id: str
    output_index: int
    item: Item


class ResponseContentPartAdded(ContentEvent, tag="response.content_part.added"):
    part: ContentPart


class ResponseContentPartDone(ContentEvent, tag="response.content_part.done"):
    part: ContentPart


class ResponseOutputTextDelta(ContentEvent, tag="response.output_text.delta"):
    delta: str


class ResponseOutputTextDone(ContentEvent, tag="response.output_text.done"):
    text: str


class ResponseOutputAudioDelta(ContentEvent, tag="response.output_audio.delta"):
    """`delta` is raw bytes in the session's output format."""

    delta: bytes


class ResponseOutputAudioDone(ContentEvent, tag="response.output_audio.done"):
    pass


class ResponseOutputAudioTranscriptDelta(ContentEvent, tag="response.output_audio_transcript.delta"):
    delta: str


class ResponseOutputAudioTranscriptDone(ContentEvent, tag="response.output_audio_transcript.done"):
    transcript: str


class ResponseFunctionCallArgumentsDelta(OutputEvent, tag="response.function_call_arguments.delta"):
    call_id: str
    delta: str


class ResponseFunctionCallArgumentsDone(OutputEvent, tag="response.function_call_arguments.done"):
    call_id: str
    arguments: str
    name: str | None = None


class ResponseMcpCallArgumentsDelta(OutputEvent, tag="response.mcp_call_arguments.delta"):
    delta: str
    obfuscation: str | None = None


class ResponseMcpCallArgumentsDone(OutputEvent, tag="response.mcp_call_arguments.done"):
    arguments: str


class McpCallEvent(ServerEventBase):
    item_id: str
    output_index: int


class ResponseMcpCallInProgress(McpCallEvent, tag="response.mcp_call.in_progress"):
    pass


class ResponseMcpCallCompleted(McpCallEvent, tag="response.mcp_call.completed"):
    pass


class ResponseMcpCallFailed(McpCallEvent, tag="response.mcp_call.failed"):
    pass


class OutputAudioBufferStarted(ServerEventBase, tag="output_audio_buffer.started"):
    response_id: str


class OutputAudioBufferStopped(ServerEventBase, tag="output_audio_buffer.stopped"):
    response_id: str


class OutputAudioBufferCleared(ServerEventBase, tag="output_audio_buffer.cleared"):
    response_id: str
