"""Which of the session's tools a wish is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .embedding import CachedEncoder, Ngrams, Vectors
from .actions import action_bonus
from .tokens import content_words, normalise, sentences, words
from .toolspec import ToolSpec
from .utterance import Utterance

ACCEPT = 0.40
"""A tool below this score does not fit the wish."""
SURE = 0.58
"""From here on a wish may break into something else that is going on."""
_CACHED_SCORES, _CACHED_TOOLS = 20_000, 4_000
THIN = 0.035
"""Two tools nearer than this cannot be told apart."""


_DOCTOR = re.compile(r"\b(?:Dr|Doctor)\.? [A-Z][\w'-]+")


@dataclass(frozen=True, slots=True)
class Match:
    tool: ToolSpec
    score: float
    clause: int


@dataclass(frozen=True)
class _Profile:
    examples: tuple[str, ...]
    about: tuple[str, ...]


class Matcher:
    """Scores tools against utterances; one for the whole process, without state of a call."""

    def __init__(self, encoder: CachedEncoder | None) -> None:
        self._encoder = encoder
        self._ngrams = CachedEncoder(Ngrams())
        self._rows: dict[tuple[int, ToolSpec], tuple[Vectors | None, Vectors]] = {}
        self._known: dict[tuple[str, tuple[str, ...], tuple[int, ...]], Vectors] = {}

    def prepare(self, tools: Sequence[ToolSpec]) -> None:
        """Embed the tools' texts ahead of the first utterance."""
        texts = [t for tool in tools for p in [_profile(tool)] for t in (*p.examples, *p.about)]
        if texts:
            self._vectors(texts)
            self._ngrams.encode(texts)

    def rank(self, utterance: Utterance, tools: Sequence[ToolSpec]) -> list[Match]:
        """Every tool with its best score over the readings of the utterance, best first."""
        readings = _readings(utterance)
        if not tools or not readings:
            return []
        self._vectors(readings)
        per_reading = np.stack([self._scores(tools, text) for text in readings])
        best = per_reading.argmax(axis=0)
        matches = [Match(tool, float(per_reading[best[i], i]), int(best[i])) for i, tool in enumerate(tools)]
        return sorted(matches, key=lambda m: (-m.score, m.tool.name))

    def per_clause(self, utterance: Utterance, tools: Sequence[ToolSpec]) -> list[Match]:
        """The best tool of each clause, in the order said."""
        if not tools:
            return []
        found = []
        self._vectors([_plain(c) for c in utterance.clauses])
        for i, clause in enumerate(map(_plain, utterance.clauses)):
            scores = self._scores(tools, clause)
            k = int(scores.argmax())
            found.append(Match(tools[k], float(scores[k]), i))
        return found

    def likeness(self, text: str, options: Sequence[str]) -> list[float]:
        """How near in meaning each option is to a text, 0 to 1."""
        if not options or not words(text):
            return [0.0] * len(options)
        rows = self._vectors([text, *options])
        grams = self._ngrams.encode([text, *options])
        if self._encoder is None:
            return [float(s) for s in grams[1:] @ grams[0]]
        return [float(s) for s in 0.85 * (rows[1:] @ rows[0]) + 0.15 * (grams[1:] @ grams[0])]

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        return (self._encoder or self._ngrams).encode(texts)

    def _scores(self, tools: Sequence[ToolSpec], text: str) -> Vectors:
        key = (text, tuple(t.name for t in tools), tuple(id(t) for t in tools))
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _CACHED_SCORES:
                self._known.clear()
            known = self._known[key] = self._score_all(tools, text)
        return known

    def _score_all(self, tools: Sequence[ToolSpec], text: str) -> Vectors:
        by_meaning = self._side(tools, text, self._encoder) if self._encoder else None
        by_words = self._side(tools, text, self._ngrams)
        action = np.array([action_bonus(text, t.verb) for t in tools], dtype=np.float32)
        if by_meaning is None:
            return np.asarray(np.minimum(1.0, by_words * 1.25) + action, dtype=np.float32)
        return np.asarray(0.86 * by_meaning + 0.14 * by_words + action, dtype=np.float32)

    def _side(self, tools: Sequence[ToolSpec], text: str, encoder: CachedEncoder) -> Vectors:
        said = encoder.encode([text])[0]
        scores = []
        for tool in tools:
            examples, about_rows = self._tool_rows(tool, encoder)
            about = float((about_rows @ said).max())
            if examples is not None:
                near = np.sort(examples @ said)[::-1]
                second = float(near[1]) if len(near) > 1 else float(near[0])
                scores.append(max(0.8 * float(near[0]) + 0.1 * second + 0.1 * about, 0.9 * about))
            else:
                scores.append(min(1.0, 1.12 * about))
        return np.array(scores, dtype=np.float32)

    def _tool_rows(self, tool: ToolSpec, encoder: CachedEncoder) -> tuple[Vectors | None, Vectors]:
        key = (id(encoder), tool)
        known = self._rows.get(key)
        if known is None:
            profile = _profile(tool)
            examples = encoder.encode(profile.examples) if profile.examples else None
            known = self._rows[key] = (examples, encoder.encode(profile.about))
            if len(self._rows) > _CACHED_TOOLS:
                self._rows.clear()
        return known


@lru_cache(maxsize=2048)
def _profile(tool: ToolSpec) -> _Profile:
    """The texts that stand for a tool: its examples, and what can be made of name and description."""
    thing = " ".join(w for w in tool.title.split() if w not in {"get", "to"})
    about = [thing, tool.title]
    if tool.role in {"transfer", "consult"}:
        about.append(f"talk to {tool.peer.replace('_', ' ')}")
    for sentence in sentences(tool.description)[:4]:
        plain = re.sub(
            r"\b(?:the caller|caller|the user|the patient|the customer)('s)?\b", "", sentence, flags=re.IGNORECASE
        )
        if len(content_words(plain)) >= 1 and not re.match(
            r"(?:never|do not|don't|only|must|always)\b", plain.strip(), re.IGNORECASE
        ):
            about.append(re.sub(r"\s+", " ", plain).strip(" ."))
    return _Profile(tuple(dict.fromkeys(_plain(e) for e in tool.examples)), tuple(dict.fromkeys(about)))


def _plain(text: str) -> str:
    """A text whose people are only roles, so that a name shared with an example does not count."""
    text = normalise(text).strip(" .!?,")
    return _DOCTOR.sub("the doctor", text)


def _readings(utterance: Utterance) -> list[str]:
    """The whole, the whole without its values, and each clause that says enough on its own."""
    readings = [_plain(utterance.text)]
    if len(content_words(utterance.masked)) >= 1:
        readings.append(_plain(utterance.masked))
    if len(utterance.clauses) > 1:
        readings += [_plain(c) for c in utterance.clauses if len(words(c)) >= 3]
    return list(dict.fromkeys(readings)) if words(utterance.text) else []
