"""Names of people: said, labelled ("last name is …"), with what was spelled put in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .namewords import is_name_word, title
from .spelling import apply_spelling, find_spelled
from .tokens import FILLERS, Token

_INTRO = re.compile(
    r"\b(?:my (?:full )?name(?:'s| is| was)|name(?:'s| is)|this is|the name(?:'s| is)|under(?: the name(?: of)?)?|"
    r"call me|"
    r"it is|it's|i'm|i am|speaking with|named|called)\s*[:,]?\s+(?P<rest>[^.!?;]+)",
    re.IGNORECASE,
)
_SURE_INTRO = re.compile(r"name|this is|call me|named", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?P<part>first|given|last|family|sur)\s?-?(?:name)?(?:'s| is|:|,| was)?\s+(?P<word>[^\W\d_][\w'-]+)",
    re.IGNORECASE,
)
_SPEAKING = re.compile(
    r"^(?:hello|hi|hey|good \w+)?[,. ]*(?P<name>[^\W\d_][\w'-]+(?: [^\W\d_][\w'-]+){1,2}),? (?:here|speaking|"
    r"calling)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mister)\.? (?P<word>[A-Z][\w'-]+)")
_PARTICLES = {"van", "von", "de", "del", "della", "di", "da", "la", "le", "bin", "al", "el", "st", "mac", "ter"}
_BEFORE_NAME = {
    "it's",
    "its",
    "is",
    "it",
    "that's",
    "yes",
    "yeah",
    "sure",
    "the",
    "my",
    "name",
    "name's",
    "first",
    "last",
    "and",
    "this",
    "hi",
    "hello",
    "of",
    "course",
    "full",
    "no",
    "sorry",
    "i",
    "said",
    "again",
    "for",
    *FILLERS,
}


@dataclass(frozen=True, slots=True)
class PersonName:
    """What is known of a name after one utterance; `spelled` letters outrank what was heard."""

    first: str = ""
    last: str = ""
    lone: str = ""
    spelled: str = ""
    start: int = 0
    end: int = 0

    def __bool__(self) -> bool:
        return bool(self.first or self.last or self.lone or self.spelled)


def find_name(text: str, tokens: Sequence[Token], *, asked: bool, taken: Sequence[tuple[int, int]] = ()) -> PersonName:
    """The caller's name in an utterance. `asked` allows a bare name to be an answer."""
    spelled, span = find_spelled(tokens)
    first, last, lone, place = _labelled(text)
    if not (first and last):
        said, place2 = _introduced(text, asked)
        if not said and asked:
            said, place2 = _bare(tokens, taken, span)
        first, last, lone, place = _merge(first, last, said, place or place2)
    if not (first or last or lone or spelled):
        titled = _TITLED.search(text)
        if titled and asked:
            last, place = title(titled.group("word")), titled.span()
    if spelled:
        first, last, lone = apply_spelling(spelled, first, last, lone, text)
    start, end = place or span or (0, 0)
    if span and place:
        start, end = min(place[0], span[0]), max(place[1], span[1])
    return PersonName(first, last, lone, spelled, start, end)


def _labelled(text: str) -> tuple[str, str, str, tuple[int, int] | None]:
    first = last = ""
    place: tuple[int, int] | None = None
    for match in _LABEL.finditer(text):
        if "name" not in match.group(0).lower() or not is_name_word(match.group("word")):
            continue
        if match.group("part").lower() in {"first", "given"}:
            first = title(match.group("word"))
        else:
            last = title(match.group("word"))
        place = (min(place[0], match.start()), match.end()) if place else match.span()
    return first, last, "", place


def _introduced(text: str, asked: bool) -> tuple[list[str], tuple[int, int] | None]:
    speaking = _SPEAKING.search(text)
    if speaking and all(is_name_word(w) for w in speaking.group("name").split()):
        return [title(w) for w in speaking.group("name").split()], speaking.span("name")
    for match in _INTRO.finditer(text):
        intro = match.group(0)[: match.start("rest") - match.start()]
        sure = bool(_SURE_INTRO.search(intro)) or (asked and "'m" not in intro)
        said, end = _leading_name(match.group("rest"), sure)
        if said and (len(said) > 1 or sure):
            return said, (match.start("rest"), match.start("rest") + end)
    return [], None


def _leading_name(rest: str, sure: bool) -> tuple[list[str], int]:
    """Up to three name words at the start of `rest`; unsure introductions need capitals."""
    said: list[str] = []
    end = 0
    for match in re.finditer(r"\S+", rest):
        word = match.group(0).rstrip(",")
        if not is_name_word(word) or len(said) == 3 or not (sure or word[0].isupper()):
            break
        if said and said[-1][0].isupper() and not word[0].isupper() and word not in _PARTICLES:
            break
        said.append(word)
        end = match.end()
        if match.group(0).endswith(","):
            break
    return [w if w in _PARTICLES else title(w) for w in said], end


def _bare(
    tokens: Sequence[Token], taken: Sequence[tuple[int, int]], spelled: tuple[int, int] | None
) -> tuple[list[str], tuple[int, int] | None]:
    """The name words that an answer to "what is your name?" begins with, after hesitations."""
    spans = [*taken, *([spelled] if spelled else [])]
    run: list[Token] = []
    for token in tokens:
        free = not any(s <= token.start < e for s, e in spans)
        if free and is_name_word(token.text) and len(run) < 3:
            run.append(token)
        elif run or (free and token.text[0].isalpha() and token.low not in _BEFORE_NAME):
            break
    if not run or (len(run) == 3 and not run[1].text[0].isupper() and run[1].low not in _PARTICLES):
        run = run[:2]
    return [title(t.text) for t in run], (run[0].start, run[-1].end) if run else None


def _merge(
    first: str, last: str, said: list[str], place: tuple[int, int] | None
) -> tuple[str, str, str, tuple[int, int] | None]:
    if not said:
        return first, last, "", place
    if len(said) == 1:
        return (first, last, said[0] if not (first or last) else "", place)
    family = said[1:] if said[1].lower() in _PARTICLES else said[-1:]
    return first or said[0], last or " ".join(family), "", place
