"""Calls from public pages: who is let in, and who comes back to which call."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from huntgroup.domain.clock import Clock
from huntgroup.domain.ids import new_id
from huntgroup.server.house import ServedLine
from huntgroup.server.seats import Seats
from huntgroup.server.stream_tokens import LIFETIME_MS, Ticket
from huntgroup.settings import Settings

RunCall = Callable[[ServedLine, Ticket], Awaitable[str]]


class WebRefused(Exception):
    """A page may not do this; `status` is HTTP's, `code` a word for the page, `retry_after_s` when to try again."""

    def __init__(self, status: int, code: str, retry_after_s: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s


@dataclass(eq=False)
class Visit:
    """One call from a page: announced while `line` is None, then held on that line until it is settled.

    A caller who comes back is put through to `line` by its `keeper`, who is of the line's kind; `over` is set when the
    call is settled. `changing` while it is being taken off its line, `left` once it is off, and
    `is_vacant` until it was taken over, to begin on another.
    """

    ticket: Ticket
    address: str
    expires_ms: int
    token: str
    line: ServedLine | None = None
    keeper: object | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    changing: bool = False
    is_vacant: bool = False

    @property
    def call_id(self) -> str:
        return self.ticket.call_id

    @property
    def team(self) -> str:
        return self.ticket.team


class WebCalls:
    """Admission of one process. A token is one call's: it opens that call once, and then brings its caller back to it.

    A call that nobody opens within a minute is forgotten, and its seat is free.
    """

    def __init__(self, settings: Settings, seats: Seats, clock: Clock, run_call: RunCall) -> None:
        self._settings = settings
        self._seats = seats
        self._clock = clock
        self._run_call = run_call
        self._visits: dict[bytes, Visit] = {}
        self._running: set[asyncio.Task[None]] = set()

    def admit(self, team: str, address: str) -> Visit:
        """Count a call before it is accepted. Raises `WebRefused`: too_many_calls (429) or no_seat (503)."""
        self._forget_expired()
        held = sum(visit.address == address for visit in self._visits.values())
        if held >= self._settings.web_calls_per_address:
            raise WebRefused(429, "too_many_calls", 30)
        call_id = new_id("call")
        if not self._seats.reserve(call_id):
            raise WebRefused(503, "no_seat", 30)
        longest_ms = int(self._settings.web_call_minutes * 60_000)
        ticket = Ticket(call_id, team, carrier_call="", caller=None, callee=None, longest_ms=longest_ms)
        token = secrets.token_urlsafe(32)
        visit = Visit(ticket, address, self._clock.now_ms() + LIFETIME_MS, token)
        self._visits[_digest(token)] = visit
        return visit

    def find(self, token: str, team: str | None = None) -> Visit:
        """The call that this token is for. Raises `WebRefused`: token_unknown (403) also when it was for another team.

        A call that is over, or was not opened in time, is unknown.
        """
        self._forget_expired()
        visit = self._visits.get(_digest(token))
        if visit is None or (team is not None and visit.team != team):
            raise WebRefused(403, "token_unknown")
        return visit

    def begin(self, visit: Visit, line: ServedLine) -> None:
        """Hold the call on its line, in a task of its own. Raises `WebRefused`: begun_already (409), no_seat (503)."""
        if visit.line is not None:
            raise WebRefused(409, "begun_already")
        if not self._seats.claim(visit.call_id):
            raise WebRefused(503, "no_seat", 30)
        visit.line = line
        visit.left.clear()
        task = asyncio.create_task(self._hold(visit, line), name="a call from the web")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def withdraw(self, visit: Visit) -> None:
        """Forget a call that cannot come about; its seat is free."""
        if visit.line is None and self._visits.pop(_digest(visit.token), None) is not None:
            self._seats.free(visit.call_id)

    def holds(self, call_id: str) -> bool:
        """Whether this call came from a page."""
        return any(visit.call_id == call_id for visit in self._visits.values())

    def __len__(self) -> int:
        return len(self._visits)

    async def _hold(self, visit: Visit, line: ServedLine) -> None:
        ending = "failed"
        try:
            ending = await self._run_call(line, visit.ticket)
        finally:
            if visit.changing and ending == "moved":
                visit.line = visit.keeper = None
                visit.ticket = replace(visit.ticket, resumption=None)
                visit.is_vacant, visit.expires_ms = True, self._clock.now_ms() + LIFETIME_MS
            else:
                self._visits.pop(_digest(visit.token), None)
                visit.over.set()
            visit.left.set()

    def _forget_expired(self) -> None:
        now_ms = self._clock.now_ms()
        gone = [
            key
            for key, visit in self._visits.items()
            if visit.line is None and not visit.changing and visit.expires_ms <= now_ms
        ]
        for key in gone:
            self._seats.free(self._visits.pop(key).call_id)


def _digest(token: str) -> bytes:
    # Looking a digest up tells nothing about a token by how long it takes.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
