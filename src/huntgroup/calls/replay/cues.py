"""What the caller of a recorded call did, each with its place in the dialogue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from huntgroup.calls.replay.causes import Causes
from huntgroup.domain.facts import (
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    DtmfPressed,
    Fact,
    GuardrailTripped,
    HandoffProposed,
    Interrupted,
    LineLost,
    ModelLost,
    ToolCalled,
)

Kind = Literal["turn", "murmur", "typed", "stop", "transfer", "key", "hang_up", "line_lost", "model_lost"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the dialogue something happens, counted from the caller's last cue.

    `cut`: while the `count`-th reply that sounds is heard, as soon as `heard` of its words' letters were; the caller's
    sound began `lead_ms` before, since a call needs a while to know that somebody speaks. `work`:
    `gap_ms` after the `count`-th tool call, which is not answered yet. `quiet`: `gap_ms` after everything was heard and
    done. `cue`: `gap_ms` after the last cue, whatever the agents do.
    """

    when: Literal["cut", "work", "quiet", "cue"]
    gap_ms: int = 0
    count: int = 0
    heard: int = 0
    lead_ms: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that the caller (or the line, or the model's socket) does. A `murmur` is speech that became no turn.

    `typed` words are a turn without sound, a `stop` silences the agent by hand, a `transfer` is the caller's choice.
    `text` is the turn's words, the key, the agent chosen, or the reason of a loss.
    """

    kind: Kind
    place: Place
    text: str = ""
    length_ms: int = 0


@dataclass
class _Since:
    """What happened since the last cue."""

    end_ms: int = 0
    first: bool = True
    cue: Kind = "turn"
    spoke: dict[str, list[AgentSpoke]] = field(default_factory=dict)
    calls: list[ToolCalled] = field(default_factory=list)
    retracted: bool = False


def cues_of(facts: Sequence[Fact]) -> list[Cue]:
    """Return the caller's cues in order."""
    causes = Causes(facts)
    cues: list[Cue] = []
    since = _Since()
    for fact in causes.in_order():
        if isinstance(fact, AgentSpoke) and fact.heard_ms > 0:
            since.spoke.setdefault(fact.response_id, []).append(fact)
            since.retracted = False
        elif isinstance(fact, GuardrailTripped):
            since.retracted = True
        elif isinstance(fact, ToolCalled) and not causes.is_inner(fact):
            since.calls.append(fact)
        else:
            made = _cue(fact, since, causes)
            if made is not None:
                cues.append(made)
                since = _Since(end_ms=_end(fact), first=False, cue=made.kind)
    return cues


def _cue(fact: Fact, since: _Since, causes: Causes) -> Cue | None:
    if isinstance(fact, CallerSpoke):
        return _said(fact, since, causes)
    kind, text = _done(fact)
    if kind is None or (kind == "stop" and since.cue == "stop" and not since.spoke):
        return None
    return Cue(kind, _place(fact.t_ms, since, causes), text)


def _said(fact: CallerSpoke, since: _Since, causes: Causes) -> Cue:
    if fact.how == "typed":
        return Cue("typed", _place(fact.start_ms, since, causes), fact.text)
    kind: Kind = "murmur" if causes.is_murmur(fact) else "turn"
    place = _place(fact.start_ms, since, causes, fact.end_ms)
    return Cue(kind, place, fact.text, max(0, fact.end_ms - fact.start_ms))


def _done(fact: Fact) -> tuple[Kind | None, str]:
    """What was done without words, and the text of its cue. One stop by hand may cut several items."""
    done: tuple[Kind | None, str] = None, ""
    match fact:
        case Interrupted(cause="by_hand"):
            done = "stop", ""
        case HandoffProposed(by="menu"):
            done = "transfer", fact.to_agent
        case DtmfPressed():
            done = "key", fact.digit
        case LineLost():
            done = "line_lost", fact.reason
        case ModelLost():
            done = "model_lost", fact.reason
        case CallEnded(reason="caller_hung_up"):
            done = "hang_up", ""
    return done


def _place(at_ms: int, since: _Since, causes: Causes, until_ms: int | None = None) -> Place:
    if since.spoke and not since.retracted:
        response = list(since.spoke.values())[-1]
        if response[-1].interrupted:
            heard = sum(len(item.heard_text) for item in response)
            lead_ms = max(0, (response[-1].end_ms or at_ms) - at_ms)
            return Place("cut", count=len(since.spoke), heard=heard, lead_ms=lead_ms)
    for number, call in enumerate(since.calls, start=1):
        if _is_open(call, since, causes, at_ms, until_ms or at_ms):
            return Place("work", gap_ms=max(0, at_ms - call.t_ms), count=number)
    ends = [item.end_ms for items in since.spoke.values() for item in items if item.end_ms is not None]
    if ends:
        return Place("quiet", gap_ms=max(0, at_ms - max(ends)))
    if since.calls:
        return Place("quiet", gap_ms=0)
    # A turn that follows a turn without a word between them came before any answer to the first could be heard.
    return Place("cue", gap_ms=0 if since.cue == "turn" and not since.first else max(0, at_ms - since.end_ms))


def _is_open(call: ToolCalled, since: _Since, causes: Causes, at_ms: int, until_ms: int) -> bool:
    """Whether a tool ran when the caller spoke. A server tells of speech after it began: a tool may be younger."""
    answer = causes.answer_of(call)
    if answer is not None and answer.error == "call_ended":
        return True
    if call.t_ms > until_ms or (answer is not None and answer.t_ms <= at_ms):
        return False
    starts = [item.start_ms for items in since.spoke.values() for item in items if item.start_ms is not None]
    return answer is None or not any(start >= answer.t_ms for start in starts)


def _end(fact: Fact) -> int:
    return fact.end_ms if isinstance(fact, CallerSpoke) else fact.t_ms
