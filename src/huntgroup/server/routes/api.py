"""The record of calls, for reading."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from huntgroup.server.access import require_reader
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.path_ids import require_ids
from huntgroup.server.telling import told
from huntgroup.server.views import whole_call

router = APIRouter(prefix="/api", dependencies=[Depends(require_reader), Depends(require_ids)])

NO_NUL = r"^[^\x00]*$"


@router.get("/calls")
async def calls(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    team: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
) -> dict[str, Any]:
    """Calls, newest first."""
    found = await FrontDesk.of(request).house.store.calls(limit=limit, team=team)
    return {"calls": msgspec.to_builtins(found)}


@router.get("/calls/{call_id}")
async def call(request: Request, call_id: str) -> Response:
    """One call: head, transcript of what was heard, facts in order, analytics (null until they are made)."""
    store = FrontDesk.of(request).house.store
    facts = await store.facts(call_id)
    if not facts:
        raise HTTPException(404, "no such call")
    analytics = await store.analytics(call_id)
    return await told(lambda: whole_call(call_id, facts, analytics))


@router.get("/callbacks")
async def callbacks(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    every: bool = False,
) -> dict[str, Any]:
    """Callers for whom there was no room: who waits to be called back, longest first; all of them with `every`."""
    found = await FrontDesk.of(request).house.callbacks.waiting(limit=limit, every=every)
    return {"callbacks": msgspec.to_builtins(found)}


@router.post("/callbacks/{callback_id}/done", status_code=204)
async def called_back(request: Request, callback_id: str) -> None:
    """Note that somebody was called back. Answers 404 when nobody of that id waits."""
    if not await FrontDesk.of(request).house.callbacks.done(callback_id):
        raise HTTPException(404, "nobody of that id waits")
