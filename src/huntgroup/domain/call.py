"""A call as its list shows it."""

import msgspec


class CallSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list of calls. Times are ISO 8601 in UTC; `ended_at` is null while the call runs."""

    call_id: str
    team: str
    line: str
    caller: str | None
    started_at: str
    ended_at: str | None
    duration_ms: int | None
    end_reason: str | None
    sentiment_score: float | None = None
    lead_score: int | None = None
    resolution: str | None = None


class Lease(msgspec.Struct, frozen=True):
    """Who owns a call. `epoch` grows with each change of owner; `free` says that anybody may take the call."""

    owner: str
    epoch: int
    free: bool


class Callback(msgspec.Struct, frozen=True, kw_only=True):
    """A caller for whom there was no room, and who wants to be called back. `state`: waiting or done."""

    id: str
    team: str
    caller: str
    callee: str | None
    wished_at: str
    state: str
