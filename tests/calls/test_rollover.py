"""Before a session reaches its limit another one takes over, and the caller hears nothing of it."""

from dataclasses import replace

from huntgroup.calls.ports import Profile
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.teams import SilencePolicy
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.broken import seeds, sound_ms, texts
from tests.calls.scripted import ScriptedCall, speech
from tests.calls.teams import TEAM

LIMIT_MS = 5_000


def short_lived(limit_ms: int = LIMIT_MS) -> ScriptedCall:
    patient = replace(TEAM, silence=SilencePolicy(reprompt_ms=60_000))
    return ScriptedCall(patient, profile=Profile(name="scripted", model="scripted", session_limit_ms=limit_ms))


async def test_a_session_is_replaced_before_its_limit_with_all_that_was_said() -> None:
    async with short_lived() as call:
        await call.says("My name is Kim.")
        await call.answer("Hello Kim.")
        await call.pass_ms(LIMIT_MS)
        assert len(call.sessions) == 2
        assert seeds(call) == ["assistant: Hello.", "user: My name is Kim.", "assistant: Hello Kim."]
        assert [(fact.quiet, fact.items) for fact in call.of(facts.ModelRolledOver)] == [(True, 3)]
        assert not call.of(facts.ModelLost)


async def test_it_happens_again_and_again() -> None:
    async with short_lived(2_000) as call:
        await call.pass_ms(7_500)
        assert len(call.of(facts.ModelRolledOver)) == 4


async def test_sound_that_is_playing_is_not_broken_by_it() -> None:
    async with short_lived() as call:
        await call.pass_ms(3_000)
        await call.says("Tell me all.")
        await call.answer("A long story.", 4_000)
        await call.pass_ms(5_000)
        assert call.of(facts.ModelRolledOver)[0].t_ms < call.line.sounds[-1].end_ms
        assert call.line.sounds[-1].end_ms - call.line.sounds[-1].start_ms == 4_000
        assert seeds(call)[-1] == "assistant: A long story."


async def test_it_waits_for_the_end_of_a_reply() -> None:
    async with short_lived(10_000) as call:
        await call.pass_ms(7_600)
        await call.says("Tell me all.")
        events = call.reply(speech("All.", 500))
        await call.push(*events[:6])
        await call.pass_ms(700)
        assert not call.of(facts.ModelRolledOver)
        call.sessions[0].push(*events[6:])
        await call.pass_ms(100)
        assert [fact.quiet for fact in call.of(facts.ModelRolledOver)] == [True]


async def test_a_reply_that_never_ends_is_cut_and_goes_on_in_the_next_session() -> None:
    async with short_lived(10_000) as call:
        await call.pass_ms(7_600)
        await call.says("Tell me all.")
        await call.push(*call.reply(speech("Once upon a time there was a man.", 400))[:6])
        await call.pass_ms(LIMIT_MS)
        assert [fact.quiet for fact in call.of(facts.ModelRolledOver)] == [False]
        assert call.reasons[-1] == "resume desk"


async def test_the_callers_sound_goes_on_without_a_hole() -> None:
    async with short_lived() as call:
        await call.pass_ms(4_600)
        fed = sum(len(event.audio) for event in call.sessions[0].sent_of(rt.InputAudioBufferAppend)) // 48
        assert fed + sound_ms(call) >= call.line.now_ms() - 20


async def test_it_waits_while_the_caller_speaks() -> None:
    async with short_lived(10_000) as call:
        await call.pass_ms(7_600)
        now_ms = call.line.now_ms()
        turn = make.caller_says("And now?", start_ms=now_ms, end_ms=now_ms + 400)
        await call.push(turn[0])
        await call.pass_ms(600)
        assert not call.of(facts.ModelRolledOver)
        call.sessions[0].push(*turn[1:])
        await call.clock.settle()
        call.sessions[0].push(*call.reply(speech("Now.")))
        await call.pass_ms(200)
        assert len(call.of(facts.ModelRolledOver)) == 1


async def test_a_server_that_gives_no_second_session_costs_a_recovery_and_no_more() -> None:
    async with short_lived() as call:
        call.fail(*[ModelUnavailable("server_error") for _ in range(3)])
        await call.pass_ms(LIMIT_MS - 300)
        await call.push(make.error("session_expired"))
        await call.lose("session_expired")
        await call.pass_ms(2_000)
        assert not call.of(facts.ModelRolledOver)
        assert [fact.verdict for fact in call.of(facts.ModelRestored)] == ["restored"]
        assert texts(call) == ["Hello."]
