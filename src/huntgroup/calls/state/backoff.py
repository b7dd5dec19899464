"""How long to wait before trying again: growing, bounded, and never all at the same moment."""

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Pauses that double from `first_ms` to `most_ms`, each shorter or longer by up to the share `jitter`."""

    first_ms: int = 100
    most_ms: int = 1_000
    jitter: float = 0.25

    def pauses_ms(self, seed: str) -> Iterator[int]:
        """Yield pauses for ever. The same seed gives the same pauses; callers with different seeds spread out."""
        spread = random.Random(seed)  # noqa: S311 - spreads load, hides nothing
        pause_ms = float(self.first_ms)
        while True:
            yield round(pause_ms * spread.uniform(1 - self.jitter, 1 + self.jitter))
            pause_ms = min(pause_ms * 2, float(self.most_ms))
