"""What passes while a call is heard and is no fact: nobody keeps it."""

from collections.abc import Callable

import msgspec


class Heard(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How far an utterance was heard: `text` is the whole words so far, perhaps none yet.

    `latency_ms` is the time from the end of the caller's turn `turn`, which it answers, to the first sound of the
    answer; None for words that answer nothing.
    """

    call_id: str
    item_id: str
    agent: str
    turn: int
    text: str
    latency_ms: int | None = None


HeardListener = Callable[[Heard], None]
"""Must be quick."""
