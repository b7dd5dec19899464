# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Instructions hidden in data: tool output, names, briefs, messages. What to do with them is `neutralise`'s part."""

import re
from typing import Literal

from huntgroup.teams.guardrails.disguises import disguises, turned
from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.folding import Folded, fold
from huntgroup.teams.guardrails.injection_words import compiled
from huntgroup.teams.guardrails.name_fields import wants_something

Field = Literal["name", "tool_output", "brief", "sms", "agent", "caller"]
_KINDS = compiled()
_LONGEST_RIDDLE = 2_000
_MAY_CLAIM = ("brief", "agent", "caller")
"""Where it is usual to say that somebody is verified; nothing is granted by words."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")


def find_injection(text: str, field: Field = "tool_output") -> list[Finding]:
    """Return the instructions in a text, with spans of the text as given; for a disguise the span is all of it.

    `field` says where the text came from. A name may be nothing but a name; in a brief one agent reports what a caller
    wants, so that wishes of the caller ("wants to be transferred to billing") are its very content.
    """
    folded = fold(text)
    if field == "name" and (wants_something(folded.lower) or wants_something(_camel(folded.text).lower())):
        return [Finding(0, len(text), "not_a_name")]
    if field == "name" and folded.text.replace(" ", "").isalpha() and _camel(folded.text).count(" ") < 2:
        return []
    found = _plain_findings(folded, field)
    return found or _disguised(text, folded, field)


def _camel(text: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)


def _plain_findings(folded: Folded, field: Field) -> list[Finding]:
    found = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(folded.lower):
            if _counts(kind, folded.lower, match) and not (kind == "privilege_claim" and field in _MAY_CLAIM):
                found.append(Finding(*folded.span(*match.span()), f"injection_{kind}"))
    return found


def _disguised(text: str, folded: Folded, field: Field) -> list[Finding]:
    for disguise, shown in disguises(text, folded.text):
        if _reads_as_injection(shown, disguise):
            return [Finding(0, len(text), f"injection_{disguise}")]
    if (
        len(text) < _LONGEST_RIDDLE
        and _IGNORE_TOGETHER.search(re.sub(r"[^a-z]+", "", folded.lower))
        and not found_words(folded.lower)
    ):
        return [Finding(0, len(text), "injection_spacing")]
    if len(text) < _LONGEST_RIDDLE and _reads_as_nothing(folded.lower):
        for disguise, shown in turned(folded.text):
            if _reads_as_injection(shown, disguise):
                return [Finding(0, len(text), f"injection_{disguise}")]
    return []


def found_words(lower: str) -> bool:
    """Whether "ignore … instructions" stands there in whole words, which the rules for words have judged already."""
    return (
        re.search(
            r"\b(?:ignore|disregard|forget|override|bypass)\b[a-z ']*\b(?:instructions?|rules?|prompts?|guidelines?)\b",
            lower,
        )
        is not None
    )


def _reads_as_injection(shown: str, disguise: str) -> bool:
    lower = fold(shown).lower
    if disguise == "spacing" and " " not in lower.strip():
        return _RUN_TOGETHER.search(lower) is not None
    return any(_counts(kind, lower, match) for kind, pattern in _KINDS for match in pattern.finditer(lower))


_IGNORE_TOGETHER = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|my)*(?:previous|prior|above|earlier|system|of)+(?:instruction|rule|prompt|guideline)"
)
_RUN_TOGETHER = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|my)*(?:previous|prior|above|earlier|system|of)*(?:instruction|rule|prompt|guideline)|"
    r"yoursystemprompt|youarenow|transferthecall|tellthecaller|revealyour|saytothecaller"
)
_COMMON = frozenset(
    "the to and a of is in you for on at it with that i we please be are not de la el der die und le".split()
)


def _reads_as_nothing(lower: str) -> bool:
    words = re.findall(r"[a-z]+", lower)
    return len(words) >= 3 and _COMMON.isdisjoint(words)


_REPORTED = re.compile(
    r"(?:\b(?:caller|customer|patient|client|user|he|she|they|mother|father|wife|husband|son|daughter|who|family|spouse|parent|tenant|guest|mrs\.? \w+|mr\.? \w+|ms\.? \w+|maria|james)\s+(?:\w+\s+){0,2}?"
    r"(?:wants?|wanted|asks?|asked|would like|wishes|requests?|requested|needs?|needed|prefers?|hopes?|tried|says?|said|complain\w*|was told|is asking|is hoping)\b[^.!?;:\n]{0,60}|"
    r"\b(?:asked|wants?|would like|requested|prefers|agreed|offered|(?:technician|nurse|driver|plumber|stylist|we|office|desk|doctor|dentist|electrician|installer|manager|staff|team|reception|landlord|seller|buyer|owner|mechanic|tech) (?:should|must|will|needs|has|can|may|is)|declined|able|unable|happy|need(?:s|ed)?|going|promised|tried|used|trying|reminder|waiting|ready|failed|declined|refused|have|had|was|were|like|order|time)\s+(?:us |me |you |for us |for you )?to\s+|\b(?:technician|nurse|driver|plumber|stylist|we|office|desk|doctor|dentist|electrician|installer|manager|staff|team|reception|landlord|seller|buyer|owner|mechanic|tech|who|they) (?:should|must|will|can|may|always|to|please|did|would)\s+(?:also |please )?)$"
)
_SOFT = {"action", "agent_addressed"}


def _counts(kind: str, lower: str, match: re.Match[str]) -> bool:
    """Whether a match stands for itself: what somebody is reported to want is no instruction."""
    return (
        kind not in _SOFT
        or _REPORTED.search(lower, max(0, match.start() - 120), match.start() + _lead(match.group())) is None
    )


def _lead(matched: str) -> int:
    """How much of a match leads up to its verb: punctuation and words such as "please" and "to"."""
    lead = re.match(
        r"\W*(?:(?:please|and|then|now|must|should|to|immediately|always|will|instead|just|you|also|next)\s+)?", matched
    )
    return lead.end() if lead else 0


def without_invisible(text: str) -> str:
    """Return the text without characters that nobody sees."""
    return _INVISIBLE.sub("", text)
