"""The front of the house: who is announced, who is talking, how each call ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from huntgroup.calls.processes.moving import GIVEN_UP
from huntgroup.domain.clock import Clock
from huntgroup.server.house import House, ServedLine
from huntgroup.server.listening import Listening
from huntgroup.server.seats import Seats
from huntgroup.server.signatures import Signatures
from huntgroup.server.stream_tokens import StreamTokens, Ticket
from huntgroup.server.takenover import TakenOver
from huntgroup.server.webcalls import WebCalls

log = logging.getLogger(__name__)

MAX_REMEMBERED_ENDINGS = 1000
MAX_SOCKETS_WAITING = 100
# The carrier gives a webhook 15 seconds.
SETTLE_TIMEOUT_S = 8.0
Ending = Literal["settled", "lost", "moved", "failed"]


class FrontDesk:
    """State of one server process. Made by `create_app`; found again by `FrontDesk.of`."""

    def __init__(self, house: House, clock: Clock, *, start_timeout_s: float = 10.0) -> None:
        self.house = house
        self.tokens = StreamTokens(clock)
        self.seats = Seats(house.settings.max_calls, clock, house.has_room)
        self.taken_over = TakenOver(clock, house.give_back)
        self.web = WebCalls(house.settings, self.seats, clock, self, house.web_key)
        self.listening = Listening()
        self.active: dict[str, asyncio.Event] = {}
        self.waiting = 0
        self.draining = False
        self.start_timeout_s = start_timeout_s
        self.clock = clock
        self._endings: OrderedDict[str, Ending] = OrderedDict()
        secret = house.settings.twilio_auth_token
        self.signatures = Signatures(secret.get_secret_value()) if secret is not None else None

    @staticmethod
    def of(connection: HTTPConnection) -> FrontDesk:
        """The desk of the application that serves this request or socket."""
        app: FastAPI = connection.app
        desk: FrontDesk = app.state.desk
        return desk

    def web_url(self, connection: HTTPConnection, path: str) -> str:
        """The public `http(s)` address of a path, by the setting; without one, as this client reached us."""
        public = self.house.settings.public_url
        if public is None:
            scheme = "https" if connection.url.scheme in ("https", "wss") else "http"
            public = f"{scheme}://{connection.url.netloc}"
        return public + path

    def own_hosts(self, connection: HTTPConnection) -> set[str]:
        """The hosts, with their ports, under which pages of ours are: the public one, and the one that was asked."""
        return {connection.url.netloc, urlsplit(self.web_url(connection, "")).netloc}

    def socket_url(self, connection: HTTPConnection, path: str) -> str:
        """The `ws(s)` address of a path, at this very process: it alone knows the token that it gave out."""
        own = self.house.settings.stream_url
        return "ws" + (self.web_url(connection, path) if own is None else own + path).removeprefix("http")

    def admit(self, ticket: Ticket) -> str | None:
        """Reserve a seat for a call and return the token for its stream; None when there is no seat.

        A call that was taken over goes back when its stream does not come in time.
        """
        if not self.seats.reserve(ticket.call_id):
            return None
        if ticket.resumption is not None:
            self.taken_over.wait_for_line(ticket.resumption)
        return self.tokens.issue(ticket)

    def claim(self, ticket: Ticket) -> bool:
        """Sit an announced call down, whose line has come; False when its seat is free again, or it was given back."""
        if not self.seats.claim(ticket.call_id):
            return False
        if ticket.resumption is None or self.taken_over.begins(ticket.resumption):
            return True
        self.seats.free(ticket.call_id)
        return False

    async def settled(self, call_id: str) -> Ending | None:
        """How a call of this process ended, if it is remembered; a call that is just being settled is waited for."""
        if call_id in self.active:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.active[call_id].wait(), SETTLE_TIMEOUT_S)
        return self._endings.get(call_id)

    @contextmanager
    def socket_waits(self) -> Iterator[bool]:
        """Count a socket that has not yet said which call it carries; False when there are too many of them."""
        self.waiting += 1
        try:
            yield self.waiting <= MAX_SOCKETS_WAITING
        finally:
            self.waiting -= 1

    async def run_call(self, line: ServedLine, ticket: Ticket) -> Ending:
        """Run an announced call, whose seat is claimed, to its end. Nothing that goes wrong in it leaves here."""
        settled = self.active[ticket.call_id] = asyncio.Event()
        ending: Ending = "failed"
        try:
            reason = await self._answered(line, ticket)
            ending = "moved" if reason in GIVEN_UP else "lost" if line.was_lost else "settled"
        except Exception as error:
            # The message may quote the caller; the type and the call's id lead to the rest.
            log.error("call %s failed: %s", ticket.call_id, type(error).__name__)
        finally:
            del self.active[ticket.call_id]
            self.seats.free(ticket.call_id)
            self._remember(ticket.call_id, ending)
            settled.set()
        return ending

    async def _answered(self, line: ServedLine, ticket: Ticket) -> str | None:
        if ticket.resumption is not None:
            return await self.house.resume(line, ticket.resumption, longest_ms=ticket.longest_ms)
        if ticket.announced_elsewhere and not await self.house.claim(ticket.call_id):
            return "taken_over"
        return await self.house.answer(
            line, ticket.team, ticket.call_id, ticket.caller, ticket.callee, longest_ms=ticket.longest_ms
        )

    def _remember(self, call_id: str, ending: Ending) -> None:
        self._endings[call_id] = ending
        self._endings.move_to_end(call_id)
        while len(self._endings) > MAX_REMEMBERED_ENDINGS:
            self._endings.popitem(last=False)
