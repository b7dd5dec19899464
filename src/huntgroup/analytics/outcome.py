"""How a call came out: resolution derived from tools, and escalation. Plain rules, in the order of the functions."""

import re

from huntgroup.analytics.view import CallView
from huntgroup.domain.analytics import Resolution

_GOODBYE = re.compile(
    r"\b(bye|goodbye|good bye|thank you|thanks|that'?s all|that is all|have a (good|nice))\b", re.IGNORECASE
)
_WALKED_AWAY = frozenset({"caller_hung_up", "line_lost", "silence"})


def resolution(view: CallView) -> Resolution:
    """Return how the call came out.

    - escalated: an emergency was declared, or a person was asked for;
    - by writes, where any was tried: the last try of each tool counts; all succeeded is resolved, some is partially,
      none is unresolved;
    - else by reads: resolved when the last one that was not about identity succeeded;
    - else abandoned when the caller went away without a goodbye, otherwise unresolved.
    """
    if view.emergency is not None or view.human_wanted is not None:
        return "escalated"
    last_tries = {use.tool: use.ok for use in view.writes}
    if last_tries:
        succeeded = sum(last_tries.values())
        return "resolved" if succeeded == len(last_tries) else "partially" if succeeded else "unresolved"
    reads = [use for use in view.tools if use.effect == "read" and not use.identifies]
    if reads and reads[-1].ok:
        return "resolved"
    return "abandoned" if walked_away(view) else "unresolved"


def walked_away(view: CallView) -> bool:
    """Did the caller leave, or fall silent, without a goodbye?"""
    if view.end_reason not in _WALKED_AWAY:
        return False
    return not view.caller_lines or not _GOODBYE.search(view.caller_lines[-1])


def said_goodbye(view: CallView) -> bool:
    return bool(view.caller_lines) and bool(_GOODBYE.search(view.caller_lines[-1]))


def escalation(view: CallView) -> tuple[bool, str | None]:
    """Return whether somebody must look at this call, and why."""
    if view.emergency is not None:
        return True, f"danger sign: {view.emergency}"
    if view.human_wanted is not None:
        return (
            True,
            f"asked for a person: {view.human_wanted}" if view.human_wanted else "asked for a person",
        )
    if view.end_reason in {"model_lost", "error"}:
        return True, f"the call broke off: {view.end_reason}"
    return False, None
