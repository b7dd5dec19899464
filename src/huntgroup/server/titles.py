"""Names of teams and agents as people read them."""

from __future__ import annotations


def title_of(name: str) -> str:
    """Return a name in words, with a capital at the beginning."""
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
