"""What the model of a recorded call said and did, reply by reply."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from huntgroup.calls.replay.causes import Causes
from huntgroup.calls.succession.recovery import FAILING
from huntgroup.domain.facts import (
    AgentSpoke,
    Consulted,
    Fact,
    GuardrailFailed,
    GuardrailTripped,
    HandoffCommitted,
    HandoffRolledBack,
    ModelLost,
    ToolAnswered,
    ToolCalled,
)

MS_PER_LETTER = 60
"""How long words are taken to sound of which the record has no sound."""
SILENT = frozenset({"deadline", "model_lost"})
"""Why handoffs were rolled back about which the server had said nothing."""


_Part = AgentSpoke | ToolCalled | GuardrailTripped | GuardrailFailed


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    sound_ms: int


@dataclass(kw_only=True)
class Reply:
    """One recorded response: its words, then its tool calls. `cut` when the caller stopped it before it was complete.

    `losses` is how often the model had been lost when it began; `broken` when it was lost in the middle of this.
    `ordered` is what the call had told the model to say; `untold` are tool calls of which the model told only when it
    was cut. A guardrail `stopped` it before its first sound: the record has no other replies of which no sound was made
    and nothing done.
    """

    agent: str
    turn: int
    words: list[Words] = field(default_factory=list)
    calls: list[ToolCalled] = field(default_factory=list)
    untold: list[ToolCalled] = field(default_factory=list)
    cut: bool = False
    broken: bool = False
    losses: int = 0
    ordered: str | None = None
    stopped: bool = False

    @property
    def text(self) -> str:
        return " ".join(words.text for words in self.words)


@dataclass(kw_only=True)
class Advice:
    """One recorded consult: the specialist's tool calls, then its answer."""

    specialist: str
    calls: list[ToolCalled]
    consulted: Consulted


class _Script:
    """Gathers replies, each from all that the record has of its response."""

    def __init__(self, causes: Causes) -> None:
        self._causes = causes
        self._by_response: dict[str, Reply] = {}
        self._end = -1
        self.replies: list[Reply] = []

    def spoke(self, fact: AgentSpoke) -> None:
        reply = self._by_response.get(fact.response_id)
        if reply is None:
            reply = self._begin(fact, fact.turn, fact.response_id, self._causes.end_of(fact.response_id))
        reply.ordered = fact.ordered
        reply.words.append(Words(fact.text, fact.generated_ms))
        reply.broken |= self._causes.is_broken(fact)

    def stopped(self, fact: GuardrailTripped | GuardrailFailed, turn: int) -> None:
        """Take a verdict; when a reply was stopped before its first sound, that is all that tells of the words."""
        if not fact.text or self._causes.items_of(fact.response_id):
            return
        reply = self._by_response.get(fact.response_id)
        if reply is None:
            reply = self._begin(fact, turn, fact.response_id, self._causes.end_of(fact.response_id))
        if not reply.stopped:
            reply.stopped = True
            reply.words.append(Words(fact.text, len(fact.text) * MS_PER_LETTER))

    def called(self, fact: ToolCalled) -> None:
        answer = self._causes.answer_of(fact)
        crossed = answer is not None and answer.error == "interrupted"
        reply = self._reply_of(fact)
        untold = crossed and answer is not None and answer.t_ms == fact.t_ms and bool(reply.words)
        (reply.untold if untold else reply.calls).append(fact)
        reply.cut |= crossed or self._causes.is_open(self._end_of(fact))

    def _reply_of(self, fact: ToolCalled) -> Reply:
        if fact.response_id:
            known = self._by_response.get(fact.response_id)
            return known or self._begin(fact, fact.turn, fact.response_id, self._end_of(fact))
        if not self.replies or self.replies[-1].agent != fact.agent or fact.seq > self._end:
            return self._begin(fact, fact.turn, "", self._end_of(fact))
        return self.replies[-1]

    def _end_of(self, fact: ToolCalled) -> int:
        """Older records do not tell of which response a call is: then it is the one that ended next."""
        return self._causes.end_of(fact.response_id) if fact.response_id else self._causes.end_after(fact)

    def _begin(self, fact: _Part, turn: int, response_id: str, end: int) -> Reply:
        reply = Reply(agent=fact.agent or "", turn=turn, losses=self._causes.losses_before(fact))
        self.replies.append(reply)
        self._end = end
        if response_id:
            self._by_response[response_id] = reply
        return reply


def replies_of(facts: Sequence[Fact]) -> list[Reply]:
    """Return the replies of the agents that had the call, in order."""
    causes = Causes(facts)
    script = _Script(causes)
    turn = 0
    for fact in causes.in_order():
        turn = max(turn, getattr(fact, "turn", 0))
        if isinstance(fact, AgentSpoke):
            script.spoke(fact)
        elif isinstance(fact, GuardrailTripped | GuardrailFailed):
            script.stopped(fact, turn)
        elif isinstance(fact, ToolCalled) and not causes.is_inner(fact):
            script.called(fact)
    return script.replies


def advice_of(facts: Sequence[Fact]) -> list[Advice]:
    """Return the consults in order."""
    causes = Causes(facts)
    inner = [fact for fact in facts if isinstance(fact, ToolCalled) and causes.is_inner(fact)]
    return [
        Advice(
            specialist=asked.specialist,
            calls=[call for call in inner if causes.caller_of(call) is causes.caller_of(asked)],
            consulted=asked,
        )
        for asked in facts
        if isinstance(asked, Consulted)
    ]


def refusals_of(facts: Sequence[Fact]) -> dict[int, str | None]:
    """Return which handoffs, counted from 0, a server refused in the record, and its code; None when it was silent."""
    refused: dict[int, str | None] = {}
    decided = 0
    for fact in facts:
        if isinstance(fact, HandoffRolledBack) and _by_server(fact, facts):
            refused[decided] = None if fact.reason in SILENT else fact.reason
        decided += isinstance(fact, HandoffCommitted | HandoffRolledBack)
    return refused


def _by_server(undone: HandoffRolledBack, facts: Sequence[Fact]) -> bool:
    """Whether a handoff was applied and not accepted; one that was given up before answers its call with the reason."""
    told = (fact.error for fact in facts if isinstance(fact, ToolAnswered) and fact.seq > undone.seq)
    return undone.reason not in ("call_ended", next(told, None))


def vain_of(facts: Sequence[Fact]) -> dict[int, int]:
    """Return the losses, counted from 0, that came of responses which failed again and again, each with its turn."""
    vain: dict[int, int] = {}
    losses = turn = 0
    for fact in facts:
        turn = max(turn, getattr(fact, "turn", 0))
        if isinstance(fact, ModelLost):
            if fact.reason == FAILING:
                vain[losses] = turn
            losses += 1
    return vain
