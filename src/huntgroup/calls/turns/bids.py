"""One stretch of the caller's sound that may be a bid for the floor, and what it is judged by."""

from dataclasses import dataclass

from huntgroup.calls.state.conversation import CallerTurn
from huntgroup.calls.telemetry.tracing import Span
from huntgroup.media.echo import Evidence

# What an answer to a question may overlap: the end of the question, or the first words after it.
ANSWER_CHARS = 24
# Less than this of another voice over our own is no speech.
NEAR_LEAST_MS = 160
# So much of another voice over our own silences the agent: a server cannot hear a turn end while our echo goes on.
NEAR_STOP_MS = 300
_ECHO_SHARE = 0.5
_ECHO_HINT = 0.2
_SAME_WORDS = 0.6
_LEAST_WORDS = 3


@dataclass
class Bid:
    """`asked` says that the agent had just asked something when it began; `ended` that it is over.

    `explained` is the share of it that is our own sound come back, `near_ms` how much of another voice is in it.
    """

    turn: CallerTurn
    asked: bool
    span: Span
    ended: bool = False
    explained: float = 0.0
    near_ms: int = 0
    looks: int = 0

    def look(self, evidence: Evidence | None) -> None:
        """Take one more look at the sound: the share is a mean, the other voice adds up; silence says nothing."""
        if evidence is None:
            return
        self.looks += 1
        self.explained += (evidence.explained - self.explained) / self.looks
        self.near_ms += evidence.near_ms

    @property
    def echoes(self) -> bool:
        """Whether it is mostly our own sound."""
        return self.explained >= _ECHO_SHARE

    @property
    def is_echo(self) -> bool:
        """Whether it is our own sound and nobody speaks over it."""
        return self.echoes and self.near_ms < NEAR_LEAST_MS

    def reads_as_echo(self, words: list[str], said: list[str]) -> bool:
        """Whether the words are the agent's own and the sound does not speak against it."""
        if len(words) < _LEAST_WORDS or self.explained < _ECHO_HINT or self.near_ms >= NEAR_LEAST_MS:
            return False
        known = set(said)
        return sum(word in known for word in words) >= _SAME_WORDS * len(words)


def asks(heard: str, whole: str) -> bool:
    """Whether what was heard of a text ends in a question, or nearly does, or ended in one a moment ago."""
    heard, whole = heard.rstrip(), whole.rstrip()
    if "?" in heard[-ANSWER_CHARS:]:
        return True
    rest = whole[len(heard) :]
    return bool(heard) and rest.endswith("?") and len(rest) <= ANSWER_CHARS and not set(".!?") & set(rest[:-1])
