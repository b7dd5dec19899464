"""Pages for people: the demo, and the files that pages are made of."""

from __future__ import annotations

from functools import cache
from html import escape

from fastapi import APIRouter, HTTPException, Request, Response

from huntgroup.server.assets import PageFiles, may_connect
from huntgroup.server.frontdesk import FrontDesk
from huntgroup.server.titles import title_of

router = APIRouter(include_in_schema=False)

PUBLIC_PAGES = ("demo",)
REVALIDATED = "no-cache"
KEPT = "public, max-age=31536000, immutable"


@cache
def page_files(name: str) -> PageFiles:
    """The files of one page, read at the first request for them."""
    return PageFiles(name)


@router.get("/demo")
@router.get("/demo/{team}")
async def demo(request: Request, team: str = "") -> Response:
    """The page on which a visitor talks to a team."""
    house = FrontDesk.of(request).house
    teams = sorted(house.teams)
    if team and team not in teams:
        raise HTTPException(404, "no such team")
    chosen = team or next(iter(teams), "")
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name == chosen else ""}>{escape(title_of(name))}</option>'
        for name in teams
    )
    page = page_files("demo").html({"teams": options}).respond(request, REVALIDATED)
    vendor = house.vendor.origin if house.vendor is not None else None
    return page if vendor is None else may_connect(page, vendor)


@router.get("/pages/{name}/{version}/{file}")
async def page_file(request: Request, name: str, version: str, file: str) -> Response:
    """One file of a page; of an older version, too, as what it was is gone, but then nobody may keep it."""
    asset = page_files(name).find(file) if name in PUBLIC_PAGES else None
    if asset is None:
        raise HTTPException(404, "no such file")
    return asset.respond(request, KEPT if version == page_files(name).version else REVALIDATED)


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """The mark of the house, for browsers that ask by themselves."""
    asset = page_files("demo").find("mark.svg")
    assert asset is not None
    return asset.respond(request, "public, max-age=86400")
