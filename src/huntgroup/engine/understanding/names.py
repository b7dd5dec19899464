"""Names of people: said, labelled ("last name is …") and spelled letter by letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .tokens import FILLERS, STOP_WORDS, Token

_NATO = {
    "alpha alfa": "a",
    "bravo": "b",
    "charlie": "c",
    "delta": "d",
    "echo": "e",
    "foxtrot": "f",
    "golf": "g",
    "hotel": "h",
    "india": "i",
    "juliet juliett": "j",
    "kilo": "k",
    "lima": "l",
    "mike": "m",
    "november": "n",
    "oscar": "o",
    "papa": "p",
    "quebec": "q",
    "romeo": "r",
    "sierra": "s",
    "tango": "t",
    "uniform": "u",
    "victor": "v",
    "whiskey": "w",
    "xray": "x",
    "yankee": "y",
    "zulu": "z",
}
NATO = {word: letter for keys, letter in _NATO.items() for word in keys.split()}
_COMMON = frozenset(
    """calling looking trying hoping wondering sorry here sick fine good great interested new not sure afraid ready
    back done
    having going getting feeling available free happy glad able about regarding just still also really very only right
    patient client customer caller existing appointment booking book schedule cancel reschedule change morning afternoon
    evening today tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april june
    july
    august september october november december hello hi hey thanks thank bye goodbye yes no nope sure correct okay
    doctor
    dr nurse born date birth birthday phone number email name first last middle surname speaking urgent emergency
    question
    problem issue help need want like would day week month time next this that one two three four five six seven
    eight nine
    ten please actually wait repeat human person someone anyone nobody english spanish busy late early home work
    allergic
    pregnant diabetic worried confused lost locked hungry tired in out on off ill hurt bleeding out everything nothing
    something anything all it is was has have my the a an kind great perfect wonderful welcome later never mind ok
    mister mr mrs ms miss sir madam""".split()
)
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
_LETTER_PAUSE = {",", "-", ".", "and"}


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


def title(word: str) -> str:
    """A name with capitals where a reader expects them ("o'neil" → "O'Neil", "LOPEZ" → "Lopez")."""
    if word[1:].lower() != word[1:] and not word.isupper():
        return word
    return re.sub(r"(^|[-' ])([^\W\d_])", lambda m: m.group(1) + m.group(2).upper(), word.lower()).replace("'S ", "'s ")


def is_name_word(word: str) -> bool:
    low = word.lower()
    return (
        bool(re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", word))
        and len(word) > 1
        and not (low in STOP_WORDS or low in _COMMON or low in FILLERS)
    )


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
        first, last, lone = _apply_spelling(spelled, first, last, lone, text)
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


def find_spelled(tokens: Sequence[Token]) -> tuple[str, tuple[int, int] | None]:
    """The longest run of at least three letters: "L O P E Z", "L-O-P-E-Z", "M as in Mary", "double L"."""
    best, span = "", None
    i = 0
    while i < len(tokens):
        letters, j, start = "", i, i
        while j < len(tokens):
            read = _letter(tokens, j, bool(letters))
            if read is None:
                break
            letters, j = letters + read[0], read[1]
            while j < len(tokens) and letters and tokens[j].low in _LETTER_PAUSE:
                j += 1
        if len(letters) >= 3 and len(letters) > len(best):
            best, span = letters, (tokens[start].start, tokens[j - 1].end)
        i = max(j, i + 1)
    return best, span


def _letter(tokens: Sequence[Token], j: int, running: bool) -> tuple[str, int] | None:
    word = tokens[j].low
    low = [t.low for t in tokens[j : j + 4]]
    if len(word) == 1 and word.isalpha():
        if low[1:3] == ["as", "in"] and len(low) > 3:
            return word, j + 4
        if len(low) > 2 and low[1] == "for" and low[2].startswith(word):
            return word, j + 3
        return word, j + 1
    if word == "double" and len(low) > 1 and len(low[1]) == 1 and low[1].isalpha():
        return low[1] * 2, j + 2
    return (NATO[word], j + 1) if word in NATO and (running or (len(low) > 1 and low[1] in NATO)) else None


def _apply_spelling(spelled: str, first: str, last: str, lone: str, text: str) -> tuple[str, str, str]:
    """Put the spelled letters in place of the part of the name that they spell."""
    from .similarity import similarity

    exact = title(spelled)
    parts = {"first": first, "last": last, "lone": lone}
    near = max((p for p in parts if parts[p]), key=lambda p: similarity(parts[p], exact), default=None)
    if near is not None and similarity(parts[near], exact) >= 0.5:
        parts[near] = exact
    elif re.search(r"\bfirst name\b", text, re.IGNORECASE) and not re.search(r"\blast name\b", text, re.IGNORECASE):
        parts["first"] = exact
    elif re.search(r"\b(last name|surname|family name)\b", text, re.IGNORECASE):
        parts["last"] = exact
    elif lone:
        parts["first"], parts["last"], parts["lone"] = lone, exact, ""
    return parts["first"], parts["last"], parts["lone"]
