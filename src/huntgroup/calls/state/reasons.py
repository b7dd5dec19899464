"""Why a response is asked for, and what becomes of the wish when the call changes under it: one table for all of it.

Every place that keeps, drops or asks again by the reason of an ask reads it here. `docs/handoffs.md` shows the table as
`shown` writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum


class Reason(StrEnum):
    """Why a response is asked for; the server gets it with the request."""

    TURN = "turn"
    TOOL = "tool"
    KEYS = "keys"
    LATE = "late"
    RETRY = "retry"
    RESUME = "resume"
    HANDOFF = "handoff"
    ROLLBACK = "rollback"
    GIVEN_BACK = "given_back"
    OPENER = "opener"
    RESUMED = "resumed"
    SILENCE = "silence"
    FILLER = "filler"
    BRIDGE = "bridge"
    GUARDRAIL = "guardrail"
    APPROVAL = "approval"
    GOODBYE = "goodbye"
    SERVER = "server"
    DEAD = "dead"


class Answers(Enum):
    """What a response answers: what is new, as a plain turn of the agent's own words or as the first of a new owner
    (whatever is new is answered by one response), or nothing, for its words are its own."""

    PLAIN = "what is new"
    FIRST = "what is new, first"
    NOTHING = "nothing"


class Change(Enum):
    """What may happen to a call while a response is wished for."""

    SPEECH = "the caller speaks"
    TURN = "a turn of theirs"
    MOVE = "another agent"
    PERSON = "a supervisor came"
    NO_ANSWER = "no answer"
    FORBIDDEN = "the turn is forbidden"


class Fate(Enum):
    """What becomes of a wish. At a move `KEPT` means that it is the new agent's; with no answer, that it is asked for
    again."""

    KEPT = "kept"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Row:
    """What a response answers, and what becomes of a wish for it at each change."""

    answers: Answers
    fates: Mapping[Change, Fate]


def _row(answers: Answers, *fates: Fate) -> Row:
    return Row(answers, dict(zip(Change, fates, strict=True)))


_PLAIN, _FIRST, _NOTHING = Answers.PLAIN, Answers.FIRST, Answers.NOTHING
_KEPT, _DROP = Fate.KEPT, Fate.DROPPED

TABLE: Mapping[Reason, Row] = {
    #                                  speech turn   move   person no answ. forbidden
    Reason.TURN: _row(_PLAIN, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _DROP),
    Reason.TOOL: _row(_PLAIN, _KEPT, _KEPT, _DROP, _DROP, _KEPT, _KEPT),
    Reason.KEYS: _row(_PLAIN, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.LATE: _row(_PLAIN, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.RETRY: _row(_PLAIN, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _DROP),
    Reason.RESUME: _row(_PLAIN, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _DROP),
    Reason.HANDOFF: _row(_FIRST, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.ROLLBACK: _row(_FIRST, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.GIVEN_BACK: _row(_FIRST, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.OPENER: _row(_NOTHING, _DROP, _DROP, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.RESUMED: _row(_NOTHING, _KEPT, _KEPT, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.SILENCE: _row(_NOTHING, _DROP, _DROP, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.FILLER: _row(_NOTHING, _DROP, _DROP, _KEPT, _DROP, _DROP, _KEPT),
    Reason.BRIDGE: _row(_NOTHING, _DROP, _DROP, _DROP, _DROP, _DROP, _KEPT),
    Reason.GUARDRAIL: _row(_NOTHING, _KEPT, _DROP, _KEPT, _DROP, _KEPT, _KEPT),
    Reason.APPROVAL: _row(_NOTHING, _KEPT, _KEPT, _KEPT, _KEPT, _KEPT, _KEPT),
    Reason.GOODBYE: _row(_NOTHING, _KEPT, _KEPT, _KEPT, _KEPT, _KEPT, _KEPT),
    Reason.SERVER: _row(_NOTHING, _DROP, _DROP, _DROP, _DROP, _KEPT, _DROP),
    Reason.DEAD: _row(_NOTHING, _DROP, _DROP, _DROP, _DROP, _DROP, _DROP),
}


def shown() -> str:
    """Return the table as documentation shows it."""
    head = ["reason", "answers", *(change.value for change in Change)]
    rows = [
        [f"`{reason}`", row.answers.value, *(row.fates[change].value for change in Change)]
        for reason, row in TABLE.items()
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))
