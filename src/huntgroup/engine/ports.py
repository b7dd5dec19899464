"""What the offline engine's session needs from its three crafts: hearing, speaking, understanding.

Sound towards an `Ear` is PCM16 mono at 16 kHz; sound out of a `Voice` is PCM16 mono at 24 kHz. Every time is in
milliseconds of audio fed since the ear was made, never wall time: a caller may be heard faster than real time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Role = Literal["user", "assistant", "system"]
Eagerness = Literal["low", "medium", "high", "auto"]
Expectation = Literal["digits", "name"]


@dataclass(frozen=True)
class SpeechStarted:
    """The caller began to speak; `start_ms` already includes the prefix padding."""

    start_ms: int


@dataclass(frozen=True)
class SpeechStopped:
    """The caller's turn is over; a `Heard` for the same turn follows."""

    end_ms: int


@dataclass(frozen=True)
class Heard:
    """The transcript of the turn just stopped; `text` is empty when it was only noise."""

    text: str
    language: str
    confidence: float
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class EarOptions:
    """How one ear listens. `enabled=False` is push-to-talk: no events, only `Ear.transcribe`.

    `silence_ms` is the base of the turn end: a finished phrase ends after about half of it, an unfinished one waits
    longer. `eagerness` replaces it where the session asked for `semantic_vad`. `prompt` holds words to expect.
    """

    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_ms: int = 500
    eagerness: Eagerness | None = None
    prompt: str = ""
    language: str | None = None
    expects: Expectation | None = None
    enabled: bool = True


class Ear(Protocol):
    """One caller's ear."""

    def feed(self, pcm16: bytes) -> None:
        """Take more sound of any length; never blocks."""

    def configure(self, options: EarOptions) -> None:
        """Listen differently from the next frame on."""

    async def receive(self) -> SpeechStarted | SpeechStopped | Heard:
        """Return the next event in order."""
        ...

    async def transcribe(self, pcm16: bytes) -> Heard:
        """Write down one piece of sound, for manual commits."""
        ...

    async def close(self) -> None:
        """Stop the work; safe to call twice."""


class Voice(Protocol):
    """Text to speech for the whole process."""

    def voices(self) -> Sequence[str]:
        """Names that `speak` accepts."""
        ...

    def speak(self, text: str, *, voice: str, speed: float = 1.0) -> AsyncIterator[bytes]:
        """Yield PCM16 24 kHz mono chunks as they are made; closing the iterator stops the work."""
        ...


@dataclass(frozen=True)
class Say:
    """One sentence or clause; spoken as it arrives."""

    text: str


@dataclass(frozen=True)
class CallTool:
    """A wish to run a tool; `arguments` is the text of a JSON object."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Said:
    """Words in the history."""

    role: Role
    text: str


@dataclass(frozen=True)
class ToolUse:
    """A tool call in the history."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class ToolResult:
    """A tool's answer in the history."""

    call_id: str
    output: str


@dataclass(frozen=True)
class Thought:
    """All a mind may look at for one response."""

    instructions: str
    tools: Sequence[Mapping[str, Any]]
    history: Sequence[Said | ToolUse | ToolResult]
    now: datetime
    response_instructions: str | None = None
    tool_choice: str | Mapping[str, Any] | None = None
    out_of_band: bool = False


class Mind(Protocol):
    """Decides what to say and do; one per engine session."""

    @property
    def expects(self) -> Expectation | None:
        """What the caller is about to be asked for; a hint for the ear."""
        ...

    def think(self, request: Thought) -> AsyncIterator[Say | CallTool]:
        """Yield sentences and tool wishes in the order they are to happen."""
        ...
