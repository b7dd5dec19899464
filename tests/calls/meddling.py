"""A model between the call and the engine that rejects, swallows or delays what the test names."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from huntgroup.calls.ports import ModelSession, Profile, RealtimeModel
from huntgroup.domain.errors import ModelLost
from huntgroup.wire import realtime as rt

Verdict = str | None
"""`reject`, `swallow`, `lose`, or None to let the event pass."""


class MeddlingModel:
    """`RealtimeModel` around another; `judge` looks at each client event."""

    def __init__(self, inner: RealtimeModel, judge: Callable[[rt.ClientEvent], Verdict]) -> None:
        self._inner = inner
        self._judge = judge

    @property
    def profile(self) -> Profile:
        return self._inner.profile

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ModelSession]:
        async with self._inner.open() as session:
            yield _Session(session, self._judge)


class _Session:
    def __init__(self, inner: ModelSession, judge: Callable[[rt.ClientEvent], Verdict]) -> None:
        self._inner = inner
        self._judge = judge
        self._lost = False

    def send(self, event: rt.ClientEvent) -> None:
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
        elif verdict is None:
            self._inner.send(event)

    async def receive(self) -> rt.ServerEvent:
        return await self._inner.receive()
