"""How long a silence must be before the caller's turn is over, judged by what was said so far."""

from __future__ import annotations

import re
from collections.abc import Mapping

from huntgroup.engine.ports import EarOptions

_EAGERNESS: Mapping[str, float] = {"low": 2.0, "medium": 1.0, "auto": 1.0, "high": 0.7}
_SEMANTIC_BASE_MS = 500
_LEAST_MS, _MOST_MS = 180, 4_000
_FINISHED, _BRIEF, _OPEN, _UNFINISHED, _DIGITS_OWED = 0.56, 0.8, 1.0, 2.6, 3.4


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DANGLING = _set(
    "a an the to for with and but or because if when than my your his her our their its is are was were am be been "
    "has had would could should may might i he she we they it's i'm i'd i'll i've at in on of from by about into "
    "until between around um uh er erm like also maybe as not just some any whether which whose named called "
    "el la los las un una de del con para por y o pero mi su que en es soy tengo quiero "
    "le les une des du avec pour et ou mais mon ma je der die das ein eine mit und oder aber für ich"
)
_ASKS_ON = _set("number date birth birthday name email address mrn id zip code record phone")
_MONTHS = _set("january february march april may june july august september october november december")
_DIGIT_WORDS = _set("zero oh one two three four five six seven eight nine double triple hundred")
_CLOSING = _set("bye goodbye thanks gracias please")
_WHOLE_DATE = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d$")
_MONTH = "|".join(sorted(_MONTHS))
# A year is still to come; a month's name alone may be a person's.
_DAY_AT_END = re.compile(
    rf"\b(?:(?:{_MONTH}),? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH}))\W*$", re.I
)
_ENDS = (".", "?", "!", "。", "？")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def patience_ms(text: str, options: EarOptions) -> int:
    """Silence in ms after which this text is a whole turn.

    Parts of the base: a finished phrase 0.56, a word or two 0.8 ("yes" is often the start of more), an open one 1, an
    unfinished one 2.6, owed digits 3.4. The base is `silence_ms`, or 500 ms under an eagerness, which scales it.
    """
    base = options.silence_ms
    if options.eagerness is not None:
        base = round(_SEMANTIC_BASE_MS * _EAGERNESS[options.eagerness])
    return min(_MOST_MS, max(_LEAST_MS, round(base * _factor(text.rstrip(), options))))


def _factor(text: str, options: EarOptions) -> float:
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words:
        return _OPEN
    if text.endswith(("...", "…", "-", "–", ",", ":")) or _dangles(words, text):
        return _UNFINISHED
    if options.expects == "digits":
        return _digits_factor(text, words)
    if _number_in_progress(text, words) or (options.expects == "name" and _DAY_AT_END.search(text)):
        return _UNFINISHED
    return _plain_factor(text, words, options)


def _plain_factor(text: str, words: list[str], options: EarOptions) -> float:
    half_a_name = options.expects == "name" and len(words) == 1
    if half_a_name or not (text.endswith(_ENDS) or _WHOLE_DATE.search(text)):
        return _OPEN
    closing = words[-2:] == ["thank", "you"] or words[-1] in _CLOSING
    return _FINISHED if closing or len(words) > 2 else _BRIEF


def _dangles(words: list[str], text: str) -> bool:
    """The last word cannot end a phrase, or announces something: "my phone number is", "for", "my date of birth"."""
    if text.endswith(("?", "!")) or words[-2:] == ["thank", "you"] or (len(words) == 1 and words[0] in {"i", "a"}):
        return False
    if words[-1] in _DANGLING:
        return True
    announced = words[-1] in _ASKS_ON and bool({"my", "the"} & set(words[:-1]))
    return announced and len(words) <= 4 and words[0] in {"my", "the", "it's", "and"}


def _digits_factor(text: str, words: list[str]) -> float:
    """Seven, ten or more digits and whole dates are complete; one to three digits surely go on."""
    count = sum(char.isdigit() for char in text) + sum(word in _DIGIT_WORDS for word in words)
    if count == 0 and not _has_date(text, words):
        return _FINISHED if text.endswith(_ENDS) else _OPEN
    if _has_date(text, words):
        return _FINISHED if re.search(r"\b(?:19|20)\d\d\b", text) else _UNFINISHED
    if count in {7, 10, 11} or count > 11:
        return _FINISHED
    return _OPEN if count in {4, 5, 6, 8} else _DIGITS_OWED


def _has_date(text: str, words: list[str]) -> bool:
    return bool(_MONTHS.intersection(words)) or bool(re.search(r"\d/\d", text))


def _number_in_progress(text: str, words: list[str]) -> bool:
    """A phone number said in groups: it ends in one, two, three or six digits after words such as "number is"."""
    tail = re.search(r"((?:\d[\s.,-]*)+)$", text.rstrip(" .,"))
    if tail is None or not {"number", "phone"}.intersection(words):
        return False
    return len(re.sub(r"\D", "", tail[1])) in {1, 2, 3, 6}
