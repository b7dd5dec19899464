"""Verbs that mean the same deed, so that "call it off" is nearer to a tool that cancels than to one that books."""

from __future__ import annotations

import re

_FAMILIES: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"book", "schedule", "create", "reserve", "arrange", "make"}),
        r"book|schedule|reserve|arrange|set up|sign me up|put me down|make an? (?:new )?(?:appointment|booking|"
        r"reservation)",
    ),
    (
        frozenset({"cancel", "delete", "remove", "drop"}),
        r"cancel|call off|delete|get rid of|take me off|can't make it",
    ),
    (
        frozenset({"reschedule", "move", "change", "update", "edit", "modify", "switch"}),
        r"reschedule|move|change|push back|postpone|switch|update",
    ),
    (frozenset({"order", "buy", "purchase"}), r"order|buy|purchase|deliver"),
    (frozenset({"reset", "unlock", "recover"}), r"reset|unlock|forgot|locked out"),
    (frozenset({"pay", "charge"}), r"pay|charge"),
    (frozenset({"refund", "return"}), r"refund|money back"),
)
_COMPILED = tuple((verbs, re.compile(rf"\b(?:{said})(?:s|ed|ing|d)?\b", re.IGNORECASE)) for verbs, said in _FAMILIES)
_BONUS, _MALUS = 0.05, -0.04


def action_bonus(text: str, verb: str) -> float:
    """A little more for a tool whose verb was said in some form, a little less when another deed was named."""
    said = [verbs for verbs, pattern in _COMPILED if pattern.search(text)]
    own = [verbs for verbs, _ in _COMPILED if verb in verbs]
    if not said or not own:
        return 0.0
    return _BONUS if any(verbs in said for verbs in own) else _MALUS
