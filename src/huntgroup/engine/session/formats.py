"""The protocol's audio formats as `AudioFormat`s."""

from __future__ import annotations

from huntgroup.media.formats import PCM16_24K, PCMA_8K, PCMU_8K, AudioFormat
from huntgroup.wire.realtime import UNSET, AudioFormatSpec, ResponseOutputAudioConfig

FORMATS: dict[str, AudioFormat] = {"audio/pcm": PCM16_24K, "audio/pcmu": PCMU_8K, "audio/pcma": PCMA_8K}


def audio_format(spec: AudioFormatSpec) -> AudioFormat:
    """The format a checked spec stands for."""
    return FORMATS[spec.type]


def completed(spec: AudioFormatSpec) -> AudioFormatSpec:
    """The spec as a server reports it: PCM always names its rate, G.711 never does."""
    return AudioFormatSpec(type=spec.type, rate=24000 if spec.type == "audio/pcm" else UNSET)


def reported(spec: AudioFormatSpec, voice: object) -> ResponseOutputAudioConfig:
    """The output part of a response object; a custom voice is reported by its id."""
    name = voice if isinstance(voice, str) else getattr(voice, "id", None)
    return ResponseOutputAudioConfig(format=completed(spec), voice=name)
