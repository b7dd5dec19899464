"""What an engine session needs from outside: an ear, a voice and a mind.

One `Ear` listens to one caller. One `Voice` serves the whole process. One `Mind` belongs to one session.
All times are milliseconds of audio fed to the ear since it was made, never wall time.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Expects = Literal["digits", "name"]
"""What the caller is about to be asked for; a hint that lets the ear prefer the likely reading."""


@dataclass(frozen=True)
class EarOptions:
    """How an ear decides that a turn begins and ends, and what it should expect to hear.

    `enabled=False` is push-to-talk: the ear reports no speech by itself and only `transcribe` is used.
    `eagerness` is set for semantic turn detection and None for silence-based detection.
    `prompt` is vocabulary the transcriber should expect (names, places, products).
    """

    enabled: bool = True
    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_ms: int = 500
    eagerness: Literal["low", "medium", "high", "auto"] | None = None
    prompt: str = ""
    language: str | None = None
    expects: Expects | None = None


@dataclass(frozen=True)
class SpeechStarted:
    """The caller began to speak; `start_ms` is before the prefix padding is taken off."""

    start_ms: int


@dataclass(frozen=True)
class SpeechStopped:
    """The caller's turn is over; the transcript follows as `Heard`."""

    end_ms: int


@dataclass(frozen=True)
class Heard:
    """The transcript of the turn just stopped; `text` may be "" when it was only noise."""

    text: str
    language: str
    confidence: float
    start_ms: int
    end_ms: int


EarEvent = SpeechStarted | SpeechStopped | Heard


class Ear(Protocol):
    """Hears one caller. Events come in the order started, stopped, heard for each turn."""

    def feed(self, pcm16: bytes) -> None:
        """Take 16 kHz mono PCM16 of any length. Never blocks."""

    def configure(self, options: EarOptions) -> None:
        """Apply from the next audio on."""

    async def receive(self) -> EarEvent:
        """The next event, in order."""
        ...

    async def transcribe(self, pcm16: bytes) -> Heard:
        """The transcript of 16 kHz mono PCM16 that the client committed by hand."""
        ...

    async def close(self) -> None:
        """Stop all work for this caller."""


class Voice(Protocol):
    """Text to speech for the whole process."""

    def voices(self) -> Sequence[str]:
        """The names `speak` accepts."""
        ...

    def speak(self, text: str, *, voice: str, speed: float = 1.0) -> AsyncIterator[bytes]:
        """PCM16 24 kHz mono chunks as they are made. Closing the iterator stops the work."""
        ...


@dataclass(frozen=True)
class Say:
    """One sentence or clause; spoken as it arrives."""

    text: str


@dataclass(frozen=True)
class CallTool:
    """A call of one of the session's tools; `arguments` is the text of a JSON object."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Said:
    """Something said in the conversation; for the assistant only what was heard."""

    role: Literal["user", "assistant", "system"]
    text: str


@dataclass(frozen=True)
class ToolUse:
    """A tool call the assistant made."""

    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class ToolResult:
    """The answer to a tool call."""

    call_id: str
    output: str


HistoryEntry = Said | ToolUse | ToolResult


@dataclass(frozen=True)
class Thought:
    """All that a mind may know when it is asked for a response.

    `tools` are the session's function tools as the protocol writes them (name, description, parameters).
    `response_instructions` are those of this one response, None when it has none of its own.
    """

    instructions: str
    response_instructions: str | None
    tools: Sequence[Mapping[str, Any]]
    tool_choice: str | Mapping[str, Any]
    history: Sequence[HistoryEntry]
    now: datetime
    out_of_band: bool = False


class Mind(Protocol):
    """Decides what to say and which tools to call; one per session."""

    @property
    def expects(self) -> Expects | None:
        """What the caller is about to be asked for."""
        ...

    def think(self, request: Thought) -> AsyncIterator[Say | CallTool]:
        """One response, as it is made. Closing the iterator stops the work."""
        ...
