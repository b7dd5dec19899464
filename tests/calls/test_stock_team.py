"""A team written only with SDK imports runs unchanged: tools, handoffs, hooks, guardrails."""

from agents import GuardrailFunctionOutput, OutputGuardrail, function_tool
from agents.realtime import RealtimeAgent, RealtimeAgentHooks

from huntgroup.domain import facts
from huntgroup.teams import team_of
from tests.calls.desk import CallDesk, say, use


@function_tool
def get_weather(city: str) -> str:
    """Tell the weather of a city."""
    return f"It is sunny in {city}."


class Diary(RealtimeAgentHooks):
    def __init__(self) -> None:
        self.lines: list[str] = []

    async def on_start(self, context, agent) -> None:  # type: ignore[no-untyped-def]
        self.lines.append(f"start {agent.name}")

    async def on_handoff(self, context, agent, source) -> None:  # type: ignore[no-untyped-def]
        self.lines.append(f"handoff {source.name} {agent.name}")

    async def on_tool_start(self, context, agent, tool) -> None:  # type: ignore[no-untyped-def]
        self.lines.append(f"tool {tool.name}")

    async def on_tool_end(self, context, agent, tool, result) -> None:  # type: ignore[no-untyped-def]
        self.lines.append(f"result {result}")


async def test_tools_and_handoffs_of_a_stock_team_work_and_its_hooks_fire() -> None:
    diary = Diary()
    weather = RealtimeAgent(name="weather", instructions="You know.", tools=[get_weather], hooks=diary)
    triage = RealtimeAgent(name="triage", instructions="You hand off.", handoffs=[weather], hooks=diary)
    script = [say("Hi."), use("transfer_to_weather"), use("get_weather", '{"city": "Oslo"}'), say("Sunny.")]
    async with CallDesk(team_of(triage), *script) as call:
        await call.say("How is the weather in Oslo?")
        assert call.of(facts.ToolAnswered)[-1].output == "It is sunny in Oslo."
        assert call.of(facts.AgentSpoke)[-1].agent == "weather"
    assert diary.lines == [
        "start triage",
        "handoff triage weather",
        "start weather",
        "tool get_weather",
        "result It is sunny in Oslo.",
    ]


async def test_an_output_guardrail_retracts_the_reply() -> None:
    async def no_secrets(context, agent, output: str) -> GuardrailFunctionOutput:  # type: ignore[no-untyped-def]
        return GuardrailFunctionOutput(output_info=None, tripwire_triggered="secret" in output)

    guarded = RealtimeAgent(name="guarded", output_guardrails=[OutputGuardrail(no_secrets, name="no_secrets")])
    long_secret = "Well, since you ask so kindly, the secret of this house is under the big stone."
    async with CallDesk(team_of(guarded), say("Hi."), say(long_secret), say("I can't tell.")) as call:
        await call.say("Tell me.")
        tripped = call.of(facts.GuardrailTripped)[0]
        assert (tripped.guardrail, tripped.stage) == ("no_secrets", "output")
        assert tripped.heard_ms < 200
        assert call.of(facts.AgentSpoke)[-1].heard_text == "I can't tell."
