"""Chats: a page's socket opens a written call, and with the call's token opens it again after it was away."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response, WebSocket

from huntgroup.server.changingline import line_for
from huntgroup.server.chatcalls import ChatCall
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.origins import host_of
from huntgroup.server.routes.pages import REVALIDATED, page_files
from huntgroup.server.routes.web import admitted, refuse_socket
from huntgroup.server.webcalls import Visit, WebRefused

router = APIRouter()

_WHY = {
    "token_unknown": "This chat is over, or it was never announced.",
    "no_seat": "Everybody is busy. Please try again in a moment.",
    "too_many_calls": "There are too many chats from your network. Please try again in a moment.",
    "team_unknown": "There is no such team.",
    "draining": "The service is being renewed. Please try again in a moment.",
    "origin": "This website may not open chats here.",
    "other_kind": "This call is held on another kind of line.",
    "later": "One moment, please.",
    "changing": "One moment, please.",
}


@router.get("/chat.js", include_in_schema=False)
async def widget(request: Request) -> Response:
    """The chat that any page embeds with one element; see `docs/chat.md`."""
    asset = page_files("chat").find("chat.js")
    assert asset is not None
    answer = asset.respond(request, REVALIDATED)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@router.websocket("/chat/{team}")
async def chat(socket: WebSocket, team: str, token: str = "") -> None:
    """One page of a written call: with a token of the call that it is for, without one of a call that begins here."""
    desk = FrontDesk.of(socket)
    await socket.accept()
    try:
        visit = _visit(desk, socket, team, token)
        await line_for(desk, visit, ChatCall)
        call = _call_of(desk, visit)
    except WebRefused as refused:
        await refuse_socket(socket, refused, _WHY.get(refused.code, "This chat cannot be opened."))
        return
    await call.serve(socket)


def _visit(desk: FrontDesk, socket: WebSocket, team: str, token: str) -> Visit:
    if token:
        return desk.web.find(token, team)
    if not _may_embed(desk, socket):
        raise WebRefused(403, "origin")
    return admitted(desk, socket, team)


def _may_embed(desk: FrontDesk, socket: WebSocket) -> bool:
    """Whether the page is ours, or of a site that may embed the chat. Who sends no origin is no browser."""
    origin = socket.headers.get("origin")
    allowed = desk.house.settings.allowed_chat_origins
    return origin is None or host_of(origin) in desk.own_hosts(socket) or "*" in allowed or origin in allowed


def _call_of(desk: FrontDesk, visit: Visit) -> ChatCall:
    """The visit's written call, begun with its first page. Raises `WebRefused`."""
    if visit.keeper is None and visit.line is None:
        call = ChatCall(desk.house, desk.clock, visit)
        desk.web.begin(visit, call.line)
        visit.keeper = call
    if not isinstance(visit.keeper, ChatCall):
        raise WebRefused(409, "other_kind")
    if visit.keeper.line.is_over:
        raise WebRefused(503, "later", 1)
    return visit.keeper
