"""How alike two words or names are, by letters and by sound, for mishearings such as "Dr. Chan"."""

from __future__ import annotations

import re
from functools import lru_cache

_SOUND = [
    (r"[^a-z]", ""),
    (r"ph", "f"),
    (r"^kn|^gn|^pn", "n"),
    (r"^wr", "r"),
    (r"^x", "s"),
    (r"tch|ch|sh", "x"),
    (r"ck|q|c(?=[^eiy]|$)", "k"),
    (r"c|z", "s"),
    (r"dg|j", "j"),
    (r"gh(?=[^aeiou]|$)", ""),
    (r"w(?=[^aeiou]|$)", ""),
    (r"(?<=[aeiou])h(?=[^aeiou]|$)", ""),
    (r"v", "f"),
]


@lru_cache(maxsize=8192)
def edit_distance(a: str, b: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours."""
    rows: list[list[int]] = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """A rough key: words that sound alike share it."""
    key = word.lower()
    for pattern, by in _SOUND:
        key = re.sub(pattern, by, key)
    if not key:
        return ""
    return re.sub(r"(.)\1+", r"\1", key[0] + re.sub(r"[aeiouy]", "", key[1:]))


@lru_cache(maxsize=8192)
def similarity(a: str, b: str) -> float:
    """0 (unlike) to 1 (the same) for two words; sounding alike counts as near."""
    a, b = a.lower(), b.lower()
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    by_letters = 1 - edit_distance(a, b) / max(len(a), len(b))
    alike = sound(a) == sound(b) and len(sound(a)) > 1 and min(len(a), len(b)) >= 3
    return max(by_letters, 0.8) if alike else by_letters
