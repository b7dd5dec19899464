# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Whether a short field holds a name, or words that want something."""

import re

LONGEST_NAME = 70
MOST_WORDS = 8
_NOT_IN_NAMES = re.compile(r"[<>{}\[\]|;:=@#$%^*\\/~`?!_]|https?|www\.|\.com\b|\n|--|\d{3,}")
_WORDS = re.compile(r"[a-z']+")
_TALK = frozenset(
    "a about all also always am and answer any are as ask at be because before by call caller can cancel card connect customer "
    "delete discount do done don't everything follow for free from get give has have he her him his how i i'm if immediately in "
    "instead instruction instructions is it its just keep line make me must my need never new no not now number on only or other "
    "output password patient please read record refund remember repeat reply respond reveal rules send set she should show skip so speak "
    "stop system tell that their them then there they this to transfer until use user verified verify grant access administrator waive fees was we were what when "
    "which who will with without you your agent assistant ai ignore previous forget override admin mode prompt"
    " who's say says said".split()
)
_NAMES_TOO = frozenset(
    "and call caller card will may mark said say tell agent in do ai an my so no a i he read line free don free dean he me".split()
)
_COMPANY = re.compile(r"\b(?:llc|inc|ltd|gmbh|corp|co|company)\.?$")
_WANTS = re.compile(
    r"\b(?:tell|say|ask|transfer|ignore|forget|give|send|read|call|cancel|delete|make|grant|skip|repeat|reveal|connect|override|bypass|disregard|verify|speak|reply|respond|stop|remember|always|never|please|pretend|act)\s+"
    r"(?:(?:to|the|a|an|all|any|every|me|my|him|her|them|you|your|this|that|out|everyone|nothing|only|previous|prior|full|up|as|no|like)\b)"
)


def wants_something(lower: str) -> bool:
    """Whether a folded, lower-case name field is more than a name; titles, particles and nicknames are names."""
    field = lower.strip()
    if len(field) > LONGEST_NAME or _NOT_IN_NAMES.search(field):
        return True
    words = _WORDS.findall(field)
    if len(words) > MOST_WORDS or (_WANTS.search(field) and not _COMPANY.search(field)):
        return True
    talk = [word for word in words if word in _TALK]
    if _COMPANY.search(field):
        return False
    return len(talk) >= 3 or sum(word not in _NAMES_TOO for word in talk) >= 2
