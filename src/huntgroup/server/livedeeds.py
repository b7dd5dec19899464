"""What somebody at the desk does to a live call, as data, and how it is done in the process that holds the call."""

from __future__ import annotations

from typing import Any

import msgspec

from huntgroup.domain.clock import Clock
from huntgroup.domain.errors import HandoffRefused, TeamError, TellModel
from huntgroup.rtc import OfferRefused
from huntgroup.server.house import House
from huntgroup.server.iceservers import network
from huntgroup.server.routes.approvals import REFUSALS
from huntgroup.server.supervisors import BrowserSupervisor


class _Deed(msgspec.Struct, frozen=True, kw_only=True, tag_field="deed", forbid_unknown_fields=True):
    """`by` is who does it, by the name of their session."""

    by: str


class Whisper(_Deed, tag="whispered", frozen=True, kw_only=True):
    """The agent is told something for its next words."""

    text: str


class Transfer(_Deed, tag="transferred", frozen=True, kw_only=True):
    """The call goes to an agent of its team."""

    agent: str


class Verdict(_Deed, tag="decided", frozen=True, kw_only=True):
    """A tool call may run, or not."""

    tool_call_id: str
    approved: bool


class TakeOver(_Deed, tag="took_over", frozen=True, kw_only=True):
    """The supervisor speaks in the agent's place, by the browser whose offer `sdp` is; `visit` is their session."""

    visit: str
    sdp: str


class GiveBack(_Deed, tag="gave_back", frozen=True, kw_only=True):
    """The agent goes on; `visit` is the session that has the call."""

    visit: str


class HangUp(_Deed, tag="hung_up", frozen=True, kw_only=True):
    """The supervisor who has the call, in the session `visit`, ends it."""

    visit: str


Deed = Whisper | Transfer | Verdict | TakeOver | GiveBack | HangUp


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How it went, in HTTP's words; `detail` says why not."""

    status: int = 200
    detail: str | None = None
    content: dict[str, Any] | None = None


NOT_HERE = Outcome(status=404, detail="no such call is running")
_NOT_YOURS = Outcome(status=409, detail="you do not have this call")


def name_of(deed: Deed) -> str:
    """Return the word for a deed in the journal."""
    if isinstance(deed, Verdict):
        return "approved" if deed.approved else "refused"
    return str(type(deed).__struct_config__.tag)


async def carry_out(house: House, clock: Clock, call_id: str, deed: Deed) -> Outcome:
    """Do it to a call that is held here."""
    if not house.facts_of(call_id):
        return NOT_HERE
    match deed:
        case Whisper():
            told = house.desk.whisper(call_id, deed.text, deed.by)
            return Outcome() if told else Outcome(status=409, detail="there is no call to whisper into")
        case Transfer():
            return await _transfer(house, call_id, deed.agent)
        case Verdict():
            return _decide(house, call_id, deed)
        case TakeOver():
            return await _take_over(house, clock, call_id, deed)
        case GiveBack() | HangUp():
            parted = house.desk.part_supervisor(call_id, deed.visit, ends_call=isinstance(deed, HangUp))
            return Outcome() if parted else _NOT_YOURS


async def _transfer(house: House, call_id: str, agent: str) -> Outcome:
    try:
        return Outcome(content={"committed": await house.desk.transfer(call_id, agent)})
    except TeamError:
        return Outcome(status=422, detail="the team has no such agent")
    except HandoffRefused as error:
        return Outcome(status=409, detail=f"not at this moment: {error.code}")
    except TellModel as error:
        return Outcome(status=409, detail=f"not possible: {error.code}")


def _decide(house: House, call_id: str, deed: Verdict) -> Outcome:
    outcome = house.desk.decide(call_id, deed.tool_call_id, approved=deed.approved, by=deed.by)
    if outcome in REFUSALS:
        status, detail = REFUSALS[outcome]
        return Outcome(status=status, detail=detail)
    return Outcome(content={"tool_call_id": deed.tool_call_id, "approved": deed.approved})


async def _take_over(house: House, clock: Clock, call_id: str, deed: TakeOver) -> Outcome:
    person = BrowserSupervisor(network(house.settings, clock, call_id))
    try:
        answer = await person.answer(deed.sdp)
        house.desk.supervise(call_id, person, deed.by, deed.visit)
    except OfferRefused as refused:
        person.let_go()
        return Outcome(status=400, detail=f"the browser's offer cannot be answered: {refused.code}")
    except HandoffRefused as error:
        return Outcome(status=409, detail=str(error))
    except BaseException:
        person.let_go()
        raise
    return Outcome(content={"sdp": answer, "type": "answer"})
