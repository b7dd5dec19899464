"""What the server needs of the rest of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from huntgroup.calls.onlookers.following import Follower
from huntgroup.calls.ports import CallStore, Line
from huntgroup.calls.processes.orphancalls import NoResumption
from huntgroup.calls.processes.resumption import Resumption
from huntgroup.calls.turns.hand import Hand
from huntgroup.domain.call import Callback
from huntgroup.domain.facts import Fact
from huntgroup.server.housedesk import SupervisorsDesk
from huntgroup.settings import Settings


class Callbacks(Protocol):
    """Callers for whom there was no room, and who want to be called back. Every method raises `StoreUnavailable`."""

    async def wish(self, team: str, caller: str, callee: str | None, carrier_call: str) -> None:
        """Note a wish; one per call of the carrier, however often it is told."""
        ...

    async def waiting(self, *, limit: int = 100, every: bool = False) -> list[Callback]:
        """Return who waits, longest first; with `every` those too who were called."""
        ...

    async def done(self, callback_id: str) -> bool:
        """Note that somebody was called back; False when nobody of that id waits."""
        ...


class ServedLine(Line, Protocol):
    """A line that can say, once it is over, whether anybody said goodbye."""

    @property
    def was_lost(self) -> bool: ...


class VendorPass(Protocol):
    """What a browser needs to offer its sound to the model's server: where, and a key of its own for a short while."""

    @property
    def url(self) -> str: ...

    @property
    def secret(self) -> str: ...

    @property
    def expires_at(self) -> int: ...


class PagedLine(ServedLine, Protocol):
    """A line whose page is beside it, on a socket of its own, and may be away for `return_ms`."""

    @property
    def return_ms(self) -> int: ...

    @property
    def is_over(self) -> bool:
        """Whether the line has ended, for whatever reason."""
        ...

    def attach(self) -> None: ...

    def detach(self) -> None: ...

    def report(self, code: str, detail: str = "") -> None: ...


class VendorSound(Protocol):
    """Calls whose sound is at the model's server. `own` is where this server reaches itself, for its own engine."""

    @property
    def origin(self) -> str | None:
        """The origin that pages must be able to reach; None when it is our own."""
        ...

    async def announce(self, team: str, call_id: str, own: str) -> VendorPass:
        """Let a browser call the model's server for a team. Raises `ModelUnavailable`."""
        ...

    def line(self, vendor_call: str, own: str) -> PagedLine:
        """Return the line of a call that a browser holds with the model's server."""
        ...


class House(Protocol):
    """Everything behind the doors; `bootstrap` builds the real one, `huntgroup.house.House`."""

    @property
    def settings(self) -> Settings: ...

    @property
    def teams(self) -> Mapping[str, Any]:
        """The teams that can be called, by name."""
        ...

    @property
    def store(self) -> CallStore: ...

    @property
    def callbacks(self) -> Callbacks: ...

    @property
    def desk(self) -> SupervisorsDesk:
        """What the desk reads, and what supervisors do to live calls."""
        ...

    @property
    def web_key(self) -> bytes:
        """What tokens of calls from pages are signed with; the same in all processes of one database."""
        ...

    @property
    def vendor(self) -> VendorSound | None:
        """Set when callers may have their sound with the model's server."""
        ...

    @property
    def engine(self) -> Any | None:
        """The offline engine when this process has one; it is served at `/v1/realtime`."""
        ...

    async def answer(
        self,
        line: Line,
        team: str,
        call_id: str,
        caller: str | None,
        callee: str | None,
        *,
        longest_ms: int | None = None,
    ) -> str | None:
        """Run the whole call on an open line; returns the reason of the end when it is settled and its record complete.

        The reasons `moved` and `taken_over` end this process's part only. `longest_ms` ends the call politely before
        its team's own limit does.
        """
        ...

    async def claim(self, call_id: str) -> bool:
        """Own a call that another process announced and nobody answered; `answer` must follow. False when it has, or
        may have, an owner."""
        ...

    async def take_over(self, call_id: str) -> Resumption | NoResumption:
        """Take a call whose process is gone. With a resumption, `resume` or `give_back` must follow."""
        ...

    async def resume(self, line: Line, resumption: Resumption, *, longest_ms: int | None = None) -> str | None:
        """Go on with a call that was taken over, on a new line; returns as `answer` does."""
        ...

    async def give_back(self, resumption: Resumption) -> None:
        """Leave a call that was taken over to whoever comes: its caller did not."""
        ...

    def follow(self, call_id: str, follower: Follower) -> Callable[[], None]:
        """Tell a follower of one call what happens in it here, even before it begins; returns the way to stop."""
        ...

    def facts_of(self, call_id: str) -> Sequence[Fact]:
        """Return the facts so far of a call that is held here; none of any other."""
        ...

    def hand(self, call_id: str) -> Hand | None:
        """Return what the caller can do by hand to a call that is held here; None when it is not, or not yet."""
        ...

    def has_room(self) -> bool:
        """Whether the model's provider takes one more call."""
        ...

    async def drain(self) -> None:
        """Let other processes know that this one takes no more calls."""
        ...

    async def others(self) -> bool:
        """Whether another process lives that takes calls."""
        ...

    async def move(self, call_id: str, patience_ms: int, *, because: str = "draining") -> None:
        """Give a live call up at a quiet moment, for another process or line; its line is closed then."""
        ...

    def ready(self) -> dict[str, Any]:
        """Return the parts that must work before calls are taken; a False value means "not yet"."""
        ...
