"""What agents say: responses, their spoken items, and what became of an item at the ear."""

from collections import deque
from dataclasses import dataclass, field

from huntgroup.calls.sound.fate import BURY, Fate, Step
from huntgroup.calls.sound.holdback import HoldBack
from huntgroup.media.playout import Cut

MS_PER_CHAR = 60


@dataclass(eq=False)
class SpokenResponse:
    """The sound of one response. Its `fate` changes by `step` and `bury` alone.

    A `guard` lets through only as much of it as was checked. `cuts` is what the caller cut while it was held, when
    nobody knew whether it would ever be said.
    """

    response_id: str
    fate: Fate = Fate.OPEN
    guard: HoldBack | None = None
    cuts: list[Cut] = field(default_factory=list)
    utterances: list["Utterance"] = field(default_factory=list, repr=False)

    def step(self, step: Step) -> None:
        """Go to the state that comes next by this step; see `calls.fate`."""
        self.fate = step.get(self.fate, self.fate)

    def bury(self) -> None:
        """It was never said: nobody guards it, and nothing that was cut of it is told."""
        self.step(BURY)
        self.guard = None
        self.cuts.clear()


@dataclass(eq=False)
class Utterance:
    """One spoken item.

    `text` grows with the transcript; `closed` once the model has made all of its sound. `held` is sound that is kept
    back, `released_ms` how much was let go, `unsaid_ms` how much was dropped behind it. `broken`: the model was lost in
    the middle of it.
    """

    item_id: str
    response: SpokenResponse
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

    @property
    def response_id(self) -> str:
        return self.response.response_id

    def break_off(self, made_ms: int) -> None:
        """The model stopped in the middle of it: it has no more words than `made_ms` of sound can hold."""
        self.broken = True
        self.text = words_within(self.text, made_ms)


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
