"""Server events about the session, the conversation and the input audio."""

from __future__ import annotations

from huntgroup.wire.realtime.base import ServerEventBase, Struct
from huntgroup.wire.realtime.config import EffectiveSession
from huntgroup.wire.realtime.items import Item
from huntgroup.wire.realtime.response import (
    Conversation,
    ErrorBody,
    LogProb,
    RateLimit,
    TranscriptionUsage,
)

_TRANSCRIPTION = "conversation.item.input_audio_transcription"


class Error(ServerEventBase, tag="error"):
    """Something was refused; the session goes on unless the socket closes."""

    error: ErrorBody


class SessionCreated(ServerEventBase, tag="session.created"):
    session: EffectiveSession


class SessionUpdated(ServerEventBase, tag="session.updated"):
    session: EffectiveSession


class ConversationCreated(ServerEventBase, tag="conversation.created"):
    conversation: Conversation


class ConversationItemCreated(ServerEventBase, tag="conversation.item.created"):
    item: Item
    previous_item_id: str | None = None


class ConversationItemAdded(ServerEventBase, tag="conversation.item.added"):
    item: Item
    previous_item_id: str | None = None


class ConversationItemDone(ServerEventBase, tag="conversation.item.done"):
    item: Item
    previous_item_id: str | None = None


class ConversationItemRetrieved(ServerEventBase, tag="conversation.item.retrieved"):
    item: Item


class ConversationItemDeleted(ServerEventBase, tag="conversation.item.deleted"):
    item_id: str


class ConversationItemTruncated(ServerEventBase, tag="conversation.item.truncated"):
    item_id: str
    content_index: int
    audio_end_ms: int


class ConversationItemInputAudioTranscriptionDelta(ServerEventBase, tag=f"{_TRANSCRIPTION}.delta"):
    item_id: str
    content_index: int | None = None
    delta: str | None = None
    logprobs: list[LogProb] | None = None


class ConversationItemInputAudioTranscriptionCompleted(ServerEventBase, tag=f"{_TRANSCRIPTION}.completed"):
    item_id: str
    content_index: int
    transcript: str
    usage: TranscriptionUsage | None = None
    logprobs: list[LogProb] | None = None
    languages: list[object] | None = None


class ConversationItemInputAudioTranscriptionFailed(ServerEventBase, tag=f"{_TRANSCRIPTION}.failed"):
    item_id: str
    content_index: int
    error: ErrorBody


class ConversationItemInputAudioTranscriptionSegment(ServerEventBase, tag=f"{_TRANSCRIPTION}.segment"):
    item_id: str
    content_index: int
    id: str
    text: str
    speaker: str
    start: float
    end: float


class InputAudioBufferCommitted(ServerEventBase, tag="input_audio_buffer.committed"):
    item_id: str
    previous_item_id: str | None = None


class InputAudioBufferCleared(ServerEventBase, tag="input_audio_buffer.cleared"):
    pass


class InputAudioBufferSpeechStarted(ServerEventBase, tag="input_audio_buffer.speech_started"):
    """`item_id` is the id the turn will be committed under."""

    item_id: str
    audio_start_ms: int


class InputAudioBufferSpeechStopped(ServerEventBase, tag="input_audio_buffer.speech_stopped"):
    item_id: str
    audio_end_ms: int


class InputAudioBufferTimeoutTriggered(ServerEventBase, tag="input_audio_buffer.timeout_triggered"):
    item_id: str
    audio_start_ms: int
    audio_end_ms: int


class InputAudioBufferDtmfEventReceived(
    Struct, kw_only=True, tag_field="type", tag="input_audio_buffer.dtmf_event_received"
):
    """SIP only; the one server event without an `event_id`."""

    event: str
    received_at: int


class RateLimitsUpdated(ServerEventBase, tag="rate_limits.updated"):
    rate_limits: list[RateLimit]


class McpListToolsInProgress(ServerEventBase, tag="mcp_list_tools.in_progress"):
    item_id: str


class McpListToolsCompleted(ServerEventBase, tag="mcp_list_tools.completed"):
    item_id: str


class McpListToolsFailed(ServerEventBase, tag="mcp_list_tools.failed"):
    item_id: str
