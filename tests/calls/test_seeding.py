"""What a session that takes over a running call knows of it."""

import json
from typing import Any

from huntgroup.calls.succession.seeding import LEFT_OUT, SeedBudget, seed_items
from huntgroup.domain import facts as f
from huntgroup.teams import Team, handoff
from huntgroup.wire.realtime import FunctionCallItem, FunctionCallOutputItem, Item, MessageItem
from tests.calls.teams import Question, Result, desk, expert


def team(policy: str = "full", returns: type[Result] | None = Result) -> Team:
    edge = handoff(frm="desk", to="expert", description="Ask.", brief=Question, returns=returns, policy=policy)
    return Team(name="office", first="desk", agents=[desk, expert], edges=[edge])


class Story:
    """A call's facts by short words; time passes by 1 s per fact."""

    def __init__(self) -> None:
        self.facts: list[f.Fact] = []

    def add(self, kind: type[f.FactBase], agent: str = "desk", **fields: Any) -> "Story":
        seq = len(self.facts)
        self.facts.append(kind(call_id="c", seq=seq, t_ms=1_000 * (seq + 1), agent=agent, **fields))  # type: ignore[arg-type]
        return self

    def caller(self, text: str, start_ms: int | None = None, end_ms: int | None = None) -> "Story":
        at_ms = 1_000 * (len(self.facts) + 1)
        start = at_ms if start_ms is None else start_ms
        return self.add(f.CallerSpoke, turn=1, item_id="i", text=text, start_ms=start, end_ms=end_ms or start)

    def agent(self, text: str, *, heard: str | None = None, by: str = "desk", start_ms: int | None = None) -> "Story":
        at_ms = 1_000 * (len(self.facts) + 1)
        heard = text if heard is None else heard
        return self.add(
            f.AgentSpoke, by, turn=1, response_id="r", item_id="i", text=text, heard_text=heard, generated_ms=9,
            heard_ms=9, start_ms=at_ms if start_ms is None else start_ms, end_ms=at_ms, interrupted=heard != text,
        )  # fmt: skip

    def called(self, call_id: str, tool: str = "look", by: str = "desk", **arguments: str) -> "Story":
        return self.add(f.ToolCalled, by, turn=1, tool=tool, tool_call_id=call_id, arguments=arguments, effect="read")

    def answered(self, call_id: str, output: str = '{"ok": true}', by: str = "desk") -> "Story":
        return self.add(
            f.ToolAnswered, by, tool="look", tool_call_id=call_id, output=output, ok=True, error=None, duration_ms=1
        )

    def moved(self, frm: str, to: str, by: str | None = None, **brief: str) -> "Story":
        return self.add(
            f.HandoffCommitted, to, from_agent=frm, to_agent=to, tool_call_id=by, brief=brief, opener="silent",
            voice="keep", apply_ms=1,
        )  # fmt: skip

    def gave_back(self, **result: str) -> "Story":
        self.add(f.HandoffReturned, "expert", from_agent="expert", to_agent="desk", result=result)
        return self.moved("expert", "desk", **result)


def told(items: list[Item]) -> list[str]:
    """Items as short lines."""
    lines = []
    for item in items:
        match item:
            case MessageItem():
                lines.append(f"{item.role}: {item.content[0].text}")
            case FunctionCallItem():
                lines.append(f"call {item.call_id} {item.name} {item.arguments}")
            case FunctionCallOutputItem():
                lines.append(f"answer {item.call_id} {item.output}")
    return lines


def test_words_are_in_the_order_of_speech_although_transcripts_come_late() -> None:
    story = Story().agent("Hello.").agent("At nine.", start_ms=5_000).caller("When?", start_ms=2_500)
    assert told(seed_items(story.facts, team())) == ["assistant: Hello.", "user: When?", "assistant: At nine."]


def test_an_agent_remembers_what_was_heard_and_not_what_was_generated() -> None:
    story = Story().agent("We open at nine and close at six.", heard="We open at nine").agent("Never heard.", heard="")
    assert told(seed_items(story.facts, team())) == ["assistant: We open at nine"]


def test_a_tool_call_comes_with_its_answer() -> None:
    story = Story().called("t1", what="milk").answered("t1", '{"ok": true, "n": 3}')
    assert told(seed_items(story.facts, team())) == ['call t1 look {"what": "milk"}', 'answer t1 {"ok": true, "n": 3}']


def test_an_open_call_that_still_runs_waits_for_its_answer() -> None:
    items = seed_items(Story().called("t1").facts, team(), running={"t1"})
    assert told(items) == ["call t1 look {}"]


def test_an_open_call_that_nobody_will_answer_has_an_unknown_outcome() -> None:
    _, answer = seed_items(Story().called("t1").facts, team())
    assert isinstance(answer, FunctionCallOutputItem)
    assert json.loads(answer.output)["error"] == "outcome_unknown"


def test_what_a_consulted_specialist_did_is_not_part_of_the_conversation() -> None:
    story = Story().called("t1", "consult_expert").called("t2", by="expert").answered("t2", by="expert")
    assert [line.split()[1] for line in told(seed_items(story.facts, team(), running={"t1"}))] == ["t1"]


def test_keys_are_the_callers_words_but_not_while_they_are_still_collected() -> None:
    story = Story()
    for digit in "47#1":
        story.add(f.DtmfPressed, digit=digit)
    assert told(seed_items(story.facts, team(), pending_keys=1)) == ["user: 47"]


def test_the_receiver_sees_only_its_share_of_the_brief() -> None:
    story = Story().called("h", "transfer_to_expert", question="q", secret="s").answered("h")
    story.moved("desk", "expert", by="h", question="q", secret="s")
    called, _ = told(seed_items(story.facts, team("facts_only")))
    assert called == 'call h transfer_to_expert {"question": "q"}'


def test_a_transfer_from_code_is_a_note_to_the_receiver() -> None:
    (note,) = told(seed_items(Story().moved("desk", "expert", question="q", secret="s").facts, team()))
    assert note == 'system: desk has handed the call over to expert. What was told: {"question": "q"}'


def test_a_giver_knows_that_its_transfer_did_not_work() -> None:
    story = Story().called("h", "transfer_to_expert", question="q").answered("h")
    story.add(f.HandoffRolledBack, from_agent="desk", to_agent="expert", reason="deadline")
    assert "did not work" in told(seed_items(story.facts, team()))[-1]


def test_along_facts_only_nothing_from_before_the_handoff_is_known() -> None:
    story = Story().caller("My secret.").agent("Oh.").moved("desk", "expert", question="q").agent("Yes?", by="expert")
    lines = told(seed_items(story.facts, team("facts_only")))
    assert lines[0].startswith("system: desk has handed")
    assert lines[1:] == ["assistant: Yes?"]


def test_speech_across_the_swap_is_known_whatever_the_policy() -> None:
    story = Story().caller("Old.").caller("New.", start_ms=2_500, end_ms=3_500).moved("desk", "expert")
    assert "user: New." in told(seed_items(story.facts, team("facts_only")))
    assert "user: Old." not in told(seed_items(story.facts, team("facts_only")))


def test_along_last_n_the_last_items_are_known() -> None:
    story = Story().caller("One.").called("t1").answered("t1").agent("Two.").moved("desk", "expert")
    kept = told(seed_items(story.facts, team("last(3)")))
    assert [line.split()[0] for line in kept] == ["call", "answer", "assistant:", "system:"]


def test_who_gets_the_call_back_knows_again_what_it_knew() -> None:
    story = Story().caller("First.").moved("desk", "expert").caller("Second.").gave_back(outcome="done")
    lines = told(seed_items(story.facts, team("facts_only")))
    assert [line for line in lines if line.startswith("user")] == ["user: First.", "user: Second."]
    assert '"outcome": "done"' in lines[-1]


def test_conversation_goes_before_what_the_current_agents_tools_said() -> None:
    story = Story().called("t1").answered("t1")
    for number in range(8):
        story.caller(f"Turn {number}.")
    lines = told(seed_items(story.facts, team(), budget=SeedBudget(items=4)))
    assert lines == [
        f"system: {LEFT_OUT}",
        "call t1 look {}",
        'answer t1 {"ok": true}',
        "user: Turn 6.",
        "user: Turn 7.",
    ]


def test_characters_are_a_budget_too() -> None:
    story = Story().caller("x" * 500).caller("y" * 50)
    assert told(seed_items(story.facts, team(), budget=SeedBudget(chars=100)))[1:] == ["user: " + "y" * 50]


def test_a_predecessors_tools_show_the_receiver_only_what_it_sees() -> None:
    story = Story().called("t1", what="milk", question="q").answered("t1", '{"ok": true, "price": 5}')
    story.caller("It is for S-4711.").moved("desk", "expert", question="q", secret="S-4711")
    called, answer, words, _ = told(seed_items(story.facts, team()))
    assert called == 'call t1 look {"question": "q"}'
    assert answer == 'answer t1 {"ok": true}'
    assert words == "user: It is for [withheld]."


def test_an_agent_that_gets_the_call_back_sees_its_own_tools_whole() -> None:
    story = Story().called("t1", what="milk").answered("t1", '{"ok": true, "price": 5}')
    story.moved("desk", "expert").gave_back(outcome="done")
    assert 'answer t1 {"ok": true, "price": 5}' in told(seed_items(story.facts, team("facts_only")))


def test_a_late_result_is_a_note_unless_it_was_dropped() -> None:
    late = {"tool": "look", "tool_call_id": "t1", "from_agent": "desk", "output": '{"ok": true, "question": "q"}'}
    story = Story().called("t1").moved("desk", "expert").add(f.LateResult, "expert", policy="brief", **late)
    assert "came after expert took the call" in told(seed_items(story.facts, team()))[-1]
    story = Story().called("t1").moved("desk", "expert").add(f.LateResult, "expert", policy="drop", **late)
    assert "came after" not in told(seed_items(story.facts, team()))[-1]
