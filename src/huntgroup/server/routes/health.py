"""Whether the server lives, whether it can take calls, and a page for people who open its address."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from huntgroup.server.desk import Desk

router = APIRouter()


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """200 when calls can be taken, 503 while a part is missing."""
    parts: dict[str, Any] = dict(Desk.of(request).house.ready())
    is_ready = all(value is not False for value in parts.values())
    return JSONResponse({**parts, "status": "ready" if is_ready else "not ready"}, 200 if is_ready else 503)


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
async def index(request: Request) -> str:
    """What can be found here."""
    desk = Desk.of(request)
    teams = "".join(
        f"<li><b>{escape(name)}</b>: voice webhook "
        f"<code>POST {escape(desk.web_url(request, f'/twilio/voice/{name}'))}</code></li>"
        for name in sorted(desk.house.teams)
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>huntgroup</title>"
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}"
        "code{background:#eee;padding:.1em .3em}</style>"
        f"<h1>huntgroup</h1><p>Calls in progress: {len(desk.active)}</p><h2>Teams</h2><ul>{teams}</ul>"
        "<h2>Look</h2><ul><li><a href=/api/calls>/api/calls</a></li><li><a href=/docs>/docs</a></li>"
        "<li><a href=/healthz>/healthz</a> · <a href=/readyz>/readyz</a></li></ul></html>"
    )
