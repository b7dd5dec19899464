"""The same with real voices and real ears, in real time: what a caller says over the agent, and its echo."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts
from huntgroup.domain.clock import SystemClock
from huntgroup.engine.hearing import EarShop
from huntgroup.engine.model import OfflineEngine, OfflineModel
from huntgroup.engine.ports import Say
from huntgroup.engine.speaking import Speakers
from huntgroup.engine.weights import Weights
from huntgroup.media.formats import PCM16_24K, PCMU_8K
from huntgroup.media.transcode import transcode
from huntgroup.teams import BargeInPolicy
from huntgroup.testing.echoing_line import EchoingLine
from huntgroup.testing.loopback_line import LoopbackLine
from tests.calls.teams import TEAM
from tests.engine.doubles import ScriptedMind

pytestmark = pytest.mark.asyncio(loop_scope="module")
STORY = "We are open from nine to five on weekdays, and on Saturdays from ten to two in the afternoon."
# The clock of a busy machine must not decide: words are waited for.
PATIENT = replace(TEAM, barge_in=BargeInPolicy(words_ms=30_000))


@dataclass
class Stage:
    ears: EarShop
    voices: Speakers

    async def call(self, words: str, line_type: type[LoopbackLine], *, listen_ms: int = 4_500) -> list[facts.Fact]:
        """A call in which somebody says this 1.2 s into a story; returns its facts."""
        clock, mind = SystemClock(), ScriptedMind([Say(STORY)], [Say("As you like.")])
        engine = OfflineEngine(make_ear=self.ears.new_ear, make_mind=lambda: mind, voice=self.voices, clock=clock)
        line = line_type(clock)
        session = CallSession(Surroundings(model=OfflineModel(engine), clock=clock), PATIENT, line)
        running = asyncio.create_task(session.run())
        sound = b"".join([piece async for piece in self.voices.speak(words, voice="pico-hugh")]) if words else b""
        while not line.sounds or line.now_ms() - line.sounds[0].start_ms < 1_200:
            await clock.sleep_ms(20)
        line.speak(transcode(sound, PCM16_24K, PCMU_8K))
        until_ms = line.now_ms() + listen_ms
        while line.now_ms() < until_ms:
            await clock.sleep_ms(20)
        line.caller_hangs_up()
        await running
        return list(session.log.facts)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    pytest.importorskip("py_nanotts")
    weights = Weights(tmp_path_factory.mktemp("speech"))
    async with EarShop.open(weights, size="tiny") as ears, Speakers.open() as voices:
        yield Stage(ears, voices)


def outcome(log: list[facts.Fact]) -> list[str]:
    told = (facts.SpeechIgnored, facts.Interrupted)
    return [getattr(fact, "reason", "interrupted") for fact in log if isinstance(fact, told)]


async def test_real_voices_over_the_agent(stage: Stage) -> None:
    calls = [("Right.", LoopbackLine), ("Okay.", LoopbackLine), ("Stop.", LoopbackLine), ("Stop.", EchoingLine)]
    heard = await asyncio.gather(*(stage.call(words, line) for words, line in calls))
    assert [outcome(log)[:1] for log in heard] == [["backchannel"], ["backchannel"], ["interrupted"], ["interrupted"]]
    assert not any(isinstance(fact, facts.AgentPaused) for fact in heard[0] + heard[1])


async def test_a_real_voice_come_back_is_no_turn(stage: Stage) -> None:
    log = await stage.call("", EchoingLine, listen_ms=6_500)
    assert set(outcome(log)) == {"echo"}
    assert not any(isinstance(fact, facts.AgentPaused) for fact in log)
