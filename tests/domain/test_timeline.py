"""One timeline: things stand where they were said and done, not where they became known."""

import random
from typing import Any

from huntgroup.domain import facts as f
from huntgroup.domain.timeline import entries, in_order


def log(*made: tuple[type[f.FactBase], dict[str, Any]]) -> list[Any]:
    return [kind(call_id="c", seq=seq, **fields) for seq, (kind, fields) in enumerate(made)]


def caller(turn: int, start_ms: int, end_ms: int, t_ms: int) -> tuple[type[f.FactBase], dict[str, Any]]:
    fields = {"turn": turn, "item_id": f"i{turn}", "text": f"turn {turn}", "start_ms": start_ms, "end_ms": end_ms}
    return f.CallerSpoke, {"t_ms": t_ms, **fields}


def agent(text: str, start_ms: int | None, t_ms: int, name: str = "desk") -> tuple[type[f.FactBase], dict[str, Any]]:
    end_ms = None if start_ms is None else t_ms
    fields = {"response_id": "r", "item_id": text, "text": text, "heard_text": text, "generated_ms": 1, "heard_ms": 1}
    times = {"t_ms": t_ms, "start_ms": start_ms, "end_ms": end_ms}
    return f.AgentSpoke, {"turn": 1, "agent": name, "interrupted": False, **fields, **times}


def called(call_id: str, t_ms: int, turn: int = 1) -> tuple[type[f.FactBase], dict[str, Any]]:
    return f.ToolCalled, {
        "t_ms": t_ms, "turn": turn, "tool": "look", "tool_call_id": call_id, "arguments": {}, "effect": "read"
    }  # fmt: skip


def answered(call_id: str, t_ms: int) -> tuple[type[f.FactBase], dict[str, Any]]:
    fields = {"tool": "look", "tool_call_id": call_id, "output": "", "ok": True, "error": None, "duration_ms": 1}
    return f.ToolAnswered, {"t_ms": t_ms, **fields}


def kinds(facts: list[Any]) -> list[str]:
    return [type(fact).__name__ for fact in in_order(facts)]


def test_a_turn_whose_words_come_late_stands_before_the_tool_that_it_asked_for() -> None:
    late = log(called("t", 2_100), answered("t", 2_300), caller(1, 1_000, 2_000, 2_900))
    assert kinds(late) == ["CallerSpoke", "ToolCalled", "ToolAnswered"]


def test_a_turn_whose_clock_strays_still_stands_before_its_tool() -> None:
    strayed = caller(1, 2_130, 2_160, 2_900)
    assert kinds(log(called("t", 2_100), strayed))[0] == "CallerSpoke"
    assert kinds(log(strayed, called("t", 2_100), answered("t", 2_110))) == [
        "CallerSpoke",
        "ToolCalled",
        "ToolAnswered",
    ]


def test_an_agents_words_stand_where_they_began_to_sound() -> None:
    told_late = log(called("t", 2_500), answered("t", 2_600), agent("One moment.", 2_400, 3_000))
    assert kinds(told_late) == ["AgentSpoke", "ToolCalled", "ToolAnswered"]


def test_words_that_nobody_heard_stand_where_they_were_given_up() -> None:
    assert kinds(log(caller(1, 1_000, 2_000, 2_000), agent("Unheard.", None, 1_500))) == ["CallerSpoke", "AgentSpoke"]


def test_two_turns_whose_words_come_in_the_wrong_order_are_put_right() -> None:
    swapped = log(caller(2, 3_000, 3_500, 4_000), caller(1, 1_000, 2_000, 4_100))
    assert [fact.turn for fact in in_order(swapped)] == [1, 2]


def test_the_end_of_the_call_is_its_end() -> None:
    end = f.CallEnded, {"t_ms": 5_000, "reason": "caller_hung_up", "duration_ms": 5_000}
    assert kinds(log(agent("Bye.", 5_020, 5_040), end))[-1] == "CallEnded"


def test_an_entry_lasts_as_long_as_it_was_heard() -> None:
    assert [(entry.at_ms, entry.until_ms) for entry in entries(log(caller(1, 1_000, 2_000, 2_900)))] == [(1_000, 2_000)]


def test_a_longer_log_never_reorders_a_shorter_one() -> None:
    for seed in range(200):
        facts = some_log(random.Random(seed))
        whole = in_order(facts)
        for length in range(len(facts)):
            kept = {fact.seq for fact in facts[:length]}
            assert in_order(facts[:length]) == [fact for fact in whole if fact.seq in kept]


def some_log(dice: random.Random) -> list[Any]:
    """Any jumble of speech, tools and answers whose log times never go back, while the clocks of speech stray."""
    made, now_ms = [], 0
    for number in range(dice.randrange(1, 16)):
        now_ms += dice.choice((0, 0, 20, 400))
        start_ms = max(0, now_ms + dice.randrange(-900, 50))
        made.append(
            dice.choice(
                (
                    caller(dice.randrange(4), start_ms, start_ms + 100, now_ms),
                    agent("Words.", dice.choice((start_ms, None)), now_ms),
                    called(f"t{number % 3}", now_ms, dice.randrange(4)),
                    answered(f"t{number % 3}", now_ms),
                )
            )
        )
    return log(*made)
