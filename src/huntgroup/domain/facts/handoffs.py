"""Facts of a change of hands, from its proposal to the gap at the ear, and of what it took out of the memory."""

from typing import Any, ClassVar

import msgspec

from huntgroup.domain.facts.base import FactBase


class HandoffProposed(FactBase, frozen=True, kw_only=True):
    """`by` says who wanted it: model, key, menu, code, supervisor, or fallback when a limit sends the call there.

    A menu is the caller's, on a page.
    """

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


class StandbyFailed(FactBase, frozen=True, kw_only=True):
    """A handoff was to switch the voice, and no session stood by for the receiver: the voice stays as it was."""

    to_agent: str = msgspec.field(name="to")
    reason: str


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
