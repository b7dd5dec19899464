"""Lead score: how close the caller came to being a customer. Plain points, added up and held within 0…100."""

import re

from huntgroup.analytics.view import CallView
from huntgroup.domain.analytics import LeadClass, Resolution

BASE = 20
POINTS = {
    "write_succeeded": 40,
    "write_tried": 15,
    "question_answered": 5,
    "identified": 10,
    "number_known": 5,
    "wants_to_buy": 10,
    "positive": 10,
    "negative": -10,
    "not_interested": -30,
    "abandoned": -15,
}
MAX_QUESTIONS = 3
HOT, WARM = 70, 40

_BUYING = re.compile(
    r"\b(book|appointment|reserve|schedule|sign up|buy|order|how much|available|availability|earliest)\b",
    re.IGNORECASE,
)
_REFUSING = re.compile(
    r"\b(not interested|just looking|wrong number|never ?mind|no longer (want|need))\b", re.IGNORECASE
)


def lead_score(view: CallView, sentiment_score: float, resolution: Resolution) -> int:
    """Return 0…100. Of the writes only the best outcome counts; at most three answered questions count."""
    said = " ".join(view.caller_lines)
    answered = sum(use.effect == "read" and use.ok and not use.identifies for use in view.tools)
    applies = {
        "write_succeeded": any(use.ok for use in view.writes),
        "write_tried": bool(view.writes) and not any(use.ok for use in view.writes),
        "question_answered": min(answered, MAX_QUESTIONS),
        "identified": bool(view.claims),
        "number_known": view.started is not None and bool(view.started.caller),
        "wants_to_buy": bool(_BUYING.search(said)),
        "positive": sentiment_score >= 0.2,
        "negative": sentiment_score <= -0.2,
        "not_interested": bool(_REFUSING.search(said)),
        "abandoned": resolution == "abandoned",
    }
    return max(0, min(100, BASE + sum(POINTS[name] * int(times) for name, times in applies.items())))


def lead_class(score: int) -> LeadClass:
    return "hot" if score >= HOT else "warm" if score >= WARM else "cold"
