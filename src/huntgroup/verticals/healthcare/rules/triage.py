"""Where a caller with symptoms is sent. Plain rules on words, severity and days; never a diagnosis."""

import re
from dataclasses import dataclass
from typing import Literal

from huntgroup.verticals.healthcare.rules.danger import danger_signs

Severity = Literal["mild", "moderate", "severe"]
Disposition = Literal["emergency", "same_day", "appointment", "nurse_call"]

_SAME_DAY = re.compile(
    r"high fever|stiff neck|dehydrat|faint"
    r"|(?:blood|bloody)\W+(?:\w+\W+){0,2}(?:urine|stool|sputum)|(?:vomit|throw\w* up)"
    r"|allergic reaction|hives|infected|swollen|pregnan|vision|palpitation|racing heart",
    re.IGNORECASE,
)
_COUNTS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_COUNTS |= {"couple of": 2, "few": 3, "several": 4}
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30}
_LASTING = re.compile(
    rf"\b(?P<count>a|\d{{1,3}}|last|past|all|{'|'.join(_COUNTS)})\s+(?P<unit>day|week|month)s?\b", re.IGNORECASE
)
_LASTING_DAYS = 3
_CHRONIC_DAYS = 14


@dataclass(frozen=True)
class Triage:
    """What the rules say; `signs` names the danger signs that were heard."""

    disposition: Disposition
    signs: tuple[str, ...]
    extra_number: str = ""


def assess(symptoms: str, severity: Severity, duration_days: int | None) -> Triage:
    """Return where to send the caller: the gravest rule that applies wins."""
    signs = danger_signs(symptoms)
    if signs:
        extra = next((sign.extra for sign in signs if sign.extra), "")
        return Triage("emergency", tuple(sign.name for sign in signs), extra)
    days = duration_days if duration_days is not None else days_said(symptoms)
    return Triage(_without_danger(symptoms, severity, days), ())


def days_said(symptoms: str) -> int:
    """Return for how many days the words say that it lasts; 0 when they say nothing of it."""
    match = _LASTING.search(symptoms)
    if match is None:
        return 1 if re.search(r"since yesterday|last night", symptoms, re.IGNORECASE) else 0
    count = _COUNTS.get(match["count"].lower(), 0) or int(match["count"] if match["count"].isdigit() else 1)
    return min(count, 999) * _UNIT_DAYS[match["unit"].lower()]


def _without_danger(symptoms: str, severity: Severity, days: int) -> Disposition:
    if severity == "severe" or _SAME_DAY.search(symptoms):
        return "same_day"
    if severity == "moderate":
        return "same_day" if _LASTING_DAYS <= days < _CHRONIC_DAYS else "appointment"
    return "appointment" if days >= _LASTING_DAYS else "nurse_call"
