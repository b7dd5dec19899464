"""Where a growing text may be checked: behind a whole sentence or clause, and never inside a number that is spelt out.

A check of half a sentence judges words whose meaning is not there yet, and sound behind it would be let go too early.
"""

import re

from huntgroup.teams.guard import Unit

_SENTENCE = re.compile(r"[.!?…]+[\"”’')\]]*(?=\s|$)|[。！？]+|\n")
_CLAUSE = re.compile(r"[.!?…,;:–—]+[\"”’')\]]*(?=\s|$)|[。！？，；：、]+|\n")
_TITLE = re.compile(r"\b(?:dr|mr|mrs|ms|prof|st)\.$", re.IGNORECASE)
_WORDS = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|"
    "nueve|doble|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun|doppel"
)
_DIGIT = rf"(?:\d|\b(?:{_WORDS})\b)"
_NUMBER_ENDS = re.compile(rf"(?:{_DIGIT}[\s,.;:()\-–—]*){{3}}$", re.IGNORECASE)
_NUMBER_BEGINS = re.compile(_DIGIT, re.IGNORECASE)
_DIGIT_LAST = re.compile(rf"{_DIGIT}$", re.IGNORECASE)
_MARKS = ".!?…,;:–—\"”’')]。！？，；：、"
_NUMBER_MARKS = ",.;:()-–—"
_LONGEST_NUMBER_CHARS = 60
# The longest title with its mark and a line's end, the longest number word; each with what may make it another word.
_TITLE_CHARS, _DIGIT_CHARS = 7, 7


def last_border(text: str, unit: Unit, start: int = 0) -> int:
    """Return how many characters of `text` end with its last whole sentence or clause; 0 when there is none.

    A mark at the very end counts, since more may never come, but for one behind three digits: there a telephone or card
    number may go on. Number words are English, Spanish and German. Of the first `start` characters, which were looked
    at before, only the marks at their end are looked at again: more of them may have come.
    """
    pattern = _SENTENCE if unit == "sentence" else _CLAUSE
    ends = [match.end() for match in pattern.finditer(text, len(text[:start].rstrip().rstrip(_MARKS)))]
    return next((end for end in reversed(ends) if _separates(text, end)), 0)


def _separates(text: str, end: int) -> bool:
    before = text[max(0, end - _LONGEST_NUMBER_CHARS) : end]
    if _TITLE.search(before[-_TITLE_CHARS:]):
        return False
    if not (_ends_with_digit(before) and _NUMBER_ENDS.search(before)):
        return True
    after = text[end:].lstrip()
    return bool(after) and _NUMBER_BEGINS.match(after) is None


def _ends_with_digit(text: str) -> bool:
    """Whether a digit or its word stands last: a look at a few characters, where three of them need a long search."""
    stripped = text.rstrip().rstrip(_NUMBER_MARKS)
    while stripped != text:
        text, stripped = stripped, stripped.rstrip().rstrip(_NUMBER_MARKS)
    return _DIGIT_LAST.search(text[-_DIGIT_CHARS:]) is not None
