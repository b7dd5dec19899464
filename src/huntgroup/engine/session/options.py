"""Turn detection of the protocol as options of the ear."""

from __future__ import annotations

from typing import Any, cast

from huntgroup.engine.ports import EarOptions, Expects
from huntgroup.engine.session.defaults import input_config
from huntgroup.wire.realtime import EffectiveSession, TranscriptionConfig, TurnDetection

SEMANTIC_SILENCE_MS = 500
"""Semantic detection still needs some silence before it looks at what was said; the ear shortens or stretches it."""


def ear_options(session: EffectiveSession, expects: Expects | None) -> EarOptions:
    """How the ear shall listen under a full configuration."""
    config = input_config(session)
    transcription = config.transcription
    known = transcription if isinstance(transcription, TranscriptionConfig) else TranscriptionConfig()
    return EarOptions(
        **_turn_options(config.turn_detection),
        prompt=vocabulary(known),
        language=known.language or None,
        expects=expects,
    )


def vocabulary(transcription: TranscriptionConfig) -> str:
    """The words a transcriber should expect: the prompt and the keywords."""
    words = [transcription.prompt or "", ", ".join(transcription.keywords or [])]
    return " ".join(word for word in words if word)


def _turn_options(detection: Any) -> dict[str, Any]:
    if not isinstance(detection, TurnDetection):
        return {"enabled": False}
    if detection.type == "semantic_vad":
        return {"eagerness": detection.eagerness, "silence_ms": SEMANTIC_SILENCE_MS}
    return {
        "threshold": float(cast(float, detection.threshold)),
        "prefix_padding_ms": detection.prefix_padding_ms,
        "silence_ms": detection.silence_duration_ms,
    }
