"""The trained judges that come with the house, and their file.

`benchmarks/meaning` writes the file from texts that are in git: `./run bench meaning` does it anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.meaning.port import Encode, Vectors
from huntgroup.teams.guardrails.meaning.units import Unit, units, wording

FILE = Path(__file__).parent / "heads.npz"
VECTOR = 384
"""Numbers in a sentence vector."""
_SCALE = 127


@dataclass(frozen=True)
class Heads:
    """Judges by name. A judge trips on a sentence whose score is above 0; its threshold is in its constant.

    `plain` are vectors of sentences that any desk may say: the background that a topic of examples is told from.
    `texts` tells from which texts the judges were made.
    """

    names: tuple[str, ...]
    weights: Vectors
    biases: Vectors
    plain: Vectors
    texts: str

    def scores(self, encode: Encode, said: Sequence[str]) -> Vectors:
        """Return a row of scores per sentence, in the order of `names`."""
        if not said:
            return np.zeros((0, len(self.names)), dtype=np.float32)
        rows = np.concatenate([encode(said), wording(said)], axis=1)
        return np.asarray(rows @ self.weights + self.biases, dtype=np.float32)

    def find(self, encode: Encode, text: str, names: Sequence[str]) -> list[Finding]:
        """Return the sentences on which one of the judges trips; kinds are their names."""
        pieces = units(text)
        return self._tripped(pieces, self.scores(encode, [one.text for one in pieces]), names)

    def _tripped(self, pieces: Sequence[Unit], scores: Vectors, names: Sequence[str]) -> list[Finding]:
        columns = [(name, self.names.index(name)) for name in names]
        return [
            Finding(one.start, one.end, name)
            for one, row in zip(pieces, scores, strict=True)
            for name, column in columns
            if row[column] > 0
        ]


@cache
def shipped_heads() -> Heads:
    """Return the judges of the house, read once. Takes some milliseconds the first time."""
    return read_heads(FILE)


def read_heads(path: Path) -> Heads:
    """Read a file of judges."""
    with np.load(path, allow_pickle=False) as kept:
        return Heads(
            names=tuple(str(name) for name in kept["names"]),
            weights=kept["weights"].astype(np.float32),
            biases=kept["biases"].astype(np.float32),
            plain=kept["plain"].astype(np.float32) / _SCALE,
            texts=str(kept["texts"]),
        )


def write_heads(path: Path, heads: Heads) -> None:
    """Write a file of judges; the same judges make the same file."""
    np.savez(
        path,
        names=np.array(heads.names),
        weights=heads.weights.astype(np.float16),
        biases=heads.biases.astype(np.float32),
        plain=np.round(heads.plain * _SCALE).astype(np.int8),
        texts=np.array(heads.texts),
    )
