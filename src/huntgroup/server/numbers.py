"""Reading what a carrier says about who calls."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\+?[0-9]{3,20}")
# What Twilio puts in place of a number that is withheld: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE,
# spelled on a keypad.
_WITHHELD = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})


def phone_number(text: str) -> str | None:
    """The number, or None when it is withheld or no number (a SIP or client address, or nothing)."""
    digits = text.strip()
    if not _NUMBER.fullmatch(digits) or digits.lstrip("+") in _WITHHELD:
        return None
    return digits
