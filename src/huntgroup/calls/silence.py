"""What happens when the caller says nothing: a re-prompt, a narrower question, then goodbye."""

from collections.abc import Callable

from huntgroup.calls.live import LiveCall
from huntgroup.calls.responses import Ask, ResponseQueue
from huntgroup.domain import facts

TICK_MS = 250


class SilenceWatch:
    """Counts the time in which nobody speaks and nothing is being done, and prompts by the team's policy.

    `busy` says whether somebody speaks or works; `reset` is called at every sign of life. Once the call is
    to end, `on_ending` is called at each tick instead.
    """

    def __init__(
        self,
        live: LiveCall,
        responses: ResponseQueue,
        busy: Callable[[], bool],
        on_ending: Callable[[], None],
    ) -> None:
        self._live = live
        self._responses = responses
        self._busy = busy
        self._on_ending = on_ending
        self._stage = 0
        self._quiet_ms = 0

    def reset(self) -> None:
        """The caller gave a sign of life."""
        self._stage = 0
        self._quiet_ms = 0

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            before_ms = self._live.line.now_ms()
            await self._live.clock.sleep_ms(TICK_MS)
            self._tick(max(0, self._live.line.now_ms() - before_ms))

    def _tick(self, passed_ms: int) -> None:
        if self._live.ending is not None:
            self._on_ending()
            return
        if self._busy():
            self._quiet_ms = 0
            return
        self._quiet_ms += passed_ms
        policy = self._live.team.silence
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
                reason="silence",
                agent=self._live.owner,
                instructions=f'Say exactly: "{words}"',
                tools=False,
            )
        )
