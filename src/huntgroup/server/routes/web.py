"""The web's front door: a page announces a call before it connects one."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from huntgroup.server.addresses import caller_address
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.webcalls import WebRefused

router = APIRouter()

MAX_BODY_BYTES = 1_024


class CallAsked(msgspec.Struct):
    """The body of `POST /web/calls`."""

    team: str


@router.post("/web/calls")
async def announce(request: Request) -> Response:
    """Count a call to a team and give out its token and the ICE servers to connect by, or say why not."""
    desk = FrontDesk.of(request)
    try:
        asked = msgspec.json.decode(await read_body(request, MAX_BODY_BYTES), type=CallAsked)
        if asked.team not in desk.house.teams:
            raise WebRefused(404, "team_unknown")
        if desk.draining:
            raise WebRefused(503, "draining", 5)
        visit = desk.web.admit(asked.team, caller_address(request, desk.house.settings.web_trusted_proxies))
    except (msgspec.DecodeError, UnicodeError):
        return refusal(WebRefused(400, "bad_request"))
    except WebRefused as refused:
        return refusal(refused)
    servers = desk.house.settings.ice_servers
    return json_response({"call_id": visit.call_id, "token": visit.token, "ice_servers": servers}, 201)


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The whole body of a request. Raises `WebRefused` (413) when it is larger."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise WebRefused(413, "too_large")
    return bytes(body)


def refusal(refused: WebRefused) -> Response:
    """What a page is told that may not."""
    response = json_response({"error": {"code": refused.code}}, refused.status)
    if refused.retry_after_s is not None:
        response.headers["Retry-After"] = str(refused.retry_after_s)
    return response


def json_response(content: Any, status: int = 200) -> Response:
    """An answer that no cache keeps: it holds a token."""
    body = msgspec.json.encode(content)
    return Response(body, status, media_type="application/json", headers={"Cache-Control": "no-store"})
