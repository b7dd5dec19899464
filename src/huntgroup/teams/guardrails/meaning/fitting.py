"""Logistic regression on few texts, the same on every run."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huntgroup.teams.guardrails.meaning.port import Vectors

_STEPS = 12
_BIAS = 10.0
"""How much freer the constant is than the weights, as the square of a trait that all texts have."""


@dataclass(frozen=True)
class Line:
    """A weighted sum with a constant: above 0 is yes."""

    weights: Vectors
    bias: float

    def scores(self, rows: Vectors) -> NDArray[np.float64]:
        return np.asarray(rows @ self.weights, dtype=np.float64) + self.bias


def fit(rows: Vectors, yes: NDArray[np.bool_], *, hold: float, worth: NDArray[np.float64] | None = None) -> Line:
    """Return the line that tells the rows that are `yes` from the others.

    `hold` keeps weights small (the ridge of the regression); `worth` is how much each row counts, 1 by default. It is
    Newton's method on the dual: its cost grows with the cube of the number of rows.
    """
    wide = rows.astype(np.float64)
    kernel = wide @ wide.T / hold + _BIAS
    target = yes.astype(np.float64)
    counts = np.ones(len(target)) if worth is None else worth
    dual: NDArray[np.floating[Any]] = np.zeros(len(target))
    for _ in range(_STEPS):
        scores = kernel @ dual
        chance = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        curve = np.maximum(counts * chance * (1 - chance), 1e-6)
        aim = scores + counts * (target - chance) / curve
        dual = np.linalg.solve(kernel + np.diag(1 / curve), aim)
    return Line(np.asarray(wide.T @ dual / hold, dtype=np.float32), float(_BIAS * dual.sum()))
