"""What a guardrail needs to judge meaning: sentences as vectors, computed away from the event loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts to vectors of length one, a row each, of all-MiniLM-L6-v2: what is trained is trained on them."""
ResultT = TypeVar("ResultT")


class Meaning:
    """Sentence vectors for the guardrails of a house; a resource of its calls (`CallContext.resources`).

    `encode` is called in one thread of its own and need not be safe for several. Where a house gives its calls no
    `Meaning`, the guardrails judge by words alone. Whoever makes it closes it.
    """

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="meaning")

    async def judge(self, work: Callable[[Encode], ResultT]) -> ResultT:
        """Return what `work` makes of the encoder, away from the loop; one at a time, in the order of the calls."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._encode)

    def close(self) -> None:
        """Take no more work, and forget what has not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def meaning_of(context: Any) -> Meaning | None:
    """Return the house's `Meaning`, None where the call has none or the guardrail runs outside of a call."""
    resources = getattr(context, "resources", None) or {}
    found = resources.get(Meaning)
    return found if isinstance(found, Meaning) else None
