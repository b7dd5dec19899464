"""A reply that broke off because the connection did: gone on with from the sentence in which it broke."""

from __future__ import annotations

import re
from collections.abc import Sequence

from huntgroup.engine.ports import HistoryEntry, Said

from .tokens import normalise, sentences

_BROKE = re.compile(r"\bbroke\b.{0,20}\bwhile you were (?:speaking|talking)\b", re.IGNORECASE | re.DOTALL)


def before_it_broke(history: Sequence[HistoryEntry]) -> tuple[Sequence[HistoryEntry], str]:
    """Return the history as it was before a reply that broke off at its end, and what was heard of that reply.

    A system message says that it broke. Without one the history is returned as it is, and "".
    """
    last = history[-1] if history else None
    if not (isinstance(last, Said) and last.role == "system" and _BROKE.search(last.text)):
        return history, ""
    end = len(history) - 1
    begin = end
    while begin and _is_reply(history[begin - 1]):
        begin -= 1
    heard = " ".join(entry.text for entry in history[begin:end] if isinstance(entry, Said))
    return history[:begin], heard


def the_rest(says: Sequence[str], heard: str) -> list[str]:
    """Return the sentences of a reply from the first that was not heard to its end; its last when all were."""
    whole = [sentence for text in says for sentence in sentences(text)]
    known = _key(heard)
    missing = next((at for at, sentence in enumerate(whole) if _key(sentence) not in known), len(whole) - 1)
    return whole[max(0, missing) :]


def _is_reply(entry: HistoryEntry) -> bool:
    return isinstance(entry, Said) and entry.role == "assistant"


def _key(text: str) -> str:
    return re.sub(r"\W+", " ", normalise(text).lower()).strip()
