"""Live calls of this process at the desk: watched, whispered into, handed over, and asked for a yes or no.

What somebody does is on record before it is done; what cannot be put on record is not done.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from huntgroup.calls.onlookers.whisper import LONGEST
from huntgroup.domain.errors import HandoffRefused, TeamError, TellModel
from huntgroup.server.deskaccess import Someone, visitor_of
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.path_ids import require_ids
from huntgroup.server.routes.approvals import REFUSALS
from huntgroup.server.watching import watch

router = APIRouter(prefix="/desk/api", tags=["desk"], dependencies=[Depends(require_ids)])
_NOT_HERE = HTTPException(404, "no such call is running here")


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


@router.get("/live")
async def live(request: Request, visitor: Someone) -> dict[str, Any]:
    """The live calls of this process, the longest first, each with what waits for approval."""
    return {"calls": FrontDesk.of(request).house.desk.glances()}


@router.get("/calls/{call_id}/watch")
async def watched(request: Request, visitor: Someone, call_id: str) -> StreamingResponse:
    """A live call as server-sent events: messages of `wire.live`, from its beginning to its end."""
    desk = FrontDesk.of(request)
    if not desk.house.facts_of(call_id):
        raise _NOT_HERE
    await desk.house.desk.door.note(visitor.name, "watched", call_id)

    async def may_stay() -> bool:
        return not desk.draining and await visitor_of(request) is not None

    return StreamingResponse(
        watch(desk.house, call_id, may_stay),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/calls/{call_id}/whisper", status_code=204)
async def whispered(request: Request, visitor: Someone, call_id: str, given: Whisper) -> None:
    """Tell the agent something for its next words; 404 for a call that is not here, 409 when nobody listens now."""
    house = FrontDesk.of(request).house
    if not house.facts_of(call_id):
        raise _NOT_HERE
    await house.desk.door.note(visitor.name, "whispered", call_id)
    if not house.desk.whisper(call_id, given.text, visitor.name):
        raise HTTPException(409, "no agent listens at this moment; try again shortly")


@router.post("/calls/{call_id}/transfer")
async def transferred(request: Request, visitor: Someone, call_id: str, given: Transfer) -> dict[str, Any]:
    """Hand the call to any agent of its team; `committed` false when it was rolled back, 409 when it is refused."""
    house = FrontDesk.of(request).house
    if not house.facts_of(call_id):
        raise _NOT_HERE
    await house.desk.door.note(visitor.name, "transferred", call_id)
    try:
        return {"committed": await house.desk.transfer(call_id, given.agent)}
    except TeamError:
        raise HTTPException(422, "the team has no such agent") from None
    except HandoffRefused as error:
        raise HTTPException(409, f"not at this moment: {error.code}") from None
    except TellModel as error:
        raise HTTPException(409, f"not possible: {error.code}") from None


@router.post("/calls/{call_id}/approvals/{tool_call_id}")
async def decided(
    request: Request, visitor: Someone, call_id: str, tool_call_id: str, verdict: Verdict
) -> dict[str, Any]:
    """Approve or refuse one tool call, once, in the name of who is logged in."""
    house = FrontDesk.of(request).house
    await house.desk.door.note(visitor.name, "approved" if verdict.approved else "refused", call_id)
    outcome = house.desk.decide(call_id, tool_call_id, approved=verdict.approved, by=visitor.name)
    if outcome in REFUSALS:
        raise HTTPException(*REFUSALS[outcome])
    return {"tool_call_id": tool_call_id, "approved": verdict.approved}
