"""Calls in which more happens than words and tools, held again: sessions change, sounds are no turns, people decide."""

import asyncio
from dataclasses import replace

import pytest
from agents import GuardrailFunctionOutput, OutputGuardrail

from huntgroup.calls.ports import Profile
from huntgroup.calls.succession.standbys import Allowance
from huntgroup.domain import facts
from huntgroup.domain.errors import ModelUnavailable
from huntgroup.domain.facts import Fact
from huntgroup.teams import BargeInPolicy, GuardPolicy, Late, Team
from huntgroup.testing import scripted_events as make
from huntgroup.testing.recorded_model import RecordedModel
from huntgroup.testing.replay import NotReplayable, Replayed, clock_of, replay
from huntgroup.wire import realtime as rt
from tests.calls.broken import HummedPhrases, sound_ms
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.talker import STORY, Talker
from tests.calls.teams import TEAM, desk, expert
from tests.calls.test_approvals import team as paying
from tests.calls.test_late_results import gated, team_with
from tests.calls.test_voice_switch import team as switching
from tests.calls.test_voice_switch import transferred

TRANSCRIBED = rt.ConversationItemInputAudioTranscriptionCompleted
LISTENS_BACK_MS = 20_000
"""Longer than the caller's sound is kept for another session."""
PROFILE = Profile(name="scripted", model="scripted")


async def again(recorded: tuple[Fact, ...], team: Team = TEAM) -> Replayed:
    return await replay(recorded, team, RecordedModel(recorded, PROFILE), clock_of(recorded))


def told(replayed: Replayed, *kinds: str) -> list[str]:
    return [step.what for step in replayed.came if step.kind in kinds]


async def says(call: ScriptedCall, text: str) -> None:
    """A turn of half a second that the present session tells when it is over."""
    await call.pass_ms(40)
    start_ms = sound_ms(call)
    await call.pass_ms(500)
    await call.push(*make.caller_says(text, start_ms=start_ms, end_ms=sound_ms(call)))


# -- sessions --------------------------------------------------------------------------------------------------------


async def to_and_fro(call: ScriptedCall) -> None:
    """The call goes to the expert and back, each in a voice of its own, and goes on."""
    await transferred(call)
    await call.answer("Because.")
    await call.pass_ms(500)
    await says(call, "Thanks.")
    await call.use("return_to_desk", '{"outcome": "known"}')
    await call.answer("Anything else?")
    await call.pass_ms(500)
    await says(call, "No.")
    await call.answer("Goodbye then.")
    await call.pass_ms(500)


async def test_a_call_in_two_voices_is_the_same_again() -> None:
    async with ScriptedCall(switching()) as call:
        await to_and_fro(call)
    replayed = await again(call.session.log.facts, switching())
    assert replayed.difference is None
    assert [what.count("voice switch") for what in told(replayed, "HandoffCommitted")] == [1, 1]
    assert told(replayed, "AgentSpoke") == ["Hello.", "Because.", "Anything else?", "Goodbye then."]


async def test_a_turn_after_a_switch_stands_where_it_was_spoken() -> None:
    async with ScriptedCall(switching()) as call:
        await to_and_fro(call)
    replayed = await again(call.session.log.facts, switching())
    spoken = [fact for fact in replayed.facts if isinstance(fact, facts.CallerSpoke)]
    heard = [fact for fact in replayed.facts if isinstance(fact, facts.AgentSpoke)]
    assert len(spoken) == 3
    assert all((one.end_ms or 0) <= other.start_ms for one, other in zip(heard[:3], spoken, strict=True))


async def test_an_edge_that_keeps_the_voice_today_is_the_first_difference() -> None:
    async with ScriptedCall(switching()) as call:
        await to_and_fro(call)
    kept = replace(switching(), edges=[replace(edge, voice="keep") for edge in switching().edges])
    difference = (await again(call.session.log.facts, kept)).difference
    assert difference is not None
    assert difference.came is not None
    assert (difference.came.kind, "voice keep" in difference.came.what) == ("HandoffCommitted", True)


async def test_a_voice_that_had_to_stay_stays_again() -> None:
    async with ScriptedCall(switching(), standbys=Allowance(0)) as call:
        await to_and_fro(call)
    replayed = await again(call.session.log.facts, switching())
    assert replayed.difference is None
    assert [what.count("voice keep") for what in told(replayed, "HandoffCommitted")] == [1, 1]


# -- a model that is lost --------------------------------------------------------------------------------------------


async def broken_reply(call: ScriptedCall) -> None:
    """The model is lost when half of its reply was made; the agent says the rest."""
    await says(call, "When are you open?")
    whole = call.reply(speech("We open at nine and we close at six in the evening.", 1_000))
    made = next(at for at, event in enumerate(whole) if isinstance(event, rt.ResponseOutputAudioDone))
    await call.push(*whole[:made])
    await call.pass_ms(400)


async def test_a_reply_that_broke_breaks_again_and_goes_on() -> None:
    async with ScriptedCall() as call:
        await broken_reply(call)
        await call.lose()
        await call.pass_ms(1_500)
        await call.answer("And we close at six.", 600)
        await call.pass_ms(1_000)
        await says(call, "Thanks.")
        await call.answer("Goodbye.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "AgentSpoke") == ["Hello.", "We open at nine —", "And we close at six.", "Goodbye."]
    assert told(replayed, "ModelRestored") == ["restored"]


async def test_an_outage_with_phrases_of_the_house_is_the_same_again() -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await says(call, "When are you open?")
        call.fail(*[ModelUnavailable("server_error")] * 4)
        await call.lose()
        await call.pass_ms(4_000)
        await call.answer("At nine.")
        await call.pass_ms(500)
    assert "One moment, please." in [fact.text for fact in call.of(facts.AgentSpoke)]
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "AgentSpoke") == ["Hello.", "At nine."]


async def test_a_model_that_never_comes_back_ends_the_call_again() -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        call.fail(ModelUnavailable("server_error"), ModelUnavailable("invalid_key", retryable=False))
        await call.lose()
        await call.over()
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "ModelRestored", "CallEnded") == ["lost", "model_lost"]


async def test_a_server_that_did_not_answer_at_the_start_is_waited_for_again() -> None:
    down = [ModelUnavailable("server_error"), ModelUnavailable("server_error")]
    async with ScriptedCall(failures=down, opened=False) as call:
        await call.pass_ms(3_000)
        await call.answer("Hello.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "ModelLost", "AgentSpoke") == ["server_error", "Hello."]


async def test_a_model_lost_in_the_middle_of_a_handoff_is_lost_there_again() -> None:
    async with ScriptedCall() as call:
        await says(call, "Why?")
        call.undecided = True
        await call.push(*call.reply(tool_call("transfer_to_expert", '{"question": "why?"}')))
        await call.pass_ms(400)
        call.undecided = False
        await call.lose()
        await call.pass_ms(200)
        await call.answer("I can answer that myself.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "HandoffRolledBack", "ModelRestored") == ["desk > expert: model_lost", "restored"]


async def test_a_call_that_ended_without_a_model_while_it_said_goodbye_ends_so_again() -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await says(call, "Bye.")
        await call.use("goodbye")
        await call.answer("Goodbye, and thank you for calling.", 2_000)
        await call.pass_ms(500)
        call.fail(*[ModelUnavailable("server_error")] * 20)
        await call.lose()
        assert await call.over() == "agent_hung_up"
    assert not call.of(facts.ModelRestored)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "ModelLost", "CallEnded") == ["connection_lost", "agent_hung_up"]


@pytest.mark.parametrize("answers", [False, True])
async def test_a_model_whose_replies_fail_again_and_again_is_given_up_again(answers: bool) -> None:
    async with ScriptedCall(phrases=HummedPhrases()) as call:
        await says(call, "When are you open?")
        await call.pass_ms(33_000)
        if answers:
            await call.answer("At nine.")
            await call.pass_ms(500)
        else:
            await call.over()
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "ModelLost", "ModelRestored") == (
        ["failing", "restored"] if answers else ["failing", "restored", "failing", "lost"]
    )


async def test_a_turn_whose_words_were_lost_with_the_session_is_lost_again() -> None:
    async with ScriptedCall() as call:
        await call.pass_ms(400)
        start_ms = sound_ms(call)
        await call.pass_ms(500)
        spoken = make.caller_says("Why?", start_ms=start_ms, end_ms=sound_ms(call))
        await call.push(*(event for event in spoken if not isinstance(event, TRANSCRIBED)))
        await call.pass_ms(LISTENS_BACK_MS)
        await call.lose()
        await call.pass_ms(200)
        await call.answer("Sorry, what did you say?")
        await call.pass_ms(500)
    assert [spoke.text for spoke in call.of(facts.CallerSpoke)] == [""]
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "ModelRestored") == ["partial"]


# -- what a caller does by hand --------------------------------------------------------------------------------------


async def test_a_stop_by_hand_stops_the_same_words_again() -> None:
    async with ScriptedCall() as call:
        await says(call, "Tell me.")
        await call.answer("This is a long story of ours, and it goes on for a while.", 4_000)
        await call.pass_ms(1_500)
        call.session.interrupt()
        await call.pass_ms(600)
        call.session.say("Something shorter, please.")
        await call.pass_ms(100)
        await call.answer("As you wish.")
        await call.pass_ms(500)
    recorded = call.session.log.facts
    assert [cut.cause for cut in call.of(facts.Interrupted)] == ["by_hand"]
    replayed = await again(recorded)
    assert replayed.difference is None
    assert [fact.cause for fact in replayed.facts if isinstance(fact, facts.Interrupted)] == ["by_hand"]
    assert [fact.how for fact in replayed.facts if isinstance(fact, facts.CallerSpoke)] == ["spoken", "typed"]


async def test_an_agent_chosen_in_the_menu_is_handed_the_call_again() -> None:
    async with ScriptedCall() as call:
        await says(call, "Hello.")
        await call.answer("What can I do for you?")
        await call.pass_ms(500)
        moving = asyncio.ensure_future(call.session.transfer("expert", by="menu"))
        await call.pass_ms(100)
        await call.answer("I am the expert.")
        await call.pass_ms(500)
        assert await moving
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "HandoffProposed") == ["desk > expert by menu"]


# -- sounds that are no turn -----------------------------------------------------------------------------------------


async def test_a_sign_of_listening_is_passed_over_again() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(400)
        await call.understood("Uh-huh.")
        await call.pass_ms(4_500)
        await says(call, "Thanks.")
        await call.answer("Goodbye.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "SpeechIgnored", "AgentSpoke") == ["Hello.", STORY, "backchannel: Uh-huh.", "Goodbye."]


async def test_a_cough_and_a_real_interruption_of_one_reply_are_the_same_again() -> None:
    async with Talker() as call:
        await call.talk()
        await call.utter(900)
        await call.understood("")
        await call.pass_ms(800)
        await call.utter(400)
        await call.understood("Stop.")
        await call.pass_ms(300)
        await call.answer("Yes?")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "SpeechIgnored") == ["noise: "]
    assert told(replayed, "CallerSpoke") == ["Tell me.", "Stop."]
    assert "AgentPaused" in {type(fact).__name__ for fact in replayed.facts}


async def test_a_reply_of_two_paces_is_interrupted_at_the_same_word() -> None:
    async with Talker() as call:
        await call.says("Tell me.")
        await call.push(*call.reply(speech(STORY, 4_000), speech("And more.", 3_000)))
        await call.pass_ms(500)
        await call.utter(900)
        await call.understood("")
        await call.utter(400)
        await call.understood("Stop.")
        await call.pass_ms(300)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "SpeechIgnored") == ["noise: "]


async def test_a_sign_of_listening_that_is_a_turn_today_is_the_first_difference() -> None:
    knows = replace(TEAM, barge_in=BargeInPolicy(backchannels=("the blue one",)))
    async with Talker(knows) as call:
        await call.talk()
        await call.utter(400)
        await call.understood("The blue one.")
        await call.pass_ms(4_500)
    assert (await again(call.session.log.facts, knows)).difference is None
    difference = (await again(call.session.log.facts)).difference
    assert difference is not None
    assert difference.expected is not None
    assert difference.expected.kind in ("AgentSpoke", "SpeechIgnored")


# -- people who decide -----------------------------------------------------------------------------------------------


async def paid(call: ScriptedCall, name: str, words: str) -> str:
    await says(call, "Do it.")
    await call.use(name)
    await call.answer(words)
    await call.pass_ms(600)
    return call.session.approvals[0].tool_call_id


async def test_a_caller_approves_by_key_again() -> None:
    async with ScriptedCall(paying()) as call:
        await paid(call, "pay", "Press 1 to pay, 2 to leave it.")
        call.line.press("1")
        await call.pass_ms(100)
        await call.answer("It is paid.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts, paying())
    assert replayed.difference is None
    assert told(replayed, "ApprovalAsked", "ApprovalGiven") == ["pay by caller", "pay approved by caller (key)"]


@pytest.mark.parametrize("approved", [True, False])
async def test_a_supervisor_decides_again(approved: bool) -> None:
    async with ScriptedCall(paying()) as call:
        waiting = await paid(call, "refund", "I need a colleague's approval for that. One moment, please.")
        decide = call.session.approve if approved else call.session.reject
        decide(waiting, by="Ada")
        await call.pass_ms(100)
        await call.answer("So be it.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts, paying())
    assert replayed.difference is None
    verb = "approved" if approved else "refused"
    assert told(replayed, "ApprovalGiven") == [f"refund {verb} by Ada (supervisor)"]


async def test_an_approval_that_nobody_gave_times_out_again() -> None:
    async with ScriptedCall(paying()) as call:
        await paid(call, "refund", "I need a colleague's approval for that. One moment, please.")
        await call.pass_ms(5_100)
        await call.answer("Nobody is there.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts, paying())
    assert replayed.difference is None
    assert told(replayed, "ApprovalGiven") == ["refund refused by nobody (deadline)"]


async def test_an_approval_that_nobody_asks_for_today_is_the_first_difference() -> None:
    async with ScriptedCall(paying()) as call:
        await paid(call, "pay", "Press 1 to pay, 2 to leave it.")
        call.line.press("1")
        await call.pass_ms(100)
    trusting = paying()
    first = replace(
        trusting.agents[0], tools=[replace(each, needs_approval=False) for each in trusting.agents[0].tools]
    )
    difference = (await again(call.session.log.facts, replace(trusting, agents=[first, expert]))).difference
    assert difference is not None
    assert difference.expected is not None
    assert difference.expected.kind == "ApprovalAsked"


async def test_a_supervisors_transfer_happens_again_while_the_giver_speaks() -> None:
    async with ScriptedCall() as call:
        await says(call, "Tell me.")
        await call.answer("This is a long story of ours.", 2_000)
        await call.pass_ms(600)
        moving = asyncio.ensure_future(call.session.transfer("expert", brief={"question": "why?"}, by="supervisor"))
        await call.pass_ms(100)
        await call.answer("I am the expert.")
        await call.pass_ms(2_500)
        assert await moving
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "HandoffProposed") == ["desk > expert by supervisor"]
    assert told(replayed, "AgentSpoke")[-1] == "I am the expert."


# -- tools and guardrails --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", ["deliver", "brief", "drop"])
async def test_a_result_that_came_late_comes_late_again(late: Late) -> None:
    opened = asyncio.Event()
    team = team_with(gated(late, opened))
    async with ScriptedCall(team) as call:
        await says(call, "Why?")
        await call.push(*call.reply(tool_call("lookup"), tool_call("transfer_to_expert", '{"question": "why?"}')))
        await call.answer("Because.")
        await call.pass_ms(400)
        opened.set()
        await call.pass_ms(60)
    replayed = await again(call.session.log.facts, team)
    assert replayed.difference is None
    assert [what.split(":")[0] for what in told(replayed, "LateResult")] == [f"lookup {late}"]


async def test_a_guardrail_that_fails_fails_again_and_one_that_does_not_is_the_first_difference() -> None:
    async def broken(_: object, __: object, text: object) -> GuardrailFunctionOutput:
        if "tea" in str(text):
            raise RuntimeError("no verdict")
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)

    policies = {"broken": GuardPolicy(failure="fail_open")}
    checked = replace(desk, output_guardrails=[OutputGuardrail(broken, name="broken")], guard_policies=policies)
    guarded = replace(TEAM, agents=[checked, expert])
    async with ScriptedCall(guarded) as call:
        await says(call, "What is there?")
        await call.answer("There is tea for all of you.", 1_000)
        await call.pass_ms(1_500)
    recorded = call.session.log.facts
    replayed = await again(recorded, guarded)
    assert replayed.difference is None
    assert [what.split()[0] for what in told(replayed, "GuardrailFailed")] == ["broken"]
    assert (await again(recorded)).difference is not None


@pytest.mark.parametrize("reason", ["invalid_value", "deadline"])
async def test_a_handoff_that_the_server_did_not_accept_is_not_accepted_again(reason: str) -> None:
    async with ScriptedCall() as call:
        await says(call, "Why?")
        call.undecided = True
        await call.use("transfer_to_expert", '{"question": "why?"}')
        if reason == "deadline":
            await call.pass_ms(6_000)
        else:
            await call.refuse(reason)
        await call.answer("I can answer that myself.")
        await call.pass_ms(500)
    replayed = await again(call.session.log.facts)
    assert replayed.difference is None
    assert told(replayed, "HandoffRolledBack") == [f"desk > expert: {reason}"]


# -- what cannot be held again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (facts.CallMoved, {"reason": "draining"}),
        (facts.CallResumed, {"process": "p", "epoch": 2, "reason": "moved", "gap_ms": 1, "model": "m"}),
    ],
)
async def test_a_call_of_two_processes_is_refused_with_the_reason(kind: type[Fact], fields: dict[str, object]) -> None:
    async with ScriptedCall() as call:
        pass
    *before, ended = call.session.log.facts
    moved = kind(call_id=ended.call_id, seq=ended.seq, t_ms=ended.t_ms, **fields)
    with pytest.raises(NotReplayable, match="from one process to another"):
        await again((*before, moved, replace_seq(ended)))


def replace_seq(fact: Fact) -> Fact:
    return facts.decode_fact(facts.encode_fact(fact).replace(b'"seq":%d' % fact.seq, b'"seq":%d' % (fact.seq + 1)))
