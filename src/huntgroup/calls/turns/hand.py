"""What a caller does to a call by hand, on a page instead of a telephone."""

from collections.abc import Awaitable, Mapping
from typing import Any, Literal, Protocol

TransferBy = Literal["code", "menu", "supervisor"]


class Hand(Protocol):
    """One running call, as its caller's page may act on it; `CallSession` is one."""

    @property
    def is_open(self) -> bool:
        """Whether anything can be done in it: it is set up, and not ended."""
        ...

    def say(self, text: str, words_id: str | None = None) -> bool:
        """Take typed words as a turn; False when they are blank or there is no call to say them in.

        Words with an id that is in the record already were taken, and are no second turn.
        """
        ...

    def acknowledged(self) -> Awaitable[None]:
        """Return when all that happened so far would survive this process. Raises `StoreUnavailable` after a while."""
        ...

    def interrupt(self) -> None:
        """Stop the agent's words."""
        ...

    def press(self, digit: str) -> bool:
        """Take a key; False when there is no call."""
        ...

    def transfer(self, to: str, *, brief: Mapping[str, Any] | None = None, by: TransferBy = "code") -> Awaitable[bool]:
        """Hand the call to an agent; True once it is committed.

        Raises `TellModel` when it may not happen, `TeamError` when there is no such agent.
        """
        ...

    def hang_up(self) -> None:
        """End the call."""
        ...
