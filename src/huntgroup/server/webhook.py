"""What all of the carrier's webhooks share: the signature is checked, and the answer is TwiML."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from fastapi import HTTPException, Request, Response

from huntgroup.server import twiml
from huntgroup.server.forms import read_form
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.signatures import Form
from huntgroup.server.stream_tokens import Ticket

log = logging.getLogger(__name__)

BUSY_LINE = "All of our lines are busy right now. Please call again in a few minutes. Goodbye."
BUSY_OFFER = (
    "All of our lines are busy right now. We can call you back: press 1, or just stay on the line. "
    "To call again later, hang up."
)
MOST_TRIES = 45
"""How often a caller is sent round before we give up; a round takes a second or more."""


async def genuine_form(request: Request) -> Form:
    """The posted form. Answers 403 when it is not the carrier who posts it."""
    desk = FrontDesk.of(request)
    form = await read_form(request)
    if desk.signatures is not None:
        query = f"?{request.url.query}" if request.url.query else ""
        url = desk.web_url(request, request.url.path + query)
        if not desk.signatures.webhook_is_genuine(url, form, request.headers):
            log.warning("webhook refused: bad_signature")
            raise HTTPException(403, "the signature does not match")
    return form


def connected(request: Request, ticket: Ticket) -> Response | None:
    """Connect a call to a media stream of its own; None when there is no seat for it."""
    desk = FrontDesk.of(request)
    token = desk.admit(ticket)
    if token is None:
        return None
    parameters = {"call_id": ticket.call_id, "team": ticket.team, "token": token}
    again = {"again": "1"} if "again" in request.query_params else {}
    then = address(request, "/twilio/resume", call=ticket.call_id, team=ticket.team, **again)
    return xml(twiml.connect_stream(desk.socket_url(request, "/twilio/media"), parameters, then=then))


def busy(request: Request, team: str, caller: str | None) -> Response:
    """Say that there is no room, and offer to call back whoever lets us see a number."""
    if caller is None:
        return xml(twiml.say_and_hang_up(BUSY_LINE))
    return xml(twiml.offer(BUSY_OFFER, then=address(request, "/twilio/callback", team=team)))


def once_more(request: Request, sentence: str | None = None) -> Response | None:
    """Have the carrier ask again in a second, perhaps another process; None when it has asked often enough."""
    try:
        tries = int(request.query_params.get("try", "0"))
    except ValueError:
        return None
    if not 0 <= tries < MOST_TRIES:
        return None
    again = {**request.query_params, "try": str(tries + 1)}
    return xml(twiml.wait_and_go_on(address(request, request.url.path, **again), sentence=None if tries else sentence))


def address(request: Request, path: str, **query: str) -> str:
    """The public address of a path, with a query."""
    return FrontDesk.of(request).web_url(request, path) + (f"?{urlencode(query)}" if query else "")


def xml(document: str) -> Response:
    return Response(document, media_type=twiml.MEDIA_TYPE)
