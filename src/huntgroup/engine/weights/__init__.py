"""Model files: which we know, where they may lie, and whether they are the right ones."""

from huntgroup.engine.weights.catalogue import (
    ENGLISH_LEXICON,
    KOKORO,
    SILERO,
    WHISPER_BASE,
    WHISPER_TINY,
    Bundle,
    Part,
    WeightFile,
)
from huntgroup.engine.weights.finder import Progress, Weights
from huntgroup.engine.weights.trouble import WeightsDamaged, WeightsMissing

__all__ = [
    "ENGLISH_LEXICON",
    "KOKORO",
    "SILERO",
    "WHISPER_BASE",
    "WHISPER_TINY",
    "Bundle",
    "Part",
    "Progress",
    "WeightFile",
    "Weights",
    "WeightsDamaged",
    "WeightsMissing",
]
