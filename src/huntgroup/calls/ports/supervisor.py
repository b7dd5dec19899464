"""The port to a person who speaks to the caller in the agent's place."""

from typing import Protocol


class Supervisor(Protocol):
    """A supervisor's microphone and ear: 20 ms each way at a time, PCM16 mono at 24 kHz. No method blocks."""

    @property
    def is_there(self) -> bool:
        """Whether sound comes from them and reaches them; they may be away for a while and return."""
        ...

    def play(self, pcm16: bytes) -> None:
        """Let them hear the next 20 ms."""
        ...

    def take(self) -> bytes | None:
        """Return their next 20 ms; None when nothing came."""
        ...

    def let_go(self) -> None:
        """The call needs them no more; safe to repeat."""
        ...
