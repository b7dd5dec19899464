"""Values of enumerations and booleans in what was said."""

from __future__ import annotations

import re
from typing import Any

from .kinds import name_parts
from .matching import Matcher
from .tokens import STOP_WORDS, content_words, words
from .toolspec import Param
from .utterance import Utterance

_NEGATION = re.compile(r"\b(?:not|no|don't|doesn't|isn't|without|never|nothing)\b[^.,;]{0,24}$", re.IGNORECASE)


def forms(value: Any, description: str) -> list[str]:
    """How a value may be said: its own words, and what the description puts in brackets or after a colon for it."""
    plain = " ".join(p.lower() for p in name_parts(str(value)))
    found = [plain]
    bracket = re.search(
        rf"\b{re.escape(str(value))}[\"'`]?\s*(?:\(([^)]+)\)|[:=]\s*([^,;.\n]+))", description, re.IGNORECASE
    )
    if bracket:
        found += [f.strip().lower() for f in re.split(r",|/| or ", bracket.group(1) or bracket.group(2)) if f.strip()]
    return found


def enum_value(said: Utterance, param: Param, matcher: Matcher, *, asked: bool, required: bool) -> Any:
    """The value that was named, or the nearest in meaning when it was asked for; None when neither is clear."""
    common = _shared_words(param)
    scored = [
        (max(_said(form, said.text, common) for form in forms(v, param.description)), -i, v)
        for i, v in enumerate(param.enum)
    ]
    best = max(scored, key=lambda s: (s[0], s[1]), default=None)
    if best is not None and best[0] >= 0.45:
        return best[2]
    if not (asked or required) or len(words(said.masked)) == 0:
        return None
    texts = [" ".join(forms(v, param.description)) for v in param.enum]
    likeness = matcher.likeness(said.masked, texts)
    order = sorted(range(len(texts)), key=lambda i: -likeness[i])
    clear = len(order) < 2 or likeness[order[0]] - likeness[order[1]] > 0.05
    return param.enum[order[0]] if order and clear and likeness[order[0]] >= (0.33 if asked else 0.5) else None


def enum_values(said: Utterance, param: Param) -> list[Any]:
    """All values of a list parameter that were named."""
    return [v for v in param.enum if any(_said(f, said.text) >= 0.99 for f in forms(v, param.description))]


def _shared_words(param: Param) -> frozenset[str]:
    """Words that tell no value from another: those of several values, and those every caller says."""
    seen = [w for v in param.enum for w in set(forms(v, "")[0].split())]
    return frozenset(
        {w for w in seen if seen.count(w) > 1}
        | {"new", "patient", "appointment", "visit", "customer", "other", "up", "one"}
    )


def _said(form: str, text: str, common: frozenset[str] = frozenset()) -> float:
    """1 when the form stands in the text, else the share of its telling words that do."""
    joined, target = f" {' '.join(words(text))} ", " ".join(words(form))
    if not target:
        return 0.0
    if f" {target} " in joined or f" {target}s " in joined:
        return 0.0 if _NEGATION.search(joined[: joined.find(f" {target}") + 1]) and len(target) > 3 else 1.0
    telling = [w for w in words(form) if w not in STOP_WORDS]
    squeezed = joined.replace(" ", "")
    hits = sum(
        1
        for w in telling
        if w not in common and (f" {w} " in joined or f" {w}s " in joined or (len(w) >= 6 and w in squeezed))
    )
    return 0.9 * hits / len(telling) if telling else 0.0


def yes_or_no(said: Utterance, param: Param, *, asked: bool) -> bool | None:
    """A boolean that was asked for, or one whose words were said along the way."""
    if asked and (said.yes or said.no):
        return said.yes
    telling = [w for w in content_words(param.words) if w not in {"is", "has", "wants", "needs", "include"}]
    joined = " ".join(words(said.text))
    if telling and all(re.search(rf"\b{re.escape(w)}", joined) for w in telling):
        at = joined.find(telling[0])
        return not _NEGATION.search(joined[:at])
    return None
