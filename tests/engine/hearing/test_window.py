"""The short window, and repeats it may cause."""

import pytest

from huntgroup.engine.hearing.window import cut_repeat, window_ms


@pytest.mark.parametrize(("speech", "window"), [(0, 4_480), (2_000, 4_480), (3_000, 5_120), (29_000, 30_000)])
def test_window(speech, window):
    assert window_ms(speech) == window


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Yes please. Yes please.", "Yes please."),
        ("Johnson Johnson Johnson Johnson", "Johnson"),
        ("No. No.", "No."),
        ("I want it on Friday.", "I want it on Friday."),
        ("5 5 5", "5 5 5"),
        ("5 5 5 5 5 5 5 5 5 5", "5"),
        ("555 555", "555 555"),
        ("", ""),
    ],
)
def test_an_exact_repeat_is_cut(text, cut):
    assert cut_repeat(text) == cut


def test_another_repeat_is_reported():
    assert cut_repeat("So I want to book it. I want to book it. Thanks") is None
    assert cut_repeat("well " + "threat it is " * 12) is None
