"""Sentiment of the caller, by the VADER lexicon. Later lines weigh more: how a call ends is how it is remembered."""

from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

from huntgroup.domain.analytics import SentimentLabel

LABEL_THRESHOLD = 0.05
"""VADER's own threshold between neutral and the rest."""
LAST_LINE_WEIGHT = 3.0
"""The last line weighs this many times the first; those between lie on a straight line."""


class _Scorer(Protocol):
    def polarity_scores(self, text: str) -> dict[str, float]: ...


def sentiment(lines: Sequence[str]) -> tuple[float, SentimentLabel]:
    """Return −1…1 and its label for the caller's `lines` in order.

    Lines without any word of feeling (names, dates, numbers) do not count. The first use reads the lexicon, about a
    tenth of a second: call it outside the event loop.
    """
    scored: list[tuple[float, float]] = []
    for index, line in enumerate(lines):
        compound = _scorer().polarity_scores(line)["compound"]
        if compound != 0.0:
            position = index / (len(lines) - 1) if len(lines) > 1 else 1.0
            scored.append((compound, 1.0 + (LAST_LINE_WEIGHT - 1.0) * position))
    total = sum(weight for _, weight in scored)
    score = round(sum(value * weight for value, weight in scored) / total, 3) if total else 0.0
    return score, label_of(score)


def label_of(score: float) -> SentimentLabel:
    if score >= LABEL_THRESHOLD:
        return "positive"
    return "negative" if score <= -LABEL_THRESHOLD else "neutral"


@cache
def _scorer() -> _Scorer:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

    return cast(_Scorer, SentimentIntensityAnalyzer())
