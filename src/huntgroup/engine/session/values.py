"""Checks of configuration values, field by field; `at` is the path of the checked object for `param`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import UNSET

from huntgroup.engine.session.formats import FORMATS
from huntgroup.engine.session.refusal import Refused, invalid_value
from huntgroup.wire.realtime import (
    AudioConfig,
    AudioFormatSpec,
    FunctionToolSpec,
    InputAudioConfig,
    NoiseReduction,
    OutputAudioConfig,
    Reasoning,
    ResponseConfig,
    ResponseOutputAudioConfig,
    SessionConfig,
    ToolChoice,
    ToolSpec,
    TranscriptionConfig,
    TurnDetection,
    VoiceRef,
)

KnowsVoice = Callable[[str | VoiceRef], bool]

_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_EFFORTS = ("minimal", "low", "medium", "high", "xhigh")
_SEMANTIC_ONLY = ("eagerness",)
_SERVER_ONLY = ("threshold", "prefix_padding_ms", "silence_duration_ms", "idle_timeout_ms")


def check_session(patch: SessionConfig, knows_voice: KnowsVoice, at: str = "session") -> None:
    """Refuse an update whose values cannot be used, whatever the session's state."""
    if patch.type != "realtime":
        raise invalid_value(f"{at}.type", "this server offers sessions of type 'realtime' only.")
    _common(patch, at)
    if isinstance(patch.audio, AudioConfig):
        _input(patch.audio.input, f"{at}.audio.input")
        _output(patch.audio.output, knows_voice, f"{at}.audio.output")
    if isinstance(patch.truncation, str):
        one_of(patch.truncation, ("auto", "disabled"), f"{at}.truncation")
    elif isinstance(patch.truncation, dict):
        _truncation(patch.truncation, f"{at}.truncation")
    if isinstance(patch.tracing, str):
        one_of(patch.tracing, ("auto",), f"{at}.tracing")
    for name in patch.include or ():
        one_of(name, ("item.input_audio_transcription.logprobs",), f"{at}.include")


def check_response(patch: ResponseConfig, knows_voice: KnowsVoice, at: str = "response") -> None:
    """Refuse overrides of one response whose values cannot be used."""
    _common(patch, at)
    if patch.audio and patch.audio.output:
        output = patch.audio.output
        _format(output.format, f"{at}.audio.output.format")
        _voice(output.voice, knows_voice, f"{at}.audio.output.voice")
    if patch.conversation is not UNSET:
        one_of(patch.conversation, ("auto", "none"), f"{at}.conversation")
    if patch.metadata and len(patch.metadata) > 16:
        raise invalid_value(f"{at}.metadata", "at most 16 pairs.")


def one_of(value: Any, allowed: Sequence[str], path: str) -> None:
    """Refuse a value that is not among `allowed`."""
    if value not in allowed:
        named = ", ".join(f"'{name}'" for name in allowed)
        raise invalid_value(path, f"supported values are: {named}.")


def between(value: Any, low: float, high: float, path: str) -> None:
    """Refuse a number outside of the range; absent and null pass."""
    if isinstance(value, (int, float)) and not low <= value <= high:
        raise invalid_value(path, f"expected a value between {low:g} and {high:g}.")


def _common(patch: SessionConfig | ResponseConfig, at: str) -> None:
    if patch.output_modalities is not UNSET and patch.output_modalities not in (["audio"], ["text"]):
        raise invalid_value(f"{at}.output_modalities", "supported values are ['audio'] and ['text'].")
    _max_tokens(patch.max_output_tokens, f"{at}.max_output_tokens")
    if isinstance(patch.reasoning, Reasoning) and isinstance(patch.reasoning.effort, str):
        one_of(patch.reasoning.effort, _EFFORTS, f"{at}.reasoning.effort")
    if patch.prompt:
        raise invalid_value(f"{at}.prompt", "stored prompts live with their vendor and cannot be read here.")
    _tools(patch.tools or [], f"{at}.tools")
    if isinstance(patch.tool_choice, str):
        one_of(patch.tool_choice, ("auto", "none", "required"), f"{at}.tool_choice")


def check_tool_choice(choice: str | ToolChoice, tools: Sequence[ToolSpec], path: str) -> None:
    """Refuse a forced tool that the session does not have."""
    if isinstance(choice, ToolChoice):
        one_of(choice.type, ("function",), f"{path}.type")
        if not any(isinstance(tool, FunctionToolSpec) and tool.name == choice.name for tool in tools):
            raise invalid_value(f"{path}.name", "no such tool in this session.")


def _max_tokens(value: Any, path: str) -> None:
    if isinstance(value, str):
        one_of(value, ("inf",), path)
    between(value, 1, 4096, path)


def _tools(tools: Sequence[ToolSpec], path: str) -> None:
    seen: set[str] = set()
    for index, tool in enumerate(tools):
        here = f"{path}[{index}]"
        if not isinstance(tool, FunctionToolSpec):
            raise invalid_value(f"{here}.type", "tool servers cannot be reached from here; use functions.")
        if not _TOOL_NAME.fullmatch(tool.name):
            raise invalid_value(f"{here}.name", "expected letters, digits, '_' and '-', at most 128.")
        if tool.name in seen:
            raise invalid_value(f"{here}.name", "two tools have this name.")
        seen.add(tool.name)


def _input(config: InputAudioConfig | Any, at: str) -> None:
    if not isinstance(config, InputAudioConfig):
        return
    _format(config.format, f"{at}.format")
    if isinstance(config.noise_reduction, NoiseReduction):
        _noise_reduction(config.noise_reduction, f"{at}.noise_reduction")
    if isinstance(config.transcription, TranscriptionConfig) and isinstance(config.transcription.delay, str):
        one_of(config.transcription.delay, _EFFORTS, f"{at}.transcription.delay")
    if isinstance(config.turn_detection, TurnDetection):
        _turn_detection(config.turn_detection, f"{at}.turn_detection")


def _output(config: OutputAudioConfig | Any, knows_voice: KnowsVoice, at: str) -> None:
    if not isinstance(config, (OutputAudioConfig, ResponseOutputAudioConfig)):
        return
    _format(config.format, f"{at}.format")
    _voice(config.voice, knows_voice, f"{at}.voice")
    if isinstance(config, OutputAudioConfig):
        between(config.speed, 0.25, 1.5, f"{at}.speed")


def _noise_reduction(config: NoiseReduction, at: str) -> None:
    if isinstance(config.type, str):
        one_of(config.type, ("near_field", "far_field"), f"{at}.type")
    between(config.strength, 0, 1, f"{at}.strength")


def _turn_detection(config: TurnDetection, at: str) -> None:
    one_of(config.type, ("server_vad", "semantic_vad"), f"{at}.type")
    foreign = _SEMANTIC_ONLY if config.type == "server_vad" else _SERVER_ONLY
    for name in foreign:
        if getattr(config, name) is not UNSET:
            raise Refused("unknown_parameter", f"Unknown parameter: '{at}.{name}'.", f"{at}.{name}")
    between(config.threshold, 0, 1, f"{at}.threshold")
    between(config.prefix_padding_ms, 0, 10_000, f"{at}.prefix_padding_ms")
    between(config.silence_duration_ms, 0, 10_000, f"{at}.silence_duration_ms")
    between(config.idle_timeout_ms, 1, 600_000, f"{at}.idle_timeout_ms")
    if isinstance(config.eagerness, str):
        one_of(config.eagerness, ("low", "medium", "high", "auto"), f"{at}.eagerness")


def _format(spec: AudioFormatSpec | Any, at: str) -> None:
    if not isinstance(spec, AudioFormatSpec):
        return
    one_of(spec.type, tuple(FORMATS), f"{at}.type")
    if isinstance(spec.rate, int) and spec.rate != FORMATS[spec.type].rate_hz:
        raise invalid_value(f"{at}.rate", f"{spec.type} has {FORMATS[spec.type].rate_hz} Hz.")


def _voice(voice: Any, knows_voice: KnowsVoice, path: str) -> None:
    if isinstance(voice, (str, VoiceRef)) and not knows_voice(voice):
        raise invalid_value(path, "no such voice.")


def _truncation(config: dict[str, Any], at: str) -> None:
    one_of(config.get("type"), ("retention_ratio",), f"{at}.type")
    ratio = config.get("retention_ratio")
    if not isinstance(ratio, (int, float)) or isinstance(ratio, bool):
        raise invalid_value(f"{at}.retention_ratio", "expected a number.")
    between(ratio, 0, 1, f"{at}.retention_ratio")
