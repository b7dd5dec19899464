"""The call's way to its model: a loss is told once and disturbs nobody who sends."""

from collections.abc import Callable

from huntgroup.calls.ports import ModelSession
from huntgroup.domain.errors import ModelLost
from huntgroup.wire.realtime import ClientEvent, ServerEvent


class Outlet:
    """A model session whose `send` never raises; after a loss, events go nowhere and `on_lost` was called once."""

    def __init__(self, session: ModelSession, on_lost: Callable[[str], None]) -> None:
        self._session = session
        self._on_lost = on_lost
        self._lost = False

    def send(self, event: ClientEvent) -> None:
        if self._lost:
            return
        try:
            self._session.send(event)
        except ModelLost as error:
            self._lost = True
            self._on_lost(error.reason)

    async def receive(self) -> ServerEvent:
        return await self._session.receive()
