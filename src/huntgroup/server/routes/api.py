"""The record of calls, for reading."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query, Request

from huntgroup.domain.errors import StoreUnavailable
from huntgroup.server.access import require_reader
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.path_ids import require_ids
from huntgroup.server.views import whole_call

router = APIRouter(prefix="/api", dependencies=[Depends(require_reader), Depends(require_ids)])

NO_NUL = r"^[^\x00]*$"
_AWAY = HTTPException(503, "the database does not answer; try again shortly", headers={"Retry-After": "5"})


@router.get("/calls")
async def calls(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    team: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
) -> dict[str, Any]:
    """Calls, newest first."""
    try:
        found = await FrontDesk.of(request).house.store.calls(limit=limit, team=team)
    except StoreUnavailable:
        raise _AWAY from None
    return {"calls": msgspec.to_builtins(found)}


@router.get("/calls/{call_id}")
async def call(request: Request, call_id: str) -> dict[str, Any]:
    """One call: head, transcript of what was heard, facts in order, analytics (null until they are made)."""
    store = FrontDesk.of(request).house.store
    try:
        facts = await store.facts(call_id)
        if not facts:
            raise HTTPException(404, "no such call")
        return whole_call(call_id, facts, await store.analytics(call_id))
    except StoreUnavailable:
        raise _AWAY from None


@router.get("/callbacks")
async def callbacks(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    every: bool = False,
) -> dict[str, Any]:
    """Callers for whom there was no room: who waits to be called back, longest first; all of them with `every`."""
    try:
        found = await FrontDesk.of(request).house.callbacks.waiting(limit=limit, every=every)
    except StoreUnavailable:
        raise _AWAY from None
    return {"callbacks": msgspec.to_builtins(found)}


@router.post("/callbacks/{callback_id}/done", status_code=204)
async def called_back(request: Request, callback_id: str) -> None:
    """Note that somebody was called back. Answers 404 when nobody of that id waits."""
    try:
        if not await FrontDesk.of(request).house.callbacks.done(callback_id):
            raise HTTPException(404, "nobody of that id waits")
    except StoreUnavailable:
        raise _AWAY from None
