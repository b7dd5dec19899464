"""What happens when the caller says nothing: a re-prompt, a narrower question, then goodbye."""

from collections.abc import Callable

from huntgroup.calls.model.responses import ResponseQueue
from huntgroup.calls.state.asks import Ask
from huntgroup.calls.state.live import LiveCall
from huntgroup.calls.state.reasons import Reason
from huntgroup.calls.turns.written import SILENCE
from huntgroup.domain import facts


class SilenceWatch:
    """Counts the time in which nobody speaks and nothing is being done, and prompts by the team's policy.

    `busy` says whether somebody speaks or works; `reset` is called at every sign of life.
    """

    def __init__(self, live: LiveCall, responses: ResponseQueue, busy: Callable[[], bool]) -> None:
        self._live = live
        self._responses = responses
        self._busy = busy
        self._stage = 0
        self._quiet_ms = 0

    def reset(self) -> None:
        """The caller gave a sign of life."""
        self._stage = 0
        self._quiet_ms = 0

    def tick(self, passed_ms: int) -> None:
        """Count `passed_ms` of the line's time."""
        if self._busy():
            self._quiet_ms = 0
            return
        self._quiet_ms += passed_ms
        policy = SILENCE if self._live.line.written else self._live.team.silence
        steps = (
            (policy.reprompt_ms, "reprompt", policy.reprompt),
            (policy.narrow_ms, "narrow", policy.narrow),
            (policy.goodbye_ms, "goodbye", policy.goodbye),
        )
        limit_ms, stage, words = steps[min(self._stage, 2)]
        if self._quiet_ms >= limit_ms:
            self._quiet_ms = 0
            self._stage += 1
            self._prompt(stage, words)

    def _prompt(self, stage: str, words: str) -> None:
        self._live.log.add(facts.SilencePrompted, stage=stage)
        if stage == "goodbye":
            self._live.ending = "silence"
        self._responses.ask(
            Ask(
                reason=Reason.SILENCE,
                agent=self._live.owner,
                instructions=f'Say exactly: "{words}"',
                tools=False,
            )
        )
