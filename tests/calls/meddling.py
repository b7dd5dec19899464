"""A model between the call and the engine that rejects, swallows, delays or loses what the test names."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from huntgroup.calls.ports import ModelSession, Profile, RealtimeModel
from huntgroup.domain.errors import ModelLost
from huntgroup.wire import realtime as rt

Verdict = str | None
"""`reject`, `swallow`, `lose`, `hold` (this event and all after it, until `let_go`), or None to let it pass."""
Judge = Callable[[rt.ClientEvent], Verdict]


class MeddlingModel:
    """`RealtimeModel` around another; `judge` looks at each client event. `session` is the one opened last."""

    def __init__(self, inner: RealtimeModel, judge: Judge) -> None:
        self._inner = inner
        self._judge = judge
        self.session: MeddlingSession

    @property
    def profile(self) -> Profile:
        return self._inner.profile

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ModelSession]:
        async with self._inner.open() as session:
            self.session = MeddlingSession(session, self._judge)
            yield self.session


class MeddlingSession:
    """`ModelSession` that keeps what it `received`."""

    def __init__(self, inner: ModelSession, judge: Judge) -> None:
        self._inner = inner
        self._judge = judge
        self.profile = inner.profile
        self._lost = False
        self._held: list[rt.ClientEvent] | None = None
        self.received: list[rt.ServerEvent] = []

    def send(self, event: rt.ClientEvent) -> None:
        if self._held is not None:
            self._held.append(event)
            return
        verdict = self._judge(event)
        if verdict == "lose":
            self._lost = True
        if self._lost:
            raise ModelLost("socket_lost")
        if verdict == "reject":
            # One bad field makes the engine refuse the whole update, as any server of the protocol would.
            assert isinstance(event, rt.SessionUpdate)
            bad = rt.SessionConfig(instructions=event.session.instructions, output_modalities=["smell"])
            self._inner.send(rt.SessionUpdate(event_id=event.event_id, session=bad))
        elif verdict == "hold":
            self._held = [event]
        elif verdict is None:
            self._inner.send(event)

    def let_go(self) -> None:
        """Pass on what is held."""
        held, self._held = self._held or [], None
        for event in held:
            self._inner.send(event)

    def break_off(self) -> None:
        """Lose the session: the next event that is sent finds out."""
        self._lost = True

    async def receive(self) -> rt.ServerEvent:
        event = await self._inner.receive()
        self.received.append(event)
        return event
