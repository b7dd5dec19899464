"""What Whisper writes when nobody spoke, and how to tell it from words."""

from __future__ import annotations

import re

from huntgroup.engine.hearing.whisper import Written

_BRACKETED = re.compile(r"[\[(*♪][^\])*♪]*[\])*♪]|♪+")
_HAUNTING = re.compile(
    r"^(thank you( (so|very) much)?( for watching)?|thanks( for watching)?|you|bye|the end|so|oh|okay|hmm|um|uh|"
    r"please subscribe|subtitles.*|subtítulos.*|amara.*|gracias|sous-titres.*|untertitel.*|www\..*|\.+)[.! ]*$",
    re.IGNORECASE,
)
_LEAST_VOICED_MS = 64
_SHORT_VOICED_MS = 320
_SILENCE_DBFS = -55.0
_FAINT_DBFS = -45.0


def cleaned(written: Written, *, voiced_ms: int, level_dbfs: float) -> str:
    """The words of a decode, or "" when it is only noise.

    `voiced_ms` is how much of the sound was speech, `level_dbfs` its loudness.
    """
    text = " ".join(_BRACKETED.sub(" ", written.text).split())
    if not any(char.isalnum() for char in text) or voiced_ms < _LEAST_VOICED_MS or level_dbfs < _SILENCE_DBFS:
        return ""
    if written.no_speech > 0.6 and written.logprob < -1.0:
        return ""
    if _HAUNTING.match(text) and _doubtful(written, voiced_ms, level_dbfs):
        return ""
    return text


def _doubtful(written: Written, voiced_ms: int, level_dbfs: float) -> bool:
    weak = voiced_ms < _SHORT_VOICED_MS and written.confidence < 0.6
    return weak or level_dbfs < _FAINT_DBFS or written.no_speech > 0.5 or written.logprob < -1.2
