"""When a tool could not do its work, the caller hears a sentence, and never what was written for a model."""

import pytest

from huntgroup.calls.tools.toolrun import refusal
from huntgroup.domain import errors
from huntgroup.domain.errors import NotSaved, ToolFailed
from huntgroup.engine.understanding.faults import FAULTS
from tests.engine.understanding.garage import Workshop, workshop
from tests.engine.understanding.talk import Talk, TalkMaker

RAW = "find_customer failed and changed nothing that is known of"
HAVE_OWN_WORDS = {"refused", "claim_missing"}


def garage(talk: TalkMaker, **answers: object) -> Talk:
    return talk(workshop(), Workshop().answers() | answers)


@pytest.mark.parametrize(
    ("error", "says"),
    [(ToolFailed(RAW), "went wrong on our side"), (NotSaved("no database"), "can't reach our records")],
)
def test_a_look_up_that_fails_is_told_in_a_sentence_and_not_asked_for_again(
    talk: TalkMaker, error: ToolFailed | NotSaved, says: str
) -> None:
    caller = garage(talk, find_customer=refusal(error).output)
    caller.say("My car needs a service")
    heard = caller.say("Maria Lopez, March 4th 1985")
    assert says in heard and str(error) not in heard
    assert "date of birth" not in heard and caller.names == ["find_customer"]


def test_the_caller_may_try_again(talk: TalkMaker) -> None:
    caller = garage(talk, find_customer=refusal(ToolFailed(RAW)).output)
    caller.say("My car needs a service")
    caller.say("Maria Lopez, March 4th 1985")
    caller.answers = Workshop().answers()
    assert caller.say("My car needs a service").startswith("Thank you, Maria.")


def test_a_transfer_that_may_not_happen_is_told_in_a_sentence(talk: TalkMaker) -> None:
    caller = garage(talk, transfer_to_parts='{"ok": false, "error": "loop", "message": "carry on yourself"}')
    heard = caller.say("do you have brake pads")
    assert heard.startswith("I'm sorry, I can't put you through just now.") and "yourself" not in heard


def test_every_code_of_a_call_has_its_sentence() -> None:
    kinds = errors.TellModel.__subclasses__()
    codes = {kind.code for kind in kinds if kind.__module__ == errors.__name__}
    assert codes - HAVE_OWN_WORDS <= set(FAULTS)
