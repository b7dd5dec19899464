"""The telephone: Twilio's webhooks and its media socket."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket, WebSocketDisconnect

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.domain.facts import CallEnded, LineLost
from huntgroup.domain.ids import new_id
from huntgroup.lines.twilio import StreamRefused, TwilioLine
from huntgroup.server import twiml
from huntgroup.server.desk import Desk
from huntgroup.server.forms import read_form
from huntgroup.server.numbers import phone_number
from huntgroup.server.signatures import Form
from huntgroup.server.sockets import media_socket
from huntgroup.server.stream_tokens import Ticket, TokenRefused
from huntgroup.wire.twilio import Started

log = logging.getLogger(__name__)
router = APIRouter(prefix="/twilio")

UNKNOWN_LINE = "Sorry, this number is not in service. Goodbye."
BUSY_LINE = "All of our lines are busy right now. Please call again in a few minutes. Goodbye."
LOST_CALL = "Sorry, we lost the connection. Please call again. Goodbye."
_NORMAL = 1000
_POLICY_VIOLATION = 1008
_INTERNAL_ERROR = 1011
_TRY_AGAIN_LATER = 1013


@router.post("/voice/{team}")
async def voice(request: Request, team: str) -> Response:
    """A call comes in: connect it to a media stream, or say why not."""
    desk = Desk.of(request)
    form = await _genuine_form(request)
    if team not in desk.house.teams:
        return _xml(twiml.say_and_hang_up(UNKNOWN_LINE))
    if desk.is_full:
        return _xml(twiml.say_and_hang_up(BUSY_LINE))
    ticket = Ticket(
        call_id=new_id("call"),
        team=team,
        carrier_call=form.first("CallSid"),
        caller=phone_number(form.first("From")),
        callee=phone_number(form.first("To")),
    )
    parameters = {"call_id": ticket.call_id, "team": team, "token": desk.tokens.issue(ticket)}
    then = desk.web_url(request, f"/twilio/resume?call={ticket.call_id}")
    return _xml(twiml.connect_stream(desk.socket_url(request, "/twilio/media"), parameters, then=then))


@router.post("/resume")
async def resume(request: Request) -> Response:
    """The stream is over: end the call, with an apology when it was not us who ended it."""
    await _genuine_form(request)
    if await _has_ended(Desk.of(request), request.query_params.get("call", "")):
        return _xml(twiml.hang_up())
    return _xml(twiml.say_and_hang_up(LOST_CALL))


@router.post("/status", status_code=204)
async def status(request: Request) -> Response:
    """What the carrier says about a call or a stream; its errors go to the log."""
    form = await _genuine_form(request)
    if form.first("StreamEvent") == "stream-error":
        log.warning("the carrier reports a stream error for %s", _loggable(form.first("StreamSid")))
    return Response(status_code=204)


@router.websocket("/media")
async def media(socket: WebSocket) -> None:
    """One call's sound, both ways."""
    desk = Desk.of(socket)
    if not _socket_is_genuine(desk, socket):
        log.warning("media socket refused: bad_signature")
        await socket.close()
        return
    await socket.accept()
    line = TwilioLine(media_socket(socket))
    try:
        ticket = await _admit(desk, line)
    except TokenRefused as refused:
        await _refuse(socket, refused.reason, _POLICY_VIOLATION)
        return
    if desk.is_full:
        await _refuse(socket, "busy", _TRY_AGAIN_LATER)
        return
    ending = await desk.run_call(line, ticket)
    await line.close(_INTERNAL_ERROR if ending == "failed" else _NORMAL)


async def _admit(desk: Desk, line: TwilioLine) -> Ticket:
    """The ticket for which this stream has the token. Raises `TokenRefused`."""
    with desk.socket_waits() as there_is_room:
        if not there_is_room:
            raise TokenRefused("too_many_waiting")
        try:
            async with asyncio.timeout(desk.start_timeout_s):
                started = await line.start()
        except TimeoutError:
            raise TokenRefused("no_start") from None
        except StreamRefused as refused:
            raise TokenRefused(str(refused)) from None
    return _redeem(desk, started)


def _redeem(desk: Desk, started: Started) -> Ticket:
    said = started.parameters
    return desk.tokens.redeem(
        said.get("token", ""),
        call_id=said.get("call_id", ""),
        team=said.get("team", ""),
        carrier_call=started.call_sid,
    )


async def _refuse(socket: WebSocket, reason: str, code: int) -> None:
    log.warning("media socket refused: %s", reason)
    try:
        await socket.close(code, reason)
    except (WebSocketDisconnect, RuntimeError, OSError):
        log.info("the refused media socket was closed already")


async def _genuine_form(request: Request) -> Form:
    desk = Desk.of(request)
    form = await read_form(request)
    if desk.signatures is not None:
        query = f"?{request.url.query}" if request.url.query else ""
        url = desk.web_url(request, request.url.path + query)
        if not desk.signatures.webhook_is_genuine(url, form, request.headers):
            log.warning("webhook refused: bad_signature")
            raise HTTPException(403, "the signature does not match")
    return form


def _socket_is_genuine(desk: Desk, socket: WebSocket) -> bool:
    if desk.signatures is None:
        return True
    return desk.signatures.socket_is_genuine(desk.socket_url(socket, "/twilio/media"), socket.headers)


async def _has_ended(desk: Desk, call_id: str) -> bool:
    """Whether the call came to its end, here or in another process."""
    ending = await desk.ending(call_id)
    if ending is not None or not call_id:
        return ending == "settled"
    try:
        facts = await desk.house.store.facts(call_id)
    except StoreUnavailable:
        return False
    was_lost = any(isinstance(fact, LineLost) for fact in facts)
    return not was_lost and any(isinstance(fact, CallEnded) for fact in facts)


def _loggable(text: str) -> str:
    return text if text.isalnum() and len(text) <= 64 else "(unreadable)"


def _xml(document: str) -> Response:
    return Response(document, media_type=twiml.MEDIA_TYPE)
