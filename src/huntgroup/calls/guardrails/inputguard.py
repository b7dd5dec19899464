"""Input guardrails: the caller's words are checked while they are answered (parallel), or before (strict).

In parallel mode a tripped turn's replies are taken back, heard or not; its tools that write or end the call wait for
the verdict. In strict mode nothing at all is answered before the verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from huntgroup.calls.guardrails.checks import Check, Checker, Verdict
from huntgroup.calls.guardrails.retract import Retraction
from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.model.waits import Why
from huntgroup.calls.state.live import LiveCall
from huntgroup.domain import facts
from huntgroup.teams import VoiceAgent

MOST_EARLY = 4


@dataclass(eq=False)
class _Turn:
    """One turn of the caller under check. `settled` once its verdict is drawn, `forgotten` when it was stopped."""

    item_id: str
    agent: VoiceAgent
    committed_ms: int
    heard: bool = False
    settled: bool = False
    forgotten: bool = False
    response_ids: list[str] = field(default_factory=list)

    @property
    def strict(self) -> bool:
        return self.agent.input_mode == "strict"


class InputGuard:
    """Checks the turns that agents with input guardrails hear; the guardrails are those of the turn's owner.

    `on_settled` is told when a turn is not `busy` any more.
    """

    def __init__(
        self,
        live: LiveCall,
        responses: ResponseQueue,
        checker: Checker,
        retraction: Retraction,
        on_settled: Callable[[], None],
    ) -> None:
        self._live = live
        self._responses = responses
        self._checker = checker
        self._retraction = retraction
        self._on_settled = on_settled
        self._turns: dict[str, _Turn] = {}
        self._answered: dict[str, _Turn] = {}
        self._current: _Turn | None = None
        self._early: dict[str, str | None] = {}

    def busy(self, response_id: str) -> bool:
        """Whether the turn that a response answers is not checked yet."""
        turn = self._answered.get(response_id)
        return turn is not None and not turn.settled

    def committed(self, item_id: str) -> None:
        """The caller's turn is over; to be called before a response to it is asked for."""
        self.unspoken()
        early = item_id in self._early
        words = self._early.pop(item_id, None)
        agent = self._live.agent
        if not isinstance(agent, VoiceAgent) or not agent.input_guardrails or item_id in self._turns:
            return
        turn = self._current = self._turns[item_id] = _Turn(item_id, agent, self._live.clock.now_ms())
        if turn.strict:
            self._responses.wait(Why.CHECK, item_id)
        if early and words is not None:
            self.transcribed(item_id, words)
        elif self._live.profile.supports_transcription and not early:
            self._live.tasks.spawn(self._wait_for_words(turn), "transcript deadline")
        else:
            self._no_words(turn)

    def unspoken(self) -> None:
        """The caller's turn has no words to check: what is answered from here on is not the turn before it."""
        self._retraction.reset()
        self._current = None

    def answered_by(self, response_id: str) -> None:
        """A response began: it belongs to the turn that was committed last, if the caller did nothing else since."""
        if self._current is not None and response_id not in self._answered:
            self._answered[response_id] = self._current
            self._current.response_ids.append(response_id)

    def transcribed(self, item_id: str, text: str) -> None:
        """Check the words of a turn; late ones too, unless the turn was forgotten meanwhile."""
        turn = self._turns.get(item_id)
        if turn is None:
            self._keep_early(item_id, text)
            return
        if turn.heard or turn.forgotten:
            return
        turn.heard = True
        if not text.strip():
            self._settle(turn)
            return
        self._checker.run(self._check_of(turn, text), partial(self._judged, turn, self._live.clock.now_ms()))

    def not_transcribed(self, item_id: str) -> None:
        """The words of a turn will never come."""
        turn = self._turns.get(item_id)
        if turn is None:
            self._keep_early(item_id, None)
        elif not turn.heard and not turn.settled:
            self._no_words(turn)

    def lost(self, item_id: str) -> None:
        """The session that heard a turn is gone, and its words with it: nobody waits for them to be checked."""
        turn = self._turns.get(item_id)
        if turn is not None and turn.strict and not turn.settled:
            self._no_words(turn)

    def heard_again(self, item_id: str) -> None:
        """The session that heard a turn is gone, and another hears it anew: it is checked, and answered, as that."""
        turn = self._turns.get(item_id)
        if turn is not None and not turn.settled:
            turn.forgotten = True
            self._responses.drop_turns()
            self._settle(turn)

    def _keep_early(self, item_id: str, words: str | None) -> None:
        """Words may come before it is known that they are a turn; those of what becomes none are forgotten in time."""
        self._early[item_id] = words
        while len(self._early) > MOST_EARLY:
            del self._early[next(iter(self._early))]

    async def _wait_for_words(self, turn: _Turn) -> None:
        await self._live.clock.sleep_ms(turn.agent.transcript_deadline_ms)
        if not turn.heard and not turn.settled:
            self._no_words(turn)

    def _no_words(self, turn: _Turn) -> None:
        name = turn.agent.input_guardrails[0].get_name()
        verdict = self._checker.failed(self._check_of(turn, ""), name, "no_transcript")
        if verdict.stops:
            self._stop(turn, f'Say exactly: "{turn.agent.ask_again}"')
        self._settle(turn)

    def _check_of(self, turn: _Turn, text: str) -> Check:
        return Check(
            stage="input",
            agent=turn.agent,
            guardrails=turn.agent.input_guardrails,
            text=text,
            withholds=turn.strict,
        )

    def _judged(self, turn: _Turn, started_ms: int, verdict: Verdict) -> None:
        self._note(turn, started_ms, verdict)
        if verdict.stops:
            heard_ms = self._stop(turn, f'In place of an answer to the caller, say exactly: "{turn.agent.refusal}"')
            if verdict.outcome == "tripped":
                self._live.log.add(
                    facts.GuardrailTripped,
                    owned_by=turn.agent.name,
                    guardrail=verdict.guardrail,
                    stage="input",
                    action="refused" if turn.strict else "retracted",
                    heard_ms=heard_ms,
                )
        self._settle(turn)

    def _note(self, turn: _Turn, started_ms: int, verdict: Verdict) -> None:
        now_ms = self._live.clock.now_ms()
        self._live.log.add(
            facts.GuardrailChecked,
            owned_by=turn.agent.name,
            guardrails=[guardrail.get_name() for guardrail in turn.agent.input_guardrails],
            stage="input",
            mode=turn.agent.input_mode,
            checks=1,
            took_ms=now_ms - started_ms,
            waited_ms=now_ms - turn.committed_ms if turn.strict and not turn.settled else 0,
            tripped=verdict.outcome == "tripped",
        )

    def _stop(self, turn: _Turn, instructions: str) -> int:
        turn.forgotten = True
        return self._retraction.turn(turn.item_id, turn.response_ids, instructions, current=turn is self._current)

    def _settle(self, turn: _Turn) -> None:
        turn.settled = True
        self._responses.go(Why.CHECK, turn.item_id)
        self._on_settled()
