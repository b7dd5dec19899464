"""Cut a text into pieces that can be spoken while the rest is still being made."""

from __future__ import annotations

import re

_LONGEST = 220
_ABBREVIATIONS = {
    *[
        "dr",
        "mr",
        "mrs",
        "ms",
        "st",
        "prof",
        "jr",
        "sr",
        "vs",
        "etc",
        "approx",
        "appt",
        "ave",
        "blvd",
        "rd",
        "dept",
        "ext",
        "no",
        "tel",
        "inc",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
    ],
    *[
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
    ],
}
_END = re.compile(r"[.!?…]+[\"”')\]]*(?=\s)|\n+")


def sentences(text: str) -> list[str]:
    """Split at sentence ends, not at "Dr.", "3.50", "p.m." before a small letter; very long ones at commas."""
    stream = SentenceStream()
    return [*stream.push(text), *stream.flush()]


class SentenceStream:
    """The same for a text that arrives piece by piece, such as a language model's."""

    def __init__(self) -> None:
        self._rest = ""

    def push(self, text: str) -> list[str]:
        """Take more text; return the sentences that are complete now."""
        self._rest += text
        done: list[str] = []
        start = 0
        for match in _END.finditer(self._rest):
            if _really_ends(self._rest, start, match):
                done += _pieces(self._rest[start : match.end()])
                start = match.end()
        self._rest = self._rest[start:]
        return done

    def flush(self) -> list[str]:
        """Return what is left as if the text ended here."""
        rest, self._rest = self._rest, ""
        return _pieces(rest)


def _really_ends(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0].startswith("\n") or match[0].strip("\"”')]") != ".":
        return True
    words = text[start : match.start()].split()
    last = words[-1].casefold().lstrip("(\"“'") if words else ""
    after = text[match.end() :].lstrip()
    if last in {"a.m", "p.m"}:
        return after[:1].isupper()
    initial = len(last) == 1 and last.isalpha() and last != "i" and len(words) > 1 and words[-1].isupper()
    return bool(last) and last not in _ABBREVIATIONS and not initial and not _list_number(words)


def _list_number(words: list[str]) -> bool:
    return len(words) == 1 and words[0].isdigit()


def _pieces(sentence: str) -> list[str]:
    sentence = " ".join(sentence.split())
    pieces: list[str] = []
    while len(sentence) > _LONGEST:
        cut = _cut(sentence)
        pieces.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [piece for piece in [*pieces, sentence] if any(char.isalnum() for char in piece)]


def _cut(sentence: str) -> int:
    for mark in (";", ":", ",", " "):
        at = sentence.rfind(mark, _LONGEST // 3, _LONGEST)
        if at > 0:
            return at + 1
    return _LONGEST
