"""Which kinds of values a question in plain words asks for."""

from __future__ import annotations

import re

from .kinds import Kind

_ASKS: tuple[tuple[str, frozenset[Kind]], ...] = (
    (
        r"first and last name|full name|your name|first name",
        frozenset({Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME}),
    ),
    (r"last name|surname", frozenset({Kind.LAST_NAME})),
    (r"date of birth|birth ?date|birthday|when were you born", frozenset({Kind.BIRTH_DATE})),
    (r"phone|number (?:can|should|is best)", frozenset({Kind.PHONE})),
    (r"e-?mail", frozenset({Kind.EMAIL})),
    (r"\b(?:what|which) (?:new |other )?(?:day|date)|day and time|when would you", frozenset({Kind.DATE})),
    (r"\b(?:what|which) (?:new |other )?time|day and time|when would you", frozenset({Kind.TIME})),
)


def asked_kinds(text: str) -> frozenset[Kind]:
    """The kinds that a question names; empty when it names none."""
    return frozenset(k for pattern, found in _ASKS if re.search(pattern, text, re.IGNORECASE) for k in found)
