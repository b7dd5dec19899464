"""The bodies of requests, within bounds."""

from __future__ import annotations

from fastapi import Request


class BodyTooLarge(Exception):
    """Somebody sends more than is taken."""


async def read_body(request: Request, most_bytes: int) -> bytes:
    """Return the whole body of a request. Raises `BodyTooLarge` as soon as it is larger."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            raise BodyTooLarge
    return bytes(body)
