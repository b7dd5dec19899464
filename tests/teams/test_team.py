"""Teams say what contradicts itself when they are made."""

import pytest
from agents import function_tool
from agents.realtime import RealtimeAgent, realtime_handoff
from pydantic import BaseModel

from huntgroup.domain.errors import TeamError
from huntgroup.teams import KeyTransfer, Team, VoiceAgent, handoff, team_of

desk = VoiceAgent(name="desk")
expert = VoiceAgent(name="expert")


def test_an_unknown_agent_is_named() -> None:
    with pytest.raises(TeamError, match="nobody"):
        Team(name="t", first="nobody", agents=[desk])
    with pytest.raises(TeamError, match="expert"):
        Team(name="t", first="desk", agents=[desk], edges=[handoff(frm="desk", to="expert", description="x")])


def test_two_tools_of_one_name_are_named() -> None:
    edge = handoff(frm="desk", to="expert", description="x")
    with pytest.raises(TeamError, match="transfer_to_expert"):
        Team(name="t", first="desk", agents=[desk, expert], edges=[edge, edge])


@pytest.mark.parametrize("policy", ["some", "last", "last(0)", "last(-1)", ""])
def test_a_context_policy_must_be_one_that_exists(policy: str) -> None:
    with pytest.raises(TeamError, match="policy"):
        handoff(frm="a", to="b", description="x", policy=policy)


def test_an_opener_that_speaks_needs_its_words() -> None:
    with pytest.raises(TeamError, match="phrase"):
        handoff(frm="a", to="b", description="x", opener="bridge")


def test_a_stock_team_is_walked_through_all_kinds_of_handoffs_and_loops() -> None:
    third = RealtimeAgent(name="third")
    second = RealtimeAgent(name="second", handoffs=[realtime_handoff(third, tool_name_override="give_to_third")])
    first = RealtimeAgent(name="first", handoffs=[second])
    third.handoffs.append(first)
    team = team_of(first)
    assert {(edge.frm, edge.to, edge.tool_name) for edge in team.edges} == {
        ("first", "second", "transfer_to_second"),
        ("second", "third", "give_to_third"),
        ("third", "first", "transfer_to_first"),
    }


def test_a_stock_handoff_with_input_keeps_its_target_and_schema() -> None:
    class Reason(BaseModel):
        reason: str

    async def noted(context: object, reason: Reason) -> None:
        return None

    target = RealtimeAgent(name="target")
    first = RealtimeAgent(name="first", handoffs=[realtime_handoff(target, on_handoff=noted, input_type=Reason)])
    edge = team_of(first).edges[0]
    assert edge.to == "target"
    assert "reason" in edge.parameters()["properties"]


def test_a_stock_tool_counts_as_a_write_unless_its_name_reads() -> None:
    from huntgroup.teams import effect_of

    @function_tool
    def get_weather(city: str) -> str:
        """Tell the weather."""
        return city

    @function_tool
    def order_pizza(size: str) -> str:
        """Order a pizza."""
        return size

    assert effect_of(get_weather) == "read"
    assert effect_of(order_pizza) == "write"


# -- keys and fallback ---------------------------------------------------------------------------------------------


class Reason(BaseModel):
    reason: str


def with_keys(key: str, transfer: KeyTransfer) -> Team:
    edge = handoff(frm="desk", to="expert", description="x", brief=Reason)
    third = VoiceAgent(name="third")
    return Team(name="t", first="desk", agents=[desk, expert, third], edges=[edge], keys={key: transfer})


@pytest.mark.parametrize(
    ("key", "transfer", "place"),
    [
        ("0", KeyTransfer(to="nobody"), "nobody"),
        ("0", KeyTransfer(to="third"), "no handoff leads to third"),
        ("0", KeyTransfer(to="expert"), "does not fit"),
        ("#", KeyTransfer(to="expert", brief={"reason": "key"}), "made of"),
    ],
)
def test_a_key_that_cannot_work_is_named(key: str, transfer: KeyTransfer, place: str) -> None:
    with pytest.raises(TeamError, match=place):
        with_keys(key, transfer)


def test_a_fallback_must_be_in_the_team_and_a_loop_limit_must_let_something_through() -> None:
    with_keys("0", KeyTransfer(to="expert", brief={"reason": "key"}))
    with pytest.raises(TeamError, match="nobody"):
        Team(name="t", first="desk", agents=[desk], fallback="nobody")
    with pytest.raises(TeamError, match="loop limit"):
        Team(name="t", first="desk", agents=[desk], loop_limit=0)
