"""Pages of other web sites: which of them may read our answers (CORS)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from fastapi import Request, Response

KEPT_S = "600"


def let_read(request: Request, response: Response, allowed: AbstractSet[str]) -> Response:
    """Return the response with the headers by which a page of an allowed origin may read it, `Location` included."""
    origin = request.headers.get("origin")
    if origin is not None and ("*" in allowed or origin in allowed):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Location"
        response.headers["Vary"] = "Origin"
    return response


def preflight(request: Request, allowed: AbstractSet[str]) -> Response:
    """Return what a browser asks before it posts for a page of another origin."""
    response = let_read(request, Response(status_code=204), allowed)
    if "Access-Control-Allow-Origin" in response.headers:
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = request.headers.get("access-control-request-headers", "")
        response.headers["Access-Control-Max-Age"] = KEPT_S
    return response
