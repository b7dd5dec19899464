"""Who may use the desk: people with a session, from our own pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response

from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.origins import host_of
from huntgroup.storage.deskdoor import SESSION_LIFETIME, Visitor

COOKIE = "huntgroup_desk"
PATH = "/desk"


async def require_visitor(request: Request) -> Visitor:
    """Return who asks; answers 401 to whoever is not logged in, 403 to a request that a foreign page made."""
    require_own_page(request)
    visitor = await visitor_of(request)
    if visitor is None:
        raise HTTPException(401, "log in with a link: huntgroup desk link")
    return visitor


Someone = Annotated[Visitor, Depends(require_visitor)]


async def visitor_of(request: Request) -> Visitor | None:
    """Return whose session the request's cookie is; None when it is nobody's."""
    secret = request.cookies.get(COOKIE)
    if not secret or len(secret) > 200:
        return None
    return await FrontDesk.of(request).house.desk.door.visitor(secret)


def require_own_page(request: Request) -> None:
    """Answer 403 to what a page of another site had a browser send, whatever cookies came along.

    Browsers name the page's origin in every request that changes something, and where it comes from in most others;
    a program that is no browser names neither.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    own = FrontDesk.of(request).own_hosts(request)
    if site not in ("same-origin", "none") or (origin is not None and host_of(origin) not in own):
        raise HTTPException(403, "this can be asked by the desk's own pages only")


def give_cookie(request: Request, response: Response, visitor: Visitor) -> None:
    """Have the browser keep the session."""
    response.set_cookie(
        COOKIE, visitor.secret, max_age=int(SESSION_LIFETIME.total_seconds()), path=PATH, httponly=True,
        samesite="strict", secure=_is_secure(request),
    )  # fmt: skip


def take_cookie(request: Request, response: Response) -> None:
    """Have the browser forget the session."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict", secure=_is_secure(request))


def _is_secure(request: Request) -> bool:
    return FrontDesk.of(request).web_url(request, "").startswith("https:")
