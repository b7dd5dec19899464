"""How long a silence must be before the caller's turn is over, judged by what was said so far."""

from __future__ import annotations

import re
from collections.abc import Mapping

from huntgroup.engine.ports import EarOptions

_EAGERNESS: Mapping[str, float] = {"low": 2.0, "medium": 1.0, "auto": 1.0, "high": 0.7}
_SEMANTIC_BASE_MS = 500
_LEAST_MS, _MOST_MS = 180, 4_000
_FINISHED, _BRIEF, _OPEN, _UNFINISHED, _DIGITS_OWED = 0.56, 0.8, 1.0, 2.6, 3.4

_DANGLING = frozenset(
    [
        "a",
        "an",
        "the",
        "to",
        "for",
        "with",
        "and",
        "but",
        "or",
        "so",
        "because",
        "if",
        "when",
        "that",
        "than",
        "then",
        "my",
        "your",
        "his",
        "her",
        "our",
        "their",
        "its",
        "this",
        "these",
        "is",
        "are",
        "was",
        "were",
        "am",
        "be",
        "been",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "may",
        "might",
        "i",
        "you",
        "he",
        "she",
        "we",
        "they",
        "it's",
        "i'm",
        "i'd",
        "i'll",
        "i've",
        "at",
        "in",
        "on",
        "of",
        "from",
        "by",
        "about",
        "into",
        "until",
        "between",
        "around",
        "um",
        "uh",
        "er",
        "erm",
        "like",
        "also",
        "maybe",
        "please",
        "as",
        "not",
        "very",
        "really",
        "just",
        "some",
        "any",
        "another",
        "one's",
        "whether",
        "which",
        "who",
        "whose",
        "what's",
        "named",
        "called",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "de",
        "del",
        "con",
        "para",
        "por",
        "y",
        "o",
        "pero",
        "mi",
        "su",
        "que",
        "en",
        "es",
        "soy",
        "tengo",
        "quiero",
        "le",
        "les",
        "une",
        "des",
        "du",
        "avec",
        "pour",
        "et",
        "ou",
        "mais",
        "mon",
        "ma",
        "je",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "mit",
        "und",
        "oder",
        "aber",
        "für",
        "ich",
    ]
) - {
    "please",
    "really",
    "very",
    "so",
    "then",
    "that",
    "this",
    "these",
    "do",
    "does",
    "did",
    "have",
    "can",
    "will",
}
_ASKS_ON = frozenset(
    [
        "number",
        "date",
        "birthday",
        "name",
        "email",
        "address",
        "mrn",
        "id",
        "zip",
        "code",
        "record",
        "phone",
    ]
)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DIGIT_WORDS = frozenset(
    [
        "zero",
        "oh",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "double",
        "triple",
        "hundred",
    ]
)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def patience_ms(text: str, options: EarOptions) -> int:
    """Silence in ms after which this text is a whole turn.

    Parts of the base: a finished phrase 0.56, a word or two 0.8 ("yes" is often the start of more), an open one 1, an
    unfinished one 2.6, owed digits 3.4.
    The base is `silence_ms`, or 500 ms under an eagerness, which scales it.
    """
    base = options.silence_ms
    if options.eagerness is not None:
        base = round(_SEMANTIC_BASE_MS * _EAGERNESS[options.eagerness])
    return min(_MOST_MS, max(_LEAST_MS, round(base * _factor(text, options))))


def _factor(text: str, options: EarOptions) -> float:
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words:
        return _OPEN
    if text.rstrip().endswith(("...", "…", "-", "–", ",", ":")) or _dangles(words, text):
        return _UNFINISHED
    if options.expects == "digits":
        return _digits_factor(text, words)
    if options.expects == "name" and len(words) == 1:
        return _OPEN
    if _number_in_progress(text, words):
        return _UNFINISHED
    if not text.rstrip().endswith((".", "?", "!", "。", "？")):
        return _OPEN
    return _FINISHED if len(words) > 2 or _closes(words) else _BRIEF


def _closes(words: list[str]) -> bool:
    return words[-1] in {"you", "bye", "goodbye", "thanks", "gracias"} and len(words) == 2


def _dangles(words: list[str], text: str) -> bool:
    if text.rstrip().endswith(("?", "!")):
        return False
    if words[-2:] == ["thank", "you"]:
        return False
    if words[-1] in _DANGLING:
        return len(words) > 1 or words[0] not in {"i", "a"}
    return (
        len(words) >= 2
        and words[-1] in _ASKS_ON
        and words[-2] in {"my", "the", "record", "phone", "is"}
        and (words[0] in {"my", "the", "it's", "and"} and len(words) <= 5)
    )


def _digits_factor(text: str, words: list[str]) -> float:
    count = _digit_count(text, words)
    if count == 0:
        return _FINISHED if text.rstrip().endswith((".", "?", "!")) else _OPEN
    if _has_date(text, words):
        return _FINISHED if re.search(r"\b(19|20)\d\d\b", text) else _UNFINISHED
    if count in (7, 10, 11) or count > 11:
        return _FINISHED
    return _OPEN if count in (4, 5, 6, 8) else _DIGITS_OWED


def _number_in_progress(text: str, words: list[str]) -> bool:
    """A phone number said in groups: it ends in three or six digits after words such as "number is"."""
    tail = re.search(r"((?:\d[\s.,-]*)+)$", text.rstrip(" .,"))
    if tail is None or not {"number", "phone", "call"} & set(words):
        return False
    return len(re.sub(r"\D", "", tail[1])) in (1, 2, 3, 6)


def _has_date(text: str, words: list[str]) -> bool:
    return any(month in words for month in _MONTHS) or bool(re.search(r"\d/\d", text))


def _digit_count(text: str, words: list[str]) -> int:
    return sum(char.isdigit() for char in text) + sum(word in _DIGIT_WORDS for word in words)
