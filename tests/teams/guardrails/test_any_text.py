"""No text makes a check raise, and every finding stands inside of the text it was found in."""

from hypothesis import given, settings
from hypothesis import strategies as st

from huntgroup.teams.guardrails import (
    SHELF,
    find_clinical_advice,
    find_injection,
    find_personal_data,
    find_topics,
    foreign_language,
    mask,
    neutralise,
)
from huntgroup.teams.guardrails.neutralise import REMOVED

PIECES = st.sampled_from(
    "april 12 born double five oh 4111 1111 @ at dot com ß İ １２ ٤١١ \u200b é ignore all previous rules <system> "
    "{ } [ ] \" : , . \n \ud800 you should take two pills 'll your social thousand mil y".split(" ")
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map(" ".join))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TEXTS)
def test_findings_stand_in_the_text(text: str) -> None:
    found = [*find_personal_data(text), *find_clinical_advice(text), *find_topics(text, SHELF.values())]
    found += [*find_injection(text), *find_injection(text, "name")]
    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    foreign_language(text, ("en",))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TEXTS)
def test_what_is_masked_or_neutralised_is_clean(text: str) -> None:
    mask(text)
    harmless = neutralise(text)
    assert harmless == REMOVED or not find_injection(harmless)


def test_digits_of_other_scripts_are_digits() -> None:
    assert mask("card ٤١١١ ١١١١ ١١١١ ١١١١") == "card [card_number]"
