"""Which of the session's tools a wish is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .actions import action_bonus
from .blas import keep_to_one_thread
from .embedding import CachedEncoder, Ngrams, Vectors
from .kinds import Kind
from .tokens import content_words, normalise, sentences, words
from .toolspec import ToolSpec
from .utterance import Utterance

ACCEPT = 0.23
"""A tool below this score does not fit the wish."""
LIKELY = 0.32
"""What a wish must reach to be heard in place of an answer."""
SURE = 0.42
"""From here on a wish may break into something else that is going on."""
URGENT = 0.45
"""What an urgent tool must reach to come before everything else."""
THIN, THIN_SHARE = 0.03, 0.1
"""Two tools nearer than this, or than this share of the better score, cannot be told apart."""
_WORDS, _RIDGE, _NEAREST, _SCALE, _SCALE_WORDS = 0.3, 0.5, 0.8, 1.5, 0.9
_CACHED_SCORES, _CACHED_JUDGES, _BATCH = 20_000, 200, 24


_SHORT, _VALUE = 14, 0.03
_INTRODUCING = frozenset(
    """name names born birth date birthday hello hi hey there good morning afternoon evening thanks thank yes yeah
    calling first last speaking
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday
    sunday nineteen twenty thirty forty fifty sixty seventy eighty ninety first second third fourth fifth sixth
    seventh eighth ninth tenth
    oh one two three four five six seven eight nine ten am pm""".split()
)
_DOCTOR = re.compile(r"\b(?:Dr|Doctor)\.? [A-Z][\w'-]+")


@dataclass(frozen=True, slots=True)
class Match:
    tool: ToolSpec
    score: float


@dataclass(frozen=True)
class _Profile:
    examples: tuple[str, ...]
    about: tuple[str, ...]


class Matcher:
    """Scores tools against utterances; one for the whole process, without state of a call."""

    def __init__(self, encoder: CachedEncoder | None) -> None:
        keep_to_one_thread()
        self._encoder = encoder
        self._ngrams = CachedEncoder(Ngrams())
        self._judges: dict[tuple[ToolSpec, ...], _Judge] = {}
        self._known: dict[tuple[str, int], Vectors] = {}

    def prepare(self, tools: Sequence[ToolSpec]) -> None:
        """Embed the tools' texts and fit what tells them apart, ahead of the first utterance."""
        texts = [t for tool in tools for p in [_profile(tool)] for t in (*p.examples, *p.about)]
        for i in range(0, len(texts), _BATCH):
            self._vectors(texts[i : i + _BATCH])
        if tools:
            self._judge(tuple(tools))

    def rank(self, utterance: Utterance, tools: Sequence[ToolSpec]) -> list[Match]:
        """Every tool with its best score over the readings of the utterance, best first."""
        readings = _readings(utterance)
        if not tools or not readings:
            return []
        self._vectors(readings)
        per_reading = np.stack([self._scores(tools, text) for text in readings])
        best = per_reading.argmax(axis=0)
        scores = [float(per_reading[best[i], i]) for i in range(len(tools))]
        matches = [Match(t, s + _takes_values(t, utterance)) for t, s in zip(tools, scores, strict=True)]
        return sorted(matches, key=lambda m: (-m.score, m.tool.name))

    def per_clause(self, utterance: Utterance, tools: Sequence[ToolSpec]) -> list[Match]:
        """The best tool of each clause, in the order said."""
        if not tools:
            return []
        found = []
        for clause in _readings(utterance):
            scores = self._scores(tools, clause)
            k = int(scores.argmax())
            found.append(Match(tools[k], float(scores[k])))
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

    def _judge(self, tools: tuple[ToolSpec, ...]) -> _Judge:
        known = self._judges.get(tools)
        if known is None:
            if len(self._judges) > _CACHED_JUDGES:
                self._judges.clear()
                self._known.clear()
            known = self._judges[tools] = _Judge(tools, self._encoder, self._ngrams)
        return known

    def _scores(self, tools: Sequence[ToolSpec], text: str) -> Vectors:
        judge = self._judge(tuple(tools))
        key = (text, id(judge))
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _CACHED_SCORES:
                self._known.clear()
            known = self._known[key] = judge.score(text)
        return known


class _Judge:
    """Tells the tools of one set apart: ridge regression on their texts, and the nearest of them."""

    def __init__(self, tools: tuple[ToolSpec, ...], encoder: CachedEncoder | None, ngrams: CachedEncoder) -> None:
        self._encoder, self._ngrams = encoder, ngrams
        self._verbs = [t.verb for t in tools]
        profiles = [_profile(t) for t in tools]
        texts = [t for p in profiles for t in (*p.examples, *p.about)]
        self._owner = np.array([k for k, p in enumerate(profiles) for _ in (*p.examples, *p.about)])
        self._starts = [int(np.searchsorted(self._owner, k)) for k in range(len(tools) + 1)]
        self._rows = self._features(texts)
        self._weights = self._fit(len(tools))

    def score(self, text: str) -> Vectors:
        """One score per tool; an example said word for word gets about 1, talk of something else less than 0.2."""
        near = self._features([text])[0] @ self._rows.T
        spans = [near[self._starts[k] : self._starts[k + 1]] for k in range(len(self._verbs))]
        top = np.array([0.6 * s.max() + 0.4 * np.sort(s)[-3:].mean() for s in spans]) / (1 + _WORDS)
        action = np.array([action_bonus(text, verb) for verb in self._verbs])
        return np.asarray(
            (near @ self._weights + _NEAREST * top + action) / (_SCALE if self._encoder else _SCALE_WORDS),
            dtype=np.float32,
        )

    def _features(self, texts: Sequence[str]) -> Vectors:
        grams = self._ngrams.encode(texts) * np.float32(_WORDS**0.5)
        if self._encoder is None:
            return np.asarray(self._ngrams.encode(texts) * np.float32((1 + _WORDS) ** 0.5), dtype=np.float32)
        return np.concatenate([self._encoder.encode(texts), grams], axis=1)

    def _fit(self, count: int) -> Vectors:
        """Weights of texts per tool; tools with few texts count as much as those with many."""
        wanted = np.full((len(self._owner), count), -1.0 / count)
        wanted[np.arange(len(self._owner)), self._owner] += 1
        weight = 1 / np.sqrt(np.bincount(self._owner, minlength=count)[self._owner])
        kernel = self._rows @ self._rows.T + _RIDGE * np.diag(weight.mean() / weight)
        return np.asarray(np.linalg.solve(kernel, wanted), dtype=np.float32)


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


def _takes_values(tool: ToolSpec, utterance: Utterance) -> float:
    """A little more for tools that have a place for the day and the time that were said, a little less for others."""
    if tool.role != "work" or not tool.params:
        return 0.0
    kinds = {p.kind for p in tool.params}
    clock = any(t.sure for t in utterance.times)
    day = any(not d.has_year for d in utterance.dates)
    bonus = (_VALUE if kinds & {Kind.TIME, Kind.DATE_TIME} else -_VALUE) if clock else 0.0
    return bonus + ((_VALUE / 2 if kinds & {Kind.DATE, Kind.DATE_TIME} else -_VALUE / 2) if day else 0.0)


def _plain(text: str) -> str:
    """A text whose people are only roles, so that a name shared with an example does not count."""
    text = normalise(text).strip(" .!?,")
    return _DOCTOR.sub("the doctor", text)


def _readings(utterance: Utterance) -> list[str]:
    """The clauses that say more than who is calling; the whole when it is one clause or nothing else is left."""
    if not words(utterance.text):
        return []
    telling = [_plain(c) for c in utterance.clauses if _tells(c, utterance)]
    whole = _plain(utterance.text)
    if len(utterance.clauses) == 1 or not telling:
        return [whole]
    if len(telling) == len(utterance.clauses) and len(words(whole)) <= _SHORT:
        telling.append(whole)
    return list(dict.fromkeys(telling))


def _tells(clause: str, utterance: Utterance) -> bool:
    """Whether a clause has content beyond a greeting, the caller's name and their birthday."""
    name = utterance.text[utterance.name.start : utterance.name.end]
    left = clause.replace(name, " ") if name else clause
    return any(w not in _INTRODUCING and not w[0].isdigit() for w in content_words(left))
