"""A part of some bytes, as players ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Bytes(Protocol):
    """Something that is read in parts; both may block."""

    @property
    def size_bytes(self) -> int: ...

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `end`, in pieces of a bounded size."""
        ...


def ranged(request: Request, content: Bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Answer with the one range that is asked for, or with all of it; 416 for a range that is not there.

    What is answered is read while it is sent, off the event loop.
    """
    headers = {**headers, "Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    size = content.size_bytes
    asked = _asked(request.headers.get("range", ""), size)
    start, end = asked or (0, size)
    if start >= end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    if asked is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    return StreamingResponse(content.read(start, end), 200 if asked is None else 206, headers, media_type)


def _asked(header: str, size: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last; None when no single range is asked for."""
    asked = _RANGE.fullmatch(header)
    if asked is None or asked.group() == "bytes=-":
        return None
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    return start, min(int(last) + 1 if first and last else size, size)
