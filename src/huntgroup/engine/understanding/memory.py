"""What the caller said in the call, turn by turn, and who the caller is as far as they said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from .datemention import DateMention
from .goals import Goal
from .kinds import Kind
from .similarity import similarity
from .times import TimeMention
from .utterance import Utterance

AskKind = Literal["", "offer", "slots", "confirm", "change", "pick", "choose", "anything"]
_OLD_BEFORE = re.compile(
    r"\b(?:appointment|booking|visit|reservation|order|tour|viewing|one|slot|meeting)s?(?: that's| that is| i have| "
    r"i've got)?(?: is)?(?: on| for| of)?\s*$",
    re.IGNORECASE,
)
_OLD_AFTER = re.compile(
    r"\s*(?:'s)?\s*(?:appointment|booking|visit|reservation|order|tour|viewing|one|slot|meeting)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Asked:
    """What the assistant's last words wanted to know."""

    kind: AskKind = ""
    tool: str = ""
    params: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    options: tuple[str, ...] = ()
    rows: tuple[Any, ...] = ()

    @property
    def names(self) -> bool:
        return bool(self.kinds & {Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME})


NOTHING = Asked()


@dataclass(frozen=True)
class Turn:
    """One turn of the caller; `index` counts turns from 0."""

    index: int
    text: str
    asked: Asked
    said: Utterance


@dataclass
class Person:
    """The caller, by their own words; later words win."""

    first: str = ""
    last: str = ""
    born: str = ""
    phone: str = ""
    email: str = ""
    since: dict[str, int] = field(default_factory=dict)

    def put(self, field_name: str, value: str, turn: int) -> None:
        if value:
            setattr(self, field_name, value)
            self.since[field_name] = turn


@dataclass
class Memory:
    """All turns so far. Reads are relative to the moment: turns are added as the call goes on.

    `no_names` are words that the tools use for values, which a caller's name is not taken to be.
    """

    today: date
    turns: list[Turn] = field(default_factory=list)
    person: Person = field(default_factory=Person)
    opened: dict[int, set[str]] = field(default_factory=dict)
    no_names: frozenset[str] = frozenset()

    def note_wish(self, turn: int, tool: str) -> None:
        """Remember that a turn wished for a tool, so that its values are not taken for another one's."""
        self.opened.setdefault(turn, set()).add(tool)

    def add(self, turn: Turn) -> None:
        self.turns.append(turn)
        self._learn_name(turn)
        self._learn_contact(turn)

    def since(self, first: int) -> list[Turn]:
        """Turns from index `first` on, newest first."""
        return [t for t in reversed(self.turns) if t.index >= first]

    def serving(self, goal: Goal) -> list[Turn]:
        """Turns from its floor on that may speak of the goal, newest first; side questions asked after it do not."""
        found = self.since(goal.floor)
        return [t for t in found if t.index <= goal.opener or goal.tool in self.opened.get(t.index, {goal.tool})]

    def birth_of(self, turn: Turn) -> DateMention | None:
        """The mention that is a birthday, if one is."""
        dates = turn.said.dates
        if not dates:
            return None
        if turn.said.birth:
            named = [d for d in dates if d.lead in {"born", "birth", "birthday", "dob"}]
            aged = [d for d in dates if d.has_year and self._is_past(d)]
            return (named or aged or dates)[0]
        if Kind.BIRTH_DATE in turn.asked.kinds:
            aged = [d for d in dates if d.has_year]
            return aged[0] if aged else dates[0] if Kind.DATE not in turn.asked.kinds else None
        return next((d for d in dates if d.has_year and self._is_past(d)), None)

    def _is_past(self, mention: DateMention) -> bool:
        return (self.today - mention.as_birth(self.today)).days > 300

    def dates(self, turn: Turn) -> list[DateMention]:
        """The dates of a turn that are no birthday and were not refused ("not Tuesday")."""
        birth = self.birth_of(turn)
        return [d for d in turn.said.dates if d is not birth and not _refused(turn.said.text, d.start)]

    def times(self, turn: Turn) -> list[TimeMention]:
        return [t for t in turn.said.times if not _refused(turn.said.text, t.start)]

    def _learn_name(self, turn: Turn) -> None:
        name, kinds, person = turn.said.name, turn.asked.kinds, self.person
        if name.first or name.last:
            person.put("first", name.first, turn.index)
            person.put("last", name.last, turn.index)
        lone = name.lone or (name.spelled.capitalize() if name.spelled and not (name.first or name.last) else "")
        if not lone or lone.lower() in self.no_names:
            return
        person.put(self._part_of(lone, kinds), lone, turn.index)

    def _part_of(self, lone: str, kinds: frozenset[Kind]) -> str:
        """Whether a single name is the first or the last one."""
        person = self.person
        if Kind.LAST_NAME in kinds and Kind.FIRST_NAME not in kinds:
            return "last"
        if Kind.FIRST_NAME in kinds and Kind.LAST_NAME not in kinds:
            return "first"
        near_first, near_last = similarity(lone, person.first), similarity(lone, person.last)
        if max(near_first, near_last) >= 0.6:
            return "first" if near_first > near_last else "last"
        return "last" if person.first else "first"

    def _learn_contact(self, turn: Turn) -> None:
        birth = self.birth_of(turn)
        if birth is not None and (birth.has_year or turn.said.birth or Kind.BIRTH_DATE in turn.asked.kinds):
            if birth.has_year:
                self.person.put("born", birth.as_birth(self.today).isoformat(), turn.index)
        elif Kind.BIRTH_DATE in turn.asked.kinds:
            self.person.put("born", self._born_in_digits(turn), turn.index)
        if turn.said.phones and Kind.IDENTIFIER not in turn.asked.kinds:
            self.person.put("phone", turn.said.phones[-1].digits, turn.index)
        elif Kind.PHONE in turn.asked.kinds:
            self.person.put("phone", self._phone_in_parts(turn), turn.index)
        if turn.said.emails:
            self.person.put("email", turn.said.emails[-1].value, turn.index)

    def _phone_in_parts(self, turn: Turn) -> str:
        """A number given over two turns, "five five five" and then the rest."""
        before = next((t for t in reversed(self.turns[:-1]) if t.said.digits), None)
        runs = ([before.said.digits[-1].digits] if before and Kind.PHONE in before.asked.kinds else []) + [
            r.digits for r in turn.said.digits
        ]
        joined = "".join(runs)
        return joined if 7 <= len(joined) <= 15 else ""

    def _born_in_digits(self, turn: Turn) -> str:
        """ "oh three oh four eighty five": month, day and year in digits."""
        for run in turn.said.digits:
            for size in (8, 6):
                if len(run.digits) != size:
                    continue
                month, day, year = int(run.digits[:2]), int(run.digits[2:4]), int(run.digits[4:])
                year += 0 if size == 8 else (2000 if year <= self.today.year % 100 else 1900)
                try:
                    return date(year, month, day).isoformat()
                except ValueError:
                    continue
        return ""


def _refused(text: str, start: int) -> bool:
    return bool(re.search(r"\b(?:not|instead of|rather than)\s+(?:on |at |the )*$", text[:start], re.IGNORECASE))


def is_old(turn: Turn, mention: DateMention | TimeMention) -> bool:
    """Whether a date or time tells which thing is meant ("my Tuesday appointment") and not what it shall become."""
    if mention.lead == "from":
        return True
    if mention.lead == "to" or Kind.DATE in turn.asked.kinds or Kind.TIME in turn.asked.kinds:
        return False
    before, after = turn.said.text[: mention.start], turn.said.text[mention.end :]
    if re.search(r"\b(?:to|for|into|until)\s+(?:the |a )?$", before) and not _OLD_BEFORE.search(before):
        return False
    return bool(_OLD_BEFORE.search(before) or _OLD_AFTER.match(after))


def newest(items: Sequence[Any]) -> Any:
    return items[-1] if items else None
