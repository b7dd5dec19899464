"""Facts of a person who watches over a call: what they tell the agent, and when they speak in its place."""

from typing import ClassVar

from huntgroup.domain.facts.base import FactBase


class Whispered(FactBase, frozen=True, kw_only=True):
    """A supervisor told the agent something that the caller does not hear; `by` is their name for the record."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"by", "text"})

    by: str
    text: str


class WhisperAnswered(FactBase, frozen=True, kw_only=True):
    """The agent spoke after it was told: the `Whispered` with the number `whisper` is not passed on any more."""

    whisper: int
    response_id: str


class SupervisorJoined(FactBase, frozen=True, kw_only=True):
    """A supervisor has taken the call and talks with the caller; the agent is silent.

    `by` is their name, `visit` their session at the desk: two people may have one name.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"by", "visit"})

    by: str
    visit: str = ""


class LengthReached(FactBase, frozen=True, kw_only=True):
    """The call has lasted as long as its team allows, and a supervisor has it: it ends once they leave it."""


class SupervisorSpoke(FactBase, frozen=True, kw_only=True):
    """What a supervisor said to the caller, as transcribed; "" when it was not understood. Times are the line's."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"text"})

    item_id: str
    text: str
    start_ms: int
    end_ms: int


class SupervisorLeft(FactBase, frozen=True, kw_only=True):
    """The supervisor has the call no more, after `lasted_ms` of it.

    `reason`: given_back, hung_up (the supervisor ended the call), lost (their page went away), call_over, moved (to
    another process) or process_lost. After all but hung_up and call_over the agent has the call again.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"by"})

    by: str
    reason: str
    lasted_ms: int
