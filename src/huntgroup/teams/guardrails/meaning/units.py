"""The pieces of a text that are judged one by one, and the traits of their wording."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

import numpy as np

from huntgroup.teams.guardrails.folding import fold, sentences
from huntgroup.teams.guardrails.meaning.port import Vectors

_FEWEST_WORDS = 4
MOST = 60
"""Pieces of one text that are judged: each takes some milliseconds of the one thread that judges for all calls."""
_WORD = re.compile(r"[a-z']+|\?|\d+")
WIDTH = 2048
"""Places that words and pairs of words are hashed to."""
WEIGHT = 0.7
"""Length of the wording's part beside the meaning's, which is one. Chosen by `benchmarks/meaning`."""


@dataclass(frozen=True)
class Unit:
    """One sentence; a very short one with the sentence before it. `start` and `end` are places in the text as given."""

    text: str
    start: int
    end: int


def units(text: str) -> list[Unit]:
    """Return the sentences of a text as they are judged: neighbours together where there are more than `MOST`."""
    folded = fold(text)
    places = [(place, place + len(sentence)) for place, sentence in sentences(folded.text)]
    spans = _with_before(folded.text, places) if len(places) <= MOST else _together(places)
    return [Unit(folded.text[start:end].strip(), *folded.span(start, end)) for start, end in spans]


def _with_before(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    spans = list(places[:1])
    for (before, _), (place, end) in pairwise(places):
        spans.append((before if len(text[place:end].split()) < _FEWEST_WORDS else place, end))
    return spans


def _together(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Nothing of a long text goes unjudged: its short sentences are joined, and its long ones stand alone."""
    least = -(-(places[-1][1] - places[0][0]) // (MOST - 1))
    spans: list[tuple[int, int]] = []
    for place, end in places:
        if spans and spans[-1][1] - spans[-1][0] < least:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((place, end))
    return spans


def wording(texts: Sequence[str]) -> Vectors:
    """Return hashed words and pairs of words, a row of length `WEIGHT` each."""
    rows = np.zeros((len(texts), WIDTH), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        words = ["^", *_WORD.findall(text.lower()), "$"]
        for feature in [*words[1:-1], *(f"{a} {b}" for a, b in pairwise(words))]:
            row[crc32(feature.encode()) % WIDTH] += 1
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows * (WEIGHT / np.maximum(lengths, 1e-9)), dtype=np.float32)
