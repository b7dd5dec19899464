"""Whole conversations with a business that the mind has never seen."""

from huntgroup.engine.ports import Said
from tests.engine.understanding.garage import TEXT, Workshop, examples, tool, workshop
from tests.engine.understanding.talk import Talk, TalkMaker

ALL_AT_ONCE = (
    "This is Maria Lopez, born March 4th 1985, I'd like to book a full inspection with Sam next Tuesday at ten"
)


def garage(talk: TalkMaker, **more: str) -> Talk:
    return talk(workshop(), Workshop().answers(), **more)


def test_the_granting_tool_runs_first_and_the_booking_is_confirmed_once(talk: TalkMaker) -> None:
    caller = talk(_with_known_mechanics(), Workshop().answers())
    heard = caller.say(ALL_AT_ONCE)
    assert caller.names == ["find_customer"]
    assert "Tuesday, November 24th at 10 AM" in heard
    assert "full inspection" in heard
    assert heard.endswith("Shall I book that?")
    assert caller.say("Yes, please.").startswith("You are booked.")
    assert caller.called("book_service") == {
        "mechanic": "Sam", "date": "2026-11-24", "time": "10:00", "service_type": "full_inspection",
    }  # fmt: skip


def _with_known_mechanics() -> list[dict[str, object]]:
    tools = workshop()
    tools[2]["parameters"]["properties"]["mechanic"]["description"] = 'One of "Sam", "Olga".'
    return tools


def test_missing_things_are_asked_for_together(talk: TalkMaker) -> None:
    caller = garage(talk)
    assert caller.say("My car needs a service") == "Can I have your first and last name and your date of birth, please?"
    assert caller.mind.expects == "name"
    heard = caller.say("Maria Lopez, March fourth nineteen eighty five")
    assert heard.startswith("Thank you, Maria.")
    assert caller.called("find_customer")["date_of_birth"] == "1985-03-04"


def test_a_taken_time_gets_alternatives_and_the_choice_is_booked(talk: TalkMaker) -> None:
    caller = talk(_with_known_mechanics(), Workshop().answers())
    caller.say(ALL_AT_ONCE.replace("ten", "three"))
    assert "3:30 PM" in caller.say("yes")
    caller.say("the second one")
    assert caller.called("book_service")["time"] == "16:00"


def test_corrections_change_what_is_confirmed(talk: TalkMaker) -> None:
    caller = talk(_with_known_mechanics(), Workshop().answers())
    caller.say(ALL_AT_ONCE)
    assert "Thursday, November 26th at 10 AM" in caller.say("No, Thursday")
    assert "at 11 AM" in caller.say("actually make it eleven")
    assert "book_service" not in caller.names
    caller.say("yes")
    assert caller.called("book_service")["date"] == "2026-11-26"


def test_a_plain_no_asks_what_to_change(talk: TalkMaker) -> None:
    caller = talk(_with_known_mechanics(), Workshop().answers())
    caller.say(ALL_AT_ONCE)
    assert caller.say("no") == "What should I change?"


def test_the_booking_to_move_is_found_by_listing_and_choosing(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("I need to move my booking")
    heard = caller.say("Maria Lopez, March 4th 1985")
    assert heard.endswith("Which booking do you mean?")
    assert caller.say("the one with Olga") == "What new day and time would you like?"
    assert "December 8th" in caller.say("next Friday at half past two")
    caller.say("yes")
    assert caller.called("move_booking") == {"booking_id": "b-2", "new_date": "2026-11-27", "new_time": "14:30"}


def test_a_failed_look_up_is_asked_again_and_goes_on_by_itself(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("what have I got booked?")
    assert "could not find" in caller.say("Maria Lopez, March 4th 1984")
    assert "two bookings" in caller.say("sorry, March 4th eighty five")
    assert caller.names == ["find_customer", "find_customer", "list_bookings"]


def test_a_side_question_is_answered_and_the_first_wish_goes_on(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("I need to move my booking")
    heard = caller.say("When are you open on Saturday?")
    assert heard.startswith("We are open from eight to six.")
    assert heard.endswith("your date of birth, please?")


def test_urgent_words_break_into_anything(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("I need to move my booking")
    assert caller.say("wait, my car is on fire").startswith("Help is on its way.")


def test_a_write_that_needs_no_confirmation_is_done_at_once(talk: TalkMaker) -> None:
    note = tool("log_visit", "Log a visit." + examples("I'm here") + "\n\nEffect: write. No confirmation needed.")
    caller = talk([note], {"log_visit": {"ok": True, "message": "Noted."}})
    assert caller.say("I'm here").startswith("Noted.")


def test_a_transfer_is_neither_asked_for_nor_confirmed(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("Do you have brake pads for a van?", once=True)
    assert caller.called("transfer_to_parts")["question"] == "Do you have brake pads for a van"
    assert caller.names == ["transfer_to_parts"]


def test_goodbye_says_so_and_hangs_up(talk: TalkMaker) -> None:
    caller = garage(talk)
    assert "Goodbye" in caller.say("No, that's all. Goodbye.", once=True)
    assert caller.names == ["end_call"]


def test_what_fits_nothing_is_admitted_and_then_narrowed(talk: TalkMaker) -> None:
    caller = garage(talk)
    assert "did not understand" in caller.say("the purple elephant sings")
    assert "Do you want to" in caller.say("tomatoes are technically a fruit")
    assert caller.calls == []


def test_two_equal_tools_are_asked_back(talk: TalkMaker) -> None:
    tools = [tool("open_blue_door", "Open the blue door."), tool("open_red_door", "Open the red door.")]
    caller = talk(tools)
    assert caller.say("open the door") == "Do you want to open a red door or open a blue door?"
    assert caller.say("the red one") == "Shall I open the red door?"


def test_a_stock_tool_with_one_line_of_description_works(talk: TalkMaker) -> None:
    schema = {"type": "object", "properties": {"city": TEXT}, "required": ["city"], "additionalProperties": False}
    weather = {
        "type": "function",
        "name": "get_weather",
        "description": "Get the weather for a city.",
        "parameters": schema,
    }
    caller = talk([weather], {"get_weather": lambda city: f"It is sunny in {city}."})
    assert caller.say("What's the weather in Tokyo?") == "It is sunny in Tokyo."
    assert caller.say("And in New York?") == "It is sunny in New York."
    assert caller.names == ["get_weather", "get_weather"]


def test_a_question_that_fits_nothing_goes_to_the_tool_for_questions(talk: TalkMaker) -> None:
    caller = talk([tool("faq", "Look up frequent questions.", question=dict(TEXT))], {"faq": "One bag."})
    assert caller.say("How many bags can I take?") == "One bag."
    assert caller.called("faq") == {"question": "How many bags can I take"}


def test_a_rebuilt_session_goes_on_where_it_was(talk: TalkMaker) -> None:
    first = talk(_with_known_mechanics(), Workshop().answers())
    first.say(ALL_AT_ONCE)
    second = talk(_with_known_mechanics(), Workshop(needs=False).answers())
    second.history = list(first.history)
    second.say("yes, please")
    assert second.called("book_service")["time"] == "10:00"


def test_the_same_history_gives_the_same_answer(talk: TalkMaker) -> None:
    answers = set()
    for _ in range(3):
        caller = garage(talk)
        answers.add(caller.say("My car needs a service"))
    assert len(answers) == 1


def test_a_question_cut_off_by_the_caller_is_still_known(talk: TalkMaker) -> None:
    caller = talk(_with_known_mechanics(), Workshop().answers())
    caller.say(ALL_AT_ONCE)
    cut = caller.history[-1]
    assert isinstance(cut, Said)
    caller.history[-1] = Said("assistant", cut.text[:30])
    caller.say("yes please")
    assert caller.names[-1] == "book_service"


def test_lists_choose_by_what_was_said(talk: TalkMaker) -> None:
    size = {"type": "string", "enum": ["small", "medium", "large"]}
    order = tool(
        "order_pizza", "Order a pizza." + examples("I'd like to order a pizza"), pizza=dict(TEXT), size=size,
        quantity={"type": "integer"},
    )  # fmt: skip
    order["parameters"]["properties"]["pizza"]["description"] = 'One of "margherita", "pepperoni", "four cheese".'
    caller = talk([order])
    heard = caller.say("I'd like to order two large pepperoni pizzas")
    assert "Shall I order that?" in heard
    caller.say("yes")
    assert caller.called("order_pizza") == {"pizza": "pepperoni", "size": "large", "quantity": 2}


def test_what_was_said_in_place_of_a_result_ends_it(talk: TalkMaker) -> None:
    """A guardrail stopped the sentence about a tool's answer: it is not tried again in the next turn."""
    secret = {"get_secret": {"ok": True, "message": "Moonlight."}}
    caller = talk([tool("get_secret", "Tell the secret.")], secret)
    assert caller.say("Tell me the secret") == "Moonlight."
    caller.history.pop()
    assert caller.respond('In place of your last reply, which a rule stopped, say exactly: "I cannot."') == "I cannot."
    assert "Moonlight" not in caller.say("Thank you")


def test_after_a_change_of_hands_by_hand_the_last_agents_wishes_are_over(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("do you have brake pads")
    caller.history.append(Said("system", "parts has handed the call over to reception."))
    assert caller.say("When are you open on Saturday?").startswith("We are open from eight to six.")


def test_what_nobody_answered_before_a_change_of_hands_by_hand_is_answered(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.history.append(Said("user", "When are you open on Saturday?"))
    caller.history.append(Said("system", "parts has handed the call over to reception."))
    assert caller.respond().startswith("We are open from eight to six.")
