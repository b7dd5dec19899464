"""Numbers as words in English, Spanish and German, turned into digits in place."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from huntgroup.teams.guardrails.folding import plain_words

_EN = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_EN_UP_TO_19 = f"{_EN} eighteen nineteen".split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_EN_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_ES = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
_ES_UP_TO_29 = (
    f"{_ES} dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis "
    "veintisiete veintiocho veintinueve"
).split()
_ES_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ES_HUNDREDS = (
    "cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos".split()
)
_DE_UP_TO_19 = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
).split()
_DE_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def _german() -> dict[str, int]:
    """Return every German number word from 0 to 999, and the years 1100 to 2099 as they are said."""
    ones = ["", "ein", *_DE_UP_TO_19[2:10]]
    below = dict(enumerate(_DE_UP_TO_19))
    for ten, word in enumerate(_DE_TENS, 2):
        below |= {ten * 10 + one: f"{ones[one]}und{word}" if one else word for one in range(10)}
    words = {word: number for number, word in below.items()}
    hundreds = {100: "hundert"} | {one * 100: f"{ones[one]}hundert" for one in range(1, 10)}
    hundreds |= {ten * 100: f"{below[ten]}hundert" for ten in range(11, 20)} | {2000: "zweitausend"}
    for base, word in hundreds.items():
        words |= {word + (rest if number else ""): base + number for number, rest in below.items()}
        words |= {f"{word}und{rest}": base + number for number, rest in below.items() if number}
    return {plain_words(word): number for word, number in words.items()}


_SMALL: dict[str, int] = (
    {word: number for number, word in enumerate(_EN_UP_TO_19)}
    | {word: number for number, word in enumerate(_ES_UP_TO_29)}
    | _german()
    | {"oh": 0, "nought": 0, "niner": 9, "zwo": 2, "fuenf": 5, "veinte": 20, "zwoelf": 12, "dreissig": 30}
)
_SMALL = {plain_words(word): number for word, number in _SMALL.items()}
_TENS = {plain_words(word): ten * 10 for ten, word in enumerate(_EN_TENS, 2)}
_TENS |= {plain_words(word): ten * 10 for ten, word in enumerate(_ES_TENS, 3)}
_HUNDREDS = {word: number * 100 for number, word in enumerate(_ES_HUNDREDS, 1)} | {"ciento": 100}
_ORDINALS = {word: number for number, word in enumerate(_EN_ORDINALS)}
_ORDINALS |= {f"{word[:-1]}ieth": (ten + 2) * 10 for ten, word in enumerate(_EN_TENS)} | {"primero": 1}
_DE_ORDINAL_ENDS = ("ter", "ten", "ster", "sten", "te", "ste")
_ORDINALS |= {f"{plain_words(word)}{end}": n for n, word in enumerate(_DE_UP_TO_19) for end in _DE_ORDINAL_ENDS}
_ORDINALS |= {f"{word}{end}": n for word, n in _german().items() if 19 < n < 32 for end in _DE_ORDINAL_ENDS}
_ORDINALS |= {"erster": 1, "ersten": 1, "erste": 1, "dritter": 3, "dritten": 3, "siebter": 7, "siebten": 7, "achten": 8}
_REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4, "doble": 2, "doppel": 2, "doppelte": 2, "doppelt": 2,
            "dreimal": 3, "zweimal": 2}  # fmt: skip
_LETTER_DIGITS = {"o": "0"}
NUMBER_WORDS = (
    frozenset(_SMALL) | frozenset(_TENS) | frozenset(_HUNDREDS) | frozenset(_ORDINALS) | {"hundred", "thousand"}
)

_SPOKEN = NUMBER_WORDS | frozenset(_REPEATS) | frozenset(_LETTER_DIGITS)

_TOKEN = re.compile(r"[a-z']+|\d+")


@dataclass(frozen=True)
class Digitised:
    """A text in which number words are digits; `origin` tells where each of its parts stood in the text before."""

    text: str
    starts: tuple[int, ...] = ()
    origin: tuple[tuple[int, int], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of `text[start:end]` in the text before."""
        return (self._back(start)[0], self._back(end - 1)[1]) if self.starts else (start, end)

    def _back(self, place: int) -> tuple[int, int]:
        part = bisect_right(self.starts, place) - 1
        start, end = self.origin[part]
        width = (self.starts[part + 1] if part + 1 < len(self.starts) else len(self.text)) - self.starts[part]
        if width == end - start:
            return start + place - self.starts[part], start + place - self.starts[part] + 1
        return start, end


def digitise(lower: str) -> Digitised:
    """Turn the number words of a folded, lower-case text into digits: "nineteen eighty-five" becomes "19 85"."""
    tokens = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(lower)]
    if _SPOKEN.isdisjoint(word for _, _, word in tokens):
        return Digitised(lower)
    parts: list[str] = []
    starts: list[int] = []
    origin: list[tuple[int, int]] = []
    width = at = number = 0

    def put(piece: str, start: int, end: int) -> None:
        nonlocal width, at
        parts.append(piece)
        starts.append(width)
        origin.append((start, end))
        width += len(piece)
        at = end

    while number < len(tokens):
        digits, used = _read(lower, tokens, number)
        if used:
            start, end = tokens[number][0], tokens[number + used - 1][1]
            if at < start:
                put(lower[at:start], at, start)
            put(digits, start, end)
        number += used or 1
    if at < len(lower):
        put(lower[at:], at, len(lower))
    return Digitised("".join(parts), tuple(starts), tuple(origin))


Tokens = list[tuple[int, int, str]]


def _word(tokens: Tokens, number: int) -> str:
    return tokens[number][2] if number < len(tokens) else ""


def _read(lower: str, tokens: Tokens, number: int) -> tuple[str, int]:
    """Return the digits of the number that begins at a token, and how many tokens it takes; 0 when none begins."""
    word = _word(tokens, number)
    if word in _REPEATS:
        digit, used = _read(lower, tokens, number + 1)
        if not used and _word(tokens, number + 1).isdigit():
            digit, used = _word(tokens, number + 1), 1
        return (digit * _REPEATS[word], used + 1) if used and len(digit) == 1 else ("", 0)
    if word in _LETTER_DIGITS and _beside_a_number(tokens, number):
        return _LETTER_DIGITS[word], 1
    if word in _ORDINALS and word not in _SMALL:
        return str(_ORDINALS[word]), 1
    value, used = _value(tokens, number)
    return (str(value), used) if used else ("", 0)


def _beside_a_number(tokens: Tokens, number: int) -> bool:
    near = [_word(tokens, number - 1) if number else "", _word(tokens, number + 1)]
    return any(word.isdigit() or word in _SMALL for word in near)


def _value(tokens: Tokens, number: int) -> tuple[int, int]:
    value, used = _below_hundred(tokens, number)
    word = _word(tokens, number)
    if word in _HUNDREDS or (word == "hundred"):
        value, used = _HUNDREDS.get(word, 100), 1
        return _with_rest(tokens, number, value, used)
    following = _word(tokens, number + used)
    if word == "mil" and not used:
        return _thousands(tokens, number, 1, 0)
    if used and following == "hundred":
        return _with_rest(tokens, number, value * 100, used + 1)
    if used and following in {"thousand", "mil"} and value:
        return _thousands(tokens, number, value, used)
    return value, used


def _is_spanish(tokens: Tokens, number: int) -> bool:
    """Whether "once" is the Spanish eleven and not the English word."""
    near = {_word(tokens, number - 1) if number else "", _word(tokens, number + 1)}
    return not near.isdisjoint({*map(plain_words, _ES_UP_TO_29), "de", "el", "y"})


def _thousands(tokens: Tokens, number: int, value: int, used: int) -> tuple[int, int]:
    rest, more = _value(tokens, number + used + 1 + (_word(tokens, number + used + 1) == "and"))
    skip = _word(tokens, number + used + 1) == "and"
    if more and rest < 1000:
        return value * 1000 + rest, used + 1 + skip + more
    return (value * 1000, used + 1) if used else (0, 0)


def _with_rest(tokens: Tokens, number: int, value: int, used: int) -> tuple[int, int]:
    """Add what follows a hundred: "five hundred and twelve", but not the digits of "eight hundred, five, five"."""
    skip = _word(tokens, number + used) in {"and", "y"}
    rest, more = _below_hundred(tokens, number + used + skip)
    if more and (rest >= 10 or skip):
        return value + rest, used + skip + more
    return value, used


def _below_hundred(tokens: Tokens, number: int) -> tuple[int, int]:
    word = _word(tokens, number)
    if word in _SMALL and (word != "once" or _is_spanish(tokens, number)):
        return _SMALL[word], 1
    if word not in _TENS:
        return 0, 0
    skip = _word(tokens, number + 1) == "y"
    following = _word(tokens, number + 1 + skip)
    one = _SMALL.get(following, 0) or (_ORDINALS.get(following, 0) if not skip else 0)
    return (_TENS[word] + one, 2 + skip) if 0 < one < 10 else (_TENS[word], 1)
