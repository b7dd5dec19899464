"""All that a call needs from outside. Each port has a real and an in-memory implementation and one contract suite."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from huntgroup.domain.analytics import Analytics
from huntgroup.domain.call import CallSummary, Lease
from huntgroup.domain.clock import Clock
from huntgroup.domain.facts import Fact
from huntgroup.media.formats import AudioFormat
from huntgroup.wire.realtime import ClientEvent, ServerEvent

__all__ = [
    "CallLeases",
    "CallStore",
    "Capacity",
    "Clock",
    "HousePhrases",
    "Lease",
    "Line",
    "LineAudio",
    "LineBadInput",
    "LineDtmf",
    "LineEnded",
    "LineEvent",
    "LineMark",
    "ModelSession",
    "Outgoing",
    "Phrase",
    "PhraseKind",
    "Profile",
    "RealtimeModel",
    "ToolOutcomes",
]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a realtime backend can do; one event means one thing on every backend, and these are the differences.

    `session_limit_ms` is the life of one session, after which the server ends it.
    `transcript_lag_ms` is a promise about order: all words of the first `a - transcript_lag_ms` of an item's sound are
    in the transcript that came before its first `a` milliseconds had come. 0: the transcript leads. None: nothing is
    promised, and a guarded reply is heard only once its whole transcript is there and checked.
    """

    name: str
    model: str
    supports_pcmu: bool = True
    supports_out_of_band: bool = True
    supports_parallel_tool_calls: bool = False
    supports_transcription: bool = True
    speaks_offline: bool = False
    default_voice: str = "marin"
    session_limit_ms: int = 60 * 60_000
    transcript_lag_ms: int | None = None


class Outgoing(Protocol):
    """A way for events to a model."""

    def send(self, event: ClientEvent) -> None:
        """Queue an event; order is kept and the call never blocks."""
        ...


class ModelSession(Outgoing, Protocol):
    """One open session with a realtime model; its `send` raises `ModelLost` when the session is over."""

    @property
    def profile(self) -> Profile:
        """What the server of this very session can do."""
        ...

    async def receive(self) -> ServerEvent:
        """Return the next event in order. Raises `ModelLost` when the session is over."""
        ...


class RealtimeModel(Protocol):
    """A server of the Realtime protocol."""

    @property
    def profile(self) -> Profile: ...

    def open(self) -> AbstractAsyncContextManager[ModelSession]:
        """Open a session; leaving the context closes it. Entering raises `ModelUnavailable`."""
        ...


class Capacity(Protocol):
    """What admission asks before it takes a call."""

    def has_room(self) -> bool:
        """Whether the model's provider can serve one more call, by the rate limits that it last reported."""
        ...


PhraseKind = Literal["outage", "still_here", "apology"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the house and their sound, PCM16 mono at 24 kHz."""

    text: str
    audio: bytes


class HousePhrases(Protocol):
    """What a caller hears without any model: sound that was made before it is needed."""

    def phrase(self, kind: PhraseKind, voice: str) -> Phrase | None:
        """Return a phrase in the voice of that name, or in another; None when the house has no sound for it."""
        ...


@dataclass(frozen=True, slots=True)
class LineAudio:
    """Caller's sound in the line's format, in order."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class LineDtmf:
    digit: str


@dataclass(frozen=True, slots=True)
class LineMark:
    """An echo of our mark: everything played before it was heard, or dropped by `clear`."""

    name: str


@dataclass(frozen=True, slots=True)
class LineBadInput:
    """The line sent something malformed; it was dropped and the line goes on."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class LineEnded:
    """The caller's side is over; the last event. `lost` is True when nobody said goodbye (a socket that broke)."""

    reason: str
    lost: bool


LineEvent = LineAudio | LineDtmf | LineMark | LineBadInput | LineEnded


class Line(Protocol):
    """How one caller reaches us."""

    @property
    def kind(self) -> str: ...

    @property
    def format(self) -> AudioFormat:
        """The format of `LineAudio` and of `play`."""
        ...

    def now_ms(self) -> int:
        """Return milliseconds since the line opened, by the line's own media clock."""
        ...

    async def receive(self) -> LineEvent:
        """Return the next event; after `LineEnded` it returns `LineEnded` again."""
        ...

    def play(self, audio: bytes) -> None:
        """Queue sound for the caller; never blocks. Does nothing after the end."""
        ...

    def mark(self, name: str) -> None:
        """Queue a mark; it comes back as `LineMark` when everything before it was heard."""
        ...

    def clear(self) -> None:
        """Drop everything that is queued and not heard; pending marks come back at once."""
        ...

    async def pump(self) -> None:
        """Write the queue out until the line is over; the call runs this as one of its tasks."""
        ...

    async def hang_up(self) -> None:
        """Let queued sound be heard (with a limit), then close our side; safe to repeat."""
        ...


class CallStore(Protocol):
    """Where facts go. Every method raises `StoreUnavailable` while the database is away."""

    async def append(self, facts: Sequence[Fact], *, epochs: Sequence[int] | None = None) -> frozenset[str]:
        """Store a batch; idempotent on call id and sequence number.

        `epochs` are the facts' own, one each: the number of the ownership under which each was written. Facts of a call
        that has since a higher one do not enter its record but are kept apart; returns the ids of such calls.
        """
        ...

    async def facts(self, call_id: str) -> list[Fact]:
        """Return a call's facts in order; [] when it is unknown."""
        ...

    async def calls(self, *, limit: int = 50, team: str | None = None) -> list[CallSummary]:
        """Return calls, newest first."""
        ...

    async def save_analytics(self, call_id: str, analytics: Analytics) -> None:
        """Store the analytics of a call; a later one replaces an earlier one."""
        ...

    async def analytics(self, call_id: str) -> Analytics | None: ...


class CallLeases(Protocol):
    """Which process owns which call: at most one at any time. Every method raises `StoreUnavailable`.

    A lease lasts `lifetime_ms` from its last renewal, by the store's own clock. An owner is named by the process.
    """

    async def renew(
        self, owner: str, held: Mapping[str, int], *, lifetime_ms: int, draining: bool = False
    ) -> frozenset[str]:
        """Renew all leases of a process at once, by call id and epoch, and note that it lives.

        A lease that nobody has yet is made. Returns the calls that are lost: somebody else has them.
        """
        ...

    async def take(self, call_id: str, owner: str, *, lifetime_ms: int, gone: str | None = None) -> int | None:
        """Take a call whose lease has ended, or belongs to `gone`, a process known to be dead; returns the new epoch.

        None when the call has a live owner. Of many who try at once one succeeds.
        """
        ...

    async def release(self, owner: str, held: Mapping[str, int]) -> None:
        """End these leases now; those that are lost already stay as they are."""
        ...

    async def find(self, call_id: str) -> Lease | None:
        """Return who owns a call, or owned it last; None when no lease was ever made."""
        ...

    async def abandoned(self, *, after_ms: int, limit: int = 50) -> list[tuple[str, str]]:
        """Return calls without an end in their record whose lease ended `after_ms` ago or earlier, and their owners."""
        ...

    async def others(self, owner: str) -> list[str]:
        """Return the other processes that live and take calls."""
        ...

    async def leave(self, owner: str) -> None:
        """Note that a process takes no more part."""
        ...


class ToolOutcomes(Protocol):
    """What tool calls that write have done, by idempotency key. Raises `StoreUnavailable`."""

    async def settle(self, key: str, call_id: str) -> dict[str, Any] | None:
        """Return the result that is kept under `key`; else close the key, so that nothing is done under it any more.

        None when nothing was done under the key, as far as its writes are kept by key.
        """
        ...
