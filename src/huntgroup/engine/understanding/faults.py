"""What a caller is told when a tool could not do its work: the answer's own message is for a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FAILED = "I'm sorry, something went wrong on our side, and I could not do that."
_AWAY = "I'm sorry, I can't reach our records at the moment."
_LATE = "I'm sorry, our system did not answer in time."
_STAYS = "I'm sorry, I can't put you through just now."
_FORBIDDEN = "I'm sorry, I can't do that."
_UNAPPROVED = "I'm sorry, that was not approved, so it was not done."

FAULTS: Mapping[str, str] = {
    "tool_failed": _FAILED,
    "unknown_tool": _FAILED,
    "bad_arguments": _FAILED,
    "output_too_large": _FAILED,
    "too_deep": _FAILED,
    "too_late": _FAILED,
    "tool_timed_out": _LATE,
    "not_saved": _AWAY,
    "blocked": _FORBIDDEN,
    "retracted": _FORBIDDEN,
    "approval_refused": _UNAPPROVED,
    "approval_timed_out": _UNAPPROVED,
}
"""Codes with which a call answers in a tool's place, and what each means for the caller."""


def fault_in(data: Any, *, transfer: bool) -> str | None:
    """Return what to say for an answer that came in a tool's place; None for an answer of the tool itself.

    A transfer answers only in machines' words, whatever the code.

    Asking the caller for the same again would not help then, for nothing that they said was wrong.
    """
    code = data.get("error") if isinstance(data, Mapping) and data.get("ok") is False else None
    if not isinstance(code, str):
        return None
    return _STAYS if transfer else FAULTS.get(code)
