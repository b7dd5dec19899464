"""E-mail addresses, phone numbers and reference codes, written or spoken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .numerals import DigitRun, digit_runs
from .tokens import Token

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CODE = re.compile(r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*\b")
_MARKS = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "plus": "+"}
_BEFORE_USER = {"is", "it's", "its", "email", "address", "mail", "to", "my", "at", "use", "yes", "sure", "yeah"}


@dataclass(frozen=True, slots=True)
class Spotted:
    value: str
    start: int
    end: int


def find_emails(text: str) -> list[Spotted]:
    written = [Spotted(m.group(0).rstrip(".").lower(), m.start(), m.end()) for m in _EMAIL.finditer(text)]
    return written or _spoken_emails(text)


def _spoken_emails(text: str) -> list[Spotted]:
    """ "maria dot lopez at gmail dot com"."""
    match = re.search(r"\b(?P<before>[\w .+'-]+?) at (?P<host>[\w-]+(?:(?: dot |\.)[\w-]+)+)", text, re.IGNORECASE)
    if match is None:
        return []
    host = re.sub(r" dot ", ".", match.group("host"), flags=re.IGNORECASE)
    user: list[str] = []
    for word in reversed(match.group("before").split()):
        low = word.lower()
        if low in _BEFORE_USER or (user and user[0] not in _MARKS.values() and low not in _MARKS and len(low) > 1):
            break
        user.insert(0, _MARKS.get(low, low))
    if not user:
        return []
    return [Spotted("".join(user).strip(".") + "@" + host.lower().rstrip("."), match.start(), match.end())]


def find_phones(tokens: Sequence[Token], taken: Sequence[tuple[int, int]] = ()) -> list[DigitRun]:
    """Digit runs long enough for a phone number that no date covers."""
    return [r for r in digit_runs(tokens) if 7 <= len(r.digits) <= 15 and not _covered(r, taken)]


def find_codes(text: str, tokens: Sequence[Token], taken: Sequence[tuple[int, int]] = ()) -> list[Spotted]:
    """Reference codes: "GX-2041", or at least three digits in a row."""
    codes = [Spotted(m.group(0), m.start(), m.end()) for m in _CODE.finditer(text) if len(m.group(0)) >= 4]
    codes = [c for c in codes if not re.fullmatch(r"\d+(?:ST|ND|RD|TH|AM|PM)", c.value.upper())]
    runs = [
        Spotted(r.digits, r.start, r.end) for r in digit_runs(tokens) if len(r.digits) >= 3 and not _covered(r, taken)
    ]
    return codes + [r for r in runs if not any(c.start <= r.start < c.end for c in codes)]


def _covered(run: DigitRun, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < run.end and run.start < end for start, end in taken)


def spoken_phone(digits: str) -> str:
    """Digits in the groups people say: 555-0142, 212-555-0142."""
    d = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    if len(d) == 10:
        return f"{d[:3]}-{d[3:6]}-{d[6:]}"
    return f"{d[:3]}-{d[3:]}" if len(d) == 7 else d
