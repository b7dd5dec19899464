"""Personal data is found with its place, can be masked, and may be said where it is allowed."""

import pytest

from huntgroup.teams import CallContext
from huntgroup.teams.guardrails import MaySay, find_personal_data, mask
from huntgroup.teams.guardrails.allowances import remember
from huntgroup.testing.virtual_clock import VirtualClock

PHONE = "I have five eight five, five five five, oh one four two on file."


def call(caller: str | None = None) -> CallContext:
    return CallContext(call_id="c", clock=VirtualClock(), caller=caller)


def test_a_finding_says_where_and_never_what() -> None:
    (found,) = find_personal_data(PHONE)
    assert PHONE[found.start : found.end] == "five eight five, five five five, oh one four two"
    assert found.kind == "phone_number"
    assert "5855550142" not in repr(found)


def test_masking_keeps_the_rest() -> None:
    text = "Müller, born April 12th, 1985, card 4111 1111 1111 1111, mail to ana punto ruiz arroba gmail punto com."
    assert mask(text) == "Müller, born [birth_date], card [card_number], mail to [email]."
    assert "1985" in mask(text, keep=frozenset({"birth_date"}))


def test_the_callers_own_number_may_be_read_back() -> None:
    assert MaySay().forbidden(PHONE, call("+15855550142")) == []
    assert MaySay().forbidden(PHONE, call("+15855550199"))
    assert MaySay(callers_number=False).forbidden(PHONE, call("+15855550142"))


def test_what_the_caller_said_may_be_read_back() -> None:
    context = call()
    remember(context, find_personal_data("it's 585 555 0142, born May 20th, 1991"))
    assert MaySay().forbidden("So 585-555-0142, and May twentieth, nineteen ninety-one?", context) == []
    assert MaySay().forbidden("Or is it 585-555-0143?", context)


def test_a_claim_allows_kinds_while_it_is_held() -> None:
    rule, context = MaySay(with_claim={"verified": frozenset({"phone_number"})}), call()
    assert rule.forbidden(PHONE, context)
    context.claims.grant("verified", "7")
    assert rule.forbidden(PHONE, context) == []
    assert rule.forbidden("Your social is 457-55-5462.", context)


def test_the_business_may_say_where_it_is() -> None:
    rule = MaySay(public=("585-555-0100", "120 Lake Avenue"))
    assert rule.forbidden("Call 585 555 0100, or write to 120 Lake Avenue.") == []


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        MaySay(kinds=frozenset({"shoe_size"}))
