"""Words to expect, without the style of a list."""

from huntgroup.engine.hearing.prompt import echoes, styled


def test_a_list_ends_in_speech():
    assert styled("Dr. Chen,\n refill.", "en") == "Dr. Chen, refill. Hello, how can I help you today?"
    assert styled("Dr. Chen", "pl") == "Dr. Chen."
    assert styled(" \n", "en") == ""


def test_where_digits_are_due_it_ends_in_digits():
    prompt = styled("Dr. Chen", "en", "digits")
    assert prompt.startswith("Dr. Chen. My number is 415-555-0162")
    assert echoes("It is 415-555-0162.", prompt)
    assert not echoes("It is 415-555-0162.", styled("Dr. Chen", "en"))


def test_an_echo_of_the_prompt():
    prompt = "Words to expect: Dr. Chen, Dr. Patel, Blue Cross Blue Shield, ibuprofen."
    assert echoes("Dr. Patel, Blue Cross Blue Shield, ibuprofen", prompt)
    assert not echoes("Blue Cross Blue Shield.", prompt)
    assert not echoes("Can I see Dr. Patel about my ibuprofen please?", prompt)
