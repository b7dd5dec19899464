"""Chats: a page's socket opens the written call that its token is for, and opens it again after it was away."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket

from huntgroup.server.chatcalls import ChatCall
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.webcalls import Visit, WebRefused
from huntgroup.wire import live

router = APIRouter()

_WHY = {
    "token_unknown": "This chat is over, or it was never announced.",
    "no_seat": "All lines are busy.",
    "other_kind": "This call is held on another kind of line.",
}
# Codes of our own begin at 4000; a page reads HTTP's status in them.
_CLOSED_BY_US = 4000


@router.websocket("/chat/{team}")
async def chat(socket: WebSocket, team: str, token: str = "") -> None:
    """One page of a written call."""
    desk = FrontDesk.of(socket)
    await socket.accept()
    try:
        call = _call_of(desk, desk.web.find(token, team))
    except WebRefused as refused:
        message = live.Refused(code=refused.code, message=_WHY.get(refused.code, "This chat cannot be opened."))
        await socket.send_text(live.encode(message).decode())
        await socket.close(_CLOSED_BY_US + refused.status)
        return
    await call.serve(socket)


def _call_of(desk: FrontDesk, visit: Visit) -> ChatCall:
    """The visit's written call, begun with its first page. Raises `WebRefused`."""
    if visit.keeper is None and visit.line is None:
        call = ChatCall(desk.house, desk.clock, visit)
        desk.web.begin(visit, call.line)
        visit.keeper = call
    if not isinstance(visit.keeper, ChatCall):
        raise WebRefused(409, "other_kind")
    return visit.keeper
