"""Counts, amounts and durations in what was said."""

from __future__ import annotations

import re

from .numerals import Number
from .tokens import words
from .toolspec import Param
from .utterance import Utterance

_COUNTED = {
    "quantity": "",
    "count": "",
    "party": "people|persons|guests|of us|adults",
    "people": "people|persons|guests|of us|adults",
    "guests": "people|persons|guests|of us|adults",
    "nights": "nights?",
    "days": "days?",
    "weeks": "weeks?",
    "hours": "hours?",
    "months": "months?",
    "years": "years?",
}
_MONEY = {
    "price",
    "budget",
    "amount",
    "income",
    "cost",
    "payment",
    "salary",
    "rent",
    "deposit",
    "value",
    "fee",
    "total",
    "debt",
    "debts",
}
_TIME_UNIT = re.compile(r"^\s*(?:minutes?|mins?|hours?|hrs?)\b", re.IGNORECASE)


def duration_minutes(said: Utterance, *, asked: bool) -> int | None:
    """ "thirty minutes", "an hour and a half", "half an hour"."""
    text = said.text.lower()
    if re.search(r"\bhalf an hour|half hour\b", text):
        return 30
    if re.search(r"\bhour and a half\b", text):
        return 90
    if re.search(r"\b(?:an|one) hour\b", text):
        return 60
    for number in said.numbers:
        after = text[number.end :]
        if re.match(r"\s*-?\s*(?:minutes?|mins?)\b", after):
            return number.whole
        if re.match(r"\s*(?:hours?|hrs?)\b", after):
            return int(number.value * 60)
    return said.numbers[0].whole if asked and said.numbers else None


def quantity(said: Utterance, param: Param, *, asked: bool) -> float | None:
    """The number meant by a parameter: next to its noun, after a money sign, or any when it was asked for."""
    free = [n for n in said.numbers if not _taken(said, n)]
    for number in free:
        if _belongs(said.text, number, param):
            return number.value
    if asked and free:
        return free[0].value
    if asked and re.search(r"\b(?:a|an|just one|one)\b", said.text, re.IGNORECASE):
        return 1
    return None


def _taken(said: Utterance, number: Number) -> bool:
    spans = (
        [(d.start, d.end) for d in said.dates]
        + [(t.start, t.end) for t in said.times if t.sure]
        + [(p.start, p.end) for p in said.phones]
    )
    return any(start <= number.start < end for start, end in spans)


def _belongs(text: str, number: Number, param: Param) -> bool:
    before, after = text[: number.start].lower(), text[number.end :].lower()
    names = set(words(param.words))
    for key in names & set(_COUNTED):
        if _COUNTED[key] and re.match(rf"\s*(?:{_COUNTED[key]})\b", after):
            return True
        if not _COUNTED[key] and re.match(r"\s*(?:x\s*)?[a-z]{3,}", after) and not _TIME_UNIT.match(after):
            return True
    if names & _MONEY and (
        re.search(r"[$€£]\s*$", before) or re.match(r"\s*(?:dollars?|bucks|euros?|pounds?|grand)\b", after)
    ):
        return True
    noun = sorted(names)[-1].rstrip("s") if names else ""
    if any(re.match(rf"\s*{re.escape(n.rstrip('s'))}s?\b", after) for n in names if len(n) > 2):
        return True
    return bool(noun) and any(
        re.search(rf"\b{re.escape(n)}\s*(?:is|of|:|number)?\s*$", before) for n in names if len(n) > 2
    )
