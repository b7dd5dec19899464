"""The team of the benchmark: a ring of three agents with a tool, a transfer each and guardrails, in the SDK's words."""

from __future__ import annotations

from typing import Any

from agents import GuardrailFunctionOutput, InputGuardrail, OutputGuardrail, function_tool
from agents.realtime import RealtimeAgent, realtime_handoff

from huntgroup.teams import BargeInPolicy, SilencePolicy, Team, ToolContext, VoiceAgent, handoff, tool

RING = ("reception", "booking", "billing")
INSTRUCTIONS = "You answer the phone of a small clinic. " * 40
_LONG_MS = 24 * 3_600_000


def _look_up(number: int) -> dict[str, Any]:
    return {"ok": True, "message": f"Number {number} is free on Tuesday at three.", "slots": list(range(8))}


@tool()
async def look_up(ctx: ToolContext, number: int) -> dict[str, Any]:
    """Look up what is free."""
    return _look_up(number)


@tool(effect="terminal")
async def say_goodbye(ctx: ToolContext) -> dict[str, Any]:
    """End the call."""
    ctx.context.hang_up("goodbye")
    return {"ok": True}


async def _is_clean(context: Any, agent: Any, text: Any) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered="forbidden" in str(text))


def _voice_agent(name: str) -> VoiceAgent:
    return VoiceAgent(
        name=name,
        instructions=f"{name}: {INSTRUCTIONS}",
        tools=[look_up, say_goodbye],
        opener="Good morning.",
        output_guardrails=[OutputGuardrail(guardrail_function=_is_clean, name="clean")],
        input_guardrails=[InputGuardrail(guardrail_function=_is_clean, name="clean")],
    )


def our_team() -> Team:
    """The ring as a team of ours.

    Whatever makes a caller's interruption wait on purpose is off here, and so is the look for echo: the sound of this
    world is levels, which are all alike to it.
    """
    long = SilencePolicy(reprompt_ms=_LONG_MS, narrow_ms=_LONG_MS, goodbye_ms=_LONG_MS)
    return Team(
        name="bench",
        first=RING[0],
        agents=[_voice_agent(name) for name in RING],
        edges=[handoff(frm=a, to=b, description=f"Give the call to {b}.") for a, b in _pairs()],
        hop_limit=1_000_000,
        silence=long,
        barge_in=BargeInPolicy(patience_ms=0, echo=False),
    )


def stock_team() -> RealtimeAgent[Any]:
    """The same ring for the SDK's own runner; returns the first agent."""

    @function_tool
    async def look_up(number: int) -> dict[str, Any]:
        """Look up what is free."""
        return _look_up(number)

    guardrails = [OutputGuardrail(guardrail_function=_is_clean, name="clean")]
    agents = {
        name: RealtimeAgent[Any](
            name=name, instructions=f"{name}: {INSTRUCTIONS}", tools=[look_up], output_guardrails=guardrails
        )
        for name in RING
    }
    for a, b in _pairs():
        agents[a].handoffs = [realtime_handoff(agents[b])]
    return agents[RING[0]]


def _pairs() -> list[tuple[str, str]]:
    return list(zip(RING, (*RING[1:], RING[0]), strict=True))
