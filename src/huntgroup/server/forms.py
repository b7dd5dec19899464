"""Reading a posted form with limits."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

from huntgroup.server.signatures import Form

MAX_BODY_BYTES = 65_536
MAX_FIELDS = 200


async def read_form(request: Request) -> Form:
    """The url-encoded fields of a request. Answers 413 when they are too large and 400 when they cannot be read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413, "the form is too large")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise HTTPException(400, "the form cannot be read") from None
    return Form(pairs)
