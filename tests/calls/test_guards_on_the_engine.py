"""Guardrails against the engine's own protocol session: it takes every command, and its order proves what is let go."""

from dataclasses import replace
from typing import Any

from agents import GuardrailFunctionOutput, InputGuardrail, OutputGuardrail

from huntgroup.domain import facts
from huntgroup.engine.ports import Said
from huntgroup.teams import Team, VoiceAgent
from tests.calls.conftest import Dial
from tests.calls.desk import say
from tests.calls.teams import TEAM, desk, expert


def no_secrets(context: Any, agent: Any, text: Any) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered="secret" in str(text))


def team(**more: Any) -> Team:
    careful: VoiceAgent = replace(desk, **more)
    return replace(TEAM, agents=[careful, expert])


GUARDED = team(output_guardrails=[OutputGuardrail(no_secrets)])


async def test_a_reply_that_trips_is_not_heard_and_something_else_is_said(dial: Dial) -> None:
    both = [*say("You may come at nine."), *say("The secret is out.")]
    async with dial(GUARDED, say("Hello."), both, say(desk.refusal), say("Gladly.")) as call:
        await call.say("Tell me.")
        await call.say("Then something else.")
        heard = [(spoke.text, spoke.heard_text) for spoke in call.of(facts.AgentSpoke)]
        assert all("secret" not in heard_text for _, heard_text in heard)
        assert [text for text, _ in heard[2:]] == [desk.refusal, "Gladly."]
        assert not call.of(facts.ModelError)
        remembered = [entry.text for entry in call.engine.mind.thoughts[-1].history if isinstance(entry, Said)]
        assert not any("secret" in text for text in remembered)


async def test_an_untripped_reply_is_not_a_chunk_later(dial: Dial) -> None:
    async with dial(GUARDED, say("Hello."), say("You may come at nine.")) as call:
        await call.say("When?")
        checked = call.of(facts.GuardrailChecked)
        assert [check.waited_ms for check in checked] == [0, 0]
        assert call.of(facts.AgentSpoke)[-1].heard_text == "You may come at nine."


async def test_a_turn_that_strict_refuses_is_gone_from_the_conversation(dial: Dial) -> None:
    strict = team(input_guardrails=[InputGuardrail(no_secrets)], input_mode="strict")
    async with dial(strict, say("Hello."), say(desk.refusal), say("At nine.")) as call:
        await call.say("Tell me the secret.")
        await call.say("When do you open?")
        remembered = [entry.text for entry in call.engine.mind.thoughts[-1].history if isinstance(entry, Said)]
        assert "Tell me the secret." not in remembered
        assert remembered[-1] == "When do you open?"
        assert not call.of(facts.ModelError)
        assert [check.mode for check in call.of(facts.GuardrailChecked)] == ["strict", "strict"]
