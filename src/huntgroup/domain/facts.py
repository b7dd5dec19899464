"""The facts of a call: immutable, ordered, and the only history that anybody keeps.

Each fact has the call's id, its sequence number (from 0, without holes), milliseconds of the line's clock since the
call began, and the agent that owned that moment. On the wire and in the store a fact is a JSON object whose `type` is
its class name. Fields that may hold personal data are named in `PERSONAL`; nothing else does.
"""

from typing import Any, ClassVar

import msgspec


class FactBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """What every fact has."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    call_id: str
    seq: int
    t_ms: int
    agent: str | None = None


class CallStarted(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"caller", "callee"})

    team: str
    line: str
    caller: str | None
    callee: str | None
    model: str
    started_at: str


class CallerSpoke(FactBase, frozen=True, kw_only=True):
    """One turn of the caller as transcribed; the times are the line's, and `text` is "" when nothing was understood."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})

    turn: int
    item_id: str
    text: str
    start_ms: int
    end_ms: int


class AgentSpoke(FactBase, frozen=True, kw_only=True):
    """One spoken item: `text` was generated, `heard_text` reached the ear. Times are null when nothing was heard."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text", "heard_text"})

    turn: int
    response_id: str
    item_id: str
    text: str
    heard_text: str
    generated_ms: int
    heard_ms: int
    start_ms: int | None
    end_ms: int | None
    interrupted: bool


class ToolCalled(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"arguments"})

    turn: int
    tool: str
    tool_call_id: str
    arguments: dict[str, Any]
    effect: str


class ToolAnswered(FactBase, frozen=True, kw_only=True):
    """The one answer of a tool call; `error` is a code of `TellModel` when `ok` is False by our doing."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"output"})

    tool: str
    tool_call_id: str
    output: str
    ok: bool
    error: str | None
    duration_ms: int


class LateResult(FactBase, frozen=True, kw_only=True):
    """A tool of `from` answered when another agent had the call; `policy` (deliver, brief, drop) is the tool's own."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"output"})

    tool: str
    tool_call_id: str
    from_agent: str = msgspec.field(name="from")
    policy: str
    output: str


class HandoffProposed(FactBase, frozen=True, kw_only=True):
    """`by` says who wanted it: model, key, code, supervisor, or fallback when a limit sends the call there."""

    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    tool_call_id: str | None
    by: str = "model"


class HandoffRefused(FactBase, frozen=True, kw_only=True):
    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    tool_call_id: str | None
    reason: str


class HandoffCommitted(FactBase, frozen=True, kw_only=True):
    """The call changed hands. The gap at the ear is known later: see `HandoffHeard`."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"brief"})

    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    tool_call_id: str | None
    brief: dict[str, Any]
    opener: str
    voice: str
    apply_ms: int


class ContextTrimmed(FactBase, frozen=True, kw_only=True):
    """What a handoff took out of the model's memory, and what that is worth on the next response, by estimate.

    Tokens are those which the next response reads with the whole conversation and with what is left of it. The change
    of instructions loses the cache of all that the last response read: `net_usd` is `saved_usd` less `cache_lost_usd`,
    and may be negative. USD by the prices of the model `priced_as`, which is a reference when nobody bills.
    """

    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    policy: str
    items_deleted: int
    items_rewritten: int
    tokens_before: int
    tokens_after: int
    cached_tokens_lost: int
    saved_usd: float
    cache_lost_usd: float
    net_usd: float
    priced_as: str


class ContextMeasured(FactBase, frozen=True, kw_only=True):
    """What the first response after a `ContextTrimmed` really read, and what its input cost, cached tokens included."""

    response_id: str
    tokens_estimated: int
    tokens_read: int
    cached_tokens: int
    input_usd: float
    priced_as: str


class HandoffHeard(FactBase, frozen=True, kw_only=True):
    """`gap_ms`: last millisecond of the giver heard to the first of the receiver, by the playout ledger."""

    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    gap_ms: int


class OpenerEchoed(FactBase, frozen=True, kw_only=True):
    """The receiver began with the giver's last words again; `likeness` is 0…1, word by word."""

    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    response_id: str
    likeness: float


class HandoffRolledBack(FactBase, frozen=True, kw_only=True):
    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    reason: str


class StandbyFailed(FactBase, frozen=True, kw_only=True):
    """A handoff was to switch the voice, and no session stood by for the receiver: the voice stays as it was."""

    to_agent: str = msgspec.field(name="to")
    reason: str


class HandoffReturned(FactBase, frozen=True, kw_only=True):
    """A return edge was taken: `result` is the receiver's typed result."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"result"})

    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    result: dict[str, Any]


class Consulted(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"question", "answer"})

    specialist: str
    question: str
    answer: dict[str, Any]
    ok: bool
    duration_ms: int


class Interrupted(FactBase, frozen=True, kw_only=True):
    """The caller stopped an agent: an item was cut at `heard_ms` of `generated_ms`. `cause`: speech or keys.

    One barge-in cuts every item that was not heard to its end: the facts of one moment are one interruption.
    """

    response_id: str
    item_id: str
    heard_ms: int
    generated_ms: int
    cause: str = "speech"


class AgentPaused(FactBase, frozen=True, kw_only=True):
    """The agent was silenced because the caller seems to speak; `AgentResumed` or `Interrupted` follows."""

    response_id: str
    item_id: str
    heard_ms: int


class AgentResumed(FactBase, frozen=True, kw_only=True):
    """What had silenced the agent was no turn: it goes on from `heard_ms` of the item after `silent_ms`."""

    response_id: str
    item_id: str
    heard_ms: int
    silent_ms: int


class SpeechIgnored(FactBase, frozen=True, kw_only=True):
    """Sound of the caller that is no turn; the model's server forgets it. `reason`: backchannel, noise or echo."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})

    item_id: str
    reason: str
    text: str
    start_ms: int
    end_ms: int


class GuardrailTripped(FactBase, frozen=True, kw_only=True):
    """A rule was broken. `stage`: input, output, tool_input, tool_output.

    `action`: retracted (the reply was stopped, `heard_ms` of it had been heard), refused (the turn is not answered),
    rejected (the guardrail answers in the tool's place), replaced (what the tool answered is the guardrail's now),
    stopped (the tool call is refused).
    """

    guardrail: str
    stage: str
    action: str
    heard_ms: int


class GuardrailChecked(FactBase, frozen=True, kw_only=True):
    """Guardrails looked at one turn of the caller, or at all of one reply.

    `mode`: parallel, strict, hold_back. `took_ms` is the time that the checks themselves took, `waited_ms` for how long
    they kept back what would have been said or asked for otherwise: the price of strict mode, transcription included.
    """

    guardrails: list[str]
    stage: str
    mode: str
    checks: int
    took_ms: int
    waited_ms: int
    tripped: bool


class GuardrailFailed(FactBase, frozen=True, kw_only=True):
    """A guardrail gave no verdict. `reason`: raised, timed_out, no_transcript; `policy`: fail_closed, fail_open."""

    guardrail: str
    stage: str
    reason: str
    policy: str


class ApprovalAsked(FactBase, frozen=True, kw_only=True):
    """A tool call waits for `approver` (caller, supervisor, either)."""

    tool: str
    tool_call_id: str
    approver: str
    deadline_ms: int


class ApprovalGiven(FactBase, frozen=True, kw_only=True):
    """The one answer to an `ApprovalAsked`, a refusal included. `how`: key, supervisor, deadline,
    duplicate (the id was asked about before), call_ended.

    `by` is the caller's or the supervisor's name for the record; "" when nobody answered.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"by"})

    tool: str
    tool_call_id: str
    approved: bool
    by: str
    how: str
    after_ms: int


class DtmfPressed(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"digit"})

    digit: str


class ClaimGranted(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"subject"})

    claim: str
    subject: str


class SilencePrompted(FactBase, frozen=True, kw_only=True):
    """The caller said nothing; `stage` is reprompt, narrow or goodbye."""

    stage: str


class FillerSpoken(FactBase, frozen=True, kw_only=True):
    tool: str
    tool_call_id: str


class EmergencyDeclared(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"sign"})

    sign: str


class HumanRequested(FactBase, frozen=True, kw_only=True):
    PERSONAL: ClassVar[frozenset[str]] = frozenset({"reason"})

    reason: str


class LineLost(FactBase, frozen=True, kw_only=True):
    reason: str


class CallMoved(FactBase, frozen=True, kw_only=True):
    """The process gave the call up on purpose, for another to resume it; `reason`: draining."""

    reason: str


class CallResumed(FactBase, frozen=True, kw_only=True):
    """A process went on with a call that had lost its own; it has taken the call under the number `epoch`.

    `reason`: process_lost, moved or line_lost. `gap_ms` is from the last fact before to this one, by the clock of the
    day: nobody was there for that long, or less.
    """

    process: str
    epoch: int
    reason: str
    gap_ms: int
    model: str


class ModelLost(FactBase, frozen=True, kw_only=True):
    reason: str


class ModelRestored(FactBase, frozen=True, kw_only=True):
    """After a loss another session has taken over, or none could be had.

    `verdict`: `restored` (it knows all that was said and done, what the caller is saying included), `partial` (some of
    it had to be left out), `lost` (nobody answers; the call ends). `gap_ms` is from the loss to the take-over,
    `attempts` the sessions that were tried, `model` the backend that answers.
    """

    verdict: str
    reason: str
    gap_ms: int
    attempts: int
    model: str


class ModelRolledOver(FactBase, frozen=True, kw_only=True):
    """A session near its limit was replaced in time: both were open for `overlap_ms`, `items` were seeded.

    `quiet` is False when the limit came before a moment in which nothing of the session was under way.
    """

    overlap_ms: int
    items: int
    quiet: bool


class ModelError(FactBase, frozen=True, kw_only=True):
    """An `error` event that was no answer to a handoff: it is noted, and the call goes on."""

    code: str
    detail: str


class BadInput(FactBase, frozen=True, kw_only=True):
    """Something malformed came in from `source` (line, model) and was dropped."""

    source: str
    code: str
    detail: str


class UsageReported(FactBase, frozen=True, kw_only=True):
    response_id: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    input_audio_tokens: int
    output_audio_tokens: int


class UnreadableFact(FactBase, frozen=True, kw_only=True):
    """A stored fact that this version cannot read: of a type it does not know, or without a field that it needs.

    `kind` is its type's name as stored. It is made when a record is read and never logged.
    """

    kind: str


class CallEnded(FactBase, frozen=True, kw_only=True):
    """The last fact, unless the line was lost and a `CallResumed` follows.

    `reason`: caller_hung_up, agent_hung_up, silence, too_long, line_lost, model_lost, process_lost, error.
    """

    reason: str
    duration_ms: int


Fact = (
    CallStarted
    | CallerSpoke
    | AgentSpoke
    | ToolCalled
    | ToolAnswered
    | LateResult
    | HandoffProposed
    | HandoffRefused
    | HandoffCommitted
    | ContextTrimmed
    | ContextMeasured
    | HandoffHeard
    | OpenerEchoed
    | HandoffRolledBack
    | HandoffReturned
    | StandbyFailed
    | Consulted
    | Interrupted
    | AgentPaused
    | AgentResumed
    | SpeechIgnored
    | GuardrailTripped
    | GuardrailChecked
    | GuardrailFailed
    | ApprovalAsked
    | ApprovalGiven
    | DtmfPressed
    | ClaimGranted
    | SilencePrompted
    | FillerSpoken
    | EmergencyDeclared
    | HumanRequested
    | LineLost
    | CallMoved
    | CallResumed
    | ModelLost
    | ModelRestored
    | ModelRolledOver
    | ModelError
    | BadInput
    | UsageReported
    | UnreadableFact
    | CallEnded
)
FACT_TYPES: tuple[type[FactBase], ...] = Fact.__args__

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Fact)


def encode_fact(fact: Fact) -> bytes:
    """Return the fact as one JSON object."""
    return _ENCODER.encode(fact)


def decode_fact(data: bytes | str) -> Fact:
    """Read one fact. Raises `msgspec.ValidationError` for an unknown type or a missing field."""
    fact: Fact = _DECODER.decode(data)
    return fact


def decode_any(data: bytes | str) -> Fact:
    """Read one fact of any version: fields it lacks get their defaults, fields it has too many are passed over.

    What cannot be read even so becomes an `UnreadableFact`, so that one fact does not hide the call. Raises
    `msgspec.MsgspecError` only for what is no fact at all.
    """
    try:
        return decode_fact(data)
    except msgspec.ValidationError:
        head = _HEADS.decode(data)
        return UnreadableFact(call_id=head.call_id, seq=head.seq, t_ms=head.t_ms, agent=head.agent, kind=head.type)


class _Head(msgspec.Struct, frozen=True):
    """What all facts of all versions have."""

    type: str
    call_id: str
    seq: int
    t_ms: int
    agent: str | None = None


_HEADS = msgspec.json.Decoder(_Head)
