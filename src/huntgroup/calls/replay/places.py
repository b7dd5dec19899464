"""Places in the dialogue of a recorded call, by which what was done there can be done again at another speed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from huntgroup.calls.replay.causes import Causes
from huntgroup.calls.replay.swaps import swap_of
from huntgroup.domain.facts import (
    AgentSpoke,
    CallerSpoke,
    Fact,
    HandoffProposed,
    ModelLost,
    SupervisorSpoke,
    ToolCalled,
)

MOST_AHEAD_MS = 5_000
"""For how long a replay lets a model think at most while the caller is speaking."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the dialogue something happens, counted from the caller's last cue.

    `cut`: while the `count`-th reply that sounds is heard, as soon as `heard` of its words' letters were; the caller's
    sound began `lead_ms` before, since a call needs a while to know that somebody speaks, and `ahead_ms` before the
    first sound of the reply, if it was before that. `over`: as far into a reply,
    which goes on. `work`: `gap_ms` after the `count`-th tool call, which is not answered yet. `quiet`: `gap_ms` after
    everything was heard and done. `cue`: `gap_ms` after the last cue, whatever the agents do. `made`: as soon as the
    `count`-th reply is made, of which nothing is heard yet. `swap`: `gap_ms` after the `count`-th handoff of the call,
    from 0, was begun, on which the server then decides.
    """

    when: Literal["cut", "over", "work", "quiet", "cue", "made", "swap"]
    gap_ms: int = 0
    count: int = 0
    heard: int = 0
    lead_ms: int = 0
    ahead_ms: int = 0

    def spoken_first(self, length_ms: int) -> bool:
        """Whether all of a speech of this length came before the cut: then its words made it."""
        return self.when == "cut" and length_ms <= self.lead_ms


@dataclass
class Since:
    """What happened since the last cue, whose kind is `after`: `made` are replies, of which `spoke` were heard."""

    end_ms: int = 0
    first: bool = True
    after: str = "turn"
    made: dict[str, list[AgentSpoke]] = field(default_factory=dict)
    spoke: dict[str, list[AgentSpoke]] = field(default_factory=dict)
    calls: list[ToolCalled] = field(default_factory=list)
    retracted: bool = False

    def note(self, spoke: AgentSpoke) -> None:
        """Take an item of a reply."""
        self.made.setdefault(spoke.response_id, []).append(spoke)
        if spoke.heard_ms > 0:
            self.spoke.setdefault(spoke.response_id, []).append(spoke)
            self.retracted = False


def place_of(fact: Fact, since: Since, causes: Causes) -> Place:
    """Return where in the dialogue a fact of the caller's, the line's, the model's or our own hand happened."""
    at_ms = until_ms = fact.t_ms
    if isinstance(fact, CallerSpoke | SupervisorSpoke):
        at_ms, until_ms = fact.start_ms, fact.end_ms
    place = (
        _in_swap(fact, at_ms, causes)
        or _in_speech(fact, at_ms, since, causes)
        or _in_work(fact, at_ms, until_ms, since, causes)
    )
    if place is not None:
        return place
    ends = [item.end_ms for items in since.spoke.values() for item in items if item.end_ms is not None]
    if ends:
        return Place("quiet", gap_ms=max(0, at_ms - max(ends)))
    if since.calls:
        return Place("quiet", gap_ms=0)
    # A turn that follows a turn without a word between them came before any answer to the first could be heard.
    before_any = since.after == "turn" and not since.first and not isinstance(fact, ModelLost)
    return Place("cue", gap_ms=0 if before_any else max(0, at_ms - since.end_ms))


def _in_swap(fact: Fact, at_ms: int, causes: Causes) -> Place | None:
    """Return the place while it was open whether a handoff comes off; a loss of the model has a place of its own."""
    swap = None if isinstance(fact, ModelLost | HandoffProposed) else swap_of(fact, causes)
    return Place("swap", count=swap[0], gap_ms=max(0, at_ms - swap[1].t_ms)) if swap is not None else None


def _before_speech(since: Since) -> Place | None:
    """Return the place before the first sound of a reply that is made and was never heard."""
    last = list(since.made.values())[-1] if since.made else []
    if not last or since.retracted or not all(item.interrupted and not item.heard_ms for item in last):
        return None
    return Place("made", count=len(since.made))


def _in_speech(fact: Fact, at_ms: int, since: Since, causes: Causes) -> Place | None:
    """Return the place in the middle of a reply, which went on or was cut there."""
    over = place_over(at_ms, since, causes) if isinstance(fact, ModelLost | HandoffProposed) else None
    if over is None:
        over = _before_speech(since)
    if over is not None or not since.spoke or since.retracted:
        return over
    response = list(since.spoke.values())[-1]
    if not response[-1].interrupted or (isinstance(fact, ModelLost) and causes.open_transfer(fact) is not None):
        return None
    if isinstance(fact, CallerSpoke) and causes.is_murmur(fact) and not causes.was_interrupted(response[-1]):
        # The end of the call cut the reply, and not who had begun to speak.
        return place_over(at_ms, since, causes)
    heard = sum(len(item.heard_text) for item in response)
    lead_ms = max(0, (response[-1].end_ms or at_ms) - at_ms)
    return Place("cut", count=len(since.spoke), heard=heard, lead_ms=lead_ms, ahead_ms=_ahead_ms(fact, since, response))


def _ahead_ms(fact: Fact, since: Since, reply: Sequence[AgentSpoke]) -> int:
    """Return for how long the caller had been heard when a reply began to sound; 0 when they began later."""
    started_ms = reply[0].start_ms
    if not isinstance(fact, CallerSpoke) or started_ms is None or fact.start_ms < since.end_ms:
        return 0
    return min(MOST_AHEAD_MS, max(0, started_ms - fact.start_ms))


def _in_work(fact: Fact, at_ms: int, until_ms: int, since: Since, causes: Causes) -> Place | None:
    """Return the place while a tool ran or, for a loss of the model, while it was open whether a transfer comes off."""
    moving = causes.open_transfer(fact) if isinstance(fact, ModelLost) else None
    for number, call in enumerate(since.calls, start=1):
        if call is moving or _is_open(call, since, causes, fact, at_ms, until_ms):
            return Place("work", gap_ms=max(0, at_ms - call.t_ms), count=number)
    return None


def place_over(at_ms: int, since: Since, causes: Causes) -> Place | None:
    """Return the place in the middle of a reply that went on; None when none was heard then."""
    for number, (response_id, items) in enumerate(since.spoke.items(), start=1):
        heard = [(item.start_ms, item.end_ms) for item in items if item.start_ms is not None]
        if not heard or not heard[0][0] <= at_ms < max(end_ms or 0 for _, end_ms in heard):
            continue
        heard_ms = sum(min(max(0, at_ms - (item.start_ms or at_ms)), item.heard_ms) for item in items)
        heard_ms = max(0, heard_ms - causes.paused_ms(response_id, at_ms))
        return Place("over", count=number, heard=_letters_at(heard_ms, items))
    return None


def _letters_at(heard_ms: int, items: Sequence[AgentSpoke]) -> int:
    """Return how many letters were heard when so many milliseconds were; each item is spoken at its own pace."""
    letters = 0
    for item in items:
        if heard_ms < item.generated_ms:
            return letters + len(item.text) * heard_ms // item.generated_ms
        letters, heard_ms = letters + len(item.text), heard_ms - item.generated_ms
    return letters


def _is_open(call: ToolCalled, since: Since, causes: Causes, fact: Fact, at_ms: int, until_ms: int) -> bool:
    """Whether a tool ran when the caller spoke. A server tells of speech after it began: a tool may be younger."""
    answer = causes.answer_of(call)
    if answer is not None and answer.error == "call_ended":
        return True
    if not isinstance(fact, CallerSpoke):
        return answer is None or answer.seq > fact.seq
    if call.t_ms > until_ms or (answer is not None and answer.t_ms <= at_ms):
        return False
    starts = [item.start_ms for items in since.spoke.values() for item in items if item.start_ms is not None]
    return answer is None or not any(start >= answer.t_ms for start in starts)
