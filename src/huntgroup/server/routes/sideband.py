"""The offline engine's calls by WebRTC, and the way in beside the browser: `WS /v1/realtime?call_id=…`."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email import message_from_bytes
from email.message import Message

import msgspec
from fastapi import Request, Response, WebSocket
from starlette.websockets import WebSocketDisconnect

from huntgroup.engine.model import OfflineEngine
from huntgroup.engine.session.refusal import Refused
from huntgroup.rtc import OfferRefused
from huntgroup.server.attached import Ear
from huntgroup.server.bodies import BodyTooLarge, read_body
from huntgroup.server.realtimecall import RealtimeCall
from huntgroup.server.realtimecalls import RealtimeCalls
from huntgroup.server.realtimedoor import accept, refusal
from huntgroup.wire import realtime as rt

MAX_BODY_BYTES = 262_144
_POLICY, _NORMAL = 1008, 1000


async def open_call(
    request: Request, engine: OfflineEngine, calls: RealtimeCalls, secret: rt.SessionConfig | None
) -> Response:
    """Answer an SDP offer: alone (`application/sdp`) with a client secret, or with a session in a form's parts."""
    try:
        body = await read_body(request, MAX_BODY_BYTES)
        offer, asked = _parts(request.headers.get("content-type", ""), body)
    except BodyTooLarge:
        return refusal(413, "body_too_large", "The body is too large.")
    except (ValueError, msgspec.DecodeError):
        return refusal(400, "invalid_request", "The body is no SDP offer, nor a form with parts `sdp` and `session`.")
    if not calls.has_room:
        return refusal(429, "rate_limit_exceeded", "There are too many calls.")
    return await _answered(engine, calls, offer, asked if asked is not None else secret)


async def attach(socket: WebSocket, call: RealtimeCall | None) -> None:
    """Tell a second controller all events of a call, and carry out its own."""
    await accept(socket)
    if call is None:
        await socket.close(_POLICY, "call_not_found")
        return
    ear = call.attach()
    writer = asyncio.create_task(_write(socket, ear), name="sideband writer")
    try:
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                call.take(message.get("text") or message.get("bytes") or b"")
    finally:
        call.detach(ear)
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer


async def _answered(
    engine: OfflineEngine, calls: RealtimeCalls, offer: str, config: rt.SessionConfig | None
) -> Response:
    session = engine.new_session(config.model or None if config is not None else None)
    call = RealtimeCall(session, engine.clock)
    try:
        session.start(config)
        answer = await call.answer(offer, ())
    except Refused as refused:
        await call.abandon()
        return refusal(400, refused.code or "invalid_value", refused.message, refused.param)
    except OfferRefused:
        await call.abandon()
        return refusal(400, "invalid_offer", "The SDP offer cannot be answered.", "sdp")
    calls.hold(call)
    headers = {"Location": f"/v1/realtime/calls/{call.call_id}"}
    return Response(answer, 201, media_type="application/sdp", headers=headers)


async def _write(socket: WebSocket, ear: Ear) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (event := await ear.next()) is not None:
            await socket.send_text(event)
        await socket.close(_NORMAL)


def _parts(content_type: str, body: bytes) -> tuple[str, rt.SessionConfig | None]:
    """The offer and the session of a body. Raises `ValueError` or `msgspec.DecodeError`."""
    if not content_type.startswith("multipart/form-data"):
        return body.decode(), None
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    form = message_from_bytes(head + body)
    parts = {str(part.get_param("name", "", "content-disposition")): _payload(part) for part in form.walk()}
    if "sdp" not in parts:
        raise ValueError("no sdp")
    session = parts.get("session")
    return parts["sdp"].decode(), msgspec.json.decode(session, type=rt.SessionConfig) if session else None


def _payload(part: Message[str, str]) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
