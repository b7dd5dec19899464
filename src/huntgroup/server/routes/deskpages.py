"""The desk's page and its files: one document for every view, which asks the desk's API for what it shows."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, HTTPException, Request, Response

router = APIRouter(include_in_schema=False)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; img-src 'self' "
    "data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """The files by name, each with its tag."""
    folder = files("huntgroup.server") / "pages" / "desk"
    found = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.rpartition(".")[2] in _TYPES}
    return {name: (content, f'"{hashlib.sha256(content).hexdigest()[:20]}"') for name, content in found.items()}


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
    if name not in _files():
        raise HTTPException(404, "no such file")
    content, tag = _files()[name]
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
