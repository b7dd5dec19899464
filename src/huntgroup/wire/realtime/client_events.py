"""The eleven events a client may send."""

from __future__ import annotations

from huntgroup.wire.realtime.base import UNSET, ClientEventBase, Opt
from huntgroup.wire.realtime.config import SessionConfig
from huntgroup.wire.realtime.items import Item
from huntgroup.wire.realtime.response import ResponseConfig


class SessionUpdate(ClientEventBase, tag="session.update"):
    session: SessionConfig


class InputAudioBufferAppend(ClientEventBase, tag="input_audio_buffer.append"):
    """The one event without an acknowledgement; `audio` is raw bytes in the input format, at most 15 MiB."""

    audio: bytes


class InputAudioBufferCommit(ClientEventBase, tag="input_audio_buffer.commit"):
    pass


class InputAudioBufferClear(ClientEventBase, tag="input_audio_buffer.clear"):
    pass


class OutputAudioBufferClear(ClientEventBase, tag="output_audio_buffer.clear"):
    """WebRTC and SIP only: there the server knows what was played."""


class ConversationItemCreate(ClientEventBase, tag="conversation.item.create"):
    """`previous_item_id` absent appends, "root" puts the item first."""

    item: Item
    previous_item_id: str | None | Opt = UNSET


class ConversationItemRetrieve(ClientEventBase, tag="conversation.item.retrieve"):
    item_id: str


class ConversationItemTruncate(ClientEventBase, tag="conversation.item.truncate"):
    """Cuts assistant audio to what was played; the offset must come from playout, not from the wall clock."""

    item_id: str
    content_index: int
    audio_end_ms: int


class ConversationItemDelete(ClientEventBase, tag="conversation.item.delete"):
    item_id: str


class ResponseCreate(ClientEventBase, tag="response.create"):
    response: ResponseConfig | None | Opt = UNSET


class ResponseCancel(ClientEventBase, tag="response.cancel"):
    response_id: str | None | Opt = UNSET


ClientEvent = (
    SessionUpdate
    | InputAudioBufferAppend
    | InputAudioBufferCommit
    | InputAudioBufferClear
    | OutputAudioBufferClear
    | ConversationItemCreate
    | ConversationItemRetrieve
    | ConversationItemTruncate
    | ConversationItemDelete
    | ResponseCreate
    | ResponseCancel
)
