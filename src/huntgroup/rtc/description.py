"""What is changed in session descriptions on their way to and from aiortc, as text."""

from __future__ import annotations

import re

# The event clock that browsers pair with Opus comes first.
_EVENT_CLOCKS = ("48000", "8000")
_EVENTS = re.compile(r"^a=rtpmap:(\d+) telephone-event/(\d+)", re.MULTILINE)
_AUDIO = re.compile(r"^(m=audio \d+ \S+(?: \d+)+)", re.MULTILINE)
_CANDIDATE = re.compile(r"^a=candidate:(.*)\r?\n", re.MULTILINE)
_END_OF_CANDIDATES = re.compile(r"^a=end-of-candidates[ \t]*\r?\n", re.MULTILINE)


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


def without_unusable_candidates(offer: str, *, most: int) -> str:
    """The offer with the first `most` candidates by which we could reach the caller, and never said to be complete.

    Names of mDNS only the caller's own network can resolve, and we do not use TCP. The caller's checks reach us without
    any of them, at any time: so there is no moment at which ICE could be given up for want of candidates.
    """
    left = most

    def kept(found: re.Match[str]) -> str:
        nonlocal left
        parts = found[1].split()
        if left <= 0 or len(parts) < 6 or parts[2].lower() != "udp" or parts[4].lower().endswith(".local"):
            return ""
        left -= 1
        return found[0]

    return _END_OF_CANDIDATES.sub("", _CANDIDATE.sub(kept, offer))


def _split_audio(description: str) -> tuple[str, str | None, str]:
    found = _AUDIO.search(description)
    if found is None:
        return description, None, ""
    return description[: found.start()], found.group(1), description[found.end() :]
