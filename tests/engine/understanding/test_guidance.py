"""Instructions of the session and of one response, small talk and languages."""

import pytest

from huntgroup.engine.understanding.languages import foreign
from tests.engine.understanding.garage import Workshop, workshop
from tests.engine.understanding.talk import Talk, TalkMaker

PROMPT = """You are the front desk of Bright Wheels, a car workshop.
Greet the caller with: "Bright Wheels, good morning!"
The workshop has a waiting room with free coffee.
If the caller asks about parking, say: "You can park behind the house."
"""


def garage(talk: TalkMaker, instructions: str = PROMPT) -> Talk:
    return talk(workshop(), Workshop().answers(), instructions=instructions)


@pytest.mark.parametrize(
    "order",
    [
        'Say exactly: "One moment please."',
        "Say exactly: One moment please.",
        'Say: "One moment please."',
        "Say: One moment please.",
    ],
)
def test_exact_words_are_said_and_change_nothing(talk: TalkMaker, order: str) -> None:
    caller = garage(talk)
    question = caller.say("My car needs a service")
    assert caller.respond(order) == "One moment please."
    assert caller.respond() == question


def test_without_a_caller_the_greeting_of_the_prompt_is_said(talk: TalkMaker) -> None:
    assert garage(talk).respond() == "Bright Wheels, good morning!"


def test_a_greeting_may_come_with_the_response(talk: TalkMaker) -> None:
    assert garage(talk).respond('Greet the caller: "Hi there."') == "Hi there."


def test_without_any_greeting_a_plain_one_is_said(talk: TalkMaker) -> None:
    assert garage(talk, "").respond() == "Hello, how can I help you?"


def test_a_goodbye_can_be_ordered(talk: TalkMaker) -> None:
    assert "Goodbye" in garage(talk).respond("Say goodbye.")


def test_a_narrower_question_can_be_ordered(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("My car needs a service")
    assert "letter by letter" in caller.respond("Ask a narrower question")


def test_rules_of_the_prompt_are_followed(talk: TalkMaker) -> None:
    assert garage(talk).say("Where can I leave it, is there parking?") == "You can park behind the house."


def test_facts_of_the_prompt_answer_questions(talk: TalkMaker) -> None:
    assert "free coffee" in garage(talk).say("Do you have a waiting room?")


def test_one_sentence_is_kept_to(talk: TalkMaker) -> None:
    caller = garage(talk, "Always answer in one sentence.")
    assert (
        caller.say("the purple elephant sings")
        == "I'm sorry, I did not understand that, could you say it in other words?"
    )


def test_words_that_must_not_be_said_are_not(talk: TalkMaker) -> None:
    caller = talk(
        workshop(), {"get_opening_hours": "We open at eight. The boss is rude."}, instructions='Never mention "boss".'
    )
    assert caller.say("When are you open?") == "We open at eight."


def test_an_agent_who_takes_over_begins_with_its_phrase(talk: TalkMaker) -> None:
    caller = garage(talk)
    caller.say("I need a new mirror", once=True)
    caller.instructions = 'You have taken over.\nBegin with: "Parts desk here."'
    caller.tools = workshop()[4:5]
    assert caller.respond().startswith("Parts desk here.")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("hello", "Hello! How can I help you?"),
        ("how are you?", "I'm doing well, thank you."),
        ("are you a robot?", "I'm an automated voice assistant of Bright Wheels"),
        ("thank you very much", "You're welcome."),
        ("hold on a second", "Of course, take your time."),
        ("are you still there?", "Yes, I'm here."),
    ],
)
def test_small_talk_is_brief(talk: TalkMaker, said: str, answer: str) -> None:
    caller = garage(talk)
    caller.respond()
    assert caller.say(said).startswith(answer)


def test_the_last_words_are_repeated(talk: TalkMaker) -> None:
    caller = garage(talk)
    question = caller.say("My car needs a service")
    assert caller.say("sorry, can you repeat that?") == question


def test_a_wish_for_a_person_without_a_tool_is_answered_honestly(talk: TalkMaker) -> None:
    assert "can't put you through" in garage(talk).say("I want to speak to a real person")


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Hola, buenos días. Necesito una cita, por favor.", "es"),
        ("Bonjour, je voudrais un rendez-vous", "fr"),
        ("Guten Tag, ich brauche einen Termin", "de"),
        ("Buongiorno, vorrei un appuntamento", "it"),
        ("Olá, preciso marcar uma visita amanhã às três", "pt"),
        ("Hello, I need an appointment", None),
        ("Maria Lopez", None),
        ("no", None),
    ],
)
def test_languages(said: str, language: str | None) -> None:
    assert foreign(said) == language


def test_another_language_gets_an_honest_answer_and_english_goes_on(talk: TalkMaker) -> None:
    caller = garage(talk)
    assert caller.say("Hola, necesito una cita por favor").endswith("I only speak English.")
    assert "your date of birth" in caller.say("My car needs a service")
