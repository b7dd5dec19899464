"""Session and response configuration: partial, so an update carries only what it changes.

Values are not checked here (a newer server may know more of them); shapes are. None means "switch this off" where
the protocol allows null; UNSET means "leave as it is".
"""

from __future__ import annotations

from typing import Any

from huntgroup.wire.realtime.base import UNSET, Opt, Part


class AudioFormatSpec(Part):
    """`audio/pcm` (24 kHz, 16-bit little-endian, mono), `audio/pcmu` or `audio/pcma` (8 kHz)."""

    type: str
    rate: int | None | Opt = UNSET


class NoiseReduction(Part):
    type: str | Opt = UNSET
    strength: float | None | Opt = UNSET


class TranscriptionConfig(Part):
    model: str | None | Opt = UNSET
    language: str | None | Opt = UNSET
    prompt: str | None | Opt = UNSET
    delay: str | None | Opt = UNSET
    keywords: list[str] | None | Opt = UNSET
    languages: list[str] | None | Opt = UNSET


class TurnDetection(Part):
    """`server_vad` or `semantic_vad`; the fields that the other kind uses stay UNSET."""

    type: str
    threshold: float | None | Opt = UNSET
    prefix_padding_ms: int | None | Opt = UNSET
    silence_duration_ms: int | None | Opt = UNSET
    idle_timeout_ms: int | None | Opt = UNSET
    eagerness: str | None | Opt = UNSET
    create_response: bool | None | Opt = UNSET
    interrupt_response: bool | None | Opt = UNSET


class InputAudioConfig(Part):
    format: AudioFormatSpec | Opt = UNSET
    noise_reduction: NoiseReduction | None | Opt = UNSET
    transcription: TranscriptionConfig | None | Opt = UNSET
    turn_detection: TurnDetection | None | Opt = UNSET


class VoiceRef(Part):
    id: str


class OutputAudioConfig(Part):
    format: AudioFormatSpec | Opt = UNSET
    voice: str | VoiceRef | Opt = UNSET
    speed: float | Opt = UNSET


class AudioConfig(Part):
    input: InputAudioConfig | Opt = UNSET
    output: OutputAudioConfig | Opt = UNSET


class FunctionToolSpec(Part, tag_field="type", tag="function"):
    """A function the model may call; `parameters` is a JSON schema."""

    name: str
    description: str | None | Opt = UNSET
    parameters: dict[str, Any] | None | Opt = UNSET


class McpToolSpec(Part, tag_field="type", tag="mcp"):
    server_label: str
    server_url: str | None | Opt = UNSET
    server_description: str | None | Opt = UNSET
    connector_id: str | None | Opt = UNSET
    tunnel_id: str | None | Opt = UNSET
    authorization: str | None | Opt = UNSET
    headers: dict[str, str] | None | Opt = UNSET
    allowed_tools: list[str] | dict[str, Any] | None | Opt = UNSET
    allowed_callers: list[str] | None | Opt = UNSET
    require_approval: str | dict[str, Any] | None | Opt = UNSET
    defer_loading: bool | None | Opt = UNSET


ToolSpec = FunctionToolSpec | McpToolSpec


class ToolChoice(Part):
    """Forces one tool: `{type: function, name}` or `{type: mcp, server_label, name}`."""

    type: str
    name: str | None | Opt = UNSET
    server_label: str | None | Opt = UNSET


class Reasoning(Part):
    effort: str | None | Opt = UNSET


class SessionConfig(Part):
    """A session's configuration, or the part of it that an update changes."""

    type: str = "realtime"
    model: str | Opt = UNSET
    instructions: str | Opt = UNSET
    tools: list[ToolSpec] | Opt = UNSET
    tool_choice: str | ToolChoice | Opt = UNSET
    output_modalities: list[str] | Opt = UNSET
    audio: AudioConfig | Opt = UNSET
    max_output_tokens: int | str | Opt = UNSET
    parallel_tool_calls: bool | None | Opt = UNSET
    reasoning: Reasoning | None | Opt = UNSET
    truncation: str | dict[str, Any] | Opt = UNSET
    tracing: str | dict[str, Any] | None | Opt = UNSET
    prompt: dict[str, Any] | None | Opt = UNSET
    include: list[str] | None | Opt = UNSET


class EffectiveSession(SessionConfig):
    """The full configuration a server reports in `session.created` and `session.updated`."""

    id: str | Opt = UNSET
    object: str | Opt = UNSET
    expires_at: int | Opt = UNSET
