"""The response object, its usage and the error body: server side, so absence is written as null."""

from __future__ import annotations

from msgspec import field

from huntgroup.wire.realtime.base import UNSET, Opt, Part
from huntgroup.wire.realtime.config import (
    AudioFormatSpec,
    Reasoning,
    ToolChoice,
    ToolSpec,
    VoiceRef,
)
from huntgroup.wire.realtime.items import InputItem, Item


class ResponseOutputAudioConfig(Part):
    format: AudioFormatSpec | Opt = UNSET
    voice: str | VoiceRef | None | Opt = UNSET


class ResponseAudioConfig(Part):
    output: ResponseOutputAudioConfig | Opt = UNSET


class ResponseConfig(Part):
    """Overrides for one response in `response.create`; absent fields come from the session."""

    instructions: str | Opt = UNSET
    tools: list[ToolSpec] | Opt = UNSET
    tool_choice: str | ToolChoice | Opt = UNSET
    output_modalities: list[str] | Opt = UNSET
    audio: ResponseAudioConfig | Opt = UNSET
    input: list[InputItem] | Opt = UNSET
    conversation: str | Opt = UNSET
    metadata: dict[str, str | None] | None | Opt = UNSET
    max_output_tokens: int | str | Opt = UNSET
    parallel_tool_calls: bool | Opt = UNSET
    reasoning: Reasoning | Opt = UNSET
    prompt: dict[str, object] | None | Opt = UNSET


class CachedTokensDetails(Part):
    text_tokens: int | None = 0
    audio_tokens: int | None = 0
    image_tokens: int | None = 0


class InputTokenDetails(Part):
    text_tokens: int | None = 0
    audio_tokens: int | None = 0
    image_tokens: int | None = 0
    cached_tokens: int | None = 0
    cached_tokens_details: CachedTokensDetails | None = None


class OutputTokenDetails(Part):
    text_tokens: int | None = 0
    audio_tokens: int | None = 0


class Usage(Part):
    total_tokens: int | None = 0
    input_tokens: int | None = 0
    output_tokens: int | None = 0
    input_token_details: InputTokenDetails | None = None
    output_token_details: OutputTokenDetails | None = None


class ErrorBody(Part):
    """The body of an `error` event; `event_id` is that of the client event that caused it."""

    type: str = "invalid_request_error"
    code: str | None = None
    message: str = ""
    param: str | None = None
    event_id: str | None = None


class StatusError(Part):
    type: str | None = None
    code: str | None = None
    message: str | None = None


class StatusDetails(Part):
    """Why a response ended: `reason` is turn_detected, client_cancelled, max_output_tokens or content_filter."""

    type: str | None = None
    reason: str | None = None
    error: StatusError | None = None


class Response(Part):
    """A response as reported by `response.created` and `response.done`."""

    id: str | None = None
    object: str | None = "realtime.response"
    status: str | None = None
    status_details: StatusDetails | None = None
    output: list[Item] | None = field(default_factory=list)
    conversation_id: str | None = None
    output_modalities: list[str] | None = None
    max_output_tokens: int | str | None = None
    audio: ResponseAudioConfig | None = None
    metadata: dict[str, str | None] | None = None
    usage: Usage | None = None


class RateLimit(Part):
    name: str | None = None
    limit: int | None = None
    remaining: int | None = None
    reset_seconds: float | None = None


class Conversation(Part):
    id: str | None = None
    object: str | None = "realtime.conversation"


class LogProb(Part):
    token: str
    logprob: float
    bytes: list[int] | None = None


class TranscriptionTokenDetails(Part):
    audio_tokens: int | None | Opt = UNSET
    text_tokens: int | None | Opt = UNSET


class TranscriptionUsage(Part):
    """`tokens` with the three counts, or `duration` with seconds."""

    type: str
    seconds: float | Opt = UNSET
    input_tokens: int | Opt = UNSET
    output_tokens: int | Opt = UNSET
    total_tokens: int | Opt = UNSET
    input_token_details: TranscriptionTokenDetails | None | Opt = UNSET
