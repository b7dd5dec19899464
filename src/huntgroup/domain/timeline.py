"""One ordered timeline of a call: its facts in the order in which things were said and done.

The log is in the order in which things became known. A caller's words are known when their transcript comes, which may
be after the tool that they asked for; an agent's words are known when they were heard to their end or cut, which is
after the tools that ran meanwhile. Here speech stands where it began, and all else where it happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    CallStarted,
    Fact,
    HandoffCommitted,
    HandoffProposed,
    HandoffRefused,
    SupervisorSpoke,
    ToolAnswered,
    ToolCalled,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on the timeline, from `at_ms` to `until_ms` of the line's clock; the same for what takes no time."""

    at_ms: int
    until_ms: int
    fact: Fact


def entries(facts: Iterable[Fact]) -> list[Entry]:
    """Return the facts as entries in the order in which they were said and done.

    Of things at the same millisecond the caller's words come first, else what was logged first. An entry's place
    depends only on the facts that were logged before it: facts that come later never change the order of what is there.
    """
    places = _Places()
    placed = [(places.place(fact), fact) for fact in sorted(facts, key=lambda fact: fact.seq)]
    placed.sort(key=lambda pair: (pair[0], _rank(pair[1]), pair[1].seq))
    return [Entry(at_ms, _end(fact, at_ms), fact) for at_ms, fact in placed]


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Return the facts in the order in which they were said and done."""
    return [entry.fact for entry in entries(facts)]


class _Places:
    """Finds the place of one fact after the other, in the log's order.

    The times of a caller's speech are the model's and may stray from the line's by some milliseconds, so causes bound
    them: a tool comes after the turn in which it was called, its answer and its transfer come after the call.
    """

    def __init__(self) -> None:
        self._turns: dict[int, int] = {}
        self._first_tool: dict[int, int] = {}
        self._tools: dict[str, int] = {}
        self._last = 0

    def place(self, fact: Fact) -> int:
        at_ms = self._at(fact)
        self._last = max(self._last, at_ms)
        return at_ms

    def _at(self, fact: Fact) -> int:
        match fact:
            case CallEnded():
                return max(fact.t_ms, self._last)
            case CallerSpoke():
                return self._turn(fact)
            case ToolCalled():
                return self._called(fact)
            case AgentSpoke() | SupervisorSpoke():
                return fact.t_ms if fact.start_ms is None else fact.start_ms
            case ToolAnswered() | HandoffProposed() | HandoffRefused() | HandoffCommitted():
                return max(fact.t_ms, self._tools.get(fact.tool_call_id or "", 0))
            case _:
                return fact.t_ms

    def _turn(self, fact: CallerSpoke) -> int:
        at_ms = min(fact.start_ms, self._first_tool.get(fact.turn, fact.start_ms))
        self._turns.setdefault(fact.turn, at_ms)
        return at_ms

    def _called(self, fact: ToolCalled) -> int:
        at_ms = max(fact.t_ms, self._turns.get(fact.turn, 0))
        self._first_tool.setdefault(fact.turn, at_ms)
        self._tools[fact.tool_call_id] = at_ms
        return at_ms


def _rank(fact: Fact) -> int:
    """Who comes first at the same millisecond: the beginning of the call, then the caller."""
    return 0 if isinstance(fact, CallStarted) else 1 if isinstance(fact, CallerSpoke) else 2


def _end(fact: Fact, at_ms: int) -> int:
    if isinstance(fact, CallerSpoke | AgentSpoke | SupervisorSpoke) and fact.end_ms is not None:
        return max(at_ms, fact.end_ms)
    return at_ms
