"""One call as live messages for one viewer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from huntgroup.calls.onlookers.following import Follower
from huntgroup.domain.facts import (
    FOR_THE_CALLER,
    AgentSpoke,
    CallEnded,
    CallerSpoke,
    CallMoved,
    Clear,
    Fact,
    HandoffCommitted,
    SupervisorSpoke,
)
from huntgroup.domain.progress import Heard
from huntgroup.server.titles import title_of
from huntgroup.teams import Team
from huntgroup.wire import live

MOST_WAITING = 500
SUPERVISOR = "supervisor"


def hello(call_id: str, team: Team, *, agent: str, token: str | None, expires_in_s: int | None) -> live.Hello:
    """Return the first message of a feed."""
    return live.Hello(
        call_id=call_id,
        team=team.name,
        title=title_of(team.name),
        agents=[live.AgentCard(name=one.name, title=title_of(one.name)) for one in team.agents],
        edges=[live.EdgeCard(giver=edge.frm, receiver=edge.to) for edge in team.edges],
        agent=agent,
        token=token,
        expires_in_s=expires_in_s,
    )


class Followed(Protocol):
    """Where a feed gets a call from; a `House` is one."""

    def facts_of(self, call_id: str) -> Sequence[Fact]:
        """Return the facts so far."""
        ...

    def follow(self, call_id: str, follower: Follower) -> Callable[[], None]:
        """Tell a follower what happens from now on; returns the way to stop."""
        ...


class LiveFeed:
    """What one viewer of one call is to be sent, in order: `hello`, the facts so far, then all as it happens.

    Personal fields are covered but those that `clear` names; captions are sent only of words that are clear. At most
    `most` messages wait: a viewer who is slower loses growing captions, and facts, of which a `missed` tells how many.
    It may begin before the call does. `close` must be called.
    """

    def __init__(
        self,
        source: Followed,
        call_id: str,
        team: Team,
        *,
        clear: Clear = FOR_THE_CALLER,
        token: str | None = None,
        expires_in_s: int | None = None,
        most: int = MOST_WAITING,
    ) -> None:
        self._facts_of = partial(source.facts_of, call_id)
        self._last_seq = -1
        self._clear = clear
        self._most = most
        self._waiting: deque[live.FromServer | Fact] = deque()
        self._missed = 0
        self._ended = False
        self._wake = asyncio.Event()
        self._latency_turn = 0
        self._stop: Callable[[], None] = source.follow(call_id, Follower(self._fact, self._heard))
        earlier = source.facts_of(call_id)
        agent = next((f.to_agent for f in reversed(earlier) if isinstance(f, HandoffCommitted)), team.first)
        self._waiting.append(hello(call_id, team, agent=agent, token=token, expires_in_s=expires_in_s))
        self._replay(earlier)

    async def next(self) -> bytes | None:
        """Return the next message as JSON; None when there will be no more. For one task at a time."""
        while not self._waiting:
            if self._missed:
                missed, self._missed = self._missed, 0
                return live.encode(live.Missed(facts=missed))
            if self._ended:
                return None
            self._wake.clear()
            await self._wake.wait()
        message = self._waiting.popleft()
        if isinstance(message, live.FromServer):
            return live.encode(message)
        return live.encode(live.fact_noted(message, self._clear))

    def push(self, message: live.FromServer) -> None:
        """Send something of the connection's own behind what waits; dropped when far too much waits already."""
        if not self._ended and len(self._waiting) < 2 * self._most:
            self._put(message)

    def close(self) -> None:
        """Follow the call no longer; what waits can still be read."""
        self._stop()
        self._ended = True
        self._wake.set()

    # -- what happens in the call -----------------------------------------------------------------------------------

    def _fact(self, fact: Fact) -> None:
        if self._ended:
            return
        if self._last_seq < 0 and fact.seq:
            # A call that goes on here tells nobody again what was before, and the feed was there before the call.
            self._replay([earlier for earlier in self._facts_of() if earlier.seq < fact.seq])
        ends = isinstance(fact, CallEnded | CallMoved)
        if len(self._waiting) >= self._most and not ends:
            self._missed += 1
            return
        if self._missed:
            self._put(live.Missed(facts=self._missed))
            self._missed = 0
        self._take(fact)
        if isinstance(fact, CallEnded | CallMoved):
            self._end(fact)

    def _replay(self, earlier: Sequence[Fact]) -> None:
        """Take what was; an end or a move that the call has survived is no end of the feed."""
        for fact in earlier:
            self._take(fact)
        if earlier and isinstance(earlier[-1], CallEnded):
            self._end(earlier[-1])

    def _take(self, fact: Fact) -> None:
        self._last_seq = fact.seq
        self._put(fact)
        match fact:
            case CallerSpoke() if fact.text and self._may_read("CallerSpoke", "text"):
                self._caption("caller", fact.text, fact.item_id, fact.turn, agent=None)
            case SupervisorSpoke() if fact.text and self._may_read("SupervisorSpoke", "text"):
                self._caption("supervisor", fact.text, fact.item_id, 0, agent=SUPERVISOR)
            case AgentSpoke() if fact.heard_text and self._may_read("AgentSpoke", "heard_text"):
                self._caption("agent", fact.heard_text, fact.item_id, fact.turn, agent=fact.agent)

    def _end(self, fact: CallEnded | CallMoved) -> None:
        self._put(live.Ended(reason=fact.reason) if isinstance(fact, CallEnded) else live.Moved())
        self.close()

    def _heard(self, heard: Heard) -> None:
        if self._ended or len(self._waiting) >= self._most:
            return
        if heard.latency_ms is not None and heard.turn > self._latency_turn:
            self._latency_turn = heard.turn
            self._put(live.Latency(turn=heard.turn, ms=heard.latency_ms))
        if heard.text and self._may_read("AgentSpoke", "heard_text"):
            last = self._waiting[-1] if self._waiting else None
            if isinstance(last, live.Caption) and last.utterance == heard.item_id:
                self._waiting.pop()
            self._caption("agent", heard.text, heard.item_id, heard.turn, agent=heard.agent, final=False)

    def _caption(
        self, speaker: live.Speaker, text: str, utterance: str, turn: int, *, agent: str | None, final: bool = True
    ) -> None:
        self._put(live.Caption(speaker=speaker, text=text, utterance=utterance, turn=turn, final=final, agent=agent))

    def _may_read(self, kind: str, field: str) -> bool:
        return field in self._clear.get(kind, frozenset())

    def _put(self, message: live.FromServer | Fact) -> None:
        self._waiting.append(message)
        self._wake.set()
