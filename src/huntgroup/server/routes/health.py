"""Whether the server lives, whether it can take calls, and a page for people who open its address."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from huntgroup.server.frontdesk import FrontDesk

router = APIRouter()


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """200 when calls can be taken, 503 while a part is missing or the process drains."""
    desk = FrontDesk.of(request)
    parts: dict[str, Any] = dict(desk.house.ready())
    is_ready = all(value is not False for value in parts.values()) and not desk.draining
    status = "draining" if desk.draining else "ready" if is_ready else "not ready"
    return JSONResponse({**parts, "seats": _seats(desk), "status": status}, 200 if is_ready else 503)


def _seats(desk: FrontDesk) -> dict[str, int]:
    return {"taken": desk.seats.taken, "of": desk.house.settings.max_calls}


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
async def index(request: Request) -> str:
    """What can be found here."""
    desk = FrontDesk.of(request)
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
        "<h2>Look</h2><ul><li><a href=/demo>/demo</a>: talk to a team</li>"
        "<li><a href=/api/calls>/api/calls</a></li><li><a href=/docs>/docs</a></li>"
        "<li><a href=/healthz>/healthz</a> · <a href=/readyz>/readyz</a></li></ul></html>"
    )
