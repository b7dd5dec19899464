"""A session's configuration before anybody changed it."""

from __future__ import annotations

from typing import TypeVar, cast

from msgspec import UnsetType

from huntgroup.wire.realtime import (
    AudioConfig,
    AudioFormatSpec,
    EffectiveSession,
    InputAudioConfig,
    OutputAudioConfig,
    TurnDetection,
)

DEFAULT_VOICE = "marin"
T = TypeVar("T")


def default_session(session_id: str, model: str, expires_at: int) -> EffectiveSession:
    """The full configuration reported by `session.created`; every key that may be null is there."""
    return EffectiveSession(
        id=session_id,
        object="realtime.session",
        model=model,
        expires_at=expires_at,
        instructions="",
        tools=[],
        tool_choice="auto",
        output_modalities=["audio"],
        audio=_default_audio(),
        max_output_tokens="inf",
        truncation="auto",
        tracing=None,
        prompt=None,
        include=None,
    )


def _default_audio() -> AudioConfig:
    return AudioConfig(
        input=InputAudioConfig(
            format=AudioFormatSpec(type="audio/pcm", rate=24000),
            noise_reduction=None,
            transcription=None,
            turn_detection=complete_turn_detection(TurnDetection(type="server_vad")),
        ),
        output=OutputAudioConfig(format=AudioFormatSpec(type="audio/pcm", rate=24000), voice=DEFAULT_VOICE, speed=1.0),
    )


def complete_turn_detection(asked: TurnDetection) -> TurnDetection:
    """Fill what was not asked for (or asked for as null) with the defaults of that kind of detection."""
    create, interrupt = _or(asked.create_response, True), _or(asked.interrupt_response, True)
    if asked.type == "semantic_vad":
        return TurnDetection(
            type="semantic_vad",
            eagerness=_or(asked.eagerness, "auto"),
            create_response=create,
            interrupt_response=interrupt,
        )
    return TurnDetection(
        type="server_vad",
        threshold=_or(asked.threshold, 0.5),
        prefix_padding_ms=_or(asked.prefix_padding_ms, 300),
        silence_duration_ms=_or(asked.silence_duration_ms, 500),
        idle_timeout_ms=asked.idle_timeout_ms or None,
        create_response=create,
        interrupt_response=interrupt,
    )


def _or(value: T | None | UnsetType, default: T) -> T:
    return default if value is None or isinstance(value, UnsetType) else value


def input_config(session: EffectiveSession) -> InputAudioConfig:
    """The input half of a full configuration."""
    return cast(InputAudioConfig, cast(AudioConfig, session.audio).input)


def output_config(session: EffectiveSession) -> OutputAudioConfig:
    """The output half of a full configuration."""
    return cast(OutputAudioConfig, cast(AudioConfig, session.audio).output)
