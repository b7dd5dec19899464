"""How what began in a call's log came out, found by one walk from the log's end to its beginning."""

from collections.abc import Callable
from typing import Any

from huntgroup.domain.facts import (
    ContextTrimmed,
    Fact,
    HandoffCommitted,
    HandoffHeard,
    LateResult,
    ModelRestored,
    SupervisorLeft,
    ToolAnswered,
    WhisperAnswered,
)


class Outcomes:
    """What comes after one fact of a log. `passed` must be told each fact, the last one first, once it was looked at.

    Whatever is asked for is the first of its kind after that fact, None when nothing of it follows.
    """

    def __init__(self) -> None:
        self._answers: dict[str, ToolAnswered] = {}
        self._late: dict[str, LateResult] = {}
        self._whispers: dict[int, WhisperAnswered] = {}
        self._heard: dict[str, HandoffHeard] = {}
        self._next: tuple[Fact, ...] = ()
        self.restored: ModelRestored | None = None
        self.left: SupervisorLeft | None = None
        self._notes: dict[type, Callable[[Any], None]] = {
            ToolAnswered: lambda fact: self._answers.update({fact.tool_call_id: fact}),
            LateResult: lambda fact: self._late.update({fact.tool_call_id: fact}),
            WhisperAnswered: lambda fact: self._whispers.update({fact.whisper: fact}),
            HandoffHeard: lambda fact: self._heard.update({fact.to_agent: fact}),
            # Who is heard after the call went on is heard for that handoff.
            HandoffCommitted: lambda fact: self._heard.clear(),
            ModelRestored: self._is_restored,
            SupervisorLeft: self._has_left,
        }

    def passed(self, fact: Fact) -> None:
        """Go on to the fact before this one."""
        self._next = (fact, *self._next[:1])
        note = self._notes.get(type(fact))
        if note is not None:
            note(fact)

    def _is_restored(self, fact: ModelRestored) -> None:
        self.restored = fact

    def _has_left(self, fact: SupervisorLeft) -> None:
        self.left = fact

    def answer(self, tool_call_id: str) -> ToolAnswered | None:
        """The answer of a tool call."""
        return self._answers.get(tool_call_id)

    def late(self, tool_call_id: str) -> str | None:
        """What became of a result that came when another agent had the call."""
        late = self._late.get(tool_call_id)
        return late.policy if late is not None else None

    def whisper(self, seq: int) -> WhisperAnswered | None:
        """The words with which the whisper of this number was answered."""
        return self._whispers.get(seq)

    def heard(self, committed: HandoffCommitted) -> HandoffHeard | None:
        """The receiver's first words, when they were heard before the call went on to somebody else."""
        return self._heard.get(committed.to_agent)

    @property
    def trimmed(self) -> ContextTrimmed | None:
        """What was taken out of the conversation; it is told right after the handoff."""
        return next((fact for fact in self._next if isinstance(fact, ContextTrimmed)), None)
