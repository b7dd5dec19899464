"""Facts of guardrails: what was checked, what broke a rule, and what gave no verdict."""

from typing import ClassVar

from huntgroup.domain.facts.base import FactBase


class GuardrailTripped(FactBase, frozen=True, kw_only=True):
    """A rule was broken. `stage`: input, output, tool_input, tool_output.

    `action`: retracted (the reply was stopped, `heard_ms` of it had been heard), refused (the turn is not answered),
    rejected (the guardrail answers in the tool's place), replaced (what the tool answered is the guardrail's now),
    stopped (the tool call is refused).

    `response_id` and `text` are the reply that was stopped and its words so far, heard or not; "" for all else.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})

    guardrail: str
    stage: str
    action: str
    heard_ms: int
    response_id: str = ""
    text: str = ""


class GuardrailChecked(FactBase, frozen=True, kw_only=True):
    """Guardrails looked at one turn of the caller, or at all of one reply.

    `mode`: parallel, strict, hold_back, after_sound (nothing could be held back). `took_ms` is the time that the
    checks themselves took, `waited_ms` for how long they kept back what would have been said or asked
    for otherwise: the price of strict mode, transcription included.
    """

    guardrails: list[str]
    stage: str
    mode: str
    checks: int
    took_ms: int
    waited_ms: int
    tripped: bool


class GuardrailFailed(FactBase, frozen=True, kw_only=True):
    """A guardrail gave no verdict. `reason`: raised, timed_out, no_transcript; `policy`: fail_closed, fail_open.

    `response_id` and `text` are the reply that was looked at and its words so far; "" for all else.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})

    guardrail: str
    stage: str
    reason: str
    policy: str
    response_id: str = ""
    text: str = ""
