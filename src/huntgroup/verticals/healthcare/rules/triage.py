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
    return Triage(_without_danger(symptoms, severity, duration_days or 0), ())


def _without_danger(symptoms: str, severity: Severity, days: int) -> Disposition:
    if severity == "severe" or _SAME_DAY.search(symptoms):
        return "same_day"
    if severity == "moderate":
        return "same_day" if _LASTING_DAYS <= days < _CHRONIC_DAYS else "appointment"
    return "appointment" if days >= _LASTING_DAYS else "nurse_call"
