"""What tool results and instructions have told: rows that can be meant, values that can be named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .kinds import Kind, name_parts
from .similarity import similarity
from .tokens import STOP_WORDS, Token
from .toolspec import Param

_TITLES = {"dr", "doctor", "mr", "mrs", "ms", "miss", "prof", "professor", "nurse"}
_DOCTOR = re.compile(r"\b(?:Dr|Doctor|Doc)\.? +(?P<name>[^\W\d_][\w'-]+(?: (?-i:[A-Z])[\w'-]+)?)", re.IGNORECASE)
_TITLED = re.compile(r"\bDr\. (?:[A-Z][\w'-]+ ?){1,3}")
_SAID_AS = ("name", "label", "title", "display_name", "full_name")


@dataclass(frozen=True)
class Row:
    """One entry of a list in a tool's answer. `place` is the list's key, `turn` the caller's turn it followed."""

    fields: Mapping[str, Any]
    place: str
    tool: str
    turn: int

    def get(self, *names: str) -> Any:
        return next((self.fields[n] for n in names if self.fields.get(n) not in (None, "")), None)


@dataclass
class Knowledge:
    """Grows as tool results come in; `instructions` may name values too."""

    instructions: str = ""
    rows: list[Row] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)

    def learn(self, tool: str, output: Any, turn: int) -> list[Row]:
        """Take in a tool's answer; returns the rows it brought, newest knowledge first in later look-ups."""
        rows = list(_rows(output, tool, turn))
        self.rows += rows
        self.values += [(k, v) for k, v in _scalars(output) if isinstance(v, str) and 1 < len(v) <= 80]
        return rows

    def rows_with(self, param: Param) -> list[Row]:
        """The rows that carry a value for an identifier parameter, of the newest answer that has any."""
        found = [r for r in self.rows if id_of(r, param) is not None]
        if not found:
            return []
        last = found[-1]
        return [r for r in found if r.tool == last.tool and r.turn == last.turn]

    def named(self, param: Param) -> list[str]:
        """Known values of an entity parameter, newest first, without repeats."""
        noun = _noun(param)
        own = [v for k, v in self.values if _fits(k, noun)]
        own += [str(r.get(*_SAID_AS)) for r in self.rows if _singular(r.place) == noun and r.get(*_SAID_AS)]
        options = _listed(param.description) + _listed_in(self.instructions, noun)
        if noun in {"provider", "doctor", "dentist", "physician"}:
            options += [m.group(0).strip() for m in _TITLED.finditer(self.instructions + " " + param.description)]
        return list(dict.fromkeys([*reversed(own), *options]))


def parse(output: str) -> Any:
    """A tool's output as data when it is JSON, else as the text it is."""
    try:
        return json.loads(output)
    except ValueError:
        return output


def _rows(output: Any, tool: str, turn: int, place: str = "") -> Iterator[Row]:
    if isinstance(output, Mapping):
        ids = [k for k in output if k.endswith("_id") or k == "id"]
        if place == "" and ids:
            yield Row(output, "", tool, turn)
        for key, value in output.items():
            if isinstance(value, list):
                yield from _rows(value, tool, turn, key)
            elif isinstance(value, Mapping):
                yield Row(value, key, tool, turn)
    elif isinstance(output, list):
        for entry in output:
            if isinstance(entry, Mapping):
                yield Row(entry, place, tool, turn)


def _scalars(output: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(output, Mapping):
        for key, value in output.items():
            if isinstance(value, Mapping | list):
                yield from ((key, v) for v in value if isinstance(v, str)) if isinstance(value, list) else ()
                yield from _scalars(value)
            else:
                yield key, value
    elif isinstance(output, list):
        for entry in output:
            yield from _scalars(entry)


def _noun(param: Param) -> str:
    parts = [
        p.lower()
        for p in name_parts(param.name)
        if p.lower() not in {"new", "name", "id", "preferred", "old", "current", "type"}
    ]
    return parts[-1] if parts else param.name


def _singular(word: str) -> str:
    return word.lower().split("_")[-1].removesuffix("s")


def _fits(key: str, noun: str) -> bool:
    parts = [p.lower() for p in name_parts(key)]
    return (noun in parts or f"{noun}s" in parts) and "id" not in parts and "note" not in parts


def id_of(row: Row, param: Param) -> Any:
    """The row's value for an identifier parameter: its own key, or `id` in a list of that noun."""
    if param.name in row.fields:
        return row.fields[param.name]
    noun = param.words.split()[-1] if param.words else ""
    if "id" in row.fields and noun and (_singular(row.place) == noun or noun in row.tool.lower()):
        return row.fields["id"]
    if param.name.endswith("reference") or param.name == "reference":
        return row.get("reference")
    return None


def _listed(description: str) -> list[str]:
    """Values that a description lists: quoted ones, or those after "one of" and "such as"."""
    quoted = re.findall(r"[\"'“]([^\"'“”]{2,40})[\"'”]", description)
    after = re.search(r"(?:one of|such as|e\.g\.|for example|either)[:,]?\s+([^.;()]+)", description, re.IGNORECASE)
    parts = re.split(r",| or | and ", after.group(1)) if after and not quoted else []
    return quoted + [p.strip(" \"'") for p in parts if 1 < len(p.strip()) <= 40]


def _listed_in(instructions: str, noun: str) -> list[str]:
    """Values from a line such as "Services: cut, colour" of the instructions."""
    begins = r"(?:^\W*|[.!;]\s+)(?:our |the |we have )?"
    named = rf"{begins}{re.escape(noun)}(?:s|es)?(?: are)?:\s*([^.\n]*(?:\b(?:Dr|Mr|Mrs|Ms)\.[^.\n]*)*)"
    match = re.search(named, instructions, re.IGNORECASE | re.MULTILINE)
    if match is None:
        return []
    parts = re.split(r",|;| and | or ", match.group(1))
    return [p.strip(" .") for p in parts if 1 < len(p.strip(" .")) <= 50]


def spoken_entity(text: str, tokens: Sequence[Token], known: Sequence[str]) -> tuple[str, float]:
    """The known value that the text names best, with a score from 0 to 1; mishearings count."""
    said = [t.low for t in tokens if t.text[0].isalnum() and t.low not in STOP_WORDS and t.low not in _TITLES]
    best, best_score = "", 0.0
    for value in known:
        parts = [w for w in re.findall(r"[\w'-]+", value.lower()) if w not in _TITLES and w not in STOP_WORDS]
        score = _named_score(parts, said)
        if score > best_score + 1e-6:
            best, best_score = value, score
    return best, best_score


def _named_score(parts: Sequence[str], said: Sequence[str]) -> float:
    """The best word of a value counts most, the share of its words that were said counts too."""
    if not parts or not said:
        return 0.0
    near = [max(similarity(p, s) if len(p) > 2 else float(p == s) for s in said) for p in parts]
    strong = [n for n in near if n >= 0.72]
    if not strong:
        return 0.0
    return 0.75 * max(strong) + 0.25 * len(strong) / len(parts)


def said_doctor(text: str) -> str:
    """ "Dr. Chen" out of "with doctor Chen", or ""."""
    match = _DOCTOR.search(text)
    if match is None or match.group("name").lower() in STOP_WORDS:
        return ""
    name = match.group("name").split()
    keep = name[:1] if len(name) > 1 and name[1].lower() in STOP_WORDS | {"next", "on", "tuesday"} else name
    return "Dr. " + " ".join(w[0].upper() + w[1:] for w in keep)


def nearest_known(name: str, known: Sequence[str]) -> str:
    """The known value that a heard name most likely is, or the name itself."""
    last = name.lower().split()[-1]
    scored = [
        (max((similarity(last, w) for w in re.findall(r"[\w'-]+", v.lower()) if w not in _TITLES), default=0.0), v)
        for v in known
    ]
    best = max(scored, default=(0.0, name))
    return best[1] if best[0] >= 0.5 else name


ENTITY_KINDS = {Kind.ENTITY, Kind.PLACE, Kind.PHRASE}
