"""Years in what was said: in figures, or in words as people say them."""

from __future__ import annotations

from collections.abc import Sequence

from .datemention import word_at
from .numerals import cardinal
from .tokens import Token


def year_at(tokens: Sequence[Token], k: int) -> tuple[int, int, bool] | None:  # noqa: PLR0911
    """A year in figures or words: (year, next index, whether only two digits were said)."""
    word = word_at(tokens, k)
    if word.isdigit() and len(word) == 4 and 1880 <= int(word) <= 2120:
        return int(word), k + 1, False
    if word.isdigit() and len(word) == 2 and not _is_clock(tokens, k + 1) and (int(word) > 12 or word[0] == "0"):
        return full_year(int(word)), k + 1, True
    if word in {"nineteen", "twenty", "eighteen"}:
        return _paired_year(tokens, k)
    read = cardinal(tokens, k) if word and not word.isdigit() else None
    if read is None:
        return None
    value = int(read[0])
    if 1880 <= value <= 2120:
        return value, read[1], False
    if 13 <= value <= 99 and not _is_clock(tokens, read[1]):
        return full_year(value), read[1], True
    return None


def _paired_year(tokens: Sequence[Token], k: int) -> tuple[int, int, bool] | None:
    """ "nineteen eighty five", "twenty oh four", "twenty twenty six", "nineteen hundred"."""
    century = {"eighteen": 1800, "nineteen": 1900, "twenty": 2000}[word_at(tokens, k)]
    j = k + 1
    if word_at(tokens, j) == "hundred":
        return century, j + 1, False
    if word_at(tokens, j) in {"oh", "o", "zero"}:
        unit = cardinal(tokens, j + 1)
        return (century + int(unit[0]), unit[1], False) if unit and 0 < unit[0] < 10 else None
    rest = cardinal(tokens, j)
    if rest is not None and 10 <= rest[0] <= 99:
        return century + int(rest[0]), rest[1], False
    return None


def full_year(value: int) -> int:
    """Return the year that two digits stand for."""
    return 2000 + value if value < 50 else 1900 + value


def _is_clock(tokens: Sequence[Token], k: int) -> bool:
    return word_at(tokens, k) in {"am", "pm", "o'clock", ":", "minutes", "minute", "hours"}
