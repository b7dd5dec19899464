"""The short window: how little of Whisper's 30 s a turn needs, and how to see when that went wrong.

Whisper is trained on 30 s of sound. Fed with less it answers faster and now and then says everything twice; an exact
whole repeat can be cut, anything else that looks repeated is decoded again in the full window.
"""

from __future__ import annotations

import re
import zlib

SAMPLE_RATE_HZ = 16_000
FULL_WINDOW_MS = 30_000
_STEP_MS = 640
_LEAST_MS = 4_000
_TAIL_MS = 2_000
_REPETITIVE = 2.2


def window_ms(speech_ms: int) -> int:
    """How many ms to decode for `speech_ms` of sound: that and 2 s, at least 4 s, in steps of 0.64 s, at most 30 s."""
    wanted = max(_LEAST_MS, speech_ms + _TAIL_MS)
    steps = -(-wanted // _STEP_MS)
    return min(steps * _STEP_MS, FULL_WINDOW_MS)


def cut_repeat(text: str) -> str | None:
    """Return the text with an exact whole repeat cut; None when it repeats itself in another way.

    "Yes please. Yes please." becomes "Yes please."; an unrepeated text comes back as it is, and so do digits said up
    to four times.
    """
    words = text.split()
    plain = [re.sub(r"\W+", "", word).casefold() for word in words]
    for size in range(1, len(plain) // 2 + 1):
        whole = all(word == plain[at % size] for at, word in enumerate(plain))
        if whole and not (_digits(tuple(plain)) and len(plain) <= 4):
            return " ".join(words[:size])
    return None if _loops(plain) else text


def _loops(plain: list[str]) -> bool:
    if _compression(" ".join(plain)) > _REPETITIVE:
        return True
    for size in (3, 4, 5, 6):
        grams = [tuple(plain[i : i + size]) for i in range(len(plain) - size + 1)]
        if any(gram == grams[i + size] and not _digits(gram) for i, gram in enumerate(grams[:-size])):
            return True
    return False


def _digits(words: tuple[str, ...]) -> bool:
    return all(word.isdigit() for word in words)


def _compression(text: str) -> float:
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0
