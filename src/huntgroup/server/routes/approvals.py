"""A supervisor's yes or no to tool calls of live calls, under the same rule of access as the rest of the API."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from huntgroup.server.access import require_reader
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.path_ids import require_ids

router = APIRouter(
    prefix="/api/calls/{call_id}/approvals", dependencies=[Depends(require_reader), Depends(require_ids)]
)

REFUSALS = {
    "unknown": (404, "no such tool call waits for an approval"),
    "answered": (409, "this tool call was answered already"),
    "not_theirs": (403, "only the caller can approve this tool call"),
}


class Verdict(BaseModel):
    """What a supervisor says; `by` is their name for the record."""

    model_config = ConfigDict(extra="forbid")

    approved: bool
    by: str = Field(min_length=1, max_length=100)


@router.get("")
async def pending(request: Request, call_id: str) -> dict[str, Any]:
    """What waits for somebody's approval in a live call, oldest first."""
    found = FrontDesk.of(request).house.desk.approvals(call_id)
    if found is None:
        raise HTTPException(404, "no such call is running here")
    return {"approvals": found}


@router.post("/{tool_call_id}")
async def decide(request: Request, call_id: str, tool_call_id: str, verdict: Verdict) -> dict[str, Any]:
    """Approve or refuse one tool call, once: 404 when nothing waits, 409 when it was answered, 403 when not theirs."""
    house = FrontDesk.of(request).house
    outcome = house.desk.decide(call_id, tool_call_id, approved=verdict.approved, by=verdict.by)
    if outcome in REFUSALS:
        raise HTTPException(*REFUSALS[outcome])
    return {"tool_call_id": tool_call_id, "approved": verdict.approved}
