"""The voices: our own names, and the names that clients of the Realtime protocol know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PicoVoice:
    """A Pico language with a pitch and a pace that make a person of it."""

    name: str
    language: str
    pitch: float
    pace: float


PICO_VOICES: Mapping[str, PicoVoice] = {
    voice.name: voice
    for voice in (
        PicoVoice("pico-amy", "en-US", 1.0, 0.95),
        PicoVoice("pico-nina", "en-US", 1.3, 0.85),
        PicoVoice("pico-tom", "en-US", 0.8, 0.82),
        PicoVoice("pico-kate", "en-GB", 1.05, 0.95),
        PicoVoice("pico-hugh", "en-GB", 0.75, 0.8),
        PicoVoice("pico-anna", "de-DE", 1.0, 0.95),
        PicoVoice("pico-lucia", "es-ES", 1.0, 0.95),
        PicoVoice("pico-claire", "fr-FR", 1.0, 0.95),
        PicoVoice("pico-giulia", "it-IT", 1.0, 0.95),
    )
}

DEFAULT_VOICE = "pico-amy"

ALIASES: Mapping[str, str] = {
    "alloy": "pico-amy",
    "ash": "pico-tom",
    "ballad": "pico-hugh",
    "coral": "pico-nina",
    "echo": "pico-tom",
    "fable": "pico-kate",
    "nova": "pico-nina",
    "onyx": "pico-hugh",
    "sage": "pico-kate",
    "shimmer": "pico-nina",
    "verse": "pico-hugh",
    "marin": "pico-amy",
    "cedar": "pico-tom",
}


def resolve(voice: str) -> str:
    """Our name for a voice; aliases of other services map to ours, our own names stay."""
    return ALIASES.get(voice, voice)
