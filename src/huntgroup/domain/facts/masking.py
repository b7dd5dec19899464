"""A fact as somebody may read it: personal fields are covered, except those that are the reader's own."""

from collections.abc import Mapping
from typing import Any

import msgspec

from huntgroup.domain.facts.every import Fact

MASK = "•••"
Clear = Mapping[str, frozenset[str]]

# The caller may read his own words and what he heard; what was generated and never heard he may not.
FOR_THE_CALLER: Clear = {
    "CallerSpoke": frozenset({"text"}),
    "AgentSpoke": frozenset({"heard_text"}),
    "SupervisorSpoke": frozenset({"text"}),
}
NOTHING_CLEAR: Clear = {}


def masked(fact: Fact, clear: Clear = NOTHING_CLEAR) -> Fact:
    """Return the fact with its `PERSONAL` fields covered, those excepted that `clear` names for its type.

    The shape stays: objects keep their own names and lists their length, with each value in them covered; an empty text
    stays empty and null stays null. The fact still encodes and decodes as one of its type.
    """
    kind = type(fact)
    covered = kind.PERSONAL - clear.get(kind.__name__, frozenset())
    if not covered:
        return fact
    return msgspec.structs.replace(fact, **{name: _cover(getattr(fact, name)) for name in covered})


def _cover(value: Any) -> Any:
    if value is None or value == "":
        return value
    if isinstance(value, Mapping):
        return {name: _cover(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_cover(inner) for inner in value]
    return MASK
