"""Times of day written the way everybody reads them, however Whisper put them."""

from __future__ import annotations

import re

_HALF = r"(?:\s*([ap])\.?\s?m\b(\.(?=\s[a-z]))?)"
_DAYTIME = r"(?=,? (?:in the (?:morning|afternoon|evening)|at night|tonight)\b)"
_CLOCK = r"\b(1[0-2]|[1-9])(?:[:.]?(?=[0-5]\d)|(?:[\-–]|,? )(?=15|30|45))([0-5]\d)"

_WITH_HALF = re.compile(_CLOCK + _HALF, re.IGNORECASE)
_WITH_DAYTIME = re.compile(_CLOCK + _DAYTIME, re.IGNORECASE)


def tidied(text: str) -> str:
    """ "230pm" → "2:30 PM", "10-30 in the morning" → "10:30 in the morning"; other figures stay.

    Only quarters may stand apart from their hour, for "December 2, 10 PM" and "9-12 AM" are two figures each.
    """
    text = _WITH_HALF.sub(lambda m: f"{m[1]}:{m[2]} {m[3].upper()}M", text)
    return _WITH_DAYTIME.sub(r"\1:\2", text)
