"""Output guardrails with hold-back: a reply is heard only as far as its words were checked and allowed."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from agents import OutputGuardrail
from agents.realtime import RealtimeAgent

from huntgroup.calls.guardrails.borders import last_border
from huntgroup.calls.guardrails.checks import Check, Checker, Verdict
from huntgroup.calls.guardrails.retract import Retraction
from huntgroup.calls.sound.holdback import HoldBack
from huntgroup.calls.sound.mouth import Mouth
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain import facts
from huntgroup.teams.guard import Unit

MOST_AT_ONCE = 4


@dataclass(eq=False)
class _Asked:
    """A check of everything up to `position`; `verdict` is None while it runs."""

    position: int
    started_ms: int
    verdict: Verdict | None = None


@dataclass(eq=False)
class _Reply:
    response_id: str
    agent: RealtimeAgent[Any]
    hold: HoldBack
    guardrails: list[OutputGuardrail[Any]]
    asked: deque[_Asked] = field(default_factory=deque)
    asked_up_to: int = 0
    checks: int = 0
    took_ms: int = 0
    first_sound_ms: int | None = None
    waited_ms: int | None = None
    over: bool = False

    @property
    def unit(self) -> Unit:
        unit: Unit = getattr(self.agent, "release_by", "sentence")
        return unit


class OutputGuard:
    """Watches the replies of agents that have output guardrails; others cost nothing.

    Words are checked whenever a sentence or clause is whole, and at the reply's end however short it is. Several checks
    may run at once; their verdicts apply in the order of the words. A reply is `busy` until its last verdict, when
    `on_settled` is told.
    """

    def __init__(
        self,
        live: LiveCall,
        mouth: Mouth,
        checker: Checker,
        retraction: Retraction,
        on_settled: Callable[[], None],
    ) -> None:
        self._live = live
        self._mouth = mouth
        self._checker = checker
        self._retraction = retraction
        self._on_settled = on_settled
        self._replies: dict[str, _Reply] = {}
        self._known: set[str] = set()

    def busy(self, response_id: str) -> bool:
        """Whether a reply is not wholly checked yet."""
        return response_id in self._replies

    def watch(self, agent_name: str, response_id: str) -> None:
        """Begin with a reply; to be called before any of its sound, and as often as one likes."""
        if response_id in self._known:
            return
        self._known.add(response_id)
        for other in list(self._replies):
            self.over(other, "incomplete")
        agent = self._live.team.agent(agent_name)
        if agent.output_guardrails:
            hold = HoldBack(0 if self._live.line.written else self._live.profile.transcript_lag_ms)
            self._replies[response_id] = _Reply(response_id, agent, hold, list(agent.output_guardrails))
            self._mouth.guard(response_id, hold)

    def sounded(self, response_id: str) -> None:
        """Sound of a reply came, and may be held."""
        reply = self._replies.get(response_id)
        if reply is not None and reply.waited_ms is None:
            if reply.first_sound_ms is None:
                reply.first_sound_ms = self._live.clock.now_ms()
            self._note_wait(reply)

    def said(self, response_id: str, item_id: str, delta: str) -> None:
        """Take more of a reply's transcript."""
        reply = self._replies.get(response_id)
        if reply is not None:
            reply.hold.words(item_id, delta)
            self._check(reply, last_border(reply.hold.text, reply.unit))

    def said_all(self, response_id: str, item_id: str, transcript: str | None) -> None:
        """Take the whole transcript of an item, which is checked to its end."""
        reply = self._replies.get(response_id)
        if reply is not None:
            reply.hold.complete(item_id, transcript)
            self._check(reply, len(reply.hold.text), whole=True)
            self._apply(reply)

    def over(self, response_id: str, status: str) -> None:
        """The server makes no more of a reply: what is proven is heard once it is checked, the rest is dropped."""
        reply = self._replies.get(response_id)
        if reply is None or reply.over:
            return
        reply.over = True
        if status == "cancelled" or not self._mouth.said.takes_more(response_id):
            self._end(reply)
            return
        if reply.hold.has_wordless_sound:
            failed = self._checker.failed(self._check_of(reply, ""), reply.guardrails[0].get_name(), "no_transcript")
            if failed.stops:
                self._stop(reply, failed)
                return
            self._mouth.unguard(response_id)
        self._check(reply, len(reply.hold.text), whole=True)
        self._apply(reply)

    # -- checks -----------------------------------------------------------------------------------------------------

    def _check(self, reply: _Reply, length: int, *, whole: bool = False) -> None:
        position = reply.hold.at(length)
        if not length or position <= reply.asked_up_to or (len(reply.asked) >= MOST_AT_ONCE and not whole):
            return
        reply.asked_up_to = position
        asked = _Asked(position, self._live.clock.now_ms())
        reply.asked.append(asked)
        reply.checks += 1
        self._checker.run(self._check_of(reply, reply.hold.text[:length]), partial(self._judged, reply, asked))

    def _check_of(self, reply: _Reply, text: str) -> Check:
        return Check(
            stage="output",
            agent=reply.agent,
            guardrails=reply.guardrails,
            text=text,
            withholds=not self._live.profile.plays_itself,
            response_id=reply.response_id,
        )

    def _judged(self, reply: _Reply, asked: _Asked, verdict: Verdict) -> None:
        asked.verdict = verdict
        reply.took_ms += self._live.clock.now_ms() - asked.started_ms
        self._apply(reply)
        if self._is_open(reply):
            # Borders that came while too many checks ran are made up for.
            self._check(reply, last_border(reply.hold.text, reply.unit))

    def _is_open(self, reply: _Reply) -> bool:
        return self._replies.get(reply.response_id) is reply

    def _apply(self, reply: _Reply) -> None:
        """Draw the consequences of the verdicts that are there, in the order of the words."""
        if not self._is_open(reply):
            return
        while reply.asked and (verdict := reply.asked[0].verdict) is not None:
            passed = reply.asked.popleft().position
            if verdict.stops:
                self._stop(reply, verdict)
                return
            reply.hold.passed(passed)
        self._mouth.let_through()
        self._note_wait(reply)
        if reply.over and not reply.asked:
            self._retraction.reset()
            self._end(reply)

    # -- consequences -------------------------------------------------------------------------------------------------

    def _note_wait(self, reply: _Reply) -> None:
        """Note for how long the first sound of a reply was kept back."""
        if reply.waited_ms is not None or reply.first_sound_ms is None:
            return
        if self._mouth.said.has_begun(reply.response_id):
            reply.waited_ms = self._live.clock.now_ms() - reply.first_sound_ms

    def _end(self, reply: _Reply) -> None:
        """All that may be heard of the reply is let go."""
        self._retraction.forget(reply.response_id)
        self._close(reply, tripped=False)

    def _stop(self, reply: _Reply, verdict: Verdict) -> None:
        self._close(reply, tripped=verdict.outcome == "tripped")
        heard_ms = self._retraction.reply(reply.response_id)
        if verdict.outcome == "tripped":
            self._live.log.add(
                facts.GuardrailTripped,
                owned_by=reply.agent.name,
                guardrail=verdict.guardrail,
                stage="output",
                action="retracted",
                heard_ms=heard_ms,
            )

    def _close(self, reply: _Reply, *, tripped: bool) -> None:
        del self._replies[reply.response_id]
        self._on_settled()
        if not reply.checks:
            return
        self._live.log.add(
            facts.GuardrailChecked,
            owned_by=reply.agent.name,
            guardrails=[guardrail.get_name() for guardrail in reply.guardrails],
            stage="output",
            mode="after_sound" if self._live.profile.plays_itself else "hold_back",
            checks=reply.checks,
            took_ms=reply.took_ms,
            waited_ms=reply.waited_ms or 0,
            tripped=tripped,
        )
