"""What can be an id in an address: anything else is nobody's, and no store is asked about it."""

from __future__ import annotations

import re

from fastapi import HTTPException, Request

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAMES = ("call_id", "callback_id")


def is_id(text: str) -> bool:
    """Whether this may be the id of a call or a callback."""
    return _ID.fullmatch(text) is not None


def require_ids(request: Request) -> None:
    """Let pass an address whose ids may be ids; answers 404 otherwise."""
    if not all(is_id(request.path_params.get(name, "_")) for name in _NAMES):
        raise HTTPException(404, "nothing has such an id")
