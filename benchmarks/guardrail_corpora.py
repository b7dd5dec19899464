"""Corpora of the shipped guardrails: how they are read, and what the guardrails make of them.

A corpus is `corpora/guardrails/<set>/<guardrail>*.jsonl`; `dev` is what the rules are tuned on, `held_out` what
their authors had not seen. Each line is an object:

    {"text": "…", "attack": true, "kind": "dosing", "field": "agent"}

`attack`: whether the guardrail should trip. `kind`: a free word to group figures by. `field`: where the text comes
from, `name`, `tool_output`, `brief`, `sms`, `agent` or `caller`. The guardrails, by file name: `personal_data`,
`clinical_advice`, `injection`, `topics`, `language`. Optional: `languages` (those that the agent speaks, `["en"]`),
`topics` (names from the shelf, all of them, or `competitors`).
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from huntgroup.teams.guardrails import (
    SHELF,
    MaySay,
    Topic,
    find_clinical_advice,
    find_topics,
    foreign_language,
)
from huntgroup.teams.guardrails.meaning import Encode
from huntgroup.teams.guardrails.meaning.judges import Judge, clinical_by_meaning, topics_by_meaning
from huntgroup.teams.guardrails.neutralise import findings_in

CORPORA = Path(__file__).parent / "corpora" / "guardrails"
FIELDS = frozenset({"name", "tool_output", "brief", "sms", "agent", "caller"})


@dataclass(frozen=True)
class Example:
    """One line of a corpus."""

    text: str
    attack: bool
    kind: str
    field: str
    languages: tuple[str, ...] = ("en",)
    topics: tuple[str, ...] = tuple(SHELF)


COMPETITORS = Topic(
    name="competitors",
    terms=("BrightSmile Dental", "CityCare"),
    examples=(
        "The clinic across the street charges less for that.",
        "You could try another practice, they have shorter waits.",
        "Our competitors don't do that for free.",
        "The other dentist in town has better reviews than we do.",
        "I'd go to the place on Main Street instead of ours.",
        "They are cheaper over there.",
        "That other company does a bad job.",
        "Most people who leave them come to us.",
        "Have you looked at what the others offer?",
        "Their doctors are not as good as ours.",
    ),
    unlike=(
        "The pharmacy across the street has your prescription.",
        "You could try another day, there are more openings.",
        "We can send your records to your other doctor.",
        "I'd go with the Main Street office, it's the closer of our two.",
        "We have another location downtown.",
        "The price is on our website.",
    ),
)
"""A topic that only a team can name, as it would."""
TOPICS = SHELF | {COMPETITORS.name: COMPETITORS}
BY_MEANING: dict[str, Callable[[Encode, Example], bool]] = {
    "clinical_advice": lambda encode, one: bool(clinical_by_meaning(encode, one.text)),
    "topics": lambda encode, one: _topics_meant(encode, one),
}
"""What judges meaning beside the rules, where the house has sentence vectors."""
_EVERYTHING = MaySay(kinds=frozenset())
GUARDRAILS: dict[str, Callable[[Example], bool]] = {
    "personal_data": lambda one: bool(_EVERYTHING.forbidden(one.text)),
    "clinical_advice": lambda one: bool(find_clinical_advice(one.text)),
    "injection": lambda one: bool(findings_in(one.text, one.field)),  # type: ignore[arg-type]
    "topics": lambda one: bool(find_topics(one.text, [TOPICS[name] for name in one.topics])),
    "language": lambda one: foreign_language(one.text, one.languages, by_agent=one.field == "agent") is not None,
}


@dataclass(frozen=True)
class Figures:
    """What a guardrail made of a corpus. Rates are shares of the attacks and of the others, 0 to 1."""

    attacks: int
    missed: tuple[Example, ...]
    others: int
    false_alarms: tuple[Example, ...]
    ms_per_text: float

    @property
    def attack_success(self) -> float:
        return len(self.missed) / self.attacks if self.attacks else 0.0

    @property
    def false_positives(self) -> float:
        return len(self.false_alarms) / self.others if self.others else 0.0


def read_corpus(path: Path) -> list[Example]:
    """Read a corpus. Raises `ValueError` with file and line for a line that is no example."""
    lines = path.read_text("utf-8").split("\n")
    return [_example(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1) if line.strip()]


def _example(line: str, place: str) -> Example:
    try:
        row: dict[str, Any] = json.loads(line)
        example = Example(
            text=row["text"],
            attack=row["attack"],
            kind=row["kind"],
            field=row["field"],
            languages=tuple(row.get("languages", ("en",))),
            topics=tuple(row.get("topics", SHELF)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{place}: {type(error).__name__} {error}") from error
    if example.field not in FIELDS or not isinstance(example.attack, bool) or not isinstance(example.text, str):
        raise ValueError(f"{place}: attack is a bool, text a string, field one of {', '.join(sorted(FIELDS))}")
    return example


def corpora(folder: Path = CORPORA) -> dict[str, list[Path]]:
    """Return the files of every corpus, by `<set>/<guardrail>`."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*/*.jsonl")):
        guardrail = next((name for name in GUARDRAILS if path.name.startswith(name)), None)
        if guardrail is None:
            raise ValueError(f"{path.name} begins with none of {', '.join(GUARDRAILS)}")
        found.setdefault(f"{path.parent.name}/{guardrail}", []).append(path)
    return found


@cache
def _judge_of(names: tuple[str, ...]) -> Judge | None:
    return topics_by_meaning([TOPICS[name] for name in names])


def _topics_meant(encode: Encode, one: Example) -> bool:
    judge = _judge_of(one.topics)
    return judge is not None and bool(judge(encode, one.text))


def examine(guardrail: str, examples: Iterable[Example], encode: Encode | None = None) -> Figures:
    """Run a guardrail over examples: its rules, and with `encode` its judge of meaning beside them."""
    by_rules, by_meaning = GUARDRAILS[guardrail], BY_MEANING.get(guardrail)

    def trips(one: Example) -> bool:
        return by_rules(one) or (encode is not None and by_meaning is not None and by_meaning(encode, one))

    rows = list(examples)
    began = perf_counter()
    tripped = [trips(one) for one in rows]
    ms = (perf_counter() - began) * 1000 / max(1, len(rows))
    judged = list(zip(rows, tripped, strict=True))
    return Figures(
        attacks=sum(one.attack for one in rows),
        missed=tuple(one for one, trip in judged if one.attack and not trip),
        others=sum(not one.attack for one in rows),
        false_alarms=tuple(one for one, trip in judged if trip and not one.attack),
        ms_per_text=ms,
    )


def examine_all(folder: Path = CORPORA, encode: Encode | None = None) -> dict[str, Figures]:
    """Run every guardrail over its corpora; keys are `<set>/<guardrail>`, `…, rules alone` beside."""
    found: dict[str, Figures] = {}
    for name, paths in corpora(folder).items():
        guardrail = name.partition("/")[2]
        examples = [one for path in paths for one in read_corpus(path)]
        if guardrail in BY_MEANING:
            found[f"{name}, rules alone"] = examine(guardrail, examples)
        if guardrail not in BY_MEANING or encode is not None:
            found[name] = examine(guardrail, examples, encode)
    return found
