"""The texts that the judges of meaning learn from: those here, by hand, and the development corpora.

`texts/<hand>.txt` has a text a line under `[label]`: `clinical_advice`, a topic of the shelf, or `allowed`. A hand is a
manner of writing; what is learned from the others is tried on it. Held-out corpora are never read here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from benchmarks.guardrail_corpora import CORPORA, Example, read_corpus
from huntgroup.teams.guardrails import SHELF, find_topics

TEXTS = Path(__file__).parent / "texts"
DEV = ("clinical_advice", "topics")
ALLOWED = "allowed"


@dataclass(frozen=True)
class Text:
    """One text, its label, and the hand that wrote it."""

    said: str
    label: str
    hand: str


def all_texts() -> list[Text]:
    """Return every text there is to learn from, always in the same order."""
    own = [text for path in sorted(TEXTS.glob("*.txt")) for text in _of_hand(path)]
    dev = [text for name in DEV for text in _of_corpus(name)]
    return own + dev


def fingerprint(texts: list[Text]) -> str:
    """Return what tells these texts from any others."""
    return sha256("\n".join(f"{one.label}|{one.hand}|{one.said}" for one in texts).encode()).hexdigest()


def _of_hand(path: Path) -> Iterator[Text]:
    label = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("["):
            label = line.strip("[]")
            if label not in {"clinical_advice", ALLOWED, *SHELF}:
                raise ValueError(f"{path.name}:{number}: no label {label}")
        elif line.strip():
            yield Text(line.strip(), label, path.stem)


def _of_corpus(name: str) -> Iterator[Text]:
    for one in read_corpus(CORPORA / "dev" / f"{name}.jsonl"):
        label = _label(name, one) if one.attack else ALLOWED
        if label is not None:
            yield Text(one.text, label, "dev")


def _label(name: str, one: Example) -> str | None:
    """Return the topic of a text; one of no kind is what the rules say, and left out where they say nothing."""
    if name != "topics" or one.kind in SHELF:
        return name if name != "topics" else one.kind
    found = find_topics(one.text, SHELF.values())
    return found[0].kind.removeprefix("topic_") if found else None
