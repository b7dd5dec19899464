"""Does a receiver repeat what the caller has just heard? Its first words, held against the giver's last."""

import re
from difflib import SequenceMatcher

from huntgroup.calls.state.live import LiveCall
from huntgroup.domain.facts import AgentSpoke, Fact, HandoffCommitted, OpenerEchoed

ALIKE = 0.8
MIN_WORDS = 3
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_WORD = re.compile(r"\w+")


class EchoWatch:
    """Looks at the first words of each receiver and records when they are the giver's again."""

    def __init__(self, live: LiveCall) -> None:
        self._live = live

    def spoken(self, spoke: AgentSpoke) -> None:
        """An agent was heard; `spoke` is the newest fact."""
        before = self._live.log.facts[:-1]
        moved = next((fact for fact in reversed(before) if _begins_reign(fact, spoke.agent)), None)
        if not isinstance(moved, HandoffCommitted) or moved.to_agent != spoke.agent:
            return
        given = next((f for f in reversed(before) if isinstance(f, AgentSpoke) and f.agent == moved.from_agent), None)
        alike = max((likeness(spoke.heard_text, sentence) for sentence in sentences_of(given)), default=0.0)
        if alike >= ALIKE:
            self._live.log.add(
                OpenerEchoed,
                from_agent=moved.from_agent,
                to_agent=moved.to_agent,
                response_id=spoke.response_id,
                likeness=round(alike, 2),
            )


def _begins_reign(fact: Fact, agent: str | None) -> bool:
    """Whether an agent got the call here, or had spoken in it already."""
    if isinstance(fact, HandoffCommitted):
        return True
    return isinstance(fact, AgentSpoke) and fact.agent == agent


def sentences_of(spoke: AgentSpoke | None) -> list[str]:
    """Return the sentences that were heard."""
    return [part.strip() for part in _SENTENCE.findall(spoke.heard_text)] if spoke is not None else []


def likeness(text: str, sentence: str) -> float:
    """Return 0…1: how much the first sentence of `text` is another sentence said again, word by word."""
    first = _SENTENCE.search(text)
    ours, theirs = _words(first.group(0) if first else ""), _words(sentence)
    if min(len(ours), len(theirs)) < MIN_WORDS:
        return 0.0
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
