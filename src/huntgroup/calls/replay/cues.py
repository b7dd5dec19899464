"""What the caller of a recorded call did, and others but its agents, each with its place in the dialogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from huntgroup.calls.replay.causes import Causes
from huntgroup.calls.replay.places import Place, Since, place_of, place_over
from huntgroup.domain.facts import (
    AgentPaused,
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    ClaimGranted,
    DtmfPressed,
    Fact,
    GuardrailTripped,
    HandoffCommitted,
    HandoffProposed,
    Interrupted,
    LineLost,
    ModelLost,
    ModelRestored,
    SpeechIgnored,
    SupervisorJoined,
    SupervisorLeft,
    SupervisorSpoke,
    ToolCalled,
)

Kind = Literal[
    "turn",
    "unheard",
    "murmur",
    "ignored",
    "typed",
    "stop",
    "transfer",
    "key",
    "hang_up",
    "line_lost",
    "model_lost",
    "joined",
    "left",
    "supervised",
    "claim",
]
SHORT_SOUND_MS = 400
FRAME_MS = 20
_PARTINGS = frozenset({"given_back", "hung_up"})
BY_HAND = frozenset({"code", "supervisor", "menu"})


@dataclass(frozen=True, slots=True)
class Outage:
    """How the model was lost: so many sessions could not be opened, and then none ever when it was `for_good`.

    `at_start`: the call never had one before. `to_the_end`: the call was over before there was another.
    """

    failures: int = 0
    for_good: bool = False
    at_start: bool = False
    to_the_end: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """A handoff to `to` that no model asked for; `by` is code, supervisor, or the menu on the caller's page."""

    to: str
    by: str
    brief: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parting:
    """How a supervisor leaves a call: given_back or hung_up; one who was lost is as long there as they were."""

    reason: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A claim about `subject` that no tool granted."""

    subject: str


Act = Outage | Transfer | Parting | Grant


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that the caller does, or the line, the model's socket or a supervisor.

    A `murmur` is speech that became no turn before the call was over, an `ignored` one was judged to be none, an
    `unheard` one is a turn whose words were lost with the session that heard them; `typed` words are a turn without
    sound, and a `stop` silences the agent by hand. A supervisor who has `joined` speaks, `supervised`, until they have
    `left`, and a `claim` is granted by the house. `text` is the words, the key, the reason of a loss, the supervisor's
    name or the claim; `act` says more.
    Speech takes `length_ms`, of which `sound_ms` are to be heard when that is known.
    """

    kind: Kind
    place: Place
    text: str = ""
    length_ms: int = 0
    act: Act | None = None
    sound_ms: int | None = None

    @property
    def audible_ms(self) -> int:
        return self.length_ms if self.sound_ms is None else self.sound_ms


def cues_of(facts: Sequence[Fact]) -> list[Cue]:
    """Return the cues in order."""
    causes = Causes(facts)
    cues: list[Cue] = []
    since = Since()
    for fact in causes.in_order():
        if isinstance(fact, AgentSpoke):
            since.note(fact)
        elif isinstance(fact, GuardrailTripped):
            since.retracted = True
        elif isinstance(fact, ToolCalled) and not causes.is_inner(fact):
            since.calls.append(fact)
        elif isinstance(fact, SpeechIgnored):
            cues += _ignored(fact, since, causes, facts)
        else:
            made = _cue(fact, since, causes, facts)
            if made is not None:
                cues.append(made)
                since = Since(end_ms=_end(fact), first=False, after=made.kind)
    return cues


def _ignored(fact: SpeechIgnored, since: Since, causes: Causes, facts: Sequence[Fact]) -> list[Cue]:
    """What was passed over leaves the dialogue where it was; an echo comes from the line, and no record has that."""
    places = (place_over(at_ms, since, causes) for at_ms in (fact.start_ms, fact.end_ms, fact.t_ms))
    place = next((place for place in places if place is not None), None)
    if fact.reason == "echo" or place is None:
        return []
    length_ms = max(0, fact.end_ms - fact.start_ms)
    return [Cue("ignored", place, fact.text, length_ms, sound_ms=_voiced_ms(fact, length_ms, facts))]


def _voiced_ms(ignored: SpeechIgnored, length_ms: int, facts: Sequence[Fact]) -> int:
    """Return how long a voice was there: a server waits before it says that speech is over, which tells less.

    One that silenced the agent lasted until then.
    """
    paused = (
        f.t_ms for f in facts if isinstance(f, AgentPaused) and ignored.start_ms <= f.t_ms and f.seq < ignored.seq
    )
    at_ms = next(paused, None)
    return min(length_ms, SHORT_SOUND_MS if at_ms is None else at_ms - ignored.start_ms + FRAME_MS)


def _cue(fact: Fact, since: Since, causes: Causes, facts: Sequence[Fact]) -> Cue | None:
    told = _told(fact, causes, facts)
    if told is None:
        return None
    kind, text, act = told
    if kind == "stop" and since.after == "stop" and not since.spoke:
        # One stop by hand may cut several items.
        return None
    length_ms = max(0, fact.end_ms - fact.start_ms) if isinstance(fact, CallerSpoke | SupervisorSpoke) else 0
    return Cue(kind, place_of(fact, since, causes), text, length_ms, act)


def _told(fact: Fact, causes: Causes, facts: Sequence[Fact]) -> tuple[Kind, str, Act | None] | None:
    """Return the kind of a cue, its text and its act; None for what is no cue."""
    told: tuple[Kind, str, Act | None] | None = None
    match fact:
        case CallerSpoke(how="typed"):
            told = "typed", fact.text, None
        case Interrupted(cause="by_hand"):
            told = "stop", "", None
        case CallerSpoke():
            told = _spoken(fact, causes), fact.text, None
        case DtmfPressed():
            told = "key", fact.digit, None
        case LineLost():
            told = "line_lost", fact.reason, None
        case ModelLost():
            told = "model_lost", fact.reason, _outage(fact, facts)
        case HandoffProposed(by=by, to_agent=to) if by in BY_HAND:
            told = "transfer", "", Transfer(to, by, _brief(fact, facts))
        case SupervisorJoined(by=by):
            told = "joined", by, None
        case SupervisorSpoke(text=text):
            told = "supervised", text, None
        case SupervisorLeft(by=by, reason=reason) if reason in _PARTINGS:
            told = "left", by, Parting(reason)
        case ClaimGranted(claim=claim, subject=subject) if causes.caller_of(fact) is None:
            told = "claim", claim, Grant(subject)
        case CallEnded(reason="caller_hung_up"):
            told = "hang_up", "", None
    return told


def _spoken(fact: CallerSpoke, causes: Causes) -> Kind:
    if causes.is_murmur(fact):
        return "murmur"
    return "unheard" if causes.is_unheard(fact) else "turn"


def _outage(lost: ModelLost, facts: Sequence[Fact]) -> Outage:
    restored = next((fact for fact in facts if isinstance(fact, ModelRestored) and fact.seq > lost.seq), None)
    if restored is None:
        return Outage(to_the_end=True)
    failures = max(0, restored.attempts - 1)
    begun = any(isinstance(fact, AgentSpoke | CallerSpoke | ToolCalled) and fact.t_ms < lost.t_ms for fact in facts)
    for_good = restored.verdict == "lost"
    return Outage(failures, for_good, at_start=not begun and (for_good or failures > 0))


def _brief(proposed: HandoffProposed, facts: Sequence[Fact]) -> Mapping[str, Any]:
    """Return what was told along a transfer; nothing when it was rolled back, since only a commit records it."""
    later = (fact for fact in facts if isinstance(fact, HandoffCommitted) and fact.seq > proposed.seq)
    committed = next(later, None)
    return committed.brief if committed is not None and committed.to_agent == proposed.to_agent else {}


def _end(fact: Fact) -> int:
    return fact.end_ms if isinstance(fact, CallerSpoke | SupervisorSpoke) else fact.t_ms
