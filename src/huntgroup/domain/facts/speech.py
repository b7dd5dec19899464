"""Facts of what was said and heard, and of who had the floor."""

from typing import ClassVar

from huntgroup.domain.facts.base import FactBase


class CallerSpoke(FactBase, frozen=True, kw_only=True):
    """One turn of the caller as transcribed; the times are the line's, and `text` is "" when nothing was understood.

    `how`: spoken, or typed, which takes no time and needs no transcript.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})

    turn: int
    item_id: str
    text: str
    start_ms: int
    end_ms: int
    how: str = "spoken"


class AgentSpoke(FactBase, frozen=True, kw_only=True):
    """One spoken item: `text` was generated, `heard_text` reached the ear. Times are null when nothing was heard.

    `ordered` is what the call told the model to say word for word, and it may have said otherwise; null when the words
    were the agent's own.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text", "heard_text", "ordered"})

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
    ordered: str | None = None


class Interrupted(FactBase, frozen=True, kw_only=True):
    """The caller stopped an agent: an item was cut at `heard_ms` of `generated_ms`.

    `cause`: speech, keys, typed (words), by_hand (the caller wished for silence and nothing else), or supervisor (who
    has taken the call).

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


class FillerSpoken(FactBase, frozen=True, kw_only=True):
    tool: str
    tool_call_id: str
