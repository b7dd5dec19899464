"""For whom a tool works: what a tool grants or records belongs to the agent that called it, not to today's owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ACTING: ContextVar[str | None] = ContextVar("huntgroup_acting", default=None)


@contextmanager
def acting_for(agent: str) -> Iterator[None]:
    """Let the block, which runs in one task, work for `agent`; nested, the innermost holds."""
    token = _ACTING.set(agent)
    try:
        yield
    finally:
        _ACTING.reset(token)


def acting_agent() -> str | None:
    """Return for whom the running task works; None outside of any tool."""
    return _ACTING.get()
