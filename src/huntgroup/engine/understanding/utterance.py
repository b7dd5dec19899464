"""One thing the caller said, read by every grammar once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from .contacts import Spotted, find_codes, find_emails, find_phones
from .datemention import DateMention
from .dates import find_dates
from .names import PersonName, find_name
from .numerals import DigitRun, Number, digit_runs, numbers
from .times import PartOfDay, TimeMention, find_parts_of_day, find_times
from .tokens import Token, clauses, content_words, mask, normalise, tokenize, words

_YES = re.compile(
    r"^(?:(?:oh|um|uh|well|okay|ok|ah|hmm)[,. ]+)*(?:yes|yeah|yep|yup|ya|sure|correct|right|exactly|absolutely|"
    r"definitely|certainly|perfect|"
    r"please do|go ahead|that's (?:right|correct|fine|it|good|perfect|great)|that is (?:right|correct|fine)|sounds "
    r"(?:good|great|"
    r"perfect|right|fine)|of course|fine|ok|okay|all right|alright|great|good|do it|book it|confirm(?:ed)?|(?:i do|i "
    r"am|i did|it is)(?=[.,!]|$)|"
    r"that works|works for me|that would be (?:great|good|fine|lovely|perfect)|mm-?hmm|uh-?huh|you got it|please|"
    r"affirmative|indeed)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^(?:(?:oh|um|uh|well|ah|hmm|sorry|actually)[,. ]+)*(?:no|nope|nah|not (?:really|quite|right|yet|that|exactly)|"
    r"that's (?:not|wrong)|wrong|"
    r"incorrect|don't|do not|negative|neither|none|i don't|not at all|stop|that isn't|hold on)\b",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:no,|i meant|i mean|not the|actually|make (?:it|that)|change (?:it|that)|instead|rather|correction|sorry,? "
    r"(?:it's|i)|"
    r"wait,? (?:it's|no)|should be|i said)\b|\bno\b.*\b(?:it's|is)\b|, not\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"\b(?:born|birth|birthday|birthdate|dob|d\.o\.b)\b", re.IGNORECASE)
_WHATEVER = re.compile(
    r"\b(?:any(?:time| time| day|one| one|thing)?(?: is| works| would| will)? ?(?:fine|good|ok|okay|do|works)?|"
    r"whatever|whichever|whenever|"
    r"doesn't matter|don't mind|don't care|no preference|up to you|either|you (?:choose|pick|decide)|first available|"
    r"earliest|soonest|"
    r"as soon as possible)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:i don't (?:know|remember|have)|not sure|no idea|don't have (?:one|it|that)|i forgot|can't remember|i do "
    r"not know)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Utterance:
    """Spans refer to `text`, which is normalised. Nothing here depends on the tools of the session."""

    text: str
    tokens: list[Token]
    dates: list[DateMention]
    times: list[TimeMention]
    parts_of_day: list[PartOfDay]
    name: PersonName
    phones: list[DigitRun]
    codes: list[Spotted]
    emails: list[Spotted]
    numbers: list[Number]
    digits: list[DigitRun]
    yes: bool
    no: bool
    correction: bool
    birth: bool
    whatever: bool
    unknown: bool
    masked: str
    clauses: list[str] = field(default_factory=list)

    @property
    def word_count(self) -> int:
        return len(words(self.text))

    @property
    def bare(self) -> bool:
        """Whether little is left when the values are cut out: an answer rather than a wish."""
        return len(words(self.masked)) <= 3

    @property
    def without_name(self) -> str:
        """The text without the caller's name."""
        return self.text[: self.name.start] + self.text[self.name.end :] if self.name else self.text

    @property
    def only_yes_no(self) -> bool:
        """Whether it says yes or no and hardly anything else."""
        return (self.yes or self.no) and len(content_words(self.text)) <= 1


@lru_cache(maxsize=4096)
def read(text: str, today: date, *, asked_name: bool = False, asked_time: bool = False) -> Utterance:
    """Read an utterance; `asked_…` say what the assistant had just asked for."""
    text = normalise(text)
    tokens = tokenize(text)
    dates = find_dates(tokens, today)
    taken = [(d.start, d.end) for d in dates]
    emails = find_emails(text)
    taken_more = taken + [(e.start, e.end) for e in emails]
    phones = find_phones(tokens, taken_more)
    numbers_taken = taken_more + [(p.start, p.end) for p in phones]
    times = find_times(tokens, numbers_taken, bare=asked_time)
    asked_name = asked_name or any(d.has_year and d.day.year < today.year - 1 for d in dates)
    name = find_name(text, tokens, asked=asked_name, taken=numbers_taken + [(t.start, t.end) for t in times])
    spans = numbers_taken + [(t.start, t.end) for t in times] + ([(name.start, name.end)] if name else [])
    no = bool(_NO.search(text))
    return Utterance(
        text=text,
        tokens=tokens,
        dates=dates,
        times=times,
        parts_of_day=find_parts_of_day(tokens),
        name=name,
        phones=phones,
        codes=find_codes(text, tokens, taken_more + [(t.start, t.end) for t in times]),
        emails=emails,
        numbers=numbers(tokens),
        digits=digit_runs(tokens),
        yes=bool(_YES.search(text)) and not no,
        no=no,
        correction=bool(_CORRECTION.search(text)),
        birth=bool(_BIRTH.search(text)),
        whatever=bool(_WHATEVER.search(text)),
        unknown=bool(_UNKNOWN.search(text)),
        masked=mask(text, spans),
        clauses=clauses(text),
    )
