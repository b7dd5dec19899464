"""What a supervisor tells the agent that has the call, and the caller does not hear.

A whisper is for the call: until an agent has answered to it, whoever has the call is told, also after a handoff, in
another model session and in another process. Answered means: the agent that has the call was heard to the end of a
reply that it began after it was told, in words of its own. Then it stays what that agent knows, and the next one is not
told.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from huntgroup.calls.state.asks import Ask
from huntgroup.domain.facts import AgentSpoke, Fact, WhisperAnswered, Whispered

LONGEST = 1_000
_FRAME = "A supervisor who listens tells you, and the caller does not hear it: {text}"


def framed(text: str) -> str:
    """Return how an agent is told."""
    return _FRAME.format(text=text)


@dataclass
class _Open:
    """A whisper that nobody has answered; `crossed` is an ask that was sent before it, `replies` began after it."""

    seq: int
    text: str
    crossed: str | None = None
    replies: set[str] = field(default_factory=set)


class Whispers:
    """The whispers of a call that are not answered yet, oldest first; each by the number of its fact."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    @staticmethod
    def of(record: Sequence[Fact]) -> "Whispers":
        """Return those that a record leaves open."""
        answered = {fact.whisper for fact in record if isinstance(fact, WhisperAnswered)}
        whispers = Whispers()
        for fact in record:
            if isinstance(fact, Whispered) and fact.seq not in answered:
                whispers.told(fact.seq, fact.text)
        return whispers

    @property
    def open(self) -> list[str]:
        """What an agent that gets the call is to be told."""
        return [framed(whisper.text) for whisper in self._open]

    def told(self, seq: int, text: str, sent: Ask | None = None) -> None:
        """The agent was told; `sent` is what was asked of it before and has not begun."""
        self._open.append(_Open(seq, text, sent.ask_id if sent is not None else None))

    def began(self, response_id: str, ask: Ask) -> None:
        """A reply begins. One whose words are prescribed answers nothing."""
        if ask.instructions is not None:
            return
        for whisper in self._open:
            if whisper.crossed != ask.ask_id:
                whisper.replies.add(response_id)

    def heard(self, spoke: AgentSpoke, owner: str) -> list[int]:
        """Words of an agent were heard; return the whispers that are answered by them."""
        if spoke.interrupted or not spoke.heard_ms or spoke.agent != owner:
            return []
        answered = [whisper.seq for whisper in self._open if spoke.response_id in whisper.replies]
        self._open = [whisper for whisper in self._open if whisper.seq not in answered]
        return answered
