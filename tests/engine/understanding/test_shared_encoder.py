"""The sentence encoder of a process is shared: who asks for much does not keep the others waiting for all of it."""

import threading
from collections.abc import Sequence

import numpy as np

from huntgroup.engine.understanding.embedding import CachedEncoder, Vectors

MANY = [f"text {number}" for number in range(640)]


class Watched:
    """An encoder whose first work goes on until somebody else is there; keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[list[str]] = []
        self.has_begun = threading.Event()
        self.other_is_there = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.has_begun.set()
        assert self.other_is_there.wait(10)
        self.given.append(list(texts))
        return np.array([[len(text), hash(text) % 97] for text in texts], dtype=np.float32)


def test_a_short_text_is_not_behind_all_of_a_long_one() -> None:
    encoder = Watched()
    shared = CachedEncoder(encoder)
    long = threading.Thread(target=shared.encode, args=(MANY,))
    long.start()
    assert encoder.has_begun.wait(10)
    encoder.other_is_there.set()
    shared.encode(["short"])
    long.join(10)
    assert encoder.given.index(["short"]) < len(encoder.given) - 1
    assert np.array_equal(shared.encode(MANY[::-1]), encoder.encode(MANY)[::-1])


def test_a_text_is_encoded_once() -> None:
    encoder = Watched()
    encoder.other_is_there.set()
    shared = CachedEncoder(encoder)
    assert len(shared.encode(["one", "two", "one"])) == 3
    shared.encode(["two", "three"])
    assert encoder.given == [["one", "two"], ["three"]]
