# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Runs of digits and what they are: cards, social security numbers, phone numbers, numbers of records."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

SHORTEST_RUN = 4
LONGEST_RUN_GROUPS = 40
MOST_WINDOWS = 20
_FILLER = r"uh+|um+|er+m?|ehm?|ah|and|then|y|und|dann|luego|dash|hyphen|minus|guion|strich|bindestrich|dot|point|punto|punkt|space|espacio|okay|ok|so|like|pause"
_GAP = rf"(?:[\s\-.,/()_;…]|\b(?:{_FILLER})\b){{1,8}}"
_QUANTITY = (
    r"\s*(?:[ap]\.?m\b|percent|%|dollars?|cents?|euros?|pesos?|pounds?|bucks|minutes?|mins?\b|hours?|days?|weeks?|months?|years?|times|"
    r"milligrams?|mg\b|ml\b|mcg\b|miles?|kilomet|feet|square|degrees|o'?clock|uhr\b|patients?|people|refills?|tablets?|"
    r"stunden|minuten|tage|wochen|minutos|horas|dias|semanas|grad|prozent|dolares)"
)
_RUN = re.compile(rf"(?<![\w$€£.:])\+?(?:plus\s+)?\(?\d+(?:{_GAP}\d+)*(?![\d:])")
_NUMBER = re.compile(r"\d+")
_NOT_A_RUN = re.compile(
    rf"(?:\d{{4}}-\d\d-\d\d(?:[t ]\d\d:\d\d\S*)?|\d{{1,2}}:\d\d(?::\d\d)?|[$€£]\s?\d[\d.,]*|\d+(?:st|nd|rd|th)\b|\d+{_QUANTITY})"
)


class Group(NamedTuple):
    """Digits that stand together, and their place."""

    start: int
    end: int
    digits: str


@dataclass(frozen=True)
class Part:
    """Neighbouring groups of a run, taken together."""

    groups: tuple[Group, ...]
    plus: bool = False

    @property
    def digits(self) -> str:
        return "".join(group.digits for group in self.groups)

    @property
    def start(self) -> int:
        return self.groups[0].start

    @property
    def end(self) -> int:
        return self.groups[-1].end

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(group.digits) for group in self.groups)


def runs(text: str) -> Iterator[Part]:
    """Yield the runs of digits of a digitised text; clock times, days, prices and counts of things break a run."""
    if _NUMBER.search(text) is None:
        return
    cleared = _NOT_A_RUN.sub(lambda match: "~" * len(match.group()), text)
    for match in _RUN.finditer(cleared):
        groups = tuple(Group(match.start() + one.start(), match.start() + one.end(), one.group())
                       for one in _NUMBER.finditer(match.group()))  # fmt: skip
        if sum(len(group.digits) for group in groups) >= SHORTEST_RUN - 1:
            yield from _windows(groups, plus=match.group().startswith(("+", "plus")))


def _windows(groups: tuple[Group, ...], *, plus: bool) -> Iterator[Part]:
    """Yield a run, or the overlapping windows of one that is longer than anybody's number; the work stays bounded."""
    if len(groups) <= LONGEST_RUN_GROUPS:
        yield Part(groups, plus=plus)
        return
    step = LONGEST_RUN_GROUPS // 2
    for window in range(MOST_WINDOWS):
        part = groups[window * step : window * step + LONGEST_RUN_GROUPS]
        if part:
            yield Part(part)


def parts(run: Part, shortest: int, longest: int) -> Iterator[Part]:
    """Yield the parts of a run with that many digits, longer ones first."""
    found = []
    for first in range(len(run.groups)):
        width = 0
        for last in range(first, len(run.groups)):
            width += len(run.groups[last].digits)
            if width > longest:
                break
            if width >= shortest:
                found.append(Part(run.groups[first : last + 1], plus=run.plus and first == 0))
    yield from sorted(found, key=lambda part: -len(part.digits))


def is_card(digits: str) -> bool:
    """Whether digits can be a payment card's: a known issuer's beginning, its length, and Luhn's check digit."""
    issuer = re.match(
        r"4\d{12}(?:\d{3}){0,2}$|5[1-5]\d{14}$|2[2-7]\d{14}$|3[47]\d{13}$|3[068]\d{12}$|6\d{15,18}$|50\d{10,17}$|5[6-8]\d{10,17}$",
        digits,
    )
    return issuer is not None and luhn(digits)


def luhn(digits: str) -> bool:
    """Whether the last digit is Luhn's check digit of the others."""
    total = 0
    for place, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_social_security(digits: str) -> bool:
    """Whether nine digits can be a social security number: numbers that are never given out are none."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


@lru_cache(maxsize=512)
def phone_kind(digits: str, regions: tuple[str, ...]) -> str | None:
    """Return `personal` for a number of a person's phone, `public` for a toll-free or service one, None for none."""
    for region in regions:
        try:
            number = phonenumbers.parse(digits, None if digits.startswith("+") else region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            kind = phonenumbers.number_type(number)
            return "public" if kind in _PUBLIC else "personal"
    return None


_PUBLIC = {
    phonenumbers.PhoneNumberType.TOLL_FREE,
    phonenumbers.PhoneNumberType.PREMIUM_RATE,
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.UAN,
}
