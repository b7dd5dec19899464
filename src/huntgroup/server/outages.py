"""What every route answers while the database is away."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import JSONResponse


async def store_is_away(request: Request, error: Exception) -> JSONResponse:
    """Answer 503 for a `StoreUnavailable` that a route lets through: it is worth asking again."""
    detail = "the database does not answer; try again shortly"
    return JSONResponse({"detail": detail}, 503, headers={"Retry-After": "5"})
