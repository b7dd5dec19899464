"""A browser whose echo cancellation leaves something over brings the agent's own sound back: that is no turn."""

from dataclasses import replace

import pytest

from huntgroup.domain import facts
from huntgroup.domain.clock import Clock
from huntgroup.lines.webrtc import WebRtcLine
from huntgroup.media import levels
from huntgroup.media.formats import PCM16_24K
from huntgroup.testing import scripted_events as make
from huntgroup.testing.memory_peer import MemoryPeer
from tests.calls.scripted import Part
from tests.calls.talker import STORY, Talker
from tests.calls.teams import TEAM
from tests.media.babble import babble, encoded

LOSS_DB = 20.0


class EchoingPeer(MemoryPeer):
    """What is played is heard again, `delay_ms` later and 20 dB fainter."""

    def __init__(self, delay_ms: int) -> None:
        super().__init__()
        self._delay_bytes = delay_ms * PCM16_24K.bytes_per_ms

    def take(self) -> bytes | None:
        frame = super().take() or PCM16_24K.silence(20)
        begin = len(self.sent) - self._delay_bytes
        if begin < 0:
            return frame
        played = bytes(self.sent[begin : begin + PCM16_24K.frame_bytes])
        return levels.mix(frame, levels.gain(played, 10 ** (-LOSS_DB / 20)))


class EchoingBrowser(WebRtcLine):
    """The line of a test's call, with its far end."""

    delay_ms = 100

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.peer = EchoingPeer(self.delay_ms)
        self.attach(self.peer)
        self.speak = self.peer.speak
        self.caller_hangs_up = self.say_goodbye
        self.clears = 0

    def clear(self) -> None:
        self.clears += 1
        super().clear()


class Near(EchoingBrowser):
    delay_ms = 60


class Far(EchoingBrowser):
    delay_ms = 200


BROWSERS = [Near, EchoingBrowser, Far]


def story(ms: int = 4_000, level: float = 8_000) -> Part:
    return make.spoken(STORY, encoded(babble(1, ms, level), PCM16_24K))


@pytest.mark.parametrize("level", [2_000, 8_000])
@pytest.mark.parametrize("browser", BROWSERS)
async def test_the_agents_own_sound_is_no_turn(browser: type[EchoingBrowser], level: float) -> None:
    async with Talker(TEAM, browser) as call:  # type: ignore[arg-type]
        await call.talk(story(level=level), heard_ms=browser.delay_ms + 300)
        await call.begin(0)
        await call.pass_ms(4_600)
        await call.end()
        await call.understood("We are open from nine to five on weekdays and on Saturday.")
        assert [ignored.reason for ignored in call.of(facts.SpeechIgnored)] == ["echo"]
        assert call.line.clears == 0
        assert call.deleted == [call.item_id]
        assert call.reasons[2:] == []


@pytest.mark.parametrize("browser", BROWSERS)
async def test_a_voice_over_the_echo_interrupts(browser: type[EchoingBrowser]) -> None:
    async with Talker(TEAM, browser) as call:  # type: ignore[arg-type]
        await call.talk(story(6_000), heard_ms=browser.delay_ms + 300)
        await call.begin(0)
        await call.pass_ms(600)
        assert call.line.clears == 0
        call.line.speak(encoded(babble(4, 2_500, 4_000), PCM16_24K))
        await call.pass_ms(2_500)
        assert call.line.clears == 1
        assert call.truncated
        await call.end()
        assert call.reasons[2:] == ["turn desk"]


async def test_without_the_guard_the_echo_would_be_a_turn() -> None:
    unguarded = replace(TEAM, barge_in=replace(TEAM.barge_in, echo=False))
    async with Talker(unguarded, EchoingBrowser) as call:  # type: ignore[arg-type]
        await call.talk(story(), heard_ms=400)
        await call.begin(0)
        await call.pass_ms(4_600)
        await call.end()
        assert call.reasons[2:] == ["turn desk"]
