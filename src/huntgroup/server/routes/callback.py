"""A caller for whom there was no room, and the offer to call back."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.server import twiml
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.numbers import phone_number
from huntgroup.server.webhook import BUSY_LINE, genuine_form, xml

router = APIRouter(prefix="/twilio")

WELCOME_BACK = "Thank you. We will call you back as soon as we can. Goodbye."
NOT_NOTED = "Sorry, we could not note your number. Please call again in a few minutes. Goodbye."
DECLINED = "Please call again in a few minutes. Goodbye."
WANTED = frozenset({"", "1"})


@router.post("/callback")
async def callback(request: Request) -> Response:
    """The caller pressed a key, or stayed: note whom to call back."""
    desk, form = FrontDesk.of(request), await genuine_form(request)
    team, caller = request.query_params.get("team", ""), phone_number(form.first("From"))
    if form.first("Digits") not in WANTED:
        return xml(twiml.say_and_hang_up(DECLINED))
    if caller is None or team not in desk.house.teams:
        return xml(twiml.say_and_hang_up(BUSY_LINE))
    try:
        await desk.house.callbacks.wish(team, caller, phone_number(form.first("To")), form.first("CallSid"))
    except StoreUnavailable:
        return xml(twiml.say_and_hang_up(NOT_NOTED))
    return xml(twiml.say_and_hang_up(WELCOME_BACK))
