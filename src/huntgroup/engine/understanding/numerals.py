"""Numbers as people say them: cardinals, ordinals and digits one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .tokens import Token

UNITS = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen "
        "eighteen nineteen".split()
    )
}
TENS = {w: (i + 2) * 10 for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "grand": 1_000, "k": 1_000}
_ORDINAL_UNITS = {
    w: i + 1
    for i, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth "
        "sixteenth seventeenth eighteenth nineteenth".split()
    )
}
_ORDINAL_TENS = {"twentieth": 20, "thirtieth": 30}
_SPOKEN_ZERO = {"oh", "o", "nought", "zero"}
_HOMOPHONES = {"for": "4", "to": "2", "too": "2", "won": "1", "ate": "8", "fore": "4", "tree": "3"}
_REPEAT = {"double": 2, "triple": 3, "treble": 3}


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    start: int
    end: int

    @property
    def whole(self) -> int:
        return int(self.value)


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits said or written one after the other, for phone numbers and ids."""

    digits: str
    start: int
    end: int


def _small(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """A number below one hundred in words at `i`: (value, next index)."""
    if i >= len(tokens):
        return None
    word = tokens[i].low
    if word in UNITS:
        return UNITS[word], i + 1
    if word not in TENS:
        return None
    j = i + 1
    if j < len(tokens) and tokens[j].text == "-":
        j += 1
    if j < len(tokens) and 1 <= UNITS.get(tokens[j].low, 0) <= 9:
        return TENS[word] + UNITS[tokens[j].low], j + 1
    return TENS[word], i + 1


def _figure(token: Token) -> float | None:
    raw = token.low.rstrip("km") if token.low[:1].isdigit() else ""
    if not raw:
        return None
    try:
        value = float(raw.replace(",", ""))
    except ValueError:
        return None
    return value * {"k": 1e3, "m": 1e6}.get(token.low[-1], 1)


def _hundreds(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    figure = _figure(tokens[i]) if i < len(tokens) else None
    if figure is not None:
        return figure, i + 1
    head = _small(tokens, i)
    if head is None and i + 1 < len(tokens) and tokens[i].low == "a" and tokens[i + 1].low in {"hundred", *SCALES}:
        head = (1, i + 1)
    if head is None:
        return None
    value, j = head
    if j < len(tokens) and tokens[j].low == "hundred":
        value, j = value * 100, j + 1
        k = j + 1 if j < len(tokens) and tokens[j].low == "and" else j
        rest = _small(tokens, k)
        if rest is not None:
            value, j = value + rest[0], rest[1]
    return value, j


def cardinal(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """The number that starts at token `i` ("twenty five", "3,500", "two hundred thousand"), and what follows it."""
    part = _hundreds(tokens, i)
    if part is None:
        return None
    total, (current, j) = 0.0, part
    while j < len(tokens) and tokens[j].low in SCALES:
        total += current * SCALES[tokens[j].low]
        current, j = 0, j + 1
        k = j + 1 if j < len(tokens) and tokens[j].low == "and" else j
        rest = _hundreds(tokens, k)
        if rest is None:
            break
        current, j = rest
    return total + current, j


def ordinal(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """The ordinal at token `i` ("4th", "fourth", "twenty-first"), and what follows it."""
    if i >= len(tokens):
        return None
    word = tokens[i].low
    if word[:1].isdigit() and word[-2:] in {"st", "nd", "rd", "th"} and word[:-2].isdigit():
        return int(word[:-2]), i + 1
    if word in _ORDINAL_UNITS:
        return _ORDINAL_UNITS[word], i + 1
    if word in _ORDINAL_TENS:
        return _ORDINAL_TENS[word], i + 1
    if word in {"twenty", "thirty"}:
        j = i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == "-" else i + 1
        if j < len(tokens) and 1 <= _ORDINAL_UNITS.get(tokens[j].low, 0) <= 9:
            return TENS[word] + _ORDINAL_UNITS[tokens[j].low], j + 1
    return None


def numbers(tokens: Sequence[Token]) -> list[Number]:
    """All cardinals of an utterance, in order."""
    found, i = [], 0
    while i < len(tokens):
        read = cardinal(tokens, i)
        if read is None:
            i += 1
            continue
        value, j = read
        found.append(Number(value, tokens[i].start, tokens[j - 1].end))
        i = j
    return found


def _digits_at(tokens: Sequence[Token], i: int, running: bool) -> tuple[str, int] | None:  # noqa: PLR0911
    """Digits that token `i` adds to a run, and the next index."""
    word = tokens[i].low
    if word.isdigit():
        return word, i + 1
    if word in _SPOKEN_ZERO and (running or word in {"zero", "oh"}):
        return "0", i + 1
    if word in _REPEAT and i + 1 < len(tokens):
        again = _digits_at(tokens, i + 1, True)
        return (again[0] * _REPEAT[word], again[1]) if again and len(again[0]) == 1 else None
    small = _small(tokens, i)
    if small is not None:
        if small[1] < len(tokens) and tokens[small[1]].low == "hundred":
            return f"{small[0]}00", small[1] + 1
        return str(small[0]), small[1]
    if running and word in _HOMOPHONES:
        return _HOMOPHONES[word], i + 1
    return None


def digit_runs(tokens: Sequence[Token]) -> list[DigitRun]:
    """Runs of digits; commas, dashes, dots and brackets inside a run are pauses, homophones count only inside it."""
    runs: list[DigitRun] = []
    i = 0
    while i < len(tokens):
        read = _digits_at(tokens, i, False)
        if read is None:
            i += 1
            continue
        start, digits, end = i, "", i
        while i < len(tokens):
            read = _digits_at(tokens, i, True)
            if read is not None and not _ends_run(tokens, i, read[1]):
                digits, i = digits + read[0], read[1]
                end = i
            elif tokens[i].text in {",", "-", ".", "(", ")", "+", "/"} and end > start:
                i += 1
            else:
                break
        i = max(i, start + 1)
        if digits:
            runs.append(DigitRun(digits, tokens[start].start, tokens[max(end, start + 1) - 1].end))
    return runs


def _ends_run(tokens: Sequence[Token], i: int, j: int) -> bool:
    """A homophone continues a run only when another digit follows it."""
    if tokens[i].low not in _HOMOPHONES:
        return False
    return j >= len(tokens) or _digits_at(tokens, j, False) is None
