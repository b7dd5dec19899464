"""Free text for arguments: the reason, question or message inside what the caller said."""

from __future__ import annotations

import re

from .tokens import content_words, strip_fillers

_LEAD_IN = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|there|yes|yeah|no|okay|ok|well|so|and|um|uh|actually|"
    r"please|thanks?(?: you)?|sure|also|"
    r"oh|great|perfect|right)\b[,.! ]*)+",
    re.IGNORECASE,
)
_ANSWER_LEAD = re.compile(
    r"^(?:(?:it's|it is|its|that's|that is|that would be|i'd like|i would like|i want|i need|i'll (?:take|have)|i "
    r"will (?:take|have)|can i (?:have|get)|could i "
    r"(?:have|get)|let's (?:do|say|go with|make it)|make it|give me|for|with|on|in|to|at|the|a|an|my|just|maybe|"
    r"probably|i think|i guess|"
    r"it should be|they are|we are|there are|one of|about)\s+)+",
    re.IGNORECASE,
)
_GENERIC = frozenset(
    """appointment appointments visit slot time booking reservation one it that this something someone help question
    doctor dentist provider
    new day date week moment minute while patient information info thing things what you there see lookup record name
    number call
    another other first next last available opening""".split()
)
_FOR_WHAT = re.compile(
    r"\b(?:for|about|regarding)\s+(?P<owner>a|an|my|the|some|his|her|our)\s+(?P<np>[a-z][\w' -]+?)(?=\s+(?:with|on|"
    r"at|next|this|tomorrow|today|please|and|in the|to|"
    r"if|or|from|is|are|was|for|by|before|after)\b|\s*[.,?!;]|\s*$)",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\b(?:book|schedule|need|want|like|have|get|make|set up|arrange|do|come in for|see (?:someone|somebody|you|a "
    r"doctor) (?:for|about))\s+(?:in\s+)?"
    r"(?P<owner>a|an|my|the|some)\s+(?P<np>[a-z][\w' -]+?)(?=\s+(?:with|on|at|next|this|tomorrow|today|please|and|in "
    r"the|to|if|or|from|for|by|before|after)\b|\s*[.,?!;]|\s*$)",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|the reason is(?: that)?|reason:?|since)\s+(?P<why>(?!(?:last|yesterday|monday|"
    r"tuesday)\b)[^.?!;]+)",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?P<why>(?:i've|i have|i'm|i am|he has|she has|my son has|my daughter has|we have)\s+(?:been |had |got |"
    r"having |feeling |experiencing )+[^.?!;]+|"
    r"my\s+[\w' ]{2,30}?\s+(?:hurts?|aches?|is|are|has|have|won't|doesn't|keeps?|feels?|broke|stopped)\b[^.?!;]*)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s*(?:and\s+|so\s+)?(?:what|can|could|should|is|do|would|please|when)\b", re.IGNORECASE)
_MESSAGE = re.compile(
    r"\b(?:tell|let|ask)\s+(?:him|her|them|the \w+|\w+)\s+(?:know\s+)?(?:that\s+|if\s+|whether\s+)?(?P<what>[^.]+)",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """A wish or question without greetings and hesitations."""
    return strip_fillers(_LEAD_IN.sub("", strip_fillers(text))) or strip_fillers(text)


def clean_answer(text: str) -> str:
    """The value in the answer to a question: "it's for the blue one, please" → "blue one"."""
    cleaned = re.sub(r"[,.]? ?(?:please|thanks|thank you|thanks a lot)\W*$", "", clean(text), flags=re.IGNORECASE)
    return strip_fillers(_ANSWER_LEAD.sub("", cleaned)) or strip_fillers(cleaned)


def reason_in(text: str) -> str:
    """What something is for, when the caller said it along the way, or ""."""
    for pattern, group in ((_BECAUSE, "why"), (_STATE, "why"), (_FOR_WHAT, "np"), (_OBJECT, "np")):
        for match in pattern.finditer(text):
            found = strip_fillers(re.split(_ASIDE, match.group(group))[0])
            if group == "why":
                return found
            if not set(content_words(found)) <= _GENERIC:
                owner = match.group("owner").lower()
                return f"{owner} {found}" if owner in {"my", "his", "her", "our"} else found
    return ""


def message_in(text: str) -> str:
    match = _MESSAGE.search(text)
    return strip_fillers(match.group("what")) if match and len(content_words(match.group("what"))) >= 2 else ""


def says_something(text: str, beyond: str) -> bool:
    """Whether a wish carries content of its own beyond the words that name the tool."""
    own = {w for w in content_words(clean(text)) if w not in _GENERIC and len(w) > 2}
    return len(own - set(content_words(beyond))) >= 2
