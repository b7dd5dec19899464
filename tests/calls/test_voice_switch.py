"""A handoff in another voice: a session stands by, takes over between two frames, and the old one is closed."""

import asyncio
from dataclasses import replace

from huntgroup.calls.succession.standbys import Allowance
from huntgroup.calls.telemetry.from_facts import spans_of
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.engine.ports import Said
from huntgroup.teams import SilencePolicy, Team, handoff
from huntgroup.testing import scripted_events as make
from huntgroup.testing.scripted_model import Rule
from huntgroup.wire import realtime as rt
from tests.calls.broken import seeds, sound_ms, texts
from tests.calls.desk import CallDesk, say, use
from tests.calls.scripted import ScriptedCall, speech
from tests.calls.teams import TEAM, Question, Result, desk, expert

TRANSFER = '{"question": "why?", "secret": "s"}'


def team(policy: str = "full", voice: str = "hum-2") -> Team:
    edge = handoff(
        frm="desk", to="expert", description="Ask.", brief=Question, returns=Result, policy=policy, voice="switch"
    )
    agents = [replace(desk, voice="hum-1"), replace(expert, voice=voice)]
    return replace(TEAM, agents=agents, edges=[edge], silence=SilencePolicy(reprompt_ms=600_000), consults=())


def switching(policy: str = "full", standbys: int = 8) -> ScriptedCall:
    return ScriptedCall(team(policy), standbys=Allowance(standbys))


def voice_of(session_config: rt.EffectiveSession) -> object:
    audio = session_config.audio
    assert isinstance(audio, rt.AudioConfig)
    assert isinstance(audio.output, rt.OutputAudioConfig)
    return audio.output.voice


async def transferred(call: ScriptedCall) -> None:
    """The caller asks, and the desk transfers."""
    await call.pass_ms(1_000)
    now_ms = call.line.now_ms()
    await call.push(*make.caller_says("Why?", start_ms=now_ms - 800, end_ms=now_ms - 400))
    await call.use("transfer_to_expert", TRANSFER)


async def test_a_session_stands_by_with_the_receivers_voice_and_tools() -> None:
    async with switching() as call:
        assert len(call.sessions) == 2
        assert voice_of(call.sessions[1].config) == "hum-2"
        assert str(call.sessions[1].config.instructions).startswith("You are the expert.")
        assert call.sessions[1].sent_of(rt.InputAudioBufferAppend) == []


async def test_the_call_cuts_over_and_the_old_session_is_closed() -> None:
    async with switching() as call:
        await transferred(call)
        assert call.reasons[-1] == "handoff expert"
        assert call.sessions[0].closed
        assert "why?" in str(call.sessions[1].config.instructions)
        await call.answer("Because.")
        await call.pass_ms(400)
        assert call.conversation[-1] == ("expert", "Because.")
        assert [fact.voice for fact in call.of(facts.HandoffCommitted)] == ["switch"]
        assert len(call.of(facts.HandoffHeard)) == 1


async def test_the_receiver_knows_what_its_policy_lets_it_know() -> None:
    async with switching() as call:
        await transferred(call)
        assert seeds(call)[:2] == ["assistant: Hello.", "user: Why?"]
    async with switching("facts_only") as call:
        await transferred(call)
        assert [line.split()[0] for line in seeds(call)] == ["call", "answer"]
        sent = call.model.sent_of(rt.ConversationItemCreate)[0].item
        assert isinstance(sent, rt.FunctionCallItem)
        assert "secret" not in sent.arguments


async def test_the_way_back_is_in_the_givers_voice() -> None:
    async with switching() as call:
        await transferred(call)
        await call.answer("Because.")
        await call.pass_ms(500)
        await call.says("Thanks.")
        await call.use("return_to_desk", '{"outcome": "known"}')
        assert voice_of(call.model.config) == "hum-1"
        assert call.reasons[-1] == "handoff desk"
        assert [fact.voice for fact in call.of(facts.HandoffCommitted)] == ["switch", "switch"]


async def test_speech_across_the_cut_reaches_the_receiver_whole() -> None:
    async with switching() as call:
        call.undecided = True
        await transferred(call)
        start_ms = call.line.now_ms()
        await call.push(make.caller_says("And hurry.", start_ms=start_ms, end_ms=start_ms)[0])
        await call.pass_ms(300)
        call.current = call.sessions[1]
        await call.accept()
        await call.pass_ms(700)
        assert [fact.voice for fact in call.of(facts.HandoffCommitted)] == ["switch"]
        assert sound_ms(call) >= call.line.now_ms() - start_ms - 40


def make_transfer() -> tuple[rt.Item, bytes]:
    item = rt.FunctionCallItem(id="it", name="transfer_to_expert", arguments=TRANSFER, call_id="fc_1")
    return item, b""


async def test_without_a_standby_the_voice_is_kept_and_the_trace_says_so() -> None:
    async with switching(standbys=0) as call:
        await transferred(call)
        await call.answer("Because.")
        await call.pass_ms(400)
        assert len(call.sessions) == 1
        assert [fact.reason for fact in call.of(facts.StandbyFailed)] == ["no_room"]
        assert [fact.voice for fact in call.of(facts.HandoffCommitted)] == ["keep"]
        span = next(span for span in spans_of(call.session.log.facts) if span["kind"] == "handoff")
        assert span["attributes"]["voice"] == "keep"
        live = next(span for span in call.session.tracer.trace_summary() if span["kind"] == "handoff")
        assert live["attributes"]["standby"] == "no_room"


async def test_a_standby_that_was_lost_is_opened_again() -> None:
    async with switching() as call:
        call.sessions[1].end("connection_lost")
        await call.pass_ms(1_000)
        assert len(call.sessions) == 3
        await transferred(call)
        assert [fact.voice for fact in call.of(facts.HandoffCommitted)] == ["switch"]


async def test_a_standby_that_is_lost_at_the_last_moment_leaves_the_voice_as_it_is() -> None:
    async with switching() as call:
        await call.says("Why?")
        call.sessions[1].end("connection_lost")
        await call.use("transfer_to_expert", TRANSFER)
        assert [fact.reason for fact in call.of(facts.StandbyFailed)] == ["connection_lost"]
        assert [fact.voice for fact in call.of(facts.HandoffCommitted)] == ["keep"]


async def test_a_standby_that_cannot_be_opened_says_why() -> None:
    call = switching()
    async with call:
        call.fail(*[ModelUnavailable("server_error") for _ in range(50)])
        call.sessions[1].end("connection_lost")
        await call.pass_ms(1_000)
        await transferred(call)
        assert [fact.reason for fact in call.of(facts.StandbyFailed)] == ["server_error"]


async def test_the_allowance_is_given_back_when_the_call_ends() -> None:
    allowance = Allowance(1)
    async with ScriptedCall(team(), standbys=allowance) as call:
        assert allowance.taken == 1
        await transferred(call)
    assert allowance.taken == 0
    assert all(session.closed for session in call.sessions)


async def test_more_calls_than_standbys_share_what_there_is() -> None:
    allowance = Allowance(1)
    async with ScriptedCall(team(), standbys=allowance), ScriptedCall(team(), standbys=allowance) as second:
        assert allowance.taken == 1
        await transferred(second)
        assert [fact.reason for fact in second.of(facts.StandbyFailed)] == ["no_room"]


async def test_the_same_voice_needs_no_standby() -> None:
    async with ScriptedCall(team(voice="hum-1")) as call:
        assert len(call.sessions) == 1
        await transferred(call)
        assert [fact.voice for fact in call.of(facts.HandoffCommitted)] == ["keep"]
        assert not call.of(facts.StandbyFailed)


async def test_a_model_lost_after_the_switch_comes_back_in_the_switched_voice() -> None:
    async with switching() as call:
        await transferred(call)
        await call.answer("Because.")
        await call.pass_ms(500)
        before = len(call.sessions)
        call.sessions[1].end("connection_lost")
        await call.clock.settle()
        call.current = next(one for one in call.sessions[before:] if voice_of(one.config) == "hum-2")
        assert "user: Why?" in seeds(call)
        await call.pass_ms(200)
        assert texts(call)[-1] == "Because."


async def test_the_engine_speaks_in_two_voices_on_one_call() -> None:
    answers = say("Hello."), use("transfer_to_expert", TRANSFER), say("Because.")
    async with CallDesk(team(), *answers) as call:
        await call.say("Why?")
        assert [voice for _, voice, _ in call.engine.voice.spoken] == ["hum-1", "hum-2"]
        assert Said("user", "Why?") in call.engine.mind.thoughts[-1].history
        assert not call.of(facts.ModelError)
        assert [spoke.agent for spoke in call.of(facts.AgentSpoke)] == ["desk", "expert"]
        assert [fact.gap_ms < 100 for fact in call.of(facts.HandoffHeard)] == [True]


async def test_a_reply_of_the_giver_is_heard_to_its_end_before_the_receiver() -> None:
    async with switching() as call:
        await call.says("Why?")
        await call.push(*call.reply(speech("Let me ask.", 1_000), make_transfer()))
        await call.pass_ms(100)
        assert call.reasons[-1] == "handoff expert"
        await call.answer("Because.", 300)
        await call.pass_ms(2_000)
        assert texts(call) == ["Hello.", "Let me ask.", "Because."]
        assert "assistant: Let me ask." in seeds(call)


async def test_a_model_lost_while_the_standby_is_made_ready_leaves_one_session() -> None:
    async with switching() as call:
        call.undecided = True
        await transferred(call)
        call.current = call.sessions[1]
        call.fail(*[ModelUnavailable("server_error") for _ in range(2)])
        call.sessions[0].end("connection_lost")
        await call.clock.settle()
        await call.accept()
        await call.pass_ms(1_000)
        assert call.reasons[-1] == "handoff expert"
        await call.answer("Because.")
        await call.pass_ms(500)
        assert call.conversation[-1] == ("expert", "Because.")
        assert [fact.verdict for fact in call.of(facts.ModelRestored)] == ["restored"]
        assert not call.sessions[1].closed


async def test_a_standby_that_is_refused_again_and_again_leaves_no_session() -> None:
    call = ScriptedCall(team())

    def is_for_a_standby(event: rt.ClientEvent) -> bool:
        return isinstance(event, rt.SessionUpdate) and str(event.session.instructions).startswith("You are the expert.")

    call.model_rules.insert(0, Rule(is_for_a_standby, lambda event: [make.error("invalid_value", event.event_id)]))
    async with call:
        await call.pass_ms(20_000)
        assert len(call.sessions) > 2
        assert len([session for session in call.sessions if not session.closed]) == 1


async def test_a_giver_who_lost_its_session_leaves_nothing_to_say_in_the_receivers_voice() -> None:
    async with ScriptedCall(team(), standbys=Allowance(8), opened=False) as call:
        call.current = call.sessions[0]
        call.fail(*[ModelUnavailable("away") for _ in range(6)])
        await call.lose()
        moved = asyncio.ensure_future(call.session.transfer("expert", brief={"question": "why?"}, by="supervisor"))
        await call.pass_ms(1_500)
        call.current = None
        assert await moved
        assert call.reasons == ["opener desk", "handoff expert"]
