"""The desk's page and its files: one document for every view, which asks the desk's API for what it shows."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, HTTPException, Request, Response

from huntgroup.server.assets import PageFiles

router = APIRouter(include_in_schema=False)


@cache
def _files() -> PageFiles:
    return PageFiles("desk")


@router.get("/desk")
@router.get("/desk/login")
@router.get("/desk/calls/{call_id}")
@router.get("/desk/figures")
@router.get("/desk/live")
@router.get("/desk/live/{call_id}")
async def page(request: Request, call_id: str = "") -> Response:
    """The desk; its script reads the address and shows what belongs there."""
    return _answer(request, "index.html")


@router.get("/desk/files/{name}")
async def file(request: Request, name: str) -> Response:
    """One of the page's files."""
    return _answer(request, name)


def _answer(request: Request, name: str) -> Response:
    asset = _files().find(name)
    if asset is None:
        raise HTTPException(404, "no such file")
    return asset.respond(request, "no-cache")
