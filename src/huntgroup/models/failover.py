"""Several backends as one: the first that is well takes the call, and another when it fails."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from huntgroup.calls.ports import ModelSession, Profile, RealtimeModel
from huntgroup.calls.state.deadline import limited
from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import ModelLost, ModelUnavailable
from huntgroup.models.breaker import Breaker
from huntgroup.models.limits import EXCEEDED, ProviderLimits
from huntgroup.wire.realtime import ClientEvent, Error, RateLimitsUpdated, Response, ResponseDone, ServerEvent

log = logging.getLogger(__name__)

OPEN_LIMIT_MS = 2_500
# Ends that say nothing about the server's health: its own limit on a session, and our own goodbye.
_NO_FAULT = frozenset({"closed", "session_expired", "going_away"})


class Route:
    """One backend with what is known of its health."""

    def __init__(self, model: RealtimeModel, clock: Clock) -> None:
        self.model = model
        self.breaker = Breaker(clock)
        self.limits = ProviderLimits(clock)

    @property
    def name(self) -> str:
        return f"{self.model.profile.name}/{self.model.profile.model}"


class FailoverModel:
    """`RealtimeModel` over backends in order of preference; also `Capacity` for admission.

    A backend whose breaker is open is passed over, unless all are: a call is never left without a try. All but the last
    must open within `open_limit_ms`, so that a backend that hangs costs a live call no more than that.
    """

    def __init__(self, models: Sequence[RealtimeModel], clock: Clock, *, open_limit_ms: int = OPEN_LIMIT_MS) -> None:
        self.routes = [Route(model, clock) for model in models]
        self._clock = clock
        self._open_limit_ms = open_limit_ms

    @property
    def profile(self) -> Profile:
        """Of the backend that the next call is likely to reach."""
        well = (route for route in self.routes if route.breaker.state == "closed")
        return next(well, self.routes[0]).model.profile

    def has_room(self) -> bool:
        """Whether some backend that is well can take one more call."""
        well = [route for route in self.routes if route.breaker.state != "open"]
        return any(route.limits.has_room() for route in well or self.routes)

    def open(self) -> AbstractAsyncContextManager[ModelSession]:
        """Open a session on the first backend that gives one. Entering raises `ModelUnavailable`."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ModelSession]:
        async with AsyncExitStack() as stack:
            yield await self._first(stack)

    async def _first(self, stack: AsyncExitStack) -> ModelSession:
        """A backend's breaker is asked just before its try: a trial is spent only on a backend that is tried."""
        errors: list[ModelUnavailable] = []
        for at, route in enumerate(self.routes):
            if route.breaker.allows():
                last = not any(later.breaker.would_allow for later in self.routes[at + 1 :])
                if (session := await self._try(route, stack, errors, last=last)) is not None:
                    return session
        for route in self.routes if not errors else ():
            if (session := await self._try(route, stack, errors, last=route is self.routes[-1])) is not None:
                return session
        raise ModelUnavailable(errors[0].reason, retryable=any(error.retryable for error in errors))

    async def _try(
        self, route: Route, stack: AsyncExitStack, errors: list[ModelUnavailable], *, last: bool
    ) -> ModelSession | None:
        try:
            session = await self._enter(route, stack, last=last)
        except ModelUnavailable as error:
            errors.append(error)
            route.breaker.failed(fatal=not error.retryable)
            if error.reason in EXCEEDED:
                route.limits.exceeded()
            log.warning("no session on %s: %s", route.name, error.reason)
            return None
        except BaseException:
            route.breaker.released()
            raise
        route.breaker.opened()
        return RoutedSession(session, route)

    async def _enter(self, route: Route, stack: AsyncExitStack, *, last: bool) -> ModelSession:
        entering = stack.enter_async_context(route.model.open())
        if last:
            return await entering
        try:
            return await limited(entering, self._open_limit_ms, self._clock)
        except TimeoutError:
            raise ModelUnavailable("timeout") from None


class RoutedSession:
    """`ModelSession` of one backend; what it says of that backend's health and limits is noted on the way."""

    def __init__(self, session: ModelSession, route: Route) -> None:
        self._session = session
        self._route = route

    @property
    def profile(self) -> Profile:
        return self._session.profile

    def send(self, event: ClientEvent) -> None:
        """Pass on; raises `ModelLost`."""
        self._session.send(event)

    async def receive(self) -> ServerEvent:
        """Return the next event; raises `ModelLost`."""
        try:
            event = await self._session.receive()
        except ModelLost as lost:
            if lost.reason not in _NO_FAULT:
                self._route.breaker.failed()
            raise
        match event:
            case ResponseDone():
                self._judge(event.response)
            case RateLimitsUpdated():
                self._route.limits.updated(event.rate_limits)
            case Error():
                self._refused(event.error.code)
            case _:
                pass
        return event

    def _judge(self, response: Response) -> None:
        if response.status == "completed":
            self._route.breaker.succeeded()
        elif response.status == "failed":
            details = response.status_details
            self._refused(details.error.code if details is not None and details.error is not None else None)
            self._route.breaker.failed()

    def _refused(self, code: str | None) -> None:
        if code in EXCEEDED:
            self._route.limits.exceeded()
