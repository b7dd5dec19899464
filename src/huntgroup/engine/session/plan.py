"""What one response shall be: the session's settings with the response's own overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from huntgroup.engine.session.conversation import Entry
from huntgroup.engine.session.defaults import output_config
from huntgroup.engine.session.formats import audio_format, reported
from huntgroup.engine.session.values import check_tool_choice
from huntgroup.media.formats import AudioFormat
from huntgroup.wire.realtime import (
    AudioFormatSpec,
    EffectiveSession,
    Response,
    ResponseAudioConfig,
    ResponseConfig,
    ToolChoice,
    ToolSpec,
    VoiceRef,
)


@dataclass(frozen=True)
class Plan:
    """One response to be made. `entries` are given when it reads its own input instead of the conversation.

    `trigger` is the caller's turn it answers, if it answers one.
    """

    id: str
    conversation_id: str | None
    instructions: str
    response_instructions: str | None
    tools: tuple[ToolSpec, ...]
    tool_choice: str | ToolChoice
    modality: str
    format_spec: AudioFormatSpec
    voice: str | VoiceRef
    speed: float
    max_output_tokens: int | str
    metadata: dict[str, str | None] | None
    entries: tuple[Entry, ...] | None = None
    trigger: Entry | None = None

    @property
    def out_of_band(self) -> bool:
        """Whether it writes to no conversation."""
        return self.conversation_id is None

    @property
    def audio_format(self) -> AudioFormat:
        """The format of its speech."""
        return audio_format(self.format_spec)

    @property
    def token_limit(self) -> int | None:
        """The most output tokens it may use; None when there is no limit."""
        return self.max_output_tokens if isinstance(self.max_output_tokens, int) else None

    def response(self, status: str) -> Response:
        """The response object as far as the plan knows it."""
        return Response(
            id=self.id,
            status=status,
            conversation_id=self.conversation_id,
            output_modalities=[self.modality],
            max_output_tokens=self.max_output_tokens,
            audio=ResponseAudioConfig(output=reported(self.format_spec, self.voice)),
            metadata=self.metadata,
        )

    def mind_tools(self) -> Sequence[Mapping[str, Any]]:
        """The tools as plain mappings; none when the choice is "none"."""
        if self.tool_choice == "none":
            return []
        return [msgspec.to_builtins(tool) for tool in self.tools]

    def mind_tool_choice(self) -> str | Mapping[str, Any]:
        """The tool choice as a word or a plain mapping."""
        choice = self.tool_choice
        return choice if isinstance(choice, str) else msgspec.to_builtins(choice)


def plan_response(
    response_id: str,
    conversation_id: str,
    session: EffectiveSession,
    asked: ResponseConfig,
    entries: tuple[Entry, ...] | None,
    trigger: Entry | None = None,
) -> Plan:
    """Lay the overrides over the session. `asked` must have passed `check_response`. Raises Refused."""
    output = output_config(session)
    own = (asked.audio.output if asked.audio else UNSET) or ResponseAudioConfig().output
    tools = tuple(_pick(asked.tools, session.tools) or ())
    choice: str | ToolChoice = _pick(asked.tool_choice, session.tool_choice)
    check_tool_choice(choice, tools, "response.tool_choice")
    return Plan(
        id=response_id,
        conversation_id=None if asked.conversation == "none" else conversation_id,
        instructions=_pick(UNSET, session.instructions) or "",
        response_instructions=None if isinstance(asked.instructions, UnsetType) else asked.instructions,
        tools=tools,
        tool_choice=choice,
        modality=_pick(asked.output_modalities, session.output_modalities)[0],
        format_spec=_pick(own.format if own else UNSET, output.format),
        voice=_pick((own.voice or UNSET) if own else UNSET, output.voice),
        speed=_pick(UNSET, output.speed),
        max_output_tokens=_pick(asked.max_output_tokens, session.max_output_tokens),
        metadata=asked.metadata or None,
        entries=entries,
        trigger=trigger,
    )


def _pick(own: Any, session: Any) -> Any:
    return session if own is UNSET else own
