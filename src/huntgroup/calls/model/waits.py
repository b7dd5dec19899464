"""Why no response is asked for at the moment: the reasons, and what each means for those that are asked for anyway.

| reason | stands while | put up by | a response that crosses it | an ask that passes |
|---|---|---|---|---|
| `HANDOFF` | the call changes hands, or is over | handoffs, the desk | counts | the one let through |
| `SPEECH` | the caller has the floor | the floor | is dead at birth, and asked for again if it outlives speech | none |
| `FLOOR` | it is open who has the floor | the floor | counts | none |
| `CUT` | it is open what was heard before a cut | the barge-in | counts | none |
| `CHECK` | a guardrail reads a turn; one for each turn | the input's guard | as with `SPEECH` | none |
| `TAKEN` | a supervisor has the call | the supervisor's desk | as with `SPEECH` | none |
| `RETRY` | a request that failed is to be made again in a moment; one for each | the failures | counts | none |
| `NO_MODEL` | there is no model | the succession | cannot be | none |
"""

from enum import Enum


class Why(Enum):
    """The reasons of the table above; `deadly` those whose crossing makes a response dead at birth."""

    HANDOFF = "handoff"
    SPEECH = "speech"
    FLOOR = "floor"
    CUT = "cut"
    CHECK = "check"
    TAKEN = "taken"
    RETRY = "retry"
    NO_MODEL = "no_model"

    @property
    def deadly(self) -> bool:
        return self in (Why.SPEECH, Why.CHECK, Why.TAKEN)


class Waits:
    """The reasons that stand. One may stand several times, each time for another `what`."""

    def __init__(self) -> None:
        self._standing: set[tuple[Why, str]] = {(Why.NO_MODEL, "")}

    def __contains__(self, why: Why) -> bool:
        return any(standing is why for standing, _ in self._standing)

    def add(self, why: Why, what: str = "") -> None:
        self._standing.add((why, what))

    def end(self, why: Why, what: str = "") -> None:
        self._standing.discard((why, what))

    @property
    def deadly(self) -> bool:
        """Whether a response that begins at this moment is dead at birth."""
        return any(why.deadly for why, _ in self._standing)

    @property
    def forbid_all(self) -> bool:
        """Whether not even the ask that a handoff lets through may be sent."""
        return any(why is not Why.HANDOFF for why, _ in self._standing)
