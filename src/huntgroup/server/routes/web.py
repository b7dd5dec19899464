"""The web's front door: a page announces a call before it connects one."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from huntgroup.server.addresses import caller_address
from huntgroup.server.bodies import BodyTooLarge, read_body
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.goodbyes import say_goodbye
from huntgroup.server.iceservers import ice_servers
from huntgroup.server.vendorcalls import vendor_pass
from huntgroup.server.webcalls import Visit, WebRefused
from huntgroup.wire import live

router = APIRouter()
T = TypeVar("T")

MAX_BODY_BYTES = 1_024
# Codes of our own begin at 4000; a page reads HTTP's status in them.
_CLOSED_BY_US = 4000


class CallAsked(msgspec.Struct):
    """The body of `POST /web/calls`."""

    team: str
    audio: Literal["here", "vendor"] = "here"


class Known(msgspec.Struct):
    """The body of `POST /web/servers` and `POST /web/calls/bye`."""

    token: str


@router.post("/web/calls")
async def announce(request: Request) -> Response:
    """Count a call to a team and give out its token and the ICE servers to connect by, or say why not.

    With `audio` as "vendor" a pass for the model's server is given out too.
    """
    desk = FrontDesk.of(request)
    try:
        asked = await decoded(request, CallAsked, MAX_BODY_BYTES)
        if asked.audio == "vendor" and desk.house.vendor is None:
            raise WebRefused(409, "no_vendor_audio")
        visit = admitted(desk, request, asked.team)
        vendor = {"vendor": await vendor_pass(desk, request, visit)} if asked.audio == "vendor" else {}
    except WebRefused as refused:
        return refusal(refused)
    servers = ice_servers(desk.house.settings, desk.clock, visit.call_id)
    return json_response({"call_id": visit.call_id, "token": visit.token, "ice_servers": servers, **vendor}, 201)


@router.post("/web/servers")
async def servers(request: Request) -> Response:
    """Give a page that comes back to its call the ICE servers anew, with credentials from this moment on."""
    desk = FrontDesk.of(request)
    try:
        visit = desk.web.find((await decoded(request, Known, MAX_BODY_BYTES)).token)
    except WebRefused as refused:
        return refusal(refused)
    return json_response({"ice_servers": ice_servers(desk.house.settings, desk.clock, visit.call_id)})


@router.post("/web/calls/bye")
async def bye(request: Request) -> Response:
    """Hang up for a page that cannot say so on its line; a call that has not begun gives its seat back at once."""
    desk = FrontDesk.of(request)
    try:
        visit = desk.web.find((await decoded(request, Known, MAX_BODY_BYTES)).token)
    except WebRefused as refused:
        return refusal(refused)
    await say_goodbye(desk.house, desk.web, visit)
    return json_response({})


def admitted(desk: FrontDesk, connection: HTTPConnection, team: str) -> Visit:
    """Count a call to a team for whoever is at the other end. Raises `WebRefused`."""
    if team not in desk.house.teams:
        raise WebRefused(404, "team_unknown")
    if desk.draining:
        raise WebRefused(503, "draining", 5)
    return desk.web.admit(team, caller_address(connection, desk.house.settings.web_trusted_proxies))


async def decoded(request: Request, kind: type[T], most_bytes: int) -> T:
    """Return what a page sent, as a struct. Raises `WebRefused`: too_large (413) or bad_request (400)."""
    try:
        return msgspec.json.decode(await read_body(request, most_bytes), type=kind)
    except BodyTooLarge:
        raise WebRefused(413, "too_large") from None
    except (msgspec.DecodeError, UnicodeError):
        raise WebRefused(400, "bad_request") from None


def refusal(refused: WebRefused) -> Response:
    """What a page is told that may not."""
    response = json_response({"error": {"code": refused.code}}, refused.status)
    if refused.retry_after_s is not None:
        response.headers["Retry-After"] = str(refused.retry_after_s)
    return response


async def refuse_socket(socket: WebSocket, refused: WebRefused, message: str) -> None:
    """Tell a page on its accepted socket that it may not, and why; the closing code has the status in its end."""
    await socket.send_text(live.encode(live.Refused(code=refused.code, message=message)).decode())
    await socket.close(_CLOSED_BY_US + refused.status)


def json_response(content: Any, status: int = 200) -> Response:
    """An answer that no cache keeps: it holds a token."""
    body = msgspec.json.encode(content)
    return Response(body, status, media_type="application/json", headers={"Cache-Control": "no-store"})
