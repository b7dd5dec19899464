"""Text to speech: Pico as the floor, other renderers beside it, a phrase cache, sentence-wise streaming."""

from huntgroup.engine.speaking.sentences import SentenceStream, sentences
from huntgroup.engine.speaking.speakers import Speakers
from huntgroup.engine.speaking.spoken import spoken
from huntgroup.engine.speaking.trouble import (
    SpeechLost,
    SpeechUnavailable,
    UnknownVoice,
)
from huntgroup.engine.speaking.voices import (
    ALIASES,
    DEFAULT_VOICE,
    PICO_VOICES,
    resolve,
)

__all__ = [
    "ALIASES",
    "DEFAULT_VOICE",
    "PICO_VOICES",
    "SentenceStream",
    "Speakers",
    "SpeechLost",
    "SpeechUnavailable",
    "UnknownVoice",
    "resolve",
    "sentences",
    "spoken",
]
