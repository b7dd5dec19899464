"""Changes of the model's session, each matched with the server's verdict."""

import asyncio
from collections import deque

from huntgroup.calls.ports import Clock, ModelSession
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import SessionConfig, SessionUpdate


class UpdateRejected(Exception):
    """The server refused a session update; the message is its error code."""


class SessionUpdates:
    """Sends session updates. A server answers them in the order in which they were sent, errors by `event_id`."""

    def __init__(self, model: ModelSession) -> None:
        self._model = model
        self._waiting: deque[tuple[str, asyncio.Future[None]]] = deque()

    def send(self, session: SessionConfig) -> asyncio.Future[None]:
        """Send an update; the future is done when it is accepted and fails with `UpdateRejected`."""
        event_id = new_id("upd")
        accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event_id, accepted))
        self._model.send(SessionUpdate(event_id=event_id, session=session))
        return accepted

    def updated(self) -> None:
        """Note a `session.updated`."""
        if self._waiting:
            _, accepted = self._waiting.popleft()
            if not accepted.done():
                accepted.set_result(None)

    def refused(self, event_id: str | None, code: str) -> bool:
        """Note an error; True when it was about an update of ours."""
        for entry in list(self._waiting):
            if entry[0] == event_id:
                self._waiting.remove(entry)
                if not entry[1].done():
                    entry[1].set_exception(UpdateRejected(code))
                return True
        return False


async def within(accepted: asyncio.Future[None], deadline_ms: int, clock: Clock) -> None:
    """Wait for an update's verdict. Raises `UpdateRejected`, or `TimeoutError` past the deadline."""
    timer = asyncio.ensure_future(clock.sleep_ms(deadline_ms))
    try:
        await asyncio.wait({accepted, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not accepted.done():
            raise TimeoutError
        await accepted
    finally:
        timer.cancel()


def disregard(accepted: asyncio.Future[None]) -> None:
    """Let nobody be asked about an update whose verdict does not matter."""
    accepted.add_done_callback(_look_away)


def _look_away(done: asyncio.Future[None]) -> None:
    if not done.cancelled():
        done.exception()
