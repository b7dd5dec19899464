"""A realtime model with a script: when the call sends this, it hears that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.domain.errors import ModelLost, ModelUnavailable
from huntgroup.testing import scripted_events as make
from huntgroup.wire.realtime import (
    ClientEvent,
    EffectiveSession,
    ServerEvent,
    SessionCreated,
)

Matches = Callable[[ClientEvent], bool]
Answer = Sequence[ServerEvent] | Callable[[ClientEvent], Iterable[ServerEvent]]
E = TypeVar("E", bound=ClientEvent)


@dataclass(frozen=True)
class Rule:
    """Whenever a sent event matches, the answer follows; `once` rules are used up in order."""

    when: Matches
    answer: Answer
    once: bool = False


class ScriptedModel:
    """`RealtimeModel` for tests of calls. One instance may be opened again and again; `sessions` keeps all of them.

    `failures` are raised by the next openings, one each. Every session starts with `session.created`, answers
    `session.update`, item creation, deletion and truncation as a server does unless a rule matches first, and answers
    nothing else by itself.
    """

    def __init__(self, *rules: Rule, profile: Profile | None = None) -> None:
        self.profile = profile or Profile(name="scripted", model="scripted")
        self.rules = list(rules)
        self.sessions: list[ScriptedSession] = []
        self.failures: list[ModelUnavailable] = []

    def on(self, kind: type[E], *answer: ServerEvent, once: bool = True) -> ScriptedModel:
        """Answer the next event of a type (every one with `once=False`). Returns itself, to be chained."""
        self.rules.append(Rule(lambda event: isinstance(event, kind), answer, once))
        return self

    @property
    def session(self) -> ScriptedSession:
        """The session opened last."""
        return self.sessions[-1]

    def open(self) -> AbstractAsyncContextManager[ModelSession]:
        """A session that has already said `session.created`."""
        return self._open()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ModelSession]:
        if self.failures:
            raise self.failures.pop(0)
        session = ScriptedSession(self.rules, self.profile)
        self.sessions.append(session)
        try:
            yield session
        finally:
            session.end("closed")


class ScriptedSession:
    """`ModelSession` under a test's control. `sent` holds what the call sent."""

    def __init__(self, rules: list[Rule], profile: Profile) -> None:
        self._rules = rules
        self.profile = profile
        self._events: asyncio.Queue[ServerEvent | ModelLost] = asyncio.Queue()
        self._lost: str | None = None
        self.sent: list[ClientEvent] = []
        self.config = EffectiveSession(id="sess_scripted", object="realtime.session", model="scripted")
        self.push(SessionCreated(session=self.config))

    def send(self, event: ClientEvent) -> None:
        """Take an event and answer it by the script."""
        if self._lost is not None:
            raise ModelLost(self._lost)
        self.sent.append(event)
        rule = next((rule for rule in self._rules if rule.when(event)), None)
        if rule is None:
            self.push(*make.usual_answer(self.config, event))
            return
        if rule.once:
            self._rules.remove(rule)
        self.push(*(rule.answer(event) if callable(rule.answer) else rule.answer))

    async def receive(self) -> ServerEvent:
        """The next scripted event; raises ModelLost after `end`."""
        if self._lost is not None and self._events.empty():
            raise ModelLost(self._lost)
        event = await self._events.get()
        if isinstance(event, ModelLost):
            raise event
        return event

    def push(self, *events: ServerEvent) -> None:
        """Say something now, unasked."""
        for event in events:
            self._events.put_nowait(event)

    def end(self, reason: str = "connection_lost") -> None:
        """The session is over: what was pushed can be taken, then `receive` and `send` raise ModelLost."""
        if self._lost is None:
            self._lost = reason
            self._events.put_nowait(ModelLost(reason))

    @property
    def closed(self) -> bool:
        """Whether the session is over."""
        return self._lost is not None

    def sent_of(self, kind: type[E]) -> list[E]:
        """What the call sent of one type."""
        return [event for event in self.sent if isinstance(event, kind)]
