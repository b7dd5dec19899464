"""Intent and topics, read off the names of the tools that were used. Plain rules; no line of business is known here."""

import re

from huntgroup.analytics.view import CallView, ToolUse

_ASKING = frozenset(
    {"get", "find", "list", "search", "lookup", "check", "show", "estimate", "explain", "verify", "quote"}
)
_FILLING = frozenset({"by", "next", "available", "info", "of", "for", "to", "from", "new", "all"})
_WORDS = (
    ("speak to a person", r"\b(human|real person|representative|operator|somebody real|speak to someone)\b"),
    ("cancel something", r"\b(cancel|call off)\b"),
    ("change a booking", r"\b(reschedule|move my|change my)\b"),
    ("book something", r"\b(book|appointment|reserve|schedule|sign up)\b"),
    ("complain", r"\b(complain\w*|refund|unacceptable|terrible)\b"),
    ("ask about prices", r"\b(how much|price\w*|cost\w*)\b"),
    ("ask about opening hours", r"\b(open|hours|close)\b"),
)
MAX_TOPICS = 6


def intent(view: CallView) -> str:
    """Return what the caller wanted, as a phrase that follows "wanted to".

    The last write that succeeded names it, else the last write tried, else the last question answered, else a few
    words of the caller.
    """
    if view.emergency is not None:
        return "get help in an emergency"
    if view.human_wanted is not None:
        return "speak to a person"
    named = _decisive(view)
    if named is not None:
        return _phrase(named)
    said = " ".join(view.caller_lines)
    return next(
        (meaning for meaning, words in _WORDS if re.search(words, said, re.IGNORECASE)),
        "say something unclear",
    )


def topics(view: CallView) -> list[str]:
    """Return what the call was about, at most six: the things that its tools are named after, most used first."""
    counts: dict[str, int] = {}
    for use in view.tools:
        thing = _thing(use.tool)
        if thing and use.effect != "terminal" and not use.identifies:
            counts[thing] = counts.get(thing, 0) + 1
    if view.emergency is not None:
        counts = {"emergency": 1} | counts
    return sorted(counts, key=lambda thing: (thing != "emergency", -counts[thing]))[:MAX_TOPICS]


def _decisive(view: CallView) -> ToolUse | None:
    done = [use for use in view.writes if use.ok]
    reads = [use for use in view.tools if use.effect == "read" and not use.identifies]
    for candidates in (done, view.writes, [use for use in reads if use.ok], reads):
        if candidates:
            return candidates[-1]
    return None


def _phrase(use: ToolUse) -> str:
    words = use.tool.split("_")
    if use.effect != "write" or words[0] in _ASKING:
        return f"ask about {_thing(use.tool) or ' '.join(words)}"
    if len(words) == 1:
        return words[0]
    article = "" if words[-1].endswith("s") else "an " if words[1][0] in "aeiou" else "a "
    return f"{words[0]} {article}{' '.join(words[1:])}"


def _thing(tool: str) -> str:
    words = tool.split("_")[1:]
    return " ".join(word for word in words if word not in _FILLING)
