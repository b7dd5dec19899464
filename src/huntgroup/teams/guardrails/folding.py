"""Text in one plain form, so that a check sees what a reader sees: no accents and nothing invisible."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_PLAIN = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
    | dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", "-")
    | {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"}
)
_LOOK_ALIKE = str.maketrans(
    # Cyrillic, then Greek, Armenian and Cherokee letters that print like Latin ones.
    "аеорсухіјѕԁһӏԛԝгпбвкмнтзАВЕКМНОРСТУХІЈЅ" + "αβεικνορτυχγηωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "օսոհցքաᎪᏴᏟᎬᏔᎻᎥᎫᏞᎷᏢᏒᏚᎢᏙᏃ",
    "aeopcyxijsdhlqwrn6bkmht3ABEKMHOPCTYXIJS" + "aBeiKvopTuxynwABEZHIKMNOPTYX" + "ounhgpwABCEWHIJLMPRSTVZ",
)
_HANGUL = range(0xAC00, 0xD7A4)
_TAGS = range(0xE0020, 0xE007F)
"""Code points of an invisible copy of ASCII."""


@dataclass(frozen=True)
class Folded:
    """A folded text and where it came from; `text` keeps its case, `lower` has the same length and places."""

    text: str
    lower: str
    origin: tuple[int, ...] | None = None
    """Per character its place in the text as given, and one more for the end; None: the same places."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place, in the text as given, of a part of `text`."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text: NFKC and accents away, quotes and dashes plain, what cannot be seen left out."""
    if text.isascii():
        return Folded(text, text.lower())
    parts: list[str] = []
    origin: list[int] = []
    for place, char in enumerate(text):
        plain = char if char < "\x80" else _plain(char)
        parts.append(plain)
        origin += [place] * len(plain)
    folded = "".join(parts)
    lower = folded.lower()
    return Folded(folded, lower if len(lower) == len(folded) else folded, (*origin, len(text)))


def plain_words(text: str) -> str:
    """Return the folded, lower-case form of words in a rule, which must match folded texts."""
    return fold(text).lower


def latin(text: str) -> str:
    """Return a text of the same length with letters of other scripts that look Latin replaced by the Latin ones."""
    return text if text.isascii() else text.translate(_LOOK_ALIKE)


def hidden_ascii(text: str) -> str:
    """Return what is written in Unicode's invisible tag characters."""
    return "" if text.isascii() else "".join(chr(ord(char) - 0xE0000) for char in text if ord(char) in _TAGS)


@cache
def _plain(char: str) -> str:
    if ord(char) in _HANGUL:
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    decomposed = unicodedata.normalize("NFKD", char).translate(_PLAIN)
    return "".join(part for part in decomposed if unicodedata.category(part) not in {"Cf", "Mn", "Me", "Cc"})


_SENTENCE_END = re.compile(
    r"(?<=[.!?;])(?<!\b[A-Z][.])(?<!\b(?:[Dd]r|[Mm]r|[Ms]s|[Ss]t)[.])(?<!\b[Mm]rs[.])\s+|\n+|(?<=[。！？])"
)


def sentences(text: str) -> list[tuple[int, str]]:
    """Return the sentences of a text, each with its place; "Dr. Chen" does not end one."""
    found, at = [], 0
    for match in _SENTENCE_END.finditer(text):
        found.append((at, text[at : match.start()]))
        at = match.end()
    return [(place, sentence) for place, sentence in [*found, (at, text[at:])] if sentence.strip()]
