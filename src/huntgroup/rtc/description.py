"""What is changed in session descriptions on their way to and from aiortc, as text."""

from __future__ import annotations

import re

# The event clock that browsers pair with Opus comes first.
_EVENT_CLOCKS = ("48000", "8000")
_EVENTS = re.compile(r"^a=rtpmap:(\d+) telephone-event/(\d+)", re.MULTILINE)
_AUDIO = re.compile(r"^(m=audio \d+ \S+(?: \d+)+)", re.MULTILINE)
# Names that only the caller's own network can resolve; the caller's checks reach us without them.
_HIDDEN_CANDIDATE = re.compile(r"^a=candidate:\S+ \d+ \S+ \d+ \S+\.local .*\r?\n", re.MULTILINE | re.IGNORECASE)


def key_event_type(offer: str) -> int | None:
    """The payload type by which an offer sends telephone keys, or None when it does not."""
    by_clock = {clock: int(number) for number, clock in _EVENTS.findall(offer)}
    return next((by_clock[clock] for clock in _EVENT_CLOCKS if clock in by_clock), None)


def with_key_events(answer: str, offer: str) -> str:
    """The answer, accepting telephone keys as they were offered, which aiortc does not know of."""
    number = key_event_type(offer)
    if number is None:
        return answer
    clock = next(clock for found, clock in _EVENTS.findall(offer) if int(found) == number)
    lines = f"a=rtpmap:{number} telephone-event/{clock}\r\na=fmtp:{number} 0-16\r\n"
    head, audio, rest = _split_audio(answer)
    if audio is None:
        return answer
    first_map = re.search(r"^a=rtpmap:", rest, re.MULTILINE)
    at = first_map.start() if first_map is not None else len(rest)
    return head + f"{audio} {number}" + rest[:at] + lines + rest[at:]


def without_hidden_candidates(offer: str) -> str:
    """The offer without candidates of names that we cannot resolve, and would wait for."""
    return _HIDDEN_CANDIDATE.sub("", offer)


def _split_audio(description: str) -> tuple[str, str | None, str]:
    found = _AUDIO.search(description)
    if found is None:
        return description, None, ""
    return description[: found.start()], found.group(1), description[found.end() :]
