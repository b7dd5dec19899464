"""A client of the Realtime protocol over WebSocket, for OpenAI, Azure and compatible servers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import cast

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.domain.errors import ModelLost, ModelUnavailable
from huntgroup.models.endpoint import Endpoint
from huntgroup.models.profiles import profile_of
from huntgroup.models.socket import MAX_MESSAGE_BYTES, ShortWayConnection
from huntgroup.models.trouble import FATAL_CODES, close_reason, unavailable
from huntgroup.wire.realtime import (
    ClientEvent,
    Error,
    MalformedEvent,
    ServerEvent,
    SessionCreated,
    decode_server,
    encode,
)

log = logging.getLogger(__name__)

OPEN_TIMEOUT_S = 10.0
SESSION_LIMIT_MS = 60 * 60_000
PING_INTERVAL_S = 20.0
PING_TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 2.0
# About two minutes of sound that the network does not take.
MOST_UNSENT_BYTES = 8 * 1024 * 1024

# At debug level the WebSocket library writes request headers, and with them the key.
_socket_log = logging.getLogger(f"{__name__}.socket")
_socket_log.setLevel(logging.INFO)


class OpenAIRealtimeModel:
    """`calls.ports.RealtimeModel` over the network. One connection per `open`.

    `joins`: the address names a call that goes on already, so that any event may be the first.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        open_timeout_s: float = OPEN_TIMEOUT_S,
        session_limit_ms: int = SESSION_LIMIT_MS,
        joins: bool = False,
    ) -> None:
        self._endpoint = endpoint
        self._joins = joins
        self._open_timeout_s = open_timeout_s
        self.profile: Profile = replace(
            profile_of(endpoint.model),
            session_limit_ms=session_limit_ms,
            transcript_lag_ms=endpoint.transcript_lag_ms,
        )

    def open(self) -> AbstractAsyncContextManager[ModelSession]:
        """A connected session whose first event is `session.created`. Entering raises ModelUnavailable."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ModelSession]:
        session = await self._connected()
        try:
            yield session
        finally:
            await session.close()

    async def _connected(self) -> OpenAIRealtimeSession:
        try:
            async with asyncio.timeout(self._open_timeout_s):
                return await self._greeted(await self._dial())
        except (WebSocketException, OSError, ValueError) as error:
            raise unavailable(error) from None

    async def _greeted(self, socket: ShortWayConnection) -> OpenAIRealtimeSession:
        session = OpenAIRealtimeSession(socket, self.profile)
        try:
            await session.greet(any_event=self._joins)
        except BaseException:
            await session.close()
            raise
        return session

    async def _dial(self) -> ShortWayConnection:
        connection = await connect(
            self._endpoint.address(),
            additional_headers=self._endpoint.request_headers(),
            proxy=None if self._endpoint.is_local else True,
            open_timeout=None,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            close_timeout=CLOSE_TIMEOUT_S,
            max_size=MAX_MESSAGE_BYTES,
            logger=_socket_log,
            # Sound in base64 does not shrink, and the attempt costs more than the socket.
            compression=None,
            create_connection=ShortWayConnection,
        )
        return cast(ShortWayConnection, connection)


class OpenAIRealtimeSession:
    """`calls.ports.ModelSession` over one socket; events are written as they are sent."""

    def __init__(self, socket: ShortWayConnection, profile: Profile) -> None:
        self.profile = profile
        self._socket = socket
        self._first: ServerEvent | None = None
        self._last_error: str | None = None
        self._lost: str | None = None

    async def greet(self, *, any_event: bool = False) -> None:
        """Wait for `session.created`, or any event. Raises ModelUnavailable when the server says something else."""
        first = await self._next()
        if isinstance(first, Error):
            code = first.error.code or first.error.type
            raise ModelUnavailable(code, retryable=code not in FATAL_CODES)
        if not any_event and not isinstance(first, SessionCreated):
            raise ModelUnavailable("bad_greeting")
        self._first = first

    def send(self, event: ClientEvent) -> None:
        """Write an event. Raises ModelLost when the session is over or the network takes nothing any more."""
        if self._lost is None and self._socket.unsent_bytes > MOST_UNSENT_BYTES:
            self._lost = "network_too_slow"
        if self._lost is not None:
            raise ModelLost(self._lost)
        try:
            self._socket.send_now(encode(event))
        except ConnectionClosed as closed:
            # What the server said last may wait to be read, and its reason with it.
            raise ModelLost(close_reason(closed, self._last_error)) from None

    async def receive(self) -> ServerEvent:
        """The next event, errors included. Raises ModelLost when the session is over."""
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            return await self._next()
        except ConnectionClosed as closed:
            self._lost = self._lost or close_reason(closed, self._last_error)
            raise ModelLost(self._lost) from None

    async def close(self) -> None:
        """End the session within `CLOSE_TIMEOUT_S`; what was not sent is dropped."""
        self._lost = self._lost or "closed"
        self._socket.stop_listening()
        try:
            # A server that has stopped reading takes no goodbye, and the library waits for it until its next ping.
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._socket.close()
        except (WebSocketException, OSError):
            log.info("the model's socket took no goodbye")
        finally:
            self._socket.abort()

    async def _next(self) -> ServerEvent:
        while True:
            data = await self._socket.next_message()
            try:
                event = decode_server(data)
            except MalformedEvent as malformed:
                # A field that a newer server changed must not end a call.
                log.warning("unreadable server event: %s %s", malformed.code, malformed.param)
                continue
            if isinstance(event, Error):
                self._last_error = event.error.code
            return event
