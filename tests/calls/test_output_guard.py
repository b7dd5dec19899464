"""Hold-back on a call: what is let go when, what becomes of a reply that trips, and of a check that does not answer."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from agents import GuardrailFunctionOutput, InputGuardrail, OutputGuardrail

from huntgroup.calls.ports import Profile
from huntgroup.domain import facts
from huntgroup.teams import GuardPolicy, Team
from huntgroup.testing import scripted_events as make
from huntgroup.wire import realtime as rt
from tests.calls.scripted import ScriptedCall, speech, tool_call
from tests.calls.teams import TEAM, desk, expert

# What the resampler keeps until it hears more.
IN_FILTER_MS = 2
LEADS = Profile(name="s", model="s", transcript_lag_ms=0)
Check = Callable[[str], bool | Awaitable[bool]]


def guard(check: Check, name: str = "rule") -> OutputGuardrail[Any]:
    async def late(verdict: Awaitable[bool]) -> GuardrailFunctionOutput:
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered=await verdict)

    def run(context: Any, agent: Any, text: str) -> Any:
        verdict = check(text)
        if isinstance(verdict, bool):
            return GuardrailFunctionOutput(output_info=None, tripwire_triggered=verdict)
        return late(verdict)

    return OutputGuardrail(run, name=name)


def team(*guards: OutputGuardrail[Any], **more: Any) -> Team:
    return replace(TEAM, agents=[replace(desk, output_guardrails=list(guards), **more), expert])


def no_secrets(text: str) -> bool:
    return "secret" in text


class Later:
    """Verdicts that come when the test says so."""

    def __init__(self, call: Callable[[], ScriptedCall], wait_ms: Callable[[str], int], check: Check) -> None:
        self._call, self._wait_ms, self._check = call, wait_ms, check

    async def __call__(self, text: str) -> bool:
        await self._call().clock.sleep_ms(self._wait_ms(text))
        return bool(self._check(text))


def later(wait_ms: Callable[[str], int], check: Check = no_secrets) -> tuple[OutputGuardrail[Any], list[ScriptedCall]]:
    """A guardrail that takes its time on the clock of the call put into the list."""
    calls: list[ScriptedCall] = []
    return guard(Later(lambda: calls[0], wait_ms, check)), calls


class Half:
    """A reply said piece by piece."""

    def __init__(self, call: ScriptedCall) -> None:
        self.call = call
        self.events = call.reply(speech("", 0))
        self.response_id = self.events[0].response.id  # type: ignore[union-attr]
        self.at: dict[str, Any] = {
            "response_id": self.response_id, "item_id": "said", "output_index": 0, "content_index": 0
        }  # fmt: skip

    async def begin(self) -> None:
        await self.call.push(self.events[0])

    async def words(self, text: str) -> None:
        await self.call.push(rt.ResponseOutputAudioTranscriptDelta(**self.at, delta=text))

    async def sound(self, ms: int) -> None:
        await self.call.push(rt.ResponseOutputAudioDelta(**self.at, delta=b"\x10\x10" * 24 * ms))

    async def done(self, text: str, status: str = "completed") -> None:
        await self.call.push(
            rt.ResponseOutputAudioDone(**self.at),
            rt.ResponseOutputAudioTranscriptDone(**self.at, transcript=text),
            rt.ResponseDone(response=rt.Response(id=self.response_id, status=status, output=[])),
        )


async def begun(call: ScriptedCall) -> Half:
    await call.says("Tell me.")
    half = Half(call)
    await half.begin()
    return half


# -- let go ----------------------------------------------------------------------------------------------------------


async def test_the_first_sentence_is_heard_while_the_second_is_not_checked() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        before_ms = call.heard_ms
        half = await begun(call)
        await half.words("Well then.")
        await half.sound(200)
        await half.words(" The sec")
        await half.sound(200)
        await call.pass_ms(600)
        assert call.heard_ms - before_ms == 200 - IN_FILTER_MS
        await half.words("ret is out.")
        await call.pass_ms(400)
        assert call.heard_ms - before_ms == 200 - IN_FILTER_MS
        assert call.of(facts.GuardrailTripped)[0].heard_ms == 200
        await half.done("", "cancelled")
        assert call.reasons[-1] == "guardrail desk"


async def test_a_reply_whose_words_lead_is_heard_with_its_first_chunk() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        half = await begun(call)
        await half.words("Well then.")
        await half.sound(100)
        await call.pass_ms(100)
        assert call.heard_ms == 200 + 100 - IN_FILTER_MS
        await half.sound(100)
        await half.done("Well then.")
        await call.pass_ms(300)
        checked = call.of(facts.GuardrailChecked)[-1]
        assert (checked.mode, checked.checks, checked.waited_ms, checked.tripped) == ("hold_back", 1, 0, False)


async def test_a_slow_check_costs_its_time_once_and_is_told() -> None:
    rule, calls = later(lambda text: 300)
    call = ScriptedCall(team(rule), profile=LEADS)
    calls.append(call)
    async with call:
        await call.pass_ms(600)
        half = await begun(call)
        await half.words("Well then. Next one.")
        await half.sound(400)
        await half.done("Well then. Next one.")
        await call.pass_ms(900)
        checked = call.of(facts.GuardrailChecked)[-1]
        assert checked.waited_ms == checked.took_ms == 300
        assert call.conversation[-1] == ("desk", "Well then. Next one.")


async def test_a_reply_of_one_word_is_checked() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        await call.says("Tell me.")
        before_ms = call.heard_ms
        await call.answer("secret", 400)
        await call.pass_ms(600)
        assert call.heard_ms == before_ms
        assert [trip.heard_ms for trip in call.of(facts.GuardrailTripped)] == [0]


async def test_a_reply_behind_a_held_one_waits_for_it() -> None:
    rule, calls = later(lambda text: 500)
    call = ScriptedCall(team(rule), profile=LEADS)
    calls.append(call)
    async with call:
        await call.pass_ms(900)
        await call.says("Tell me.")
        await call.push(*call.reply(speech("First.", 200), tool_call("look", '{"what": "x"}')))
        await call.pass_ms(100)
        await call.answer("Second.", 200)
        await call.pass_ms(1_500)
        assert [text for _, text in call.conversation[1:]] == ["First.", "Second."]


# -- stopped ---------------------------------------------------------------------------------------------------------


async def test_verdicts_apply_in_the_order_of_the_words() -> None:
    """A first check that is slow and trips is not overtaken by a second one that would let all go."""
    rule, calls = later(lambda text: 400 if text == "One." else 20, lambda text: text == "One.")
    call = ScriptedCall(team(rule), profile=LEADS)
    calls.append(call)
    async with call:
        await call.pass_ms(600)
        before_ms = call.heard_ms
        half = await begun(call)
        for text in ("One.", " Two."):
            await half.words(text)
            await half.sound(100)
        await call.pass_ms(700)
        assert call.heard_ms == before_ms
        assert call.of(facts.GuardrailTripped)[0].heard_ms == 0


async def test_the_model_remembers_what_was_heard_of_a_reply_that_tripped() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        half = await begun(call)
        await half.words("Well then.")
        await half.sound(400)
        await call.pass_ms(200)
        await half.words(" The secret.")
        spoke = call.of(facts.AgentSpoke)[-1]
        cut = call.model.sent_of(rt.ConversationItemTruncate)[-1]
        assert (cut.item_id, cut.audio_end_ms) == ("said", spoke.heard_ms) == ("said", 200)
        assert [cancel.response_id for cancel in call.model.sent_of(rt.ResponseCancel)] == [half.response_id]
        assert not call.of(facts.Interrupted)


async def test_what_was_said_before_is_not_cut_by_a_reply_that_trips_behind_it() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        await call.says("Tell me.")
        await call.push(*call.reply(speech("Let me look it up.", 1_000), tool_call("look", '{"what": "x"}')))
        await call.pass_ms(100)
        await call.answer("The secret.", 500)
        await call.pass_ms(1_500)
        assert call.conversation[-1] == ("desk", "Let me look it up.")
        assert len(call.of(facts.GuardrailTripped)) == 1


async def test_words_without_sound_are_taken_from_the_models_memory() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        half = await begun(call)
        await half.words("The secret.")
        assert [delete.item_id for delete in call.model.sent_of(rt.ConversationItemDelete)] == ["said"]


async def test_a_caller_who_speaks_over_a_held_reply_does_not_hear_it_afterwards() -> None:
    rule, calls = later(lambda text: 1_000)
    call = ScriptedCall(team(rule), profile=LEADS)
    calls.append(call)
    async with call:
        await call.pass_ms(1_500)
        await call.says("Tell me.")
        heard_ms = call.heard_ms
        await call.answer("Never mind.", 400)
        await call.push(make.caller_says("Wait")[0])
        await call.pass_ms(2_500)
        assert call.heard_ms == heard_ms
        assert call.model.sent_of(rt.ConversationItemTruncate)[-1].audio_end_ms == 0


async def test_an_agent_does_not_apologise_for_ever() -> None:
    async with ScriptedCall(team(guard(lambda text: text != "Hello.")), profile=LEADS) as call:
        await call.says("Tell me.")
        for _ in range(6):
            if len(call.asks) > len(call.of(facts.GuardrailChecked)):
                await call.answer("Sorry, no.")
        assert call.reasons[1:] == ["turn desk", "guardrail desk", "guardrail desk"]


async def test_a_tool_that_writes_is_not_run_by_a_reply_that_trips() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        call.session.context.claims.grant("verified", "p1")
        await call.says("Tell me.")
        await call.push(*call.reply(tool_call("write", '{"what": "x"}'), speech("The secret.")))
        await call.pass_ms(100)
        assert [answer.error for answer in call.of(facts.ToolAnswered)] == ["retracted"]
        assert call.reasons[2:] == ["guardrail desk"]


async def test_a_receiver_is_held_back_by_its_handoff_and_by_its_guardrails() -> None:
    guarded = replace(TEAM, agents=[desk, replace(expert, output_guardrails=[guard(no_secrets)])])
    async with ScriptedCall(guarded, profile=LEADS) as call:
        await call.says("Why?")
        call.undecided = True
        await call.use("transfer_to_expert", '{"question": "why?"}')
        await call.answer("The secret.", 300)
        await call.accept()
        await call.answer("I'm sorry.", 100)
        await call.pass_ms(600)
        assert [agent for agent, _ in call.conversation] == ["desk", "expert"]
        assert call.conversation[-1] == ("expert", "I'm sorry.")
        assert len(call.of(facts.HandoffHeard)) == 1


# -- no verdict ------------------------------------------------------------------------------------------------------


async def _endless(text: str) -> bool:
    import asyncio

    await asyncio.Event().wait()
    return False


async def _gives_up(text: str) -> bool:
    raise TimeoutError


def _raises(text: str) -> bool:
    raise ValueError("the caller's secret 555-0142")


@pytest.mark.parametrize(("check", "reason"), [(_raises, "raised"), (_gives_up, "raised"), (_endless, "timed_out")])
async def test_a_check_without_a_verdict_withholds_the_reply(check: Check, reason: str) -> None:
    async with ScriptedCall(team(guard(check)), profile=LEADS) as call:
        await call.pass_ms(3_000)
        failed = call.of(facts.GuardrailFailed)[0]
        assert (failed.reason, failed.policy, failed.stage) == (reason, "fail_closed", "output")
        assert call.heard_ms == 0
        assert "guardrail desk" in call.reasons


@pytest.mark.parametrize("check", [_raises, _endless])
async def test_or_lets_it_through_where_the_team_says_so(check: Check) -> None:
    policies = {"rule": GuardPolicy(failure="fail_open", deadline_ms=200)}
    async with ScriptedCall(team(guard(check), guard_policies=policies), profile=LEADS) as call:
        await call.pass_ms(600)
        assert call.conversation == [("desk", "Hello.")]
        assert call.of(facts.GuardrailFailed)[0].policy == "fail_open"


async def test_sound_without_a_transcript_is_withheld() -> None:
    async with ScriptedCall(team(guard(no_secrets)), profile=LEADS) as call:
        half = await begun(call)
        heard_ms = call.heard_ms
        await half.sound(400)
        await half.done("")
        await call.pass_ms(600)
        assert call.heard_ms == heard_ms
        assert call.of(facts.GuardrailFailed)[0].reason == "no_transcript"


async def test_what_a_failed_reply_did_not_prove_is_dropped() -> None:
    lagging = replace(LEADS, transcript_lag_ms=200)
    async with ScriptedCall(team(guard(no_secrets)), profile=lagging) as call:
        half = await begun(call)
        heard_ms = call.heard_ms
        await half.words("Well then.")
        await half.sound(100)
        await half.sound(200)
        await call.push(rt.ResponseDone(response=rt.Response(id=half.response_id, status="incomplete", output=[])))
        await call.pass_ms(600)
        assert call.heard_ms - heard_ms == 100
        spoke = call.of(facts.AgentSpoke)[-1]
        assert (spoke.heard_ms, spoke.generated_ms, spoke.interrupted) == (100, 300, True)
        assert call.model.sent_of(rt.ConversationItemTruncate)[-1].audio_end_ms == 100


TRANSFER = tool_call("transfer_to_expert", '{"question": "why?"}')


@pytest.mark.parametrize("opener", [{}, {"opener": "bridge", "phrase": "A moment."}])
async def test_a_transfer_of_a_reply_that_trips_does_not_happen(opener: dict[str, Any]) -> None:
    rule, calls = later(lambda text: 200)
    guarded = team(rule)
    call = ScriptedCall(replace(guarded, edges=[replace(TEAM.edges[0], **opener)]), profile=LEADS)
    calls.append(call)
    async with call:
        await call.says("Why?")
        await call.push(*call.reply(speech("The secret is out."), TRANSFER))
        await call.pass_ms(160)
        assert call.reasons[-1] == "turn desk"
        await call.pass_ms(400)
        assert not call.of(facts.HandoffCommitted)
        assert [rolled.reason for rolled in call.of(facts.HandoffRolledBack)] == ["retracted"]
        assert [answer.error for answer in call.of(facts.ToolAnswered)] == ["retracted"]
        assert call.reasons[2:] == ["guardrail desk"]


async def test_a_transfer_of_a_turn_that_trips_does_not_happen() -> None:
    async def rude(context: Any, agent: Any, text: Any) -> GuardrailFunctionOutput:
        await calls[0].clock.sleep_ms(200)
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered="rude" in str(text))

    careful = replace(desk, input_guardrails=[InputGuardrail(rude, name="no_rudeness")])
    call = ScriptedCall(replace(TEAM, agents=[careful, expert]))
    calls = [call]
    async with call:
        await call.says("Something rude.")
        await call.push(*call.reply(TRANSFER))
        await call.pass_ms(400)
        assert not call.of(facts.HandoffCommitted)
        assert call.reasons[2:] == ["guardrail desk"]


async def tripped_receiver(call: ScriptedCall) -> None:
    """A receiver that is put in place says what it must not, before the server has decided on it."""
    await call.says("Why?")
    call.undecided = True
    await call.push(*call.reply(TRANSFER))
    await call.answer("The secret is out.")
    assert call.of(facts.GuardrailTripped)[-1].agent == "expert"
    assert call.reasons[2:] == ["handoff expert"]


def office_of_two() -> Team:
    careful = replace(expert, output_guardrails=[guard(no_secrets)], refusal="The expert cannot say that.")
    return replace(TEAM, agents=[replace(desk, refusal="The desk cannot say that."), careful])


async def test_a_receiver_that_trips_before_it_has_the_call_refuses_itself_once_it_has_it() -> None:
    async with ScriptedCall(office_of_two(), profile=LEADS) as call:
        await tripped_receiver(call)
        await call.accept()
        assert call.reasons[3:] == ["guardrail expert"]
        assert "The expert cannot say that." in call.asks[-1].response.instructions  # type: ignore[union-attr,operator]


async def test_nobody_refuses_for_a_receiver_that_tripped_and_did_not_get_the_call() -> None:
    async with ScriptedCall(office_of_two(), profile=LEADS) as call:
        await tripped_receiver(call)
        await call.refuse()
        assert call.reasons[3:] == ["rollback desk"]
        await call.answer("I'll help you myself.")
        await call.pass_ms(500)
        assert call.reasons[4:] == []
        assert call.conversation[1:] == [("desk", "I'll help you myself.")]
