"""Changes of the model's session, each matched with the server's verdict."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UnsetType

from huntgroup.calls.ports import Clock, Outgoing
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import SessionConfig, SessionUpdate


class UpdateRejected(Exception):
    """The server refused a session update; the message is its error code."""


@dataclass(eq=False)
class Update:
    """One update that waits for its verdict; `on_accepted` is called in the very moment of acceptance."""

    event_id: str
    instructions: str | UnsetType
    accepted: asyncio.Future[None]
    on_accepted: Callable[[], None] | None

    def give_up(self) -> None:
        """Nobody waits for this verdict any more; a late acceptance means nothing."""
        self.on_accepted = None
        self.accepted.cancel()

    def is_repeated_by(self, other: "Update") -> bool:
        """Whether this one was given up and `other` says the same: then either verdict is the other's too."""
        return self.accepted.cancelled() and self.instructions == other.instructions


class SessionUpdates:
    """Sends session updates and matches them with the server's verdicts.

    Errors name the update. An acceptance carries the whole session, so it is matched by its instructions: a server
    takes updates in order, hence the first that waits with these instructions is the one, whether somebody still waits
    for it or not, and updates sent before it will get no verdict any more. Instructions of an update that has its
    verdict are a duplicate. A server that writes instructions in its own way accepts the first that waits.
    `on_report` is told the instructions of every acceptance once it was matched.
    """

    def __init__(self, model: Outgoing) -> None:
        self._model = model
        self._waiting: deque[Update] = deque()
        self._away: str | None = None
        self._sent: set[str | UnsetType] = set()
        self.on_report: Callable[[str | UnsetType], None] = lambda instructions: None

    @property
    def outstanding(self) -> bool:
        """Whether the server owes a verdict on an update."""
        return bool(self._waiting)

    def send(self, session: SessionConfig, on_accepted: Callable[[], None] | None = None) -> Update:
        """Send an update; `accepted` is done when the server accepts it and fails with `UpdateRejected`."""
        accepted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        accepted.add_done_callback(_look_away)
        update = Update(new_id("upd"), session.instructions, accepted, on_accepted)
        if self._waiting and self._waiting[-1].is_repeated_by(update):
            self._waiting.pop()
        if self._away is not None:
            accepted.set_exception(UpdateRejected(self._away))
            return update
        self._waiting.append(update)
        self._sent.add(update.instructions)
        self._model.send(SessionUpdate(event_id=update.event_id, session=session))
        return update

    def abandon(self, reason: str) -> None:
        """The session is over: whatever waits for a verdict, or is sent before `restart`, is refused with `reason`."""
        waiting, self._waiting = self._waiting, deque()
        self._away = reason
        for update in waiting:
            if not update.accepted.done():
                update.accepted.set_exception(UpdateRejected(reason))

    def restart(self, configured: SessionConfig | None) -> None:
        """Another session is there; `configured` is what it has accepted already."""
        self._away = None
        self._sent.clear()
        if configured is not None:
            self._sent.add(configured.instructions)
            self.on_report(configured.instructions)

    def updated(self, session: SessionConfig) -> None:
        """Note a `session.updated`."""
        match = self._match(session.instructions)
        if match is not None:
            while self._waiting.popleft() is not match:
                continue
            if match.on_accepted is not None:
                match.on_accepted()
            if not match.accepted.done():
                match.accepted.set_result(None)
        known = session.instructions in self._sent
        self.on_report(session.instructions if known or match is None else match.instructions)

    def refused(self, event_id: str | None, code: str) -> bool:
        """Note an error; True when it was about an update of ours."""
        for update in list(self._waiting):
            if update.event_id == event_id:
                self._waiting.remove(update)
                if not update.accepted.done():
                    update.accepted.set_exception(UpdateRejected(code))
                return True
        return False

    def _match(self, instructions: str | UnsetType) -> Update | None:
        alike = next((one for one in self._waiting if one.instructions == instructions), None)
        if alike is not None or instructions in self._sent:
            return alike
        return self._waiting[0] if self._waiting else None


async def within(update: Update, deadline_ms: int, clock: Clock) -> None:
    """Wait for an update's verdict. Raises `UpdateRejected`, or `TimeoutError` past the deadline."""
    timer = asyncio.ensure_future(clock.sleep_ms(deadline_ms))
    try:
        await asyncio.wait({update.accepted, timer}, return_when=asyncio.FIRST_COMPLETED)
        if not update.accepted.done():
            raise TimeoutError
        await update.accepted
    finally:
        timer.cancel()


def _look_away(done: asyncio.Future[None]) -> None:
    """Take the exception of a verdict that nobody waits for."""
    if not done.cancelled():
        done.exception()
