"""Danger signs: words that come before everything else in a call. Rules are data, read by people and by tests."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class DangerSign:
    """A sign by name, the words that give it away, and an extra number to offer besides the emergency number."""

    name: str
    pattern: re.Pattern[str]
    extra: str = ""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


DANGER_SIGNS = (
    DangerSign(
        "chest pain",
        _words(r"(?:chest|heart)\W+(?:\w+\W+){0,3}(?:pain|hurt|pressure|tight|attack)|(?:pain|pressure|tight\w*)\W+"
               r"(?:\w+\W+){0,3}chest|(?:crushing|squeezing)\W+(?:\w+\W+){0,2}chest"),
    ),
    DangerSign(
        "trouble breathing",
        _words(r"(?:can'?t|can ?not|trouble|hard to|difficulty|struggling to|short(?:ness)? of)\W+(?:\w+\W+){0,2}"
               r"breath|chok(?:e|ing)|turning blue|throat (?:is )?(?:closing|swelling)"),
    ),
    DangerSign(
        "stroke signs",
        _words(r"stroke|(?:face|mouth)\W+(?:\w+\W+){0,3}droop|droop\w*\W+(?:\w+\W+){0,2}face|slurr(?:ed|ing)|"
               r"(?:can'?t|can ?not)\W+(?:move|feel|lift)\W+(?:\w+\W+){0,2}(?:arm|leg|side)|numb\w*\W+(?:\w+\W+){0,3}"
               r"(?:one side|left side|right side)|worst headache"),
    ),
    DangerSign(
        "suicidal words",
        _words(r"suicid|kill(?:ing)? my ?self|end(?:ing)? (?:my|it) (?:life|all)|(?:want|going) to die|"
               r"hurt(?:ing)? my ?self|don'?t want to (?:live|be alive)|overdos"),
        extra="988",
    ),
    DangerSign(
        "heavy bleeding",
        _words(r"(?:heavy|heavily|severe|bad|badly|lots? of|won'?t stop|can'?t stop)\W+(?:\w+\W+){0,3}(?:bleed|blood)|"
               r"(?:bleed\w*|blood)\W+(?:\w+\W+){0,3}(?:won'?t stop|not stopping|heav\w+|everywhere|badly|a lot)|"
               r"(?:cough|vomit|throw)\w*\W+(?:up\W+)?blood"),
    ),
    DangerSign(
        "loss of consciousness",
        _words(r"unconscious|passed out|not (?:responding|waking)|won'?t wake|seizure|collapsed|unresponsive"),
    ),
)  # fmt: skip

_DENIAL = _words(r"\b(?:no|not|never|without|don'?t have|doesn'?t have|denies)\W+(?:\w+\W+){0,2}$")


def danger_signs(words: str) -> list[DangerSign]:
    """Return the signs that `words` give away, gravest first as listed; a sign that is denied does not count."""
    return [sign for sign in DANGER_SIGNS if _affirmed(sign.pattern, words)]


def _affirmed(pattern: re.Pattern[str], words: str) -> bool:
    return any(not _DENIAL.search(words[: match.start()]) for match in pattern.finditer(words))
