"""One understanding for the run, and callers who talk to a mind of it."""

import pytest

from huntgroup.engine.understanding import Understanding
from tests.engine.understanding.talk import Talk, TalkMaker


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    return Understanding()


@pytest.fixture
def talk(understanding: Understanding) -> TalkMaker:
    """Make a conversation with `talk(tools, answers, instructions=…)`."""

    def make(tools, answers=None, instructions="", **more):  # type: ignore[no-untyped-def]
        return Talk(understanding.new_mind(), tools, answers or {}, instructions, **more)

    return make
