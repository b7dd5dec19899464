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


class HandoffProposed(FactBase, frozen=True, kw_only=True):
    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    tool_call_id: str | None


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


class HandoffHeard(FactBase, frozen=True, kw_only=True):
    """`gap_ms`: last millisecond of the giver heard to the first of the receiver, by the playout ledger."""

    from_agent: str = msgspec.field(name="from")
    to_agent: str = msgspec.field(name="to")
    gap_ms: int


class HandoffRolledBack(FactBase, frozen=True, kw_only=True):
    from_agent: str = msgspec.field(name="from")
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
    """The caller barged in: the item was cut at `heard_ms` of the `generated_ms` that existed."""

    response_id: str
    item_id: str
    heard_ms: int
    generated_ms: int


class GuardrailTripped(FactBase, frozen=True, kw_only=True):
    guardrail: str
    stage: str
    action: str
    heard_ms: int


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
    | HandoffProposed
    | HandoffRefused
    | HandoffCommitted
    | HandoffHeard
    | HandoffRolledBack
    | HandoffReturned
    | Consulted
    | Interrupted
    | GuardrailTripped
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
    | ModelError
    | BadInput
    | UsageReported
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
