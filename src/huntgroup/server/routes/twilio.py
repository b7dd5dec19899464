"""The telephone: Twilio's webhooks and its media socket."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, Request, Response, WebSocket

from huntgroup.domain.ids import new_id
from huntgroup.lines.twilio import StreamRefused, TwilioLine
from huntgroup.server import twiml
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.numbers import phone_number
from huntgroup.server.sockets import media_socket
from huntgroup.server.stream_tokens import Ticket, TokenRefused
from huntgroup.server.webhook import busy, connected, genuine_form, once_more, xml
from huntgroup.wire.twilio import Started

log = logging.getLogger(__name__)
router = APIRouter(prefix="/twilio")

UNKNOWN_LINE = "Sorry, this number is not in service. Goodbye."
_NORMAL = 1000
_POLICY_VIOLATION = 1008
_INTERNAL_ERROR = 1011
_TRY_AGAIN_LATER = 1013


@router.post("/voice/{team}")
async def voice(request: Request, team: str) -> Response:
    """A call comes in: count it and connect it to a media stream, or say why not."""
    desk, form = FrontDesk.of(request), await genuine_form(request)
    if team not in desk.house.teams:
        return xml(twiml.say_and_hang_up(UNKNOWN_LINE))
    ticket = Ticket(
        call_id=new_id("call"),
        team=team,
        carrier_call=form.first("CallSid"),
        caller=phone_number(form.first("From")),
        callee=phone_number(form.first("To")),
    )
    if desk.draining:
        elsewhere = once_more(request) if await desk.house.others() else None
        return elsewhere or busy(request, team, ticket.caller)
    return connected(request, ticket) or busy(request, team, ticket.caller)


@router.post("/status", status_code=204)
async def status(request: Request) -> Response:
    """What the carrier says about a call or a stream; its errors go to the log."""
    form = await genuine_form(request)
    if form.first("StreamEvent") == "stream-error":
        log.warning("the carrier reports a stream error for %s", _loggable(form.first("StreamSid")))
    return Response(status_code=204)


@router.websocket("/media")
async def media(socket: WebSocket) -> None:
    """One call's sound, both ways."""
    desk = FrontDesk.of(socket)
    if not _socket_is_genuine(desk, socket):
        log.warning("media socket refused: bad_signature")
        await socket.close()
        return
    await socket.accept()
    line = TwilioLine(media_socket(socket))
    try:
        ticket = await _admit(desk, line)
    except TokenRefused as refused:
        await _refuse(line, refused.reason, _POLICY_VIOLATION)
        return
    if not desk.claim(ticket):
        await _refuse(line, "no_seat", _TRY_AGAIN_LATER)
        return
    ending = await desk.run_call(line, ticket)
    await line.close(_INTERNAL_ERROR if ending == "failed" else _NORMAL)


async def _admit(desk: FrontDesk, line: TwilioLine) -> Ticket:
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


def _redeem(desk: FrontDesk, started: Started) -> Ticket:
    said = started.parameters
    return desk.tokens.redeem(
        said.get("token", ""),
        call_id=said.get("call_id", ""),
        team=said.get("team", ""),
        carrier_call=started.call_sid,
    )


async def _refuse(line: TwilioLine, reason: str, code: int) -> None:
    log.warning("media socket refused: %s", reason)
    await line.close(code, reason)


def _socket_is_genuine(desk: FrontDesk, socket: WebSocket) -> bool:
    if desk.signatures is None:
        return True
    return desk.signatures.socket_is_genuine(desk.socket_url(socket, "/twilio/media"), socket.headers)


def _loggable(text: str) -> str:
    return text if text.isalnum() and len(text) <= 64 else "(unreadable)"
