"""Cutting what was said into tokens, sentences and clauses.

Every other reader of this package works on `Token`s, whose offsets refer to the *normalised* text, so that spans
found by different readers can be compared and masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "\u00a0": " ", "…": "..."})
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|am|pm|k|m)?\b|[^\W\d_]+(?:'[^\W\d_]+)*|[^\s]", re.IGNORECASE)
_MERIDIEM = re.compile(r"(?<![A-Za-z])([ap])\.? ?m\b\.?(?=\W|$)", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b(Dr|Mr|Mrs|Ms|St|Prof|No|vs|approx|e\.g|i\.e)\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[^\sa-z])|\n+")
_CLAUSE = re.compile(
    r"[.!?;]+(?=\s|$)|,(?=\s)|\s-\s|"
    r"\b(?:and|but|so|because|also|then|actually)\b(?=\s+(?:i|i'd|i'm|i've|can|could|would|my|please|is|are|do|we|"
    r"also|then|"
    r"what|when|where|who|how|it|it's|that|if|have|the|need|want)\b)",
    re.IGNORECASE,
)

STOP_WORDS = frozenset(
    "a an the and or but of to in on at for with by from as is are was were be been being am do does did done have "
    "has had "
    "i you he she it we they me him her us them my your his its our their this that these those there here what "
    "which who "
    "whom when where why how can could would should will shall may might must not no yes please okay ok uh um er hmm "
    "well so "
    "just like about into out up down over under again then than too very some any all each other more most such "
    "only own "
    "same if because until while i'd i'm i've i'll you're it's that's let's don't didn't isn't can't couldn't "
    "wouldn't".split()
)

FILLERS = frozenset("um uh er erm hmm hm mm well so okay ok oh ah please yeah right alright actually like".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark with its place in the normalised text."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


def normalise(text: str) -> str:
    """The text with plain quotes and dashes, single spaces and `am`/`pm` without dots."""
    text = text.translate(_QUOTES)
    text = _MERIDIEM.sub(lambda m: m.group(1).lower() + "m", text)
    return re.sub(r"[ \t\r\f]+", " ", text).strip()


def tokenize(text: str) -> list[Token]:
    return [Token(m.group(0), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def words(text: str) -> list[str]:
    """Lower-case words and numbers of a text, without punctuation."""
    return [t.low for t in tokenize(normalise(text)) if t.text[0].isalnum()]


def content_words(text: str) -> list[str]:
    return [w for w in words(text) if w not in STOP_WORDS]


def sentences(text: str) -> list[str]:
    """Sentences of a text; abbreviations such as "Dr." do not end one."""
    guarded = _ABBREVIATION.sub(lambda m: m.group(1).replace(".", "\0") + "\0", text.strip())
    parts = (p.strip() for p in _SENTENCE_END.split(guarded))
    return [p.replace("\0", ".") for p in parts if p]


def clauses(text: str) -> list[str]:
    """The parts of an utterance that may each carry an own wish, longest reading first."""
    guarded = _ABBREVIATION.sub(lambda m: m.group(1) + "\0", text)
    parts = [p.replace("\0", ".").strip(" ,.!?;-") for p in _CLAUSE.split(guarded)]
    return [p for p in parts if len(words(p)) >= 2] or [text]


def strip_fillers(text: str) -> str:
    """The text without hesitations at its start and end and without a final full stop."""
    parts = text.strip(" .,!?;").split()
    while parts and parts[0].lower().strip(",.!") in FILLERS:
        parts.pop(0)
    while parts and parts[-1].lower().strip(",.!") in FILLERS - {"right"}:
        parts.pop()
    return " ".join(parts).strip(" .,!?;")


def has_word(text: str, options: Iterable[str]) -> bool:
    """Whether one of the words or phrases stands in the text as whole words."""
    padded = f" {' '.join(words(text))} "
    return any(f" {option} " in padded for option in options)


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with the given spans cut out."""
    out, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            out.append(text[at:start])
        at = max(at, end)
    out.append(text[at:])
    return re.sub(r"\s+", " ", " ".join(out)).strip(" ,.;-")
