"""Calls from public pages: who is let in, and who comes back to which call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Protocol

from huntgroup.domain.clock import Clock
from huntgroup.domain.ids import new_id
from huntgroup.server.house import ServedLine
from huntgroup.server.passes import Pass, Passes
from huntgroup.server.seats import Seats
from huntgroup.server.stream_tokens import LIFETIME_MS, Ticket
from huntgroup.settings import Settings

# From the token to the first word, and a caller who is away, are no part of a call's length.
_PASS_GRACE_MS = 180_000


class Floor(Protocol):
    """Where announced calls are held; `FrontDesk` fits."""

    def claim(self, ticket: Ticket) -> bool:
        """Sit a call down; False when its seat is free again, or it was given back."""
        ...

    async def run_call(self, line: ServedLine, ticket: Ticket) -> str:
        """Run it to its end."""
        ...


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
    call is settled. `changing` while it is being taken off its line, `left` once it is off (a new event for each line),
    and `is_vacant` until it was taken over, to begin on another. `address` is a digest. A `bound` call goes
    on nowhere else: its sound is not ours to move.
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
    bound: bool = False
    may_be_new: bool = False
    """Whether another process announced it so short a time ago that it may not have been answered yet."""

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

    def __init__(self, settings: Settings, seats: Seats, clock: Clock, floor: Floor, key: bytes) -> None:
        self._settings = settings
        self._seats = seats
        self._clock = clock
        self._floor = floor
        self._longest_ms = int(settings.web_call_minutes * 60_000)
        self._passes = Passes(key, clock, self._longest_ms + _PASS_GRACE_MS)
        self._visits: dict[str, Visit] = {}
        self._running: set[asyncio.Task[None]] = set()

    def admit(self, team: str, address: str) -> Visit:
        """Count a call before it is accepted. Raises `WebRefused`: too_many_calls (429) or no_seat (503)."""
        self._forget_expired()
        whose = self._passes.anonymous(address)
        if self._held(whose) >= self._settings.web_calls_per_address:
            raise WebRefused(429, "too_many_calls", 30)
        call_id = new_id("call")
        if not self._seats.reserve(call_id):
            raise WebRefused(503, "no_seat", 30)
        return self._announced(call_id, team, whose, self._passes.issue(call_id, team, whose))

    def find(self, token: str, team: str | None = None) -> Visit:
        """The call that this token is for. Raises `WebRefused`: token_unknown (403) also when it was for another team.

        A call that is not known here may be another process's, or have been: it is vacant then, and `leave_line` finds
        out whether there is such a call.
        """
        self._forget_expired()
        said = self._passes.read(token)
        if said is None or (team is not None and said.team != team):
            raise WebRefused(403, "token_unknown")
        return self._visits.get(said.call_id) or self._from_elsewhere(said, token)

    def begin(self, visit: Visit, line: ServedLine) -> None:
        """Hold the call on its line, in a task of its own.

        Raises `WebRefused`: begun_already (409), no_seat (503), later (503) when it has to be taken over anew first.
        """
        if visit.line is not None:
            raise WebRefused(409, "begun_already")
        if not self._floor.claim(visit.ticket):
            raise self._too_late(visit)
        visit.line, visit.left = line, asyncio.Event()
        task = asyncio.create_task(self._hold(visit, line), name="a call from the web")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def is_one_too_many(self, visit: Visit) -> bool:
        """Whether its address holds more calls here than it may, this one included."""
        return self._held(visit.address) > self._settings.web_calls_per_address

    def forget(self, visit: Visit) -> None:
        """There is no such call, or none any more."""
        self._visits.pop(visit.call_id, None)
        self._seats.free(visit.call_id)
        visit.over.set()

    def is_bound(self, call_id: str) -> bool:
        """Whether this call can go on nowhere else."""
        visit = self._visits.get(call_id)
        return visit is not None and visit.bound

    def forget_unopened(self) -> None:
        """Leave calls that were announced and not begun to other processes."""
        for visit in list(self._visits.values()):
            if visit.line is None and not visit.changing and visit.ticket.resumption is None:
                self.forget(visit)

    def __len__(self) -> int:
        return len(self._visits)

    def _too_late(self, visit: Visit) -> WebRefused:
        if visit.ticket.resumption is None:
            return WebRefused(503, "no_seat", 30)
        visit.ticket = replace(visit.ticket, resumption=None)
        visit.is_vacant = True
        return WebRefused(503, "later", 1)

    def _held(self, address: str) -> int:
        return sum(visit.address == address for visit in self._visits.values())

    def _announced(self, call_id: str, team: str, address: str, token: str) -> Visit:
        ticket = Ticket(call_id, team, carrier_call="", caller=None, callee=None, longest_ms=self._longest_ms)
        visit = Visit(ticket, address, self._clock.now_ms() + LIFETIME_MS, token)
        self._visits[call_id] = visit
        return visit

    def _from_elsewhere(self, said: Pass, token: str) -> Visit:
        visit = self._announced(said.call_id, said.team, said.address, token)
        visit.is_vacant = True
        visit.may_be_new = self._passes.age_ms(said) < LIFETIME_MS
        return visit

    async def _hold(self, visit: Visit, line: ServedLine) -> None:
        ending = "failed"
        try:
            ending = await self._floor.run_call(line, visit.ticket)
        finally:
            if visit.changing and ending == "moved":
                visit.line = visit.keeper = None
                visit.ticket = replace(visit.ticket, resumption=None, announced_elsewhere=False)
                visit.is_vacant, visit.expires_ms = True, self._clock.now_ms() + LIFETIME_MS
            else:
                self._visits.pop(visit.call_id, None)
                visit.over.set()
            visit.left.set()

    def _forget_expired(self) -> None:
        now_ms = self._clock.now_ms()
        for visit in list(self._visits.values()):
            if visit.line is None and not visit.changing and visit.expires_ms <= now_ms:
                self.forget(visit)
