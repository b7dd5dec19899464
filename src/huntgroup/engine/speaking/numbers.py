"""English numbers as words, so that a voice reads them the way a receptionist does."""

from __future__ import annotations

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = [
    "_",
    "_",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]
_SCALES = (
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
)
_ODD_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def cardinal(number: int) -> str:
    """0 → "zero", 1250 → "one thousand two hundred fifty"."""
    if number < 0:
        return "minus " + cardinal(-number)
    if number < 20:
        return _SMALL[number]
    if number < 100:
        rest = f" {_SMALL[number % 10]}" if number % 10 else ""
        return _TENS[number // 10] + rest
    for size, name in _SCALES:
        if number >= size:
            rest = f" {cardinal(number % size)}" if number % size else ""
            return f"{cardinal(number // size)} {name}{rest}"
    raise AssertionError(number)


def ordinal(number: int) -> str:
    """3 → "third", 21 → "twenty first"."""
    head, _, last = cardinal(number).rpartition(" ")
    if last in _ODD_ORDINALS:
        last = _ODD_ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return f"{head} {last}".strip()


def year(number: int) -> str:
    """1985 → "nineteen eighty five", 2005 → "two thousand five", 2026 → "twenty twenty six"."""
    high, low = divmod(number, 100)
    if 2000 <= number < 2010 or not 1000 < number < 2100:
        return cardinal(number)
    if low == 0:
        return cardinal(high) + " hundred"
    return f"{cardinal(high)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def digits(text: str) -> str:
    """ "10234" → "one zero two three four"; anything but digits is dropped."""
    return " ".join(_SMALL[int(char)] for char in text if char.isascii() and char.isdigit())
