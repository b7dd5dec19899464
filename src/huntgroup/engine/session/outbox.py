"""The ordered queue of what a session says to its client."""

from __future__ import annotations

import asyncio
from collections import deque

from huntgroup.domain.errors import ModelLost
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import Error, ErrorBody, KnownServerEvent, ServerEventBase

HIGH_WATER = 500
LIMIT = 20_000


class Outbox:
    """Holds events until the client takes them; nothing is lost and nothing overtakes.

    Producers of speech wait in `room` while the client is slow. Answers to the client's own events are put at once;
    a client that sends and never reads overruns `LIMIT` and ends the session.
    """

    def __init__(self) -> None:
        self._events: deque[KnownServerEvent] = deque()
        self._changed = asyncio.Event()
        self._space = asyncio.Event()
        self._space.set()
        self.ended: str | None = None

    def put(self, event: KnownServerEvent) -> None:
        """Stamp the event with an id and queue it; dropped when the session is over."""
        if self.ended is not None:
            return
        if isinstance(event, ServerEventBase):
            event.event_id = new_id("event")
        self._events.append(event)
        self._changed.set()
        if len(self._events) >= HIGH_WATER:
            self._space.clear()
        if len(self._events) >= LIMIT:
            self.end("client_too_slow")

    def error(
        self,
        code: str | None,
        message: str,
        param: str | None,
        event_id: str | None,
        kind: str = "invalid_request_error",
    ) -> None:
        """Queue an `error` event about the client event `event_id`."""
        body = ErrorBody(type=kind, code=code, message=message, param=param, event_id=event_id)
        self.put(Error(error=body))

    async def get(self) -> KnownServerEvent:
        """The next event. Raises ModelLost when the session is over and everything was taken."""
        while not self._events:
            if self.ended is not None:
                raise ModelLost(self.ended)
            self._changed.clear()
            await self._changed.wait()
        event = self._events.popleft()
        if len(self._events) < HIGH_WATER:
            self._space.set()
        return event

    async def room(self) -> None:
        """Return when the client has caught up enough for more speech."""
        await self._space.wait()

    def end(self, reason: str) -> None:
        """Take no more events; what is queued can still be taken."""
        if self.ended is None:
            self.ended = reason
        self._changed.set()
        self._space.set()
