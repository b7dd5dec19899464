"""A part of some bytes, as players ask for it."""

from __future__ import annotations

import re

from fastapi import Request, Response

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def ranged(request: Request, content: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """Answer with the one range that is asked for, or with all of it; 416 for a range that is not there."""
    headers = {**headers, "Accept-Ranges": "bytes", "Cache-Control": "private, no-store"}
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or asked.group() == "bytes=-":
        return Response(content, media_type=media_type, headers=headers)
    first, last = asked.groups()
    start = int(first) if first else max(0, len(content) - int(last))
    end = min(int(last) if first and last else len(content) - 1, len(content) - 1)
    if start > end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(content)}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Response(content[start : end + 1], 206, media_type=media_type, headers=headers)
