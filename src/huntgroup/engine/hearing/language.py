"""Which language a turn was in, from Whisper's chances and the length of what was heard."""

from __future__ import annotations

from collections.abc import Mapping

SPOKEN = (
    "en",
    "es",
    "fr",
    "de",
    "it",
    "pt",
    "nl",
    "pl",
    "ru",
    "uk",
    "zh",
    "ja",
    "ko",
    "vi",
    "tl",
    "ar",
    "hi",
)
_SURE = 0.6
_SURE_WHEN_SHORT = 0.85
_SHORT_MS = 1_200


def choose_language(chances: Mapping[str, float], *, likely: str, speech_ms: int) -> str:
    """Pick a language among those a phone line meets; a short or doubtful turn stays in the `likely` one."""
    spoken = {code: chances.get(code, 0.0) for code in {*SPOKEN, likely}}
    total = sum(spoken.values()) or 1.0
    best = max(spoken, key=lambda code: spoken[code])
    needed = _SURE_WHEN_SHORT if speech_ms < _SHORT_MS else _SURE
    return best if spoken[best] / total >= needed else likely
