"""The carrier goes on after a stream: an end, or the same call again on a new stream."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.server import twiml
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.numbers import phone_number
from huntgroup.server.path_ids import is_id
from huntgroup.server.signatures import Form
from huntgroup.server.stream_tokens import Ticket
from huntgroup.server.webhook import address, connected, genuine_form, once_more, xml

router = APIRouter(prefix="/twilio")

LOST_CALL = "Sorry, we lost the connection. Please call again. Goodbye."
ONE_MOMENT = "One moment, please."


@router.post("/resume")
async def resume(request: Request) -> Response:
    """A stream is over. End the call when it had come to its end; otherwise go on with it here, or say why not."""
    desk, form = FrontDesk.of(request), await genuine_form(request)
    call_id = request.query_params.get("call", "")
    if not is_id(call_id):
        return _lost()
    ending = await desk.settled(call_id)
    if ending == "settled":
        return xml(twiml.hang_up())
    if ending == "failed":
        return _lost()
    if desk.draining and await desk.house.others():
        return once_more(request) or _lost()
    return await _go_on(request, form, call_id, known=ending is not None)


async def _go_on(request: Request, form: Form, call_id: str, *, known: bool) -> Response:
    desk = FrontDesk.of(request)
    found = await desk.house.take_over(call_id)
    if found == "ended":
        return xml(twiml.hang_up())
    if found == "later":
        return once_more(request, ONE_MOMENT) or _lost()
    if found == "unknown":
        return _lost() if known else _from_the_start(request)
    state = found.state
    ticket = Ticket(call_id, state.team, form.first("CallSid"), state.caller, state.callee, found)
    answer = connected(request, ticket)
    if answer is None:
        await desk.house.give_back(found)
        await _wish(desk, state.team, phone_number(form.first("From")) or state.caller, state.callee, form)
        return _lost()
    return answer


def _from_the_start(request: Request) -> Response:
    """A call that left no record had only just been answered: it is answered again, once."""
    team = request.query_params.get("team", "")
    if team not in FrontDesk.of(request).house.teams or "again" in request.query_params:
        return _lost()
    return xml(twiml.wait_and_go_on(address(request, f"/twilio/voice/{quote(team)}", again="1"), pause_s=0))


async def _wish(desk: FrontDesk, team: str, caller: str | None, callee: str | None, form: Form) -> None:
    """A caller who was cut off, and for whom there is no seat, is to be called back unasked."""
    if caller is not None:
        try:
            await desk.house.callbacks.wish(team, caller, callee, form.first("CallSid"))
        except StoreUnavailable:
            return


def _lost() -> Response:
    return xml(twiml.say_and_hang_up(LOST_CALL))
