"""What may be told about an unexpected exception: its type and place, never its text, which may quote a caller."""

from __future__ import annotations

import traceback


def describe(error: BaseException) -> str:
    """Type, file and line of an exception."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
