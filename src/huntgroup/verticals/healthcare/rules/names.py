"""Comparing names as a desk does: without case, accents or punctuation, and by sound when spelling differs."""

import re
import unicodedata

_TITLES = re.compile(r"^(?:dr|doctor|doc|nurse|mr|mrs|ms|miss)\b\.?\s*", re.IGNORECASE)
_SOUNDS = (
    (r"^(?:kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^x", "s"),
    (r"ph", "f"),
    (r"ght", "t"),
    (r"(?<=[aeiou])gh", ""),
    (r"sch|sh|tch|ch", "x"),
    (r"th", "t"),
    (r"ck|[qk]|c(?![eiy])", "k"),
    (r"c", "s"),
    (r"z", "s"),
    (r"x", "x"),
    (r"dg|j", "j"),
    (r"v", "f"),
    (r"mb$", "m"),
)


def name_key(name: str) -> str:
    """Return `name` folded for comparison: "José-Ángel O'Neill" and "jose angel oneill" are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def sound_key(name: str) -> str:
    """Return a key that names sounding alike share: Clark and Clarke, Sara and Sarah, Lopez and Lopes.

    The first letter's class, then consonants; doubled ones count once. Empty for a name without letters.
    """
    key = re.sub(r"[^a-z]", "", name_key(name))
    for pattern, sound in _SOUNDS:
        key = re.sub(pattern, sound, key)
    if not key:
        return ""
    first = "a" if key[0] in "aeiouy" else key[0]
    rest = re.sub(r"[aeiouyhw]", "", key[1:])
    return re.sub(r"(.)\1+", r"\1", first + rest)


def same_name(spoken: str, stored: str) -> bool:
    """Whether `spoken`, as a transcriber wrote it, may be `stored`: equal when folded, or alike in sound.

    Sound alone is trusted only for names of nearly equal length, so that "Ann" is not "Annamaria".
    """
    if name_key(spoken) == name_key(stored):
        return bool(name_key(stored))
    alike = sound_key(spoken) == sound_key(stored) and len(sound_key(stored)) > 1
    return alike and abs(len(name_key(spoken)) - len(name_key(stored))) <= 2


def without_title(name: str) -> str:
    """Return "Chen" for "Dr. Chen" and "doctor chen"; other names come back stripped of space only."""
    return _TITLES.sub("", name.strip()).strip(" .")


def phone_digits(phone: str) -> str | None:
    """Return the last ten digits of `phone`, or None when it has fewer."""
    digits = re.sub(r"\D", "", phone)
    return digits[-10:] if len(digits) >= 10 else None
