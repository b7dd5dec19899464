"""What an agent is told of a supervisor who spoke in its place, live and in a session that is seeded."""

from collections.abc import Mapping

from huntgroup.domain.facts import Fact, SupervisorJoined, SupervisorLeft, SupervisorSpoke

JOINED = "A supervisor, a person, has taken the call and talks with the caller in your place."
_GO_ON = "You have the call again. What they said to the caller stands above, and it holds. Go on from there."
BACK: Mapping[str, str] = {
    "given_back": f"The supervisor has given the call back to you. {_GO_ON}",
    "lost": f"The supervisor's connection broke. {_GO_ON}",
    "moved": f"The supervisor is not on the line any more. {_GO_ON}",
    "process_lost": f"The supervisor's connection broke. {_GO_ON}",
}


def said(text: str) -> str:
    """Return how a supervisor's words are told."""
    return f"The supervisor said to the caller: “{text}”"


def told(fact: Fact) -> str | None:
    """Return what a fact tells the agent about a supervisor; None when it tells nothing."""
    match fact:
        case SupervisorJoined():
            return JOINED
        case SupervisorSpoke() if fact.text:
            return said(fact.text)
        case SupervisorLeft():
            return BACK.get(fact.reason)
        case _:
            return None
