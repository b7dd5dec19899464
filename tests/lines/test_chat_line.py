"""A call in writing: text instead of sound, delivered at once, cut where nothing was delivered."""

import asyncio
from dataclasses import replace
from pathlib import Path

from agents import GuardrailFunctionOutput, OutputGuardrail

from huntgroup.calls.ports import LineMark
from huntgroup.calls.session import CallSession, Surroundings
from huntgroup.domain import facts
from huntgroup.domain.progress import Heard
from huntgroup.engine.model import OfflineModel
from huntgroup.lines.chat import RETURN_MS, ChatLine
from huntgroup.lines.taping import Taping
from huntgroup.storage.tapes import TapeRoom
from huntgroup.teams import Team
from huntgroup.testing.loopback_line import LoopbackLine
from huntgroup.testing.virtual_clock import VirtualClock
from huntgroup.wire import realtime as rt
from tests.calls.desk import say
from tests.calls.meddling import MeddlingModel
from tests.calls.teams import TEAM, desk
from tests.engine.doubles import Answer, Bench


class Chat:
    """`async with Chat(team, answers...)`: a page is there, and the call is answered."""

    def __init__(self, team: Team, *answers: Answer) -> None:
        self.clock = VirtualClock()
        self.engine = Bench(*answers, clock=self.clock)
        self.sent: list[rt.ClientEvent] = []
        self.line = ChatLine(self.clock)
        self.line.attach()
        self.heard: list[Heard] = []
        model = MeddlingModel(OfflineModel(self.engine.engine), self._keep)
        around = Surroundings(model=model, clock=self.clock, hearer=lambda call_id: self.heard.append)
        self.session = CallSession(around, team, self.line)

    def _keep(self, event: rt.ClientEvent) -> None:
        self.sent.append(event)

    async def __aenter__(self) -> "Chat":
        self.running = asyncio.create_task(self.session.run())
        await self.pass_ms(1_000)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.session.hang_up()
        await self.pass_ms(3_000)
        await asyncio.wait_for(self.running, 5)

    async def pass_ms(self, ms: int) -> None:
        for _ in range(ms // 20):
            await self.clock.advance(20)

    async def say(self, text: str) -> None:
        assert self.session.say(text)
        await self.pass_ms(500)

    def spoken(self) -> list[facts.AgentSpoke]:
        return [fact for fact in self.session.log.facts if isinstance(fact, facts.AgentSpoke)]


async def test_an_agent_answers_in_writing_and_what_is_delivered_is_heard() -> None:
    async with Chat(TEAM, say("Hello."), say("We open at nine. Please come in by the side door.")) as chat:
        await chat.say("When do you open?")
        first, last = chat.spoken()
        assert first.heard_text == "Hello."
        assert last.heard_text == last.text == "We open at nine. Please come in by the side door."
        assert not last.interrupted
        assert last.end_ms is not None
        assert last.start_ms is not None
        assert last.end_ms - last.start_ms < 100
        assert not chat.engine.voice.spoken
        assert chat.heard[-1].latency_ms is not None
        update = next(event for event in chat.sent if isinstance(event, rt.SessionUpdate))
        assert update.session.output_modalities == ["text"]


async def test_words_that_a_guardrail_holds_are_cut_by_the_next_words_of_the_caller() -> None:
    release = asyncio.Event()

    async def waits(context: object, agent: object, text: str) -> GuardrailFunctionOutput:
        if "door" in text:
            await release.wait()
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)

    guarded = replace(desk, output_guardrails=[OutputGuardrail(guardrail_function=waits, name="waits")])
    answer = say("We open at nine. ") + say("Come by the side door.")
    team = replace(TEAM, agents=[guarded, *TEAM.agents[1:]])
    async with Chat(team, say("Hello."), answer, say("Anything else?")) as chat:
        await chat.say("When?")
        await chat.say("Stop")
        cut = chat.spoken()[1]
        assert (cut.heard_text, cut.interrupted) == ("We open at nine.", True)
        kept = [event.item for event in chat.sent if isinstance(event, rt.ConversationItemCreate)]
        assert any("We open at nine." in str(item) and "door" not in str(item) for item in kept)
        assert not [event for event in chat.sent if isinstance(event, rt.ConversationItemTruncate)]
        assert not [fact for fact in chat.session.log.facts if isinstance(fact, facts.ModelError)]
        release.set()


async def test_a_page_that_comes_back_goes_on_and_one_that_does_not_is_lost() -> None:
    async with Chat(TEAM, say("Hello."), say("Yes.")) as chat:
        chat.line.detach()
        await chat.pass_ms(RETURN_MS - 1_000)
        chat.line.attach()
        await chat.pass_ms(2_000)
        assert not chat.running.done()
        chat.line.detach()
        await chat.pass_ms(RETURN_MS + 5_000)
        assert await asyncio.wait_for(chat.running, 5) == "line_lost"
        assert chat.line.was_lost


async def test_nothing_is_delivered_while_no_page_is_there() -> None:
    line = ChatLine(VirtualClock())
    line.mark("one")
    line.attach()
    assert await line.receive() == LineMark("one")
    line.mark("two")
    assert await line.receive() == LineMark("two")


async def test_a_pause_of_a_minute_is_no_silence_in_writing() -> None:
    async with Chat(TEAM, say("Hello.")) as chat:
        await chat.pass_ms(60_000)
        assert not [fact for fact in chat.session.log.facts if isinstance(fact, facts.SilencePrompted)]


async def test_rubbish_is_a_fact_and_a_flood_of_it_is_not_many() -> None:
    async with Chat(TEAM, say("Hello.")) as chat:
        for _ in range(200):
            chat.line.report("bad_message", "$.text")
        await chat.pass_ms(100)
        noted = [fact for fact in chat.session.log.facts if isinstance(fact, facts.BadInput)]
        assert [fact.code for fact in noted] == ["bad_message"] * 20


async def test_a_chat_is_not_taped_where_calls_are(tmp_path: Path) -> None:
    taping, clock = Taping(TapeRoom(tmp_path), {}, default_days=30), VirtualClock()
    chat = ChatLine(clock)
    assert taping.begin(chat, "office", "call_1", lambda code: None) == (chat, None)
    _, tape = taping.begin(LoopbackLine(clock), "office", "call_2", lambda code: None)
    assert tape is not None
    tape.close()
