"""Calls whose sound is at the model's server: it is heard as that server tells, and nothing can be held or paused."""

import asyncio
from dataclasses import replace
from typing import TypeVar

import pytest

from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts
from huntgroup.domain.errors import HandoffRefused, ModelUnavailable
from huntgroup.lines.vendor import RETURN_MS, VendorLine
from huntgroup.models.attached import AttachedModel, joining
from huntgroup.teams import Team
from huntgroup.testing import scripted_events as make
from huntgroup.testing.scripted_model import Rule, ScriptedModel
from huntgroup.testing.scripted_supervisor import ScriptedSupervisor
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.teams import TEAM
from tests.calls.test_output_guard import guard, no_secrets, team

F = TypeVar("F", bound=facts.FactBase)
E = TypeVar("E", bound=rt.ClientEvent)
WORDS = "We are open from nine to five on every day of the week but Sunday."


class VendorDesk:
    """`async with VendorDesk()`: the call is joined, and its opener was asked for; the test plays the server."""

    def __init__(self, team: Team = TEAM) -> None:
        self.clock = VirtualClock()
        self.left = 0
        self.line = VendorLine(self.clock, self._leave)
        self.line.attach()
        self.asks: list[rt.ResponseCreate] = []
        self.server = ScriptedModel(Rule(lambda event: isinstance(event, rt.ResponseCreate), self._asked))
        around = Surroundings(model=AttachedModel(self.server, self.line), clock=self.clock)
        self.session = CallSession(around, team, self.line)

    async def _leave(self) -> None:
        self.left += 1

    def _asked(self, event: rt.ClientEvent) -> list[rt.ServerEvent]:
        assert isinstance(event, rt.ResponseCreate)
        self.asks.append(event)
        return []

    async def __aenter__(self) -> "VendorDesk":
        self.running = asyncio.create_task(self.session.run())
        await self.pass_ms(100)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.session.hang_up()
        await self.over()

    async def over(self) -> str:
        for _ in range(100):
            if not self.running.done():
                await self.clock.advance(100)
        return await asyncio.wait_for(self.running, 5)

    async def pass_ms(self, ms: int) -> None:
        for _ in range(ms // 20):
            await self.clock.advance(20)

    def push(self, *events: rt.ServerEvent) -> None:
        self.server.session.push(*events)

    async def answers(self, words: str, response_id: str) -> None:
        """The server makes a reply and begins to play it."""
        asked = self.asks[-1].response
        metadata = asked.metadata if isinstance(asked, rt.ResponseConfig) else None
        self.push(*make.agent_says(words, response_id=response_id, metadata=metadata or None))  # type: ignore[arg-type]
        self.push(rt.OutputAudioBufferStarted(response_id=response_id))
        await self.clock.settle()

    async def says(self, words: str, response_id: str, ms: int) -> None:
        """The server makes a reply and plays all of it."""
        await self.answers(words, response_id)
        await self.pass_ms(ms)
        self.push(rt.OutputAudioBufferStopped(response_id=response_id))
        await self.pass_ms(60)

    def sent(self, kind: type[E]) -> list[E]:
        return self.server.session.sent_of(kind)

    def facts_of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.session.log.facts if isinstance(fact, kind)]


async def test_the_record_says_what_is_absent_and_configures_neither_voice_nor_formats() -> None:
    async with VendorDesk() as desk:
        session = desk.sent(rt.SessionUpdate)[0].session
        assert "hold_back" in desk.facts_of(facts.SoundElsewhere)[0].absent
        assert session.audio.output is rt.UNSET  # type: ignore[union-attr]
        assert session.audio.input.format is rt.UNSET  # type: ignore[union-attr]


@pytest.mark.parametrize("ms", [1_000, 9_000])
async def test_words_are_heard_when_the_server_has_played_them_be_it_fast_or_slow(ms: int) -> None:
    async with VendorDesk() as desk:
        await desk.answers(WORDS, "r1")
        await desk.pass_ms(ms)
        assert desk.facts_of(facts.AgentSpoke) == []
        desk.push(rt.OutputAudioBufferStopped(response_id="r1"))
        await desk.pass_ms(60)
        spoke = desk.facts_of(facts.AgentSpoke)[0]
        assert (spoke.heard_text, spoke.interrupted) == (WORDS, False)
        assert abs(spoke.t_ms - ms - 100) <= 100


async def test_a_voice_that_lasts_makes_the_server_fall_silent_and_truncates_nothing_itself() -> None:
    async with VendorDesk() as desk:
        await desk.answers(WORDS, "r1")
        await desk.pass_ms(1_000)
        desk.push(rt.InputAudioBufferSpeechStarted(item_id="u1", audio_start_ms=900))
        await desk.pass_ms(1_500)
        assert desk.sent(rt.OutputAudioBufferClear)
        desk.push(rt.OutputAudioBufferCleared(response_id="r1"))
        await desk.pass_ms(60)
        cut = desk.facts_of(facts.Interrupted)[0]
        assert 1_900 < cut.heard_ms < 2_700 < cut.generated_ms
        assert WORDS.startswith(desk.facts_of(facts.AgentSpoke)[0].heard_text)
        assert desk.sent(rt.ConversationItemTruncate) == []


async def test_a_short_noise_pauses_nothing() -> None:
    async with VendorDesk() as desk:
        await desk.answers(WORDS, "r1")
        desk.push(rt.InputAudioBufferSpeechStarted(item_id="u1", audio_start_ms=0))
        await desk.pass_ms(400)
        desk.push(*make.caller_says("", start_ms=0, end_ms=300)[1:])
        desk.push(rt.InputAudioBufferSpeechStopped(item_id="u1", audio_end_ms=300))
        await desk.pass_ms(2_500)
        assert desk.sent(rt.OutputAudioBufferClear) == []
        assert desk.facts_of(facts.AgentPaused) == []


async def test_a_guardrail_that_trips_cancels_the_reply_and_then_clears_what_plays() -> None:
    async with VendorDesk(team(guard(no_secrets))) as desk:
        await desk.answers("Here it is. The secret is seven.", "r1")
        await desk.pass_ms(400)
        desk.push(rt.OutputAudioBufferCleared(response_id="r1"))
        await desk.pass_ms(100)
        kinds = [type(event) for event in desk.server.session.sent]
        assert kinds.index(rt.ResponseCancel) < kinds.index(rt.OutputAudioBufferClear)
        checked = desk.facts_of(facts.GuardrailChecked)[-1]
        assert (checked.mode, checked.tripped) == ("after_sound", True)
        assert len(desk.facts_of(facts.GuardrailTripped)) == 1


async def test_a_guarded_reply_counts_as_heard_while_its_verdict_is_out() -> None:
    async with VendorDesk(team(guard(lambda text: asyncio.get_running_loop().create_future()))) as desk:
        await desk.answers(WORDS, "r1")
        await desk.pass_ms(300)
        assert desk.session.desk is not None
        assert desk.session.desk.heard_of("r1") > 0


async def test_a_socket_that_breaks_is_joined_again_and_the_conversation_told_anew() -> None:
    async with VendorDesk() as desk:
        await desk.says("Hello there, how can I help?", "r1", 1_500)
        desk.server.session.end("connection_lost")
        await desk.pass_ms(500)
        assert len(desk.server.sessions) == 2
        kinds = [type(event) for event in desk.server.session.sent]
        assert kinds[:3] == [rt.ResponseCancel, rt.OutputAudioBufferClear, rt.ConversationItemDelete]
        assert rt.ConversationItemCreate in kinds
        assert desk.facts_of(facts.ModelRestored)[0].verdict == "restored"


async def test_a_call_that_the_server_ends_is_over_and_is_not_joined_again() -> None:
    async with VendorDesk() as desk:
        desk.server.session.end("closed")
        assert await desk.over() == "caller_hung_up"
        assert len(desk.server.sessions) == 1
        assert desk.facts_of(facts.ModelLost) == []


async def test_a_call_that_the_server_does_not_know_any_more_is_lost() -> None:
    async with VendorDesk() as desk:
        desk.server.failures.append(ModelUnavailable("not_found", retryable=False))
        desk.server.session.end("connection_lost")
        assert await desk.over() == "line_lost"


async def test_a_page_that_stays_away_ends_the_call_at_the_server_too() -> None:
    async with VendorDesk() as desk:
        desk.line.detach()
        await desk.pass_ms(RETURN_MS + 100)
        assert await desk.over() == "line_lost"
        assert desk.left == 1


async def test_a_handoff_to_another_voice_keeps_the_voice_and_says_so() -> None:
    edges = [replace(edge, voice="switch") for edge in TEAM.edges]
    voices = [replace(agent, voice=f"voice-{agent.name}") for agent in TEAM.agents]
    async with VendorDesk(replace(TEAM, edges=edges, agents=voices)) as desk:
        await desk.says("Hello.", "r1", 500)
        moving = asyncio.create_task(desk.session.transfer(TEAM.edges[0].to, by="supervisor"))
        await desk.pass_ms(1_000)
        assert await moving
        assert desk.facts_of(facts.HandoffCommitted)[0].voice == "keep"


async def test_nobody_can_speak_in_the_agents_place_where_the_sound_is_not_ours() -> None:
    async with VendorDesk() as desk:
        person = ScriptedSupervisor()
        with pytest.raises(HandoffRefused, match="model's server"):
            desk.session.supervise(person, "Ada")
        assert person.let_go_times == 1
        assert "take_over" in desk.facts_of(facts.SoundElsewhere)[0].absent


async def test_a_reply_that_is_told_all_at_once_counts_as_heard() -> None:
    async with VendorDesk() as desk:
        await desk.says("Hello there, how can I help?", "r1", 1_500)
        desk.push(rt.InputAudioBufferCommitted(item_id="u1"))
        await desk.pass_ms(100)
        asked = desk.asks[-1].response
        metadata = asked.metadata if isinstance(asked, rt.ResponseConfig) else None
        said = make.agent_says(WORDS, response_id="r2", metadata=metadata or None)  # type: ignore[arg-type]
        started, stopped = rt.OutputAudioBufferStarted(response_id="r2"), rt.OutputAudioBufferStopped(response_id="r2")
        desk.push(said[0], started, *said[1:], stopped)
        await desk.pass_ms(1_000)
        spoke = desk.facts_of(facts.AgentSpoke)[-1]
        assert (spoke.response_id, spoke.heard_text, spoke.interrupted) == ("r2", WORDS, False)


async def test_a_reply_whose_end_the_server_never_tells_is_not_waited_for_for_ever() -> None:
    async with VendorDesk() as desk:
        await desk.answers("We are open.", "r1")
        await desk.pass_ms(20_000)
        spoke = desk.facts_of(facts.AgentSpoke)[0]
        assert (spoke.heard_text, spoke.interrupted) == ("We are open.", False)


async def test_a_goodbye_at_the_server_that_is_broken_off_is_said_again() -> None:
    tries: list[asyncio.Task[None] | None] = []

    async def leave() -> None:
        tries.append(asyncio.current_task())
        if len(tries) == 1:
            await asyncio.Event().wait()

    line = VendorLine(VirtualClock(), leave)
    first = asyncio.create_task(line.hang_up())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await line.hang_up()
    await line.hang_up()
    assert len(tries) == 2


def test_a_call_is_joined_by_its_id_alone() -> None:
    assert joining("wss://host/v1/realtime?model=x", "rtc_1") == "wss://host/v1/realtime?call_id=rtc_1"
