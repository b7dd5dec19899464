"""Plays a scenario over the telephone and holds the finished call against what it expects.

The runner knows the server only by its address; a `Stage` lends it the caller's voice and a look behind the scenes.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huntgroup.domain.facts import Fact
from huntgroup.testing.call_recording import CallRecording, Span
from huntgroup.testing.phone_caller import NoAnswer, PhoneCaller
from huntgroup.testing.scenario import ExpectedRow, Scenario, Step
from huntgroup.testing.verdict import unmet

QUIET_MS = 800
ANSWER_TIMEOUT_MS = 20_000
GOODBYE_TIMEOUT_MS = 8_000


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a runner is lent.

    `speak` renders words as PCM16 at 24 kHz, or names a WAV file. `facts` returns the settled record of an ended
    call. `query` returns the first column of the first row of a query. `arrange` runs a vertical's hook. With `hurry`
    speech is played fast.
    """

    base_url: str
    speak: Callable[[str, str | None], Awaitable[bytes | Path]]
    facts: Callable[[str], Awaitable[list[Fact]]]
    query: Callable[[str], Awaitable[Any]]
    arrange: Callable[[str, str, Mapping[str, Any]], Awaitable[None]]
    first_agent: Callable[[str], str]
    hurry: bool = True
    auth_token: str | None = None
    public_url: str | None = None


@dataclass(kw_only=True)
class Played:
    """A scenario that was played. `problems` is empty when everything expected came true."""

    scenario: Scenario
    call_id: str
    facts: list[Fact]
    problems: list[str]
    recording: CallRecording
    said: list[Span] = field(default_factory=list)
    wall_ms: int = 0

    @property
    def call_ms(self) -> int:
        """How long the call was for the caller."""
        return self.recording.length_ms

    def waits_ms(self) -> list[int]:
        """For each utterance that was answered: from its last sound to the next sound of an agent, at the ear."""
        return waits_at_the_ear(self.recording, self.said)


async def play(scenario: Scenario, stage: Stage) -> Played:
    """Play a scenario whose days are filled in (`Scenario.at`). Raises `DialFailed` when the call does not connect."""
    begun = time.monotonic()
    voices = {words: await stage.speak(words, scenario.voice) for words in scenario.lines()}
    phone = _phone(scenario, stage)
    script = _Script(phone, stage, scenario, voices)
    async with phone:
        await script.run()
    facts = await stage.facts(phone.call_id) if phone.call_id else []
    problems = [
        *script.problems,
        *unmet(scenario.expect, facts, first_agent=stage.first_agent(scenario.team)),
        *await _rows(scenario.expect.rows, phone.call_id, stage),
    ]
    return Played(
        scenario=scenario,
        call_id=phone.call_id,
        facts=facts,
        problems=problems,
        recording=phone.recording,
        said=script.said,
        wall_ms=round((time.monotonic() - begun) * 1000),
    )


def waits_at_the_ear(recording: CallRecording, said: Sequence[Span]) -> list[int]:
    """From the last loud frame of each utterance to the next loud frame of an agent, before the next utterance."""
    loud = recording.caller_sounds()
    waits: list[int] = []
    for index, span in enumerate(said):
        ends = [min(sound.end_ms, span.end_ms) for sound in loud if span.start_ms < sound.end_ms <= span.end_ms + 20]
        limit = said[index + 1].start_ms if index + 1 < len(said) else recording.length_ms
        answer = recording.first_sound_after(ends[-1]) if ends else None
        if answer is not None and answer <= limit:
            waits.append(answer - ends[-1])
    return waits


class _Script:
    """One run through the steps. `_expecting` is whether the agents owe the caller words."""

    def __init__(
        self, phone: PhoneCaller, stage: Stage, scenario: Scenario, voices: Mapping[str, bytes | Path]
    ) -> None:
        self._phone = phone
        self._stage = stage
        self._scenario = scenario
        self._voices = voices
        self._expecting = True
        self.problems: list[str] = []
        self.said: list[Span] = []

    async def run(self) -> None:
        for number, step in enumerate(self._scenario.steps, start=1):
            if self._phone.is_over:
                left = sum(later.say is not None for later in self._scenario.steps[number - 1 :])
                if left:
                    self.problems.append(f"the call was over before step {number}: {left} utterances were not said")
                return
            await self._do(number, step)
        await self._see_it_end()

    async def _do(self, number: int, step: Step) -> None:
        if step.barge_in is not None:
            await self._barge_in(number, step.barge_in.after_ms, step.barge_in.say)
            return
        if step.wait_ms is not None:
            await self._phone.wait(step.wait_ms)
            return
        await self._listen(f"before step {number}")
        if self._phone.is_over:
            return
        if step.say is not None:
            self.said.append(await self._phone.say(self._voices[step.say]))
            self._expecting = True
        elif step.press is not None:
            await self._phone.press(step.press)
            self._expecting = True
        elif step.arrange is not None:
            for hook, arguments in step.arrange.items():
                await self._stage.arrange(self._scenario.team, hook, arguments)
        elif step.hang_up:
            await self._phone.hang_up()

    async def _barge_in(self, number: int, after_ms: int, words: str) -> None:
        try:
            self.said.append(await self._phone.barge_in(after_ms, self._voices[words], ANSWER_TIMEOUT_MS))
        except NoAnswer:
            self.problems.append(f"step {number}: nobody spoke for {after_ms} ms, so there was nothing to interrupt")
        self._expecting = True

    async def _listen(self, where: str) -> None:
        """Wait for the words that the agents owe, if any."""
        if not self._expecting:
            return
        self._expecting = False
        try:
            await self._phone.wait_for_agent(QUIET_MS, ANSWER_TIMEOUT_MS)
        except NoAnswer:
            self.problems.append(f"{where}: the caller was not answered and hung up")
            await self._phone.hang_up()

    async def _see_it_end(self) -> None:
        """Hear the last words out; hang up unless the agents do so shortly, where the scenario lets them."""
        if self._phone.is_over:
            return
        await self._listen("at the end")
        if self._scenario.expect.ended_by is not None and not self._phone.is_over:
            with contextlib.suppress(NoAnswer):
                await self._phone.wait_closed(GOODBYE_TIMEOUT_MS)
        await self._phone.hang_up()


def _phone(scenario: Scenario, stage: Stage) -> PhoneCaller:
    return PhoneCaller(
        stage.base_url,
        scenario.team,
        number=scenario.caller_id or "anonymous",
        auth_token=stage.auth_token,
        public_url=stage.public_url,
        hurry=stage.hurry,
    )


async def _rows(rows: Sequence[ExpectedRow], call_id: str, stage: Stage) -> list[str]:
    problems: list[str] = []
    for row in rows:
        wrong = row.unmet(await stage.query(row.sql.replace("${call_id}", call_id)))
        if wrong is not None:
            problems.append(f"rows: {wrong}")
    return problems
