"""The offline engine for any Realtime client: `WS /v1/realtime`, `POST /v1/realtime/client_secrets` and `…/calls`.

Any key is accepted from this machine, because there is nothing to protect from its own user; from elsewhere nobody is
let in unless the operator says so, but for calls of browsers that were given a client secret. A page of another site is
not this machine's user, be its browser here: only those of allowed origins are let in.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress

import msgspec
from fastapi import APIRouter, Request, Response, WebSocket
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect

from huntgroup.domain.errors import ModelLost
from huntgroup.engine.model import OfflineEngine
from huntgroup.engine.session import EngineSession
from huntgroup.engine.session.refusal import Refused
from huntgroup.rtc import Network
from huntgroup.server.client_secrets import ClientSecrets, SecretRequest
from huntgroup.server.origins import let_read, may_ask, preflight
from huntgroup.server.realtimecalls import RealtimeCalls
from huntgroup.server.realtimedoor import accept, refusal
from huntgroup.server.routes.sideband import attach, open_call
from huntgroup.wire import realtime as rt

log = logging.getLogger(__name__)

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "cf-connecting-ip")
KEY_PROTOCOL = "openai-insecure-api-key."
CLOSE_GOING_AWAY = 1001
CLOSE_POLICY = 1008


def realtime_router(
    engine: OfflineEngine,
    *,
    allow_remote: bool = False,
    origins: AbstractSet[str] = frozenset(),
    reach: Callable[[str], Network] = lambda call_id: Network(),
) -> APIRouter:
    """The routes over one engine. Serve with a WebSocket message limit of 21 MiB or more: an append may hold 15.

    Pages of `origins` may use all of them, as far as their browser may. `reach` says by a call's id how our
    side of its sound reaches the network.
    """
    router = APIRouter()
    secrets, calls = ClientSecrets(engine.clock), RealtimeCalls(reach)

    @router.post("/v1/realtime/client_secrets")
    async def create_secret(request: Request) -> Response:
        if not may_ask(request, origins):
            return _foreign()
        if not (allow_remote or comes_from_here(request)):
            return refusal(403, "forbidden", "Local clients only.")
        return await _create_secret(engine, secrets, await request.body())

    @router.websocket("/v1/realtime")
    async def realtime(socket: WebSocket) -> None:
        if not (allow_remote or comes_from_here(socket)) or not may_ask(socket, origins):
            await socket.close(CLOSE_POLICY)
            return
        call_id = socket.query_params.get("call_id")
        if call_id is not None:
            await attach(socket, calls.find(call_id))
        else:
            secret = secrets.find(bearer(socket))
            await _serve(socket, engine, None if secret is None else secret.session)

    @router.post("/v1/realtime/calls")
    async def create_call(request: Request) -> Response:
        secret = secrets.find(bearer(request))
        if not may_ask(request, origins, by_any_name=secret is not None):
            return _foreign()
        if not (allow_remote or comes_from_here(request) or secret is not None):
            return let_read(request, refusal(403, "forbidden", "Local clients only."), origins)
        return let_read(request, await open_call(request, engine, calls, secret), origins)

    @router.options("/v1/realtime/calls")
    async def may_create_call(request: Request) -> Response:
        return preflight(request, origins)

    @router.post("/v1/realtime/calls/{call_id}/hangup")
    async def hang_up(request: Request, call_id: str) -> Response:
        if not may_ask(request, origins):
            return _foreign()
        call = calls.find(call_id) if allow_remote or comes_from_here(request) else None
        if call is None:
            return refusal(404, "call_not_found", "There is no such call.")
        call.hang_up()
        return Response(status_code=200)

    return router


def comes_from_here(connection: HTTPConnection) -> bool:
    """Whether a client is on this machine. A tunnel is too, but it says whom it forwards.

    Nobody else has the address that is asked.
    """
    if any(name in connection.headers for name in FORWARDED):
        return False
    host, asked = connection.client.host if connection.client else None, connection.scope.get("server")
    return is_local(host) or (asked is not None and asked[0] == host)


def is_local(host: str | None) -> bool:
    """Whether a peer is this machine; a peer without an address came over a local socket or from a test."""
    if host is None or host in ("localhost", "testclient"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def bearer(socket: HTTPConnection) -> str | None:
    """The key a client came with: in the Authorization header, or in a subprotocol as browsers must."""
    for name in socket.scope.get("subprotocols", []):
        if name.startswith(KEY_PROTOCOL):
            return str(name[len(KEY_PROTOCOL) :])
    scheme, _, key = socket.headers.get("authorization", "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


async def _serve(socket: WebSocket, engine: OfflineEngine, initial: rt.SessionConfig | None) -> None:
    await accept(socket)
    session = engine.new_session(socket.query_params.get("model"))
    session.start(initial)
    writer = asyncio.create_task(_write(socket, session), name="realtime writer")
    try:
        await _read(socket, session)
    finally:
        writer.cancel()
        await session.close()
        with suppress(asyncio.CancelledError):
            await writer


async def _read(socket: WebSocket, session: EngineSession) -> None:
    """Take the client's events in order; a client that reads slowly is read slowly."""
    with suppress(WebSocketDisconnect, ModelLost, RuntimeError):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            _take(session, message.get("text") or message.get("bytes") or b"")
            await session.ready_for_more()


def _take(session: EngineSession, data: str | bytes) -> None:
    try:
        event = rt.decode_client(data)
    except rt.MalformedEvent as malformed:
        session.reject(malformed)
    else:
        session.send(event)


async def _write(socket: WebSocket, session: EngineSession) -> None:
    try:
        while True:
            event = await session.receive()
            await socket.send_text(rt.encode(event).decode())
    except ModelLost as lost:
        with suppress(RuntimeError):
            await socket.close(CLOSE_GOING_AWAY, lost.reason)
    except (WebSocketDisconnect, RuntimeError):
        # The client is gone; the reader sees that too and ends the session.
        return


def _foreign() -> Response:
    return refusal(403, "origin_not_allowed", "Pages of this site may not use the engine.")


async def _create_secret(engine: OfflineEngine, secrets: ClientSecrets, body: bytes) -> Response:
    try:
        asked = msgspec.json.decode(body or b"{}", type=SecretRequest)
        session = engine.new_session(asked.model)
        try:
            config = session.configured(asked.session)
        finally:
            await session.close()
    except (msgspec.DecodeError, UnicodeError):
        return refusal(400, "invalid_json", "The body is no client secret request.")
    except Refused as refused:
        return refusal(400, refused.code, refused.message, refused.param)
    value, expires_at = secrets.make(asked)
    body = msgspec.json.encode({"value": value, "expires_at": expires_at, "session": config})
    return Response(body, media_type="application/json")
