"""Live calls at the desk: watched, whispered into, handed over, taken over, and asked for a yes or no.

What somebody does is on record before it is done; what cannot be put on record is not done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from huntgroup.calls.state.whisper import LONGEST
from huntgroup.rtc.offers import MAX_OFFER_CHARS
from huntgroup.server import livedeeds as deeds
from huntgroup.server.deskaccess import Someone, visitor_of
from huntgroup.server.elsewhere import do, stored_call
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.iceservers import ice_servers
from huntgroup.server.livefeed import Followed
from huntgroup.server.path_ids import require_ids
from huntgroup.server.watching import watch

router = APIRouter(prefix="/desk/api", tags=["desk"], dependencies=[Depends(require_ids)])
_NOT_HERE = HTTPException(404, "no such call is running")


class Whisper(BaseModel):
    """What the agent is told and the caller does not hear."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST)


class Transfer(BaseModel):
    """Which agent gets the call."""

    model_config = ConfigDict(extra="forbid")

    agent: str = Field(min_length=1, max_length=100)


class Verdict(BaseModel):
    """A yes or a no; whose it is, the session says."""

    model_config = ConfigDict(extra="forbid")

    approved: bool


class Offer(BaseModel):
    """A browser's offer of its microphone, with all its candidates."""

    model_config = ConfigDict(extra="forbid")

    sdp: str = Field(min_length=1, max_length=MAX_OFFER_CHARS)
    type: Literal["offer"]


@router.get("/live")
async def live(request: Request, visitor: Someone) -> dict[str, Any]:
    """All live calls, the longest first, with what waits for approval; `elsewhere` marks other processes' calls."""
    house = FrontDesk.of(request).house
    calls = [*house.desk.glances(), *await house.desk.live_calls.elsewhere()]
    return {"calls": sorted(calls, key=lambda call: -call["for_ms"])}


@router.get("/calls/{call_id}/ice")
async def ice(request: Request, visitor: Someone, call_id: str) -> dict[str, Any]:
    """The STUN and TURN servers for a browser that takes this call over."""
    desk = FrontDesk.of(request)
    return {"ice_servers": ice_servers(desk.house.settings, desk.clock, call_id)}


@router.get("/calls/{call_id}/watch")
async def watched(request: Request, visitor: Someone, call_id: str) -> StreamingResponse:
    """A live call as server-sent events: messages of `wire.live`, from its beginning to its end."""
    desk = FrontDesk.of(request)
    house = desk.house

    async def may_stay() -> bool:
        return not desk.draining and await visitor_of(request) is not None

    async with AsyncExitStack() as stack:
        source: Followed | None = house
        if not house.facts_of(call_id):
            source = await stack.enter_async_context(stored_call(house, call_id))
        if source is None:
            raise _NOT_HERE
        await house.desk.door.note(visitor.name, "watched", call_id)
        following = stack.pop_all()
    return StreamingResponse(
        _until_left(watch(source, house.teams, call_id, may_stay), following),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _until_left(stream: AsyncIterator[bytes], following: AsyncExitStack) -> AsyncIterator[bytes]:
    async with following:
        async for piece in stream:
            yield piece


@router.post("/calls/{call_id}/whisper", status_code=204)
async def whispered(request: Request, visitor: Someone, call_id: str, given: Whisper) -> None:
    """Tell the agent something for its next words; 404 for a call that is not running, 409 when it is ending."""
    await _do(request, call_id, deeds.Whisper(by=visitor.name, text=given.text))


@router.post("/calls/{call_id}/transfer")
async def transferred(request: Request, visitor: Someone, call_id: str, given: Transfer) -> dict[str, Any] | None:
    """Hand the call to any agent of its team; `committed` false when it was rolled back, 409 when it is refused."""
    return await _do(request, call_id, deeds.Transfer(by=visitor.name, agent=given.agent))


@router.post("/calls/{call_id}/approvals/{tool_call_id}")
async def decided(
    request: Request, visitor: Someone, call_id: str, tool_call_id: str, verdict: Verdict
) -> dict[str, Any] | None:
    """Approve or refuse one tool call, once, in the name of who is logged in."""
    deed = deeds.Verdict(by=visitor.name, tool_call_id=tool_call_id, approved=verdict.approved)
    return await _do(request, call_id, deed)


@router.post("/calls/{call_id}/takeover")
async def taken_over(request: Request, visitor: Someone, call_id: str, offer: Offer) -> dict[str, Any] | None:
    """Answer a browser's offer; once it is connected, its user speaks in the agent's place.

    Another offer from the same session takes the place of the first. 409 when somebody else has the call.
    """
    return await _do(request, call_id, deeds.TakeOver(by=visitor.name, visit=visitor.visit, sdp=offer.sdp))


@router.post("/calls/{call_id}/giveback", status_code=204)
async def given_back(request: Request, visitor: Someone, call_id: str) -> None:
    """Let the agent go on; 409 for whoever does not have the call."""
    await _do(request, call_id, deeds.GiveBack(by=visitor.name, visit=visitor.visit))


@router.post("/calls/{call_id}/hangup", status_code=204)
async def hung_up(request: Request, visitor: Someone, call_id: str) -> None:
    """End the call; 409 for whoever does not have it."""
    await _do(request, call_id, deeds.HangUp(by=visitor.name, visit=visitor.visit))


async def _do(request: Request, call_id: str, deed: deeds.Deed) -> dict[str, Any] | None:
    """Put a deed on record, then do it, in whichever process holds the call."""
    house = FrontDesk.of(request).house
    if not house.facts_of(call_id) and await house.desk.live_calls.owner_of(call_id) is None:
        raise _NOT_HERE
    await house.desk.door.note(deed.by, deeds.name_of(deed), call_id)
    outcome = await do(house, FrontDesk.of(request).clock, call_id, deed)
    if outcome.status >= 400:
        raise HTTPException(outcome.status, outcome.detail)
    return outcome.content
