"""Calls whose sound flows between the browser and the model's server, and which are run from here."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Request, Response, WebSocket

from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.routes.web import decoded, json_response, refusal, refuse_socket
from huntgroup.server.vendorcalls import VendorCall, own_address
from huntgroup.server.webcalls import WebRefused

router = APIRouter()

MAX_BODY_BYTES = 1_024


class Connected(msgspec.Struct):
    """The body of `POST /web/calls/vendor`; `vendor_call` is the end of the `Location` that the page was given."""

    token: str
    vendor_call: Annotated[str, msgspec.Meta(pattern=r"^rtc_[A-Za-z0-9_-]{1,200}\Z")]


@router.post("/web/calls/vendor")
async def connected(request: Request) -> Response:
    """Run the call that the page has opened at the model's server."""
    desk = FrontDesk.of(request)
    try:
        asked = await decoded(request, Connected, MAX_BODY_BYTES)
        visit = desk.web.find(asked.token)
        if desk.house.vendor is None or visit.keeper is not None or visit.line is not None or visit.is_vacant:
            raise WebRefused(409, "other_kind")
        line = desk.house.vendor.line(asked.vendor_call, own_address(request))
        desk.web.begin(visit, line)
        visit.bound = True
        visit.keeper = VendorCall(desk.house, desk.clock, visit, line)
    except WebRefused as refused:
        return refusal(refused)
    return json_response({"call_id": visit.call_id})


@router.websocket("/web/live")
async def follow(socket: WebSocket, token: str = "") -> None:
    """The live messages of such a call, and what its page does by hand."""
    desk = FrontDesk.of(socket)
    await socket.accept()
    try:
        call = _call_of(desk, token)
    except WebRefused as refused:
        await refuse_socket(socket, refused, "This call is not held here, or not this way.")
        return
    await call.serve(socket)


def _call_of(desk: FrontDesk, token: str) -> VendorCall:
    keeper = desk.web.find(token).keeper
    if not isinstance(keeper, VendorCall):
        raise WebRefused(409, "other_kind")
    return keeper
