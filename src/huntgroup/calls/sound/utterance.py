"""One spoken item of an agent, and what became of it at the ear."""

from collections import deque
from dataclasses import dataclass, field

MS_PER_CHAR = 60


@dataclass
class Utterance:
    """One spoken item.

    `text` grows with the transcript; `closed` once the model has made all of its sound. `held` is sound that is kept
    back, `released_ms` how much was let go, `unsaid_ms` how much was dropped behind it. `broken`: the model was lost in
    the middle of it.
    """

    item_id: str
    response_id: str
    agent: str
    content_index: int = 0
    text: str = ""
    closed: bool = False
    told: bool = False
    broken: bool = False
    unmarked_ms: float = 0.0
    released_ms: float = 0.0
    unsaid_ms: float = 0.0
    held: deque[bytes] = field(default_factory=deque)


@dataclass(frozen=True)
class Spoken:
    """What became of an utterance, for the log."""

    utterance: Utterance
    heard_text: str
    generated_ms: int
    heard_ms: int
    start_ms: int | None
    end_ms: int | None
    interrupted: bool


def words_within(text: str, generated_ms: int) -> str:
    """Return the words that `generated_ms` of sound can hold: a transcript runs ahead of its sound."""
    return heard_part(text, generated_ms, max(generated_ms, len(text) * MS_PER_CHAR))


def heard_part(text: str, heard_ms: int, generated_ms: int) -> str:
    """Return the words of `text` that were heard when `heard_ms` of `generated_ms` were; a broken word is left out."""
    if heard_ms <= 0 or generated_ms <= 0:
        return ""
    if heard_ms >= generated_ms:
        return text
    reached = len(text) * heard_ms // generated_ms
    if reached >= len(text) or text[reached].isspace():
        return text[:reached].rstrip()
    return text[:reached].rpartition(" ")[0].rstrip()
