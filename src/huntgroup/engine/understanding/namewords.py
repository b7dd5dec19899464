"""Words as names: which may be one, and how a name is written."""

from __future__ import annotations

import re

from .tokens import FILLERS, STOP_WORDS

_COMMON = frozenset(
    """calling looking trying hoping wondering sorry here sick fine good great interested new not sure afraid ready
    back done
    having going getting feeling available free happy glad able about regarding just still also really very only right
    patient client customer caller existing appointment booking book schedule cancel reschedule change morning afternoon
    evening today tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april june
    july
    august september october november december hello hi hey thanks thank bye goodbye yes no nope sure correct okay
    doctor
    dr nurse born date birth birthday phone number email name first last middle surname speaking urgent emergency
    question
    problem issue help need want like would day week month time next this that one two three four five six seven
    eight nine
    ten please actually wait repeat human person someone anyone nobody english spanish busy late early home work
    allergic
    pregnant diabetic worried confused lost locked hungry tired in out on off ill hurt bleeding out everything nothing
    something anything all it is was has have my the a an kind great perfect wonderful welcome later never mind ok
    mister mr mrs ms miss sir madam""".split()
)


def title(word: str) -> str:
    """A name with capitals where a reader expects them ("o'neil" → "O'Neil", "LOPEZ" → "Lopez")."""
    if word[1:].lower() != word[1:] and not word.isupper():
        return word
    return re.sub(r"(^|[-' ])([^\W\d_])", lambda m: m.group(1) + m.group(2).upper(), word.lower()).replace("'S ", "'s ")


def is_name_word(word: str) -> bool:
    low = word.lower()
    return (
        bool(re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", word))
        and len(word) > 1
        and not (low in STOP_WORDS or low in _COMMON or low in FILLERS)
    )
