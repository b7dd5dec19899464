"""A judge made of examples: what a team wants kept out, in its own words, against what it may say."""

from collections.abc import Sequence

import numpy as np

from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.meaning.fitting import Line, fit
from huntgroup.teams.guardrails.meaning.heads import shipped_heads
from huntgroup.teams.guardrails.meaning.port import Encode, Vectors
from huntgroup.teams.guardrails.meaning.units import units

HOLD = 0.3
MARGIN = 0.5
"""A sentence trips whose score is above this: the topics of the shelf, made of 8 to 16 examples, trip on one allowed
sentence in two hundred with it (`benchmarks/meaning`)."""


class Likeness:
    """Tells sentences like `examples` from sentences like `unlike` and from what any desk says.

    A dozen examples make a useful judge, and an `unlike` for each thing that is near and allowed. It is fitted at its
    first use, which takes some tenths of a second, and used from one thread.
    """

    def __init__(self, kind: str, examples: Sequence[str], unlike: Sequence[str] = ()) -> None:
        self._kind = kind
        self._examples = tuple(examples)
        self._unlike = tuple(unlike)
        self._line: Line | None = None

    def find(self, encode: Encode, text: str) -> list[Finding]:
        """Return the sentences that are like the examples."""
        pieces = units(text)
        if not pieces:
            return []
        scores = self.line(encode).scores(encode([one.text for one in pieces]))
        return [
            Finding(one.start, one.end, self._kind) for one, score in zip(pieces, scores, strict=True) if score > MARGIN
        ]

    def line(self, encode: Encode) -> Line:
        """Return the fitted judge, without its margin."""
        if self._line is None:
            self._line = self._fit(encode)
        return self._line

    def _fit(self, encode: Encode) -> Line:
        plain = shipped_heads().plain
        near: Vectors = encode([*self._examples, *self._unlike])
        rows = np.concatenate([near, plain])
        count = len(self._examples)
        yes = np.arange(len(rows)) < count
        # The examples together count half as much as all that they are told from, however few they are.
        worth = np.where(yes, (len(rows) - count) / count / 2, 1.0)
        return fit(rows, yes, hold=HOLD, worth=worth)
