"""The questions the assistant asks: for what is missing, and when it is not sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from .kinds import ASKED_TOGETHER, PEOPLE, Kind
from .knowledge import Row
from .readback import article, describe_row
from .spoken import say_list
from .tokens import sentences
from .toolspec import Param, ToolSpec

_OPEN_ENDED = frozenset({"to", "by", "in", "for", "at", "of", "via", "with", "from"})
_TELLING = frozenset("get fetch read list find lookup look search show check tell is has".split())


def next_params(missing: Sequence[Param]) -> list[Param]:
    """The missing parameters to ask for in one question: the first one and its kin."""
    first = missing[0]
    group = next((g for g in ASKED_TOGETHER if first.kind in g), None)
    if group is None:
        return [first]
    return [p for p in missing if p.kind in group][:3]


def ask_for(params: Sequence[Param], tool: ToolSpec, *, again: bool, today: date) -> str:
    """A question for the parameters; `again` makes it narrower."""
    if again and len(params) > 1:
        params = params[:1]
    kinds = {p.kind for p in params}
    if kinds & ASKED_TOGETHER[0]:
        return _ask_person(kinds, again)
    if kinds & {Kind.PHONE, Kind.EMAIL}:
        things = say_list([w for k, w in ((Kind.PHONE, "phone number"), (Kind.EMAIL, "email address")) if k in kinds])
        return f"Could you say your {things} once more, slowly?" if again else f"What is the best {things} for you?"
    if kinds & ASKED_TOGETHER[2]:
        return _ask_when(kinds, again, params[0], tool)
    return _ask_one(params[0], tool, again)


def _ask_person(kinds: set[Kind], again: bool) -> str:
    names = {
        frozenset({Kind.FIRST_NAME, Kind.LAST_NAME}): "first and last name",
        frozenset({Kind.FIRST_NAME}): "first name",
        frozenset({Kind.LAST_NAME}): "last name",
        frozenset({Kind.FULL_NAME}): "full name",
    }.get(frozenset(kinds & {Kind.FIRST_NAME, Kind.LAST_NAME, Kind.FULL_NAME}), "")
    parts = [f"your {names}"] if names else []
    if Kind.BIRTH_DATE in kinds:
        parts.append("your date of birth")
    if again and names:
        return f"Could you spell your {names} for me, letter by letter?"
    if again:
        return "Could you say your date of birth once more, with month, day and year?"
    return f"Can I have {say_list(parts)}, please?"


def _ask_when(kinds: set[Kind], again: bool, param: Param, tool: ToolSpec) -> str:
    new = "new " if param.name.startswith("new") else ""
    if Kind.DATE_TIME in kinds or {Kind.DATE, Kind.TIME} <= kinds:
        return f"What {new}day and time would you like?"
    if Kind.DATE in kinds:
        return (
            f"Which {new}day exactly, for example the day and the month?" if again else f"What {new}day would you like?"
        )
    return f"At what {new}time exactly, for example ten thirty?" if again else f"What {new}time would you like?"


def _ask_one(param: Param, tool: ToolSpec, again: bool) -> str:  # noqa: PLR0911
    label = param.words
    if param.kind is Kind.ENUM:
        return _ask_option(param, again)
    if param.kind is Kind.BOOLEAN:
        return _yes_no(param)
    if param.kind in {Kind.INTEGER, Kind.NUMBER}:
        return (
            f"How many {label}?"
            if label.endswith("s")
            else f"What {label} would you like?"
            if label in {"quantity", "duration"}
            else f"What is the {label}?"
        )
    if param.kind is Kind.FREE_TEXT:
        return _ask_text(param, tool, again)
    if param.kind is Kind.ENTITY and set(label.split()) & PEOPLE:
        return f"Which {label} would you like?"
    if param.kind is Kind.ENTITY:
        return (
            f"Which {label.removesuffix(' name')} would you like?"
            if tool.effect == "write"
            else f"Which {label.removesuffix(' name')} do you mean?"
        )
    if param.kind is Kind.PLACE:
        return f"For which {label}?"
    if param.kind is Kind.IDENTIFIER:
        return (
            f"What is the {_id_label(param)}? You can say it digit by digit."
            if again
            else f"What is the {_id_label(param)}?"
        )
    return f"What is the {label}?"


def _ask_option(param: Param, again: bool) -> str:
    """All values when they are few, else three as examples."""
    values = [str(v).replace("_", " ") for v in param.enum]
    label = param.words
    if label.split()[-1] in _OPEN_ENDED and param.description:
        about = sentences(param.description)[0].rstrip(".")
        return f"{about}: {say_list(values, 'or')}?"
    if label.endswith(" type"):
        label = f"kind of {label.removesuffix(' type')}"
    if again or len(values) <= 4:
        return (
            f"Which one is it: {say_list(values, 'or')}?"
            if again
            else f"Which {label} is it: {say_list(values, 'or')}?"
        )
    return f"What {label} is it, for example {say_list(values[:3], 'or')}?"


def _id_label(param: Param) -> str:
    return (
        param.words
        if any(w in param.words for w in ("number", "code", "reference", "mrn", "pin"))
        else f"{param.words} number"
    )


def _yes_no(param: Param) -> str:
    about = sentences(param.description)[0].rstrip(".") if param.description else param.words
    about = re.sub(r"^(?:whether|if|true if|set if)\s+", "", about, flags=re.IGNORECASE)
    return f"{about[:1].upper()}{about[1:]}, yes or no?"


def _ask_text(param: Param, tool: ToolSpec, again: bool) -> str:
    if "reason" in param.words or "purpose" in param.words:
        return "In a few words, what is the reason?" if again else "What is it for?"
    if any(w in param.words for w in ("symptom", "complaint", "concern", "problem", "issue", "description", "details")):
        return (
            "Can you tell me a little more about it?" if not again else "In a few words, what exactly is the problem?"
        )
    if "message" in param.words or "note" in param.words:
        return "What would you like me to write down?"
    return f"What is the {param.words}?" if again else f"Could you tell me the {param.words} in a few words?"


def which_row(rows: Sequence[Row], noun: str, today: date) -> list[str]:
    """Offer rows to choose from, five at most."""
    shown = [re.sub(r"^on ", "", describe_row(r, today)) for r in rows[:5]]
    more = f", and {len(rows) - 5} more" if len(rows) > 5 else ""
    return [f"I see {say_list(shown)}{more}.", f"Which {noun} do you mean?"]


def which_tool(tools: Sequence[ToolSpec]) -> str:
    """Ask back between two or three wishes, in plain words."""
    return f"Do you want to {say_list([plain_wish(t) for t in tools], 'or')}?"


def plain_wish(tool: ToolSpec) -> str:
    """What a tool does, as the object of "do you want to"."""
    if tool.role in {"transfer", "consult"}:
        return f"talk to {'our ' if not tool.peer.startswith(('a_', 'human')) else 'a '}{tool.peer.replace('_', ' ')}"
    verb, _, rest = tool.title.partition(" ")
    if verb in _TELLING:
        return f"hear about {rest.removeprefix('up ')}".strip()
    if not rest:
        return verb
    thing = rest if rest.endswith("s") else f"{article(rest)} {rest}"
    return f"{'set up' if verb in {'create', 'add'} else verb} {thing}"
