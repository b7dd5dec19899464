"""Calls in both sounds that a phone line knows."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.calls.desk import CallDesk

Dial = Callable[..., CallDesk]


@pytest.fixture(params=[False, True], ids=["pcm16", "passthrough"])
def dial(request: pytest.FixtureRequest) -> Dial:
    """`CallDesk`, once with transcoding and once with the phone's own sound passed through."""
    return partial(CallDesk, passthrough=request.param)
