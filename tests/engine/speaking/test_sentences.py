"""Where a text may be cut for speaking."""

from hypothesis import given
from hypothesis import strategies as st

from huntgroup.engine.speaking import SentenceStream, sentences


def test_ends_and_not_ends():
    text = "Dr. Chen has 3:30 p.m. free. It costs $3.50! Shall I book it? Yes."
    assert sentences(text) == ["Dr. Chen has 3:30 p.m. free.", "It costs $3.50!", "Shall I book it?", "Yes."]


def test_pm_before_a_capital_ends():
    assert sentences("It is at 3 p.m. Please come early.") == ["It is at 3 p.m.", "Please come early."]


def test_lines_are_sentences_and_marks_alone_are_not():
    assert sentences("First\nsecond\n\n...\n") == ["First", "second"]


def test_a_very_long_sentence_is_cut_at_commas():
    pieces = sentences(", ".join(["and then there is another thing to say"] * 20) + ".")
    assert len(pieces) > 3
    assert all(len(piece) <= 220 for piece in pieces)
    assert all(piece.endswith(("say,", "say.")) for piece in pieces)


@given(st.lists(st.sampled_from(["Hello there. ", "Dr. ", "Who ", "is it? ", "3.5 ", "p.m. ", "Ok!\n"]), max_size=12))
def test_a_stream_cuts_like_the_whole(parts):
    stream = SentenceStream()
    streamed = [sentence for part in parts for sentence in stream.push(part)] + stream.flush()
    assert " ".join(streamed) == " ".join(sentences("".join(parts)))
