"""The port to whoever thinks and speaks for a call: a server of the Realtime protocol."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from huntgroup.wire.realtime import ClientEvent, ServerEvent


@dataclass(frozen=True, slots=True)
class Profile:
    """What a realtime backend can do; one event means one thing on every backend, and these are the differences.

    `session_limit_ms` is the life of one session, after which the server ends it.
    `transcript_lag_ms` is a promise about order: all words of the first `a - transcript_lag_ms` of an item's sound are
    in the transcript that came before its first `a` milliseconds had come. 0: the transcript leads. None: nothing is
    promised, and a guarded reply is heard only once its whole transcript is there and checked.
    `plays_itself`: the server hears the caller and plays to them without us. Then nothing can be held back, paused or
    said again, the sound that comes to the call is silence which stands for what is played, and the server itself
    remembers no more than was heard.
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
    plays_itself: bool = False


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
