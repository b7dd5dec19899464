"""The Agents SDK's own realtime session, unchanged, against the served engine."""

import asyncio

from agents import function_tool
from agents.realtime import RealtimeAgent, RealtimeRunner, realtime_handoff
from agents.realtime.config import RealtimeRunConfig

from huntgroup.engine.ports import CallTool, Say, Thought
from tests.engine.doubles import Bench
from tests.engine.served import served

CONFIG: RealtimeRunConfig = {"tracing_disabled": True}


@function_tool
def opening_hours(day: str) -> str:
    """When we are open."""
    return f"{day}: nine to five"


def tool_names(thought: Thought) -> list[str]:
    return [tool["name"] for tool in thought.tools]


async def test_two_agents_and_a_handoff() -> None:
    bench = Bench(
        [CallTool("opening_hours", '{"day": "Monday"}')],
        [CallTool("transfer_to_booking", "{}")],
        [Say("Booking speaking.")],
    )
    booking = RealtimeAgent(name="booking", instructions="You book.")
    desk = RealtimeAgent(
        name="desk",
        instructions="You greet.",
        tools=[opening_hours],
        handoffs=[realtime_handoff(booking)],
    )
    seen: list[str] = []
    async with served(bench.engine) as address:
        runner = RealtimeRunner(desk, config=CONFIG)
        model_config = {"url": f"ws://{address}/v1/realtime", "api_key": "sk-anything"}
        async with await runner.run(model_config=model_config) as session:
            await session.send_message("When are you open? I want to book.")
            async with asyncio.timeout(10):
                async for event in session:
                    seen.append(event.type)
                    assert event.type != "error", event
                    if event.type == "audio_end":
                        break
    assert ["handoff" in seen, "tool_end" in seen, "audio" in seen] == [True, True, True]
    first, second, third = bench.mind.thoughts
    assert (first.instructions, third.instructions) == ("You greet.", "You book.")
    assert tool_names(first) == ["opening_hours", "transfer_to_booking"]
    assert tool_names(third) == []
    assert second.history[-1].output == "Monday: nine to five"
