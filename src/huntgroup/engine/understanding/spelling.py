"""Names spelled letter by letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .namewords import title
from .similarity import similarity
from .tokens import Token

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
_LETTER_PAUSE = {",", "-", ".", "and"}


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


def apply_spelling(spelled: str, first: str, last: str, lone: str, text: str) -> tuple[str, str, str]:
    """Put the spelled letters in place of the part of the name that they spell."""
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
