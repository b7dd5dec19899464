"""Who begins after a handoff, and with which words; and that nobody says the transfer line twice."""

import asyncio
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from huntgroup.calls.handoffs.openerecho import likeness
from huntgroup.domain import facts
from huntgroup.engine.understanding.mind import Understanding
from huntgroup.teams import KeyTransfer, Team, ToolContext, VoiceAgent, handoff, tool
from tests.calls.desk import CallDesk, say, use
from tests.calls.teams import desk

PHRASE = "Let me get our parcel expert for you."
LOST = """Hand the call to the expert for lost parcels.

Examples:
    my parcel is lost
    I never got my parcel"""


@tool(effect="read")
async def trace_parcel(ctx: ToolContext, number: str) -> dict[str, object]:
    """Find out where a parcel is.

    Examples:
        where is my parcel
        my parcel is lost

    Args:
        number: The number of the parcel.
    """
    return {"ok": True, "message": f"Parcel {number} is in Lyon."}


front = VoiceAgent(name="front", instructions="You are the front desk of a post office.", opener="Hello.")
expert = VoiceAgent(name="expert", instructions="You trace lost parcels.", tools=[trace_parcel])


def post_office(**edge: Any) -> Team:
    made = handoff(frm="front", to="expert", description=LOST, **edge)
    return Team(name="post", first="front", agents=[front, expert], edges=[made], keys={"9": KeyTransfer(to="expert")})


@cache
def understanding() -> Understanding:
    return Understanding(embedding=False)


def offline(team: Team) -> CallDesk:
    """A call whose mind is the offline engine's own."""
    call = CallDesk(team)
    call.engine.mind = understanding().new_mind()  # type: ignore[assignment]
    return call


async def heard(call: CallDesk) -> list[tuple[str | None, str]]:
    """Let time pass until the call is quiet; a mind that thinks in a thread needs real time for it."""
    for _ in range(20):
        await asyncio.sleep(0.02)
        await call.quiet()
    return [(spoke.agent, spoke.heard_text) for spoke in call.of(facts.AgentSpoke)]


@pytest.mark.parametrize("edge", [{}, {"opener": "bridge", "phrase": PHRASE}])
async def test_the_offline_receiver_does_not_say_the_transfer_line_again(edge: dict[str, Any]) -> None:
    async with offline(post_office(**edge)) as call:
        await heard(call)
        await call.speak("My parcel is lost.")
        said = await heard(call)
        bridge = [("front", PHRASE)] if edge else []
        assert said[1:-1] == bridge
        assert said[-1][0] == "expert"
        assert "number" in said[-1][1]
        assert not call.of(facts.OpenerEchoed)


async def test_the_offline_receiver_begins_with_its_script() -> None:
    async with offline(post_office(opener="scripted", phrase="Parcel desk here.")) as call:
        await heard(call)
        await call.speak("My parcel is lost.")
        said = await heard(call)
        assert said[-1][1].startswith("Parcel desk here.")


async def test_the_offline_receiver_of_a_key_deals_with_what_the_caller_said() -> None:
    async with offline(post_office()) as call:
        await heard(call)
        call.line.press("9#")
        said = await heard(call)
        assert said[-1][0] == "expert"
        assert not call.of(facts.OpenerEchoed)


async def test_an_echo_is_noted() -> None:
    team = replace(post_office(opener="bridge", phrase=PHRASE), agents=[replace(desk, name="front"), expert])
    answers = say("Hello."), use("transfer_to_expert"), say(PHRASE), say(f"{PHRASE} Now, the number?")
    async with CallDesk(replace(team, consults=()), *answers) as call:
        await call.say("My parcel is lost.")
        echoed = call.of(facts.OpenerEchoed)
        assert [(echo.from_agent, echo.to_agent) for echo in echoed] == [("front", "expert")]
        assert call.types().count("OpenerEchoed") == 1


@pytest.mark.parametrize(
    ("text", "sentence", "alike"),
    [
        ("Let me get the expert. So?", "Let me get the expert.", True),
        ("Okay, let me get our expert for you.", "Let me get our expert for you.", True),
        ("What is the number of your parcel?", "Let me get our expert for you.", False),
        ("Yes.", "Yes.", False),
        ("", "", False),
    ],
)
def test_likeness_is_word_by_word(text: str, sentence: str, alike: bool) -> None:
    assert (likeness(text, sentence) >= 0.8) is alike
