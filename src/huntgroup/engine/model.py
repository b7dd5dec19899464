"""The offline engine as a whole, and as a realtime model that a call can open in its own process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.domain.clock import Clock
from huntgroup.engine.ports import Ear, Mind, Voice
from huntgroup.engine.session import EngineSession, Parts

MODEL_NAME = "huntgroup-offline"

# The writer sends the words of a sentence before the first of its sound, so the transcript leads.
PROFILE = Profile(
    name="offline",
    model=MODEL_NAME,
    supports_parallel_tool_calls=True,
    speaks_offline=True,
    transcript_lag_ms=0,
)


class OfflineEngine:
    """Makes sessions from shared speech and one ear and one mind each.

    `make_ear` and `make_mind` are called once per session; the voice serves all of them. `max_session_s` is the life of
    a session, after which it ends with `session_expired` as at a vendor.
    """

    def __init__(
        self,
        *,
        make_ear: Callable[[], Ear],
        make_mind: Callable[[], Mind],
        voice: Voice,
        clock: Clock,
        max_session_s: float = 3600.0,
    ) -> None:
        self._make_ear = make_ear
        self._make_mind = make_mind
        self._voice = voice
        self._clock = clock
        self._max_session_s = max_session_s

    def new_session(self, model: str | None = None) -> EngineSession:
        """A session that has not started. Without a model named here, the client's first update may name it."""
        parts = Parts(
            ear=self._make_ear(),
            mind=self._make_mind(),
            voice=self._voice,
            clock=self._clock,
            model=model or MODEL_NAME,
            model_named=model is not None,
            max_session_s=self._max_session_s,
        )
        return EngineSession(parts)

    @property
    def session_limit_ms(self) -> int:
        """The life of a session."""
        return int(self._max_session_s * 1000)

    @property
    def clock(self) -> Clock:
        """The engine's clock."""
        return self._clock


class OfflineModel:
    """`calls.ports.RealtimeModel` over the engine: typed events pass in process, unencoded."""

    def __init__(self, engine: OfflineEngine) -> None:
        self._engine = engine
        self.profile = replace(PROFILE, session_limit_ms=engine.session_limit_ms)

    def open(self) -> AbstractAsyncContextManager[ModelSession]:
        """A started session; leaving the context ends it and everything it was doing."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ModelSession]:
        session = self._engine.new_session(MODEL_NAME)
        session.start()
        try:
            yield OfflineSession(session, self.profile)
        finally:
            await session.close()


class OfflineSession:
    """`calls.ports.ModelSession` over a session of the engine."""

    def __init__(self, session: EngineSession, profile: Profile) -> None:
        self.profile = profile
        self.send = session.send
        self.receive = session.receive
