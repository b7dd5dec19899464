"""A reply that broke with the connection is gone on with; one that the caller interrupted is not."""

from huntgroup.calls.processes.resumption import PHRASE
from huntgroup.calls.succession.succession import GO_ON
from huntgroup.engine.ports import Said
from huntgroup.engine.understanding.interrupted import before_it_broke, the_rest
from tests.engine.understanding.garage import workshop
from tests.engine.understanding.talk import TalkMaker

ASKED = Said("user", "When are you open?")
BROKE = Said("system", GO_ON)


def test_the_calls_own_words_are_understood() -> None:
    history = [ASKED, Said("assistant", "We are open from"), BROKE]
    assert before_it_broke(history) == ([ASKED], "We are open from")


def test_any_other_end_is_left_as_it_is() -> None:
    history = [ASKED, Said("assistant", "We are open from"), Said("system", "Be brief.")]
    assert before_it_broke(history) == (history, "")


def test_it_goes_on_with_the_sentence_that_broke() -> None:
    says = ["We are open from nine to five. On Saturdays we open at ten.", "Anything else?"]
    rest = the_rest(says, "We are open from nine to five. On")
    assert rest == ["On Saturdays we open at ten.", "Anything else?"]


def test_when_all_was_heard_the_last_is_said_again() -> None:
    assert the_rest(["We are open.", "Anything else?"], "We are open. Anything else?") == ["Anything else?"]


def test_what_was_not_answered_is_answered_after_an_apology_that_repeats_the_last_question(talk: TalkMaker) -> None:
    caller = talk(workshop(), {"get_opening_hours": {"message": "We are open from nine to five."}})
    caller.history += [Said("assistant", "Hello. How can I help you?"), ASKED]
    apology = caller.respond(f'Say exactly: "{PHRASE} How can I help you?"', choice="none")
    assert apology == f"{PHRASE} How can I help you?"
    assert "nine to five" in caller.respond()
    assert caller.names == ["get_opening_hours"]
