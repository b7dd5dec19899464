"""A light stemmer: enough that "lawsuits" meets "lawsuit" and "voting" meets "vote", in English, Spanish and German."""

import re
from functools import lru_cache

_ENDINGS = (
    "izations ization ations ational ation ements ement ments ment ingly edly fulness iveness ously "
    "ings ing ities ity ness ies ied ers er ed es ly al e s "
    "aciones acion amiento imiento mente ando iendo ados adas ado ada idos idas ido ida ar os as o a "
    "ungen ung lichen liche lich keiten keit heiten heit ern en em n"
).split()
_BY_LENGTH = sorted(set(_ENDINGS), key=len, reverse=True)
SHORTEST_STEM = 4
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return the stem of a folded, lower-case word; a stem keeps at least four letters."""
    plain = word.removesuffix("'s").removesuffix("'")
    for ending in _BY_LENGTH:
        if plain.endswith(ending) and len(plain) - len(ending) >= SHORTEST_STEM:
            shorter = plain[: -len(ending)]
            return shorter[:-1] if shorter[-1] == shorter[-2] and len(shorter) > SHORTEST_STEM else shorter
    return plain


def stems(lower: str) -> list[tuple[int, int, str]]:
    """Return the words of a folded, lower-case text as (start, end, stem)."""
    return [(match.start(), match.end(), stem(match.group())) for match in _WORD.finditer(lower)]
