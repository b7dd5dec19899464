"""Browsers by WebRTC: an offer is answered, and the same token brings its caller back."""

from __future__ import annotations

from typing import Literal

import msgspec
from fastapi import APIRouter, Request, Response

from huntgroup.server.browsercalls import BrowserCall
from huntgroup.server.changingline import leave_line
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.routes.web import decoded, json_response, refusal
from huntgroup.server.webcalls import Visit, WebRefused

router = APIRouter()

MAX_BODY_BYTES = 65_536


class Offer(msgspec.Struct):
    """The body of `POST /webrtc/offer`."""

    token: str
    sdp: str
    type: Literal["offer"]


@router.post("/webrtc/offer")
async def offer(request: Request) -> Response:
    """Answer the offer of the call that the token is for: the first begins it, another one takes its place."""
    desk = FrontDesk.of(request)
    try:
        asked = await decoded(request, Offer, MAX_BODY_BYTES)
        visit = desk.web.find(asked.token)
        if visit.is_vacant or not isinstance(visit.keeper, BrowserCall | None):
            await leave_line(desk, visit)
        call = _call_of(desk, visit)
        answer = await call.answer(asked.sdp, desk.web)
    except WebRefused as refused:
        return refusal(refused)
    return json_response({"sdp": answer.sdp, "type": "answer", "relay": answer.relay})


def _call_of(desk: FrontDesk, visit: Visit) -> BrowserCall:
    if visit.keeper is None and visit.line is None:
        visit.keeper = BrowserCall(desk.house, desk.clock, visit)
    if not isinstance(visit.keeper, BrowserCall):
        raise WebRefused(409, "other_kind")
    return visit.keeper
