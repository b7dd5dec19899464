"""The model of a recorded call: it answers what the record says, so that only the call's own code is new."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from msgspec import structs

from huntgroup.calls.ports import ModelSession, Profile
from huntgroup.calls.replay.script import (
    MS_PER_LETTER,
    Advice,
    Reply,
    Words,
    advice_of,
    refusals_of,
    replies_of,
    vain_of,
)
from huntgroup.calls.replay.swaps import undecided_of
from huntgroup.calls.state.asks import words_ordered
from huntgroup.domain.facts import Fact, ToolCalled
from huntgroup.domain.ids import new_id
from huntgroup.testing import scripted_events as make
from huntgroup.testing.scripted_model import Rule, ScriptedModel, ScriptedSession
from huntgroup.testing.sounding import bytes_per_ms
from huntgroup.wire import realtime as rt

_PARAPHRASE = 0.5
_WORD = re.compile(r"\w+")
Answering = Callable[[rt.ResponseCreate], tuple[Sequence[rt.ServerEvent], Sequence[rt.ServerEvent]]]


@dataclass(frozen=True)
class Moment:
    """Where a call stands: the caller's turn, how often its model was lost, and which handoff is under way, from 0."""

    turn: int = 0
    losses: int = 0
    handoff: int | None = None


class RecordedModel:
    """`RealtimeModel` that plays the replies of a record; `follow` must be called before the call is answered.

    A reply is found by the agent and the moment of the call for which it is asked. Where the call tells the model which
    words to say, the model says them, recorded or not; where the record has no reply, it says nothing. What was asked
    for in vain before the model was lost is never answered.
    """

    def __init__(self, facts: Sequence[Fact], profile: Profile) -> None:
        self.profile = profile
        self._replies = replies_of(facts)
        self._advice = advice_of(facts)
        self._refusals = refusals_of(facts)
        self._vain = vain_of(facts)
        self._open = undecided_of(facts)
        self._kept: list[tuple[ScriptedSession, rt.ClientEvent]] = []
        self._moment: Callable[[], Moment] = Moment

    def follow(self, moment: Callable[[], Moment]) -> None:
        """Take from `moment` where the call stands."""
        self._moment = moment

    @asynccontextmanager
    async def open(self) -> AsyncIterator[ModelSession]:
        """Open a session; all of them play the same record."""
        player = _Player(self.answer)
        rules = (
            Rule(lambda event: isinstance(event, rt.ResponseCreate), player.respond),
            Rule(lambda event: isinstance(event, rt.ResponseCancel), player.cancel),
        )
        model = ScriptedModel(
            Rule(self._is_open, lambda event: self._keep(model.session, event)),
            Rule(self._refuses, self._refuse),
            *rules,
            profile=self.profile,
        )
        async with model.open() as session:
            yield session

    def decide(self) -> None:
        """Say what is to be said about a handoff that was left open."""
        handoff = self._moment().handoff
        if handoff is None or not self._open.pop(handoff, True):
            return
        kept, self._kept = self._kept, []
        for session, event in kept:
            usual = make.usual_answer(session.config, event)
            session.push(*(self._refuse(event) if handoff in self._refusals else usual))

    def _is_open(self, event: rt.ClientEvent) -> bool:
        return isinstance(event, rt.SessionUpdate) and self._moment().handoff in self._open

    def _keep(self, session: ScriptedSession, event: rt.ClientEvent) -> Sequence[rt.ServerEvent]:
        self._kept.append((session, event))
        return ()

    def _refuses(self, event: rt.ClientEvent) -> bool:
        return isinstance(event, rt.SessionUpdate) and self._moment().handoff in self._refusals

    def _refuse(self, event: rt.ClientEvent) -> Sequence[rt.ServerEvent]:
        """Say no to the update of a handoff, or nothing; what undoes it is taken."""
        handoff = self._moment().handoff
        code = self._refusals.pop(handoff) if handoff is not None else None
        return [make.error(code, str(event.event_id))] if code is not None else []

    def answer(self, event: rt.ResponseCreate) -> tuple[Sequence[rt.ServerEvent], Sequence[rt.ServerEvent]]:
        """Return what a response consists of now, and what is left of it for when it is cancelled."""
        config = event.response if isinstance(event.response, rt.ResponseConfig) else rt.ResponseConfig()
        about: dict[str, Any] = config.metadata if isinstance(config.metadata, dict) else {}
        if config.conversation == "none":
            return self._advise(str(about.get("agent")), about), ()
        reply = self._reply(str(about.get("agent")), words_ordered(config.instructions))
        return _played(reply, about, bytes_per_ms(self.profile)) if reply is not None else ((), ())

    def _reply(self, agent: str, exact: str | None) -> Reply | None:
        moment = self._moment()
        due = [reply for reply in self._replies if reply.agent == agent and reply.turn == moment.turn]
        stopped = [reply for reply in due if reply.stopped]
        due = [reply for reply in due if self._answers(reply, exact)] or stopped
        if due[0].losses > moment.losses if due else self._vain.get(moment.losses) == moment.turn:
            return None
        if due:
            self._replies.remove(due[0])
            return due[0]
        words = [Words(exact, len(exact) * MS_PER_LETTER)] if exact is not None else []
        return Reply(agent=agent, turn=moment.turn, words=words)

    def _answers(self, reply: Reply, exact: str | None) -> bool:
        """Whether a reply is what the model said to an order, or to none. Older records do not tell of orders."""
        if exact is None or reply.ordered is not None:
            return reply.ordered == exact
        return _alike(reply.text, exact, literally=self.profile.speaks_offline)

    def _advise(self, specialist: str, about: dict[str, Any]) -> Sequence[rt.ServerEvent]:
        advice = next((one for one in self._advice if one.specialist == specialist), None)
        if advice is not None and advice.calls:
            return _aside((_call_item(advice.calls.pop(0)), b""), about)
        if advice is None or not advice.consulted.ok:
            return make.response([], metadata=about, status="failed")
        self._advice.remove(advice)
        return _aside(_answer(advice), about)


class _Player:
    """One session: at most one of its replies is left open, to be ended by the caller or by the loss of the session."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self._rest: Sequence[rt.ServerEvent] = ()

    def respond(self, event: rt.ClientEvent) -> Sequence[rt.ServerEvent]:
        assert isinstance(event, rt.ResponseCreate)
        said, rest = self._answer(event)
        self._rest = rest or self._rest
        return said

    def cancel(self, event: rt.ClientEvent) -> Sequence[rt.ServerEvent]:
        """A reply that was complete cannot be cancelled; one that was not ends here."""
        ends, self._rest = self._rest, ()
        return ends or [make.error("response_cancel_not_active")]


def _played(
    reply: Reply, about: dict[str, Any], per_ms: int
) -> tuple[Sequence[rt.ServerEvent], Sequence[rt.ServerEvent]]:
    items: list[tuple[rt.Item, bytes]] = [
        make.spoken(words.text, bytes(words.sound_ms * per_ms)) for words in reply.words
    ]
    items += [(_call_item(call), b"") for call in reply.calls]
    response_id = new_id("resp")
    events = make.response(items, response_id=response_id, metadata=about)
    if not (reply.cut or reply.broken):
        return events, ()
    untold: list[tuple[rt.Item, bytes]] = [(_call_item(call), b"") for call in reply.untold]
    cancelled = make.response(
        untold, response_id=response_id, metadata=about, status="cancelled", reason="turn_detected"
    )
    cancelled[-1] = _with_whole_calls(cancelled[-1])
    return events[: _end_of(reply, events)], cancelled[-1:]


def _with_whole_calls(done: rt.ServerEvent) -> rt.ServerEvent:
    """Tool calls that were made before a response was cancelled are whole."""
    assert isinstance(done, rt.ResponseDone)
    whole = [structs.replace(item, status="completed") for item in done.response.output or []]
    return rt.ResponseDone(response=structs.replace(done.response, output=whole))


def _end_of(reply: Reply, events: Sequence[rt.ServerEvent]) -> int:
    """Return how many events of an unfinished reply were there; words in which the model broke off have no end."""
    if not reply.broken or reply.calls:
        return len(events) - 1
    ends = [at for at, event in enumerate(events) if isinstance(event, rt.ResponseOutputAudioDone)]
    return ends[-1] if ends else len(events) - 1


def _call_item(call: ToolCalled) -> rt.FunctionCallItem:
    arguments = call.arguments.get("_unreadable") or json.dumps(call.arguments, ensure_ascii=False)
    return rt.FunctionCallItem(id=new_id("item"), name=call.tool, arguments=arguments, call_id=call.tool_call_id)


def _aside(part: tuple[rt.Item, bytes], about: dict[str, Any]) -> Sequence[rt.ServerEvent]:
    """A response outside of the conversation is read when it is done."""
    events = make.response([part], metadata=about)
    return [events[0], events[-1]]


def _answer(advice: Advice) -> tuple[rt.Item, bytes]:
    body = advice.consulted.answer
    text = body["answer"] if set(body) == {"answer"} else json.dumps(body, ensure_ascii=False)
    part = rt.ContentPart(type="output_text", text=str(text))
    return rt.MessageItem(id=new_id("item"), role="assistant", content=[part]), b""


def _alike(said: str, told: str, *, literally: bool) -> bool:
    """Whether words were said because the model was told to say these; a vendor's model may say them in its own way."""
    one, other = _WORD.findall(said.lower()), _WORD.findall(told.lower())
    return one == other or (not literally and SequenceMatcher(None, one, other).ratio() >= _PARAPHRASE)
