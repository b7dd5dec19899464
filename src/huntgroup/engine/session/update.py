"""`session.update`: either the whole of it is applied, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from huntgroup.engine.session.defaults import complete_turn_detection
from huntgroup.engine.session.formats import completed
from huntgroup.engine.session.refusal import Refused, invalid_value
from huntgroup.engine.session.values import KnowsVoice, check_session, check_tool_choice
from huntgroup.wire.realtime import (
    AudioConfig,
    AudioFormatSpec,
    EffectiveSession,
    InputAudioConfig,
    NoiseReduction,
    OutputAudioConfig,
    SessionConfig,
    TranscriptionConfig,
    TurnDetection,
    VoiceRef,
)

_MERGED = (AudioConfig, InputAudioConfig, OutputAudioConfig, NoiseReduction, TranscriptionConfig)
_S = TypeVar("_S", bound=msgspec.Struct)

CANNOT_UPDATE_VOICE = "Cannot update a conversation's voice if assistant audio is present."


@dataclass(frozen=True)
class Circumstances:
    """What of a session's state decides whether an update is allowed."""

    knows_voice: KnowsVoice
    assistant_audio: bool = False
    responding: bool = False
    model_named: bool = True


def apply_update(current: EffectiveSession, patch: SessionConfig, circumstances: Circumstances) -> EffectiveSession:
    """The configuration after `patch`; `current` is left as it is. Raises Refused for the first bad field."""
    check_session(patch, circumstances.knows_voice)
    _check_fixed(current, patch, circumstances)
    changed = _merged(current, patch)
    choice, tools = changed.tool_choice, changed.tools
    if not isinstance(choice, UnsetType) and not isinstance(tools, UnsetType):
        check_tool_choice(choice, tools, "session.tool_choice")
    return changed


def _check_fixed(current: EffectiveSession, patch: SessionConfig, circumstances: Circumstances) -> None:
    if circumstances.model_named and patch.model not in (UNSET, current.model):
        raise invalid_value("session.model", "the model of a session cannot be changed.")
    if current.tracing is not None and patch.tracing not in (UNSET, current.tracing):
        raise invalid_value("session.tracing", "tracing cannot be changed once it is on.")
    output = patch.audio.output if patch.audio else UNSET
    now = current.audio.output if current.audio else UNSET
    if not output or not now:
        return
    check_voice_fixed(output.voice, now.voice, circumstances.assistant_audio, "session.audio.output.voice")
    if circumstances.responding and output.speed not in (UNSET, now.speed):
        raise invalid_value("session.audio.output.speed", "speed can be changed between turns only.")


def check_voice_fixed(asked: str | VoiceRef | UnsetType | None, now: object, assistant_audio: bool, path: str) -> None:
    """Refuse another voice once the model has produced audio."""
    if assistant_audio and asked and asked != now:
        raise Refused("cannot_update_voice", CANNOT_UPDATE_VOICE, path)


def _merged(base: _S, patch: msgspec.Struct) -> _S:
    changes = {}
    for name in patch.__struct_fields__:
        value, old = getattr(patch, name), getattr(base, name)
        if value is not UNSET:
            changes[name] = _merged_value(old, value)
    return msgspec.structs.replace(base, **changes)


def _merged_value(old: object, value: object) -> object:
    if isinstance(value, TurnDetection):
        if isinstance(old, TurnDetection) and old.type == value.type:
            value = _merged(old, value)
        return complete_turn_detection(value)
    if isinstance(value, AudioFormatSpec):
        return completed(value)
    if isinstance(value, _MERGED) and type(old) is type(value):
        return _merged(old, value)
    return value
