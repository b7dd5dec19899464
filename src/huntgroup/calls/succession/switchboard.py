"""Which model session a call talks to: one at a time, and how another takes its place between two events."""

import asyncio
from collections.abc import Callable

from huntgroup.calls.ports import Clock, ModelSession, Profile, RealtimeModel
from huntgroup.calls.state.deadline import limited
from huntgroup.calls.state.live import Tasks
from huntgroup.domain.errors import ModelLost, ModelUnavailable
from huntgroup.domain.ids import new_id
from huntgroup.wire.realtime import (
    ClientEvent,
    ConversationItemTruncate,
    Error,
    ResponseDone,
    ServerEvent,
    SessionConfig,
    SessionUpdate,
    SessionUpdated,
)

OnEvent = Callable[["Connection", ServerEvent], None]
OnLost = Callable[["Connection", str], None]


class Connection:
    """One session with a model's server, from dialling to hanging up; `lost` says why it is over.

    `send` never raises: after the end, events go nowhere. `served` once a response of it was done.
    """

    def __init__(self, model: RealtimeModel, on_event: OnEvent, on_lost: OnLost) -> None:
        self._model = model
        self._on_event = on_event
        self._on_lost = on_lost
        self._session: ModelSession | None = None
        self._update_id = ""
        self._verdict: asyncio.Future[None] | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.profile: Profile = model.profile
        self.task: asyncio.Task[None] | None = None
        self.opened_ms = 0
        self.served = False
        self.configured: SessionConfig | None = None
        self.lost: str | None = None

    async def run(self) -> None:
        """Open the session and hand on its events until it is over; cancelling this hangs up."""
        try:
            async with self._model.open() as session:
                self._session, self.profile = session, session.profile
                if not self.opened.done():
                    self.opened.set_result(None)
                while True:
                    self._on_event(self, await session.receive())
        except ModelUnavailable as error:
            if not self.opened.done():
                self.opened.set_exception(error)
        except ModelLost as error:
            self._over(error.reason)

    def send(self, event: ClientEvent) -> None:
        if self._session is None or self.lost is not None:
            return
        try:
            self._session.send(event)
        except ModelLost as error:
            self._over(error.reason)

    async def configure(self, config: SessionConfig, limit_ms: int, clock: Clock) -> None:
        """Configure a session that nobody talks to yet. Raises `ModelUnavailable` when it is refused, late or lost."""
        self._update_id, self._verdict = new_id("upd"), asyncio.get_running_loop().create_future()
        self.send(SessionUpdate(event_id=self._update_id, session=config))
        if self.lost is not None:
            raise ModelUnavailable(self.lost)
        try:
            await limited(_wait_for(self._verdict), limit_ms, clock)
        except TimeoutError:
            raise ModelUnavailable("configuration_late") from None
        self.configured = config

    def overheard(self, event: ServerEvent) -> None:
        """Take an event while nobody talks to this session: only the verdict on its configuration counts."""
        if self._verdict is None or self._verdict.done():
            return
        if isinstance(event, SessionUpdated):
            self._verdict.set_result(None)
        elif isinstance(event, Error) and event.error.event_id == self._update_id:
            code = event.error.code or event.error.type
            self._verdict.set_exception(ModelUnavailable(code, retryable=False))

    def _over(self, reason: str) -> None:
        if self.lost is not None:
            return
        self.lost = reason
        if self._verdict is not None and not self._verdict.done():
            self._verdict.set_exception(ModelUnavailable(reason))
        self._on_lost(self, reason)


class Switchboard:
    """The call's way to its model. Events of a session count only while the call is put through to it.

    `on_lost` is told, in a task of the call, when the session is over that the call is put through to. `knows` says
    whether an item is of the present session: what only an earlier one had is not truncated.
    """

    def __init__(
        self,
        model: RealtimeModel,
        clock: Clock,
        tasks: Tasks,
        *,
        on_event: Callable[[ServerEvent], None],
        on_lost: Callable[[str], None],
        knows: Callable[[str], bool],
    ) -> None:
        self._model = model
        self._clock = clock
        self._tasks = tasks
        self._on_event = on_event
        self._on_lost = on_lost
        self._knows = knows
        self.current: Connection | None = None

    @property
    def connected(self) -> bool:
        """Whether the call is put through to a session that is not over."""
        return self.current is not None and self.current.lost is None

    @property
    def profile(self) -> Profile:
        return self.current.profile if self.current is not None else self._model.profile

    def send(self, event: ClientEvent) -> None:
        """Send to the present session; without one the event goes nowhere."""
        if self.current is None:
            return
        if isinstance(event, ConversationItemTruncate) and not self._knows(event.item_id):
            return
        self.current.send(event)

    async def dial(self, limit_ms: int) -> Connection:
        """Open another session beside the present one. Raises `ModelUnavailable`."""
        connection = Connection(self._model, self._take, self._over)
        connection.task = self._tasks.spawn(connection.run(), "model session")
        try:
            await limited(_wait_for(connection.opened), limit_ms, self._clock)
        except TimeoutError:
            self.hang_up(connection)
            raise ModelUnavailable("timeout") from None
        except asyncio.CancelledError:
            self.hang_up(connection)
            raise
        connection.opened_ms = self._clock.now_ms()
        return connection

    def put_through(self, connection: Connection) -> None:
        """Talk to this session from now on; the one before is closed, and its late events are dropped."""
        before, self.current = self.current, connection
        if before is not None:
            self.hang_up(before)

    def drop(self) -> None:
        """Close the present session; the call has none then."""
        before, self.current = self.current, None
        if before is not None:
            self.hang_up(before)

    def hang_up(self, connection: Connection) -> None:
        """Close a session. Nothing of it counts any more."""
        connection.lost = connection.lost or "closed"
        if connection.task is not None:
            connection.task.cancel()

    def _take(self, connection: Connection, event: ServerEvent) -> None:
        if connection is self.current:
            connection.served = connection.served or isinstance(event, ResponseDone)
            self._on_event(event)
        else:
            connection.overheard(event)

    def _over(self, connection: Connection, reason: str) -> None:
        self._tasks.spawn(self._tell_lost(connection, reason), "model lost")

    async def _tell_lost(self, connection: Connection, reason: str) -> None:
        """Told later, because a loss may show in the middle of sending something."""
        if connection is self.current:
            self._on_lost(reason)


async def _wait_for(future: asyncio.Future[None]) -> None:
    await asyncio.shield(future)
