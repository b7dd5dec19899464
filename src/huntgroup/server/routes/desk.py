"""The desk's door: logging in with a one-time link, logging out, and who did what."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from huntgroup.server.deskaccess import Someone, give_cookie, require_own_page, take_cookie
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.routes.api import NO_NUL

router = APIRouter(prefix="/desk/api", tags=["desk"])


class Link(BaseModel):
    """The secret of a one-time link."""

    model_config = ConfigDict(extra="forbid")

    link: str = Field(min_length=1, max_length=200)


@router.post("/login")
async def login(request: Request, response: Response, given: Link) -> dict[str, str]:
    """Use a one-time link up and begin a session, as a cookie; 403 for a link that is unknown, used or too old."""
    require_own_page(request)
    visitor = await FrontDesk.of(request).house.desk.door.enter(given.link)
    if visitor is None:
        raise HTTPException(403, "this link is not good any more; make another: huntgroup desk link")
    give_cookie(request, response, visitor)
    return {"name": visitor.name}


@router.post("/logout", status_code=204)
async def logout(request: Request, response: Response, visitor: Someone) -> None:
    """End the session."""
    await FrontDesk.of(request).house.desk.door.leave(visitor.secret)
    take_cookie(request, response)


@router.get("/me")
async def me(visitor: Someone) -> dict[str, str]:
    """Who is logged in, and in which session."""
    return {"name": visitor.name, "visit": visitor.visit}


@router.get("/deeds")
async def deeds(
    request: Request,
    visitor: Someone,
    call_id: Annotated[str | None, Query(max_length=100, pattern=NO_NUL)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> dict[str, Any]:
    """Who did what at the desk, newest first; with `call_id` what was done about that call."""
    return {"deeds": await FrontDesk.of(request).house.desk.door.deeds(call_id, limit=limit)}
