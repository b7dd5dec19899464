# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Forbidden topics: words and patterns by topic, found by stem, where they are talked about and not turned down."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.folding import fold, plain_words, sentences
from huntgroup.teams.guardrails.stemming import stems


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic by name and the words that give it away.

    One of `terms` (a word or a phrase) is enough in a sentence; of `hints`, words that also mean other things, two
    different ones are needed. Both match by stem. `patterns` are regular expressions over folded, lower-case text.
    `unless` are words or phrases beside which the topic is not meant.

    Where the house knows meaning, a sentence also counts that means what the `examples` mean, rather than what those that
    are `unlike` them and any desk's sentences mean; a dozen examples are a good start. `trained` names a judge that comes
    with the house.
    """

    name: str
    terms: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    trained: str = ""

    @cached_property
    def stemmed_terms(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_stemmed(term) for term in self.terms)

    @cached_property
    def stemmed_hints(self) -> frozenset[tuple[str, ...]]:
        return frozenset(_stemmed(hint) for hint in self.hints)

    @cached_property
    def plain_unless(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(_WORDS.findall(plain_words(word))) for word in self.unless)

    @cached_property
    def compiled(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern) for pattern in self.patterns)


_WORDS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def _stemmed(words: str) -> tuple[str, ...]:
    return tuple(part for _, _, part in stems(plain_words(words)))


_TURNED_DOWN = re.compile(
    r"\b(?:can'?t|cannot|can not|not able|unable|not allowed|not permitted|won'?t|wouldn'?t|don'?t(?! you)|do not|doesn'?t|does not|never|not going to|not comfortable|rather not|no longer|not something|isn'?t something|"
    r"no|without|not here to|not qualified|avoid|no puedo|no podemos|no doy|no hablamos|nicht|keine?n?|kann (?:ich )?(?:leider )?(?:nicht|keine))\s+(?:[\w']+\s+){0,4}?"
    r"(?:discuss\w*|talk\w*|speak\w*|give|giving|offer\w*|provide|comment\w*|advise|advice|help|answer\w*|share|say|opinions?|handle|get into|go into|weigh in|take sides|recommend\w*|guarantee\w*|promis\w*|know|able|do|want|interested|"
    r"hablar|opinar|dar|asesor\w*|sagen|sprechen|beraten|auskunft|deal|cover\w*|have (?:an? |any )?(?:opinions?|views?|comment|position)|engage|support|interfere|predict|tell|make|compare|speculat\w*|use|tolerate|allow\w*|involve\w*|related?|mean\w*|think|reden|diskutieren)\b"
    r"|\b(?:outside|beyond) (?:of )?(?:what|my|our)|\b(?:that'?s|is|are|it'?s) not (?:something|a topic|part|for me)|\bkeep (?:[\w']+ ){1,3}out\b|\b(?:lawyer|attorney|accountant|advisor|adviser|broker|planner) (?:has|have|needs|must|will|can|should|would|could|may)\b|\blet'?s (?:get back|stick|keep|focus)|\b(?:something|question|matter|one|topic) for (?:a|an|your|the) (?:lawyer|attorney|advisor|adviser|accountant|broker|planner|judge|priest|pastor)|\b(?:speak|talk) (?:to|with) (?:a|an|your) (?:lawyer|attorney|financial|tax|licensed|advisor|accountant)"
)
_CLAUSE = re.compile(
    r"[;:]\s+|,?\s+\b(?:but|however|although|though|still|that said|personally,|pero|aber|between you and me|off the record)\b,?\s*|,\s+(?:and|so)\s+(?=(?:i|you|we|they|he|she|it|just|the)\b)"
)


def find_topics(text: str, topics: Iterable[Topic], *, mentions: bool = False) -> list[Finding]:
    """Return the sentences that are about a topic; kinds are `topic_` and the topic's name.

    A sentence that turns the topic down ("I can't discuss politics") does not count, unless `mentions` is set: then
    every mention counts.
    """
    folded = fold(text)
    found = []
    for place, sentence in sentences(folded.lower):
        start = 0
        for clause in _CLAUSE.split(sentence):
            at = sentence.find(clause, start)
            start = at + len(clause)
            found += [
                Finding(*folded.span(place + at, place + start), f"topic_{topic.name}")
                for topic in topics
                if _is_about(clause, topic) and (mentions or not _TURNED_DOWN.search(clause))
            ]
    return found


def is_turned_down(text: str) -> bool:
    """Whether every clause of a text turns a topic down."""
    clauses = [clause for clause in _CLAUSE.split(fold(text).lower) if clause.strip()]
    return bool(clauses) and all(_TURNED_DOWN.search(clause) for clause in clauses)


def _is_about(clause: str, topic: Topic) -> bool:
    words = [part for _, _, part in stems(clause)]
    plain = _WORDS.findall(clause)
    if any(_has(plain, phrase) for phrase in topic.plain_unless):
        return False
    if any(_has(words, phrase) for phrase in topic.stemmed_terms):
        return True
    if any(pattern.search(clause) for pattern in topic.compiled):
        return True
    return sum(_has(words, phrase) for phrase in topic.stemmed_hints) >= 2


def _has(words: list[str], phrase: tuple[str, ...]) -> bool:
    if len(phrase) == 1:
        return phrase[0] in words
    return any(tuple(words[at : at + len(phrase)]) == phrase for at in range(len(words) - len(phrase) + 1))
