"""The caller's line brings the agent's own sound back: that is no turn, and a voice over it still is."""

import pytest

from huntgroup.domain import facts
from huntgroup.media.formats import PCM16_24K, PCMU_8K
from huntgroup.testing import scripted_events as make
from huntgroup.testing.echoing_line import EchoingLine
from huntgroup.wire import realtime as rt
from tests.calls.scripted import Part, tool_call, up_to
from tests.calls.talker import STORY, Talker
from tests.calls.teams import TEAM
from tests.media.babble import babble, encoded


class NearEcho(EchoingLine):
    delay_ms, loss_db = 60, 6.0


class FarEcho(EchoingLine):
    delay_ms, loss_db = 400, 18.0


LINES = [NearEcho, EchoingLine, FarEcho]


def story(ms: int = 4_000) -> Part:
    return make.spoken(STORY, encoded(babble(1, ms, 8_000), PCM16_24K))


@pytest.mark.parametrize("line", LINES)
async def test_the_agents_own_sound_come_back_is_no_turn(line: type[EchoingLine]) -> None:
    async with Talker(TEAM, line) as call:
        await call.talk(story(), heard_ms=line.delay_ms + 300)
        await call.begin(0)
        await call.pass_ms(4_600)
        await call.end()
        await call.understood("We are open from nine to five on weekdays and on Saturday.")
        assert [ignored.reason for ignored in call.of(facts.SpeechIgnored)] == ["echo"]
        assert (call.line.clears, call.heard_ms) == (0, 4_200)
        assert call.deleted == [call.item_id]
        assert call.reasons[2:] == []


@pytest.mark.parametrize("line", LINES)
async def test_a_voice_over_the_echo_interrupts(line: type[EchoingLine]) -> None:
    async with Talker(TEAM, line) as call:
        await call.talk(story(6_000), heard_ms=line.delay_ms + 300)
        await call.begin(0)
        await call.pass_ms(600)
        assert call.line.clears == 0
        call.line.speak(encoded(babble(4, 2_500, 4_000), PCMU_8K))
        await call.pass_ms(2_500)
        assert call.line.clears == 1
        assert call.truncated
        assert call.truncated[0] < line.delay_ms + 1_000 + 1_600
        await call.end()
        assert call.reasons[2:] == ["turn desk"]


async def test_a_short_stop_over_the_echo_is_obeyed_when_it_is_understood() -> None:
    async with Talker(TEAM, EchoingLine) as call:
        await call.talk(story(), heard_ms=500)
        await call.begin(0)
        await call.pass_ms(300)
        call.line.speak(encoded(babble(4, 450, 6_000), PCMU_8K))
        await call.pass_ms(900)
        await call.end()
        await call.understood("on weekdays and stop")
        assert not call.of(facts.SpeechIgnored)
        assert call.of(facts.Interrupted)


async def test_a_tool_does_not_wait_for_an_echo() -> None:
    async with Talker(TEAM, EchoingLine) as call:
        await call.says("Tell me.")
        reply = call.reply(story(), tool_call("look", '{"what": "it"}'))
        begun = up_to(reply, rt.ResponseOutputAudioDelta)
        await call.push(*begun)
        await call.pass_ms(500)
        await call.begin(0)
        await call.push(*reply[len(begun) :])
        await call.pass_ms(40)
        assert [answer.ok for answer in call.of(facts.ToolAnswered)] == [True]


async def test_typed_words_over_an_echo_are_answered_once_the_echo_is_known_as_one() -> None:
    async with Talker(TEAM, NearEcho) as call:
        await call.talk(story(), heard_ms=360)
        await call.begin(0)
        await call.pass_ms(600)
        call.session.say("Stop that.")
        await call.pass_ms(300)
        await call.end()
        await call.understood("We are open from nine to five.")
        assert [ignored.reason for ignored in call.of(facts.SpeechIgnored)] == ["echo"]
        await call.pass_ms(1_000)
        assert call.reasons[2:] == ["turn desk"]
