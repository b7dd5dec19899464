"""What a supervisor tells the agent that has the call, and the caller does not hear."""

from huntgroup.calls.live import LiveCall
from huntgroup.domain import facts

LONGEST = 1_000
_FRAME = "A supervisor who listens tells you, and the caller does not hear it: {text}"


def whisper(live: LiveCall, text: str, by: str) -> None:
    """Tell the agent something for its next words; another agent, or another model session, does not get it."""
    live.log.add(facts.Whispered, by=by, text=text)
    live.model.send(live.items.note(_FRAME.format(text=text)))
