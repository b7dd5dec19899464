"""Conversation items, as clients send them and servers report them. Told apart by `type`."""

from __future__ import annotations

from typing import Any

from huntgroup.wire.realtime.base import UNSET, Opt, Part


class ContentPart(Part):
    """One part of a message.

    `type` is input_text, input_audio, input_image (user), input_text (system), output_text, output_audio
    (assistant), or text, audio (inside response.content_part events). `audio` is raw bytes in the session's format.
    """

    type: str
    text: str | None | Opt = UNSET
    audio: bytes | None | Opt = UNSET
    transcript: str | None | Opt = UNSET
    image_url: str | None | Opt = UNSET
    detail: str | None | Opt = UNSET


class ItemBase(Part, kw_only=True, tag_field="type"):
    id: str | Opt = UNSET
    object: str | Opt = UNSET
    status: str | None | Opt = UNSET


class MessageItem(ItemBase, tag="message"):
    """Something said: `role` is system, user or assistant."""

    role: str
    content: list[ContentPart]


class FunctionCallItem(ItemBase, tag="function_call"):
    name: str
    arguments: str
    call_id: str | Opt = UNSET


class FunctionCallOutputItem(ItemBase, tag="function_call_output"):
    call_id: str
    output: str


class McpListToolsItem(ItemBase, tag="mcp_list_tools"):
    server_label: str
    tools: list[dict[str, Any]]


class McpCallItem(ItemBase, tag="mcp_call"):
    name: str
    arguments: str
    server_label: str
    approval_request_id: str | None | Opt = UNSET
    output: str | None | Opt = UNSET
    error: dict[str, Any] | None | Opt = UNSET


class McpApprovalRequestItem(ItemBase, tag="mcp_approval_request"):
    name: str
    arguments: str
    server_label: str


class McpApprovalResponseItem(ItemBase, tag="mcp_approval_response"):
    approval_request_id: str
    approve: bool
    reason: str | None | Opt = UNSET


class ItemReference(Part, tag_field="type", tag="item_reference"):
    """Stands for an item of the conversation in `response.create`'s `input`."""

    id: str


OtherItem = McpListToolsItem | McpCallItem | McpApprovalRequestItem | McpApprovalResponseItem
Item = (
    MessageItem
    | FunctionCallItem
    | FunctionCallOutputItem
    | McpListToolsItem
    | McpCallItem
    | McpApprovalRequestItem
    | McpApprovalResponseItem
)
InputItem = (
    MessageItem
    | FunctionCallItem
    | FunctionCallOutputItem
    | McpListToolsItem
    | McpCallItem
    | McpApprovalRequestItem
    | McpApprovalResponseItem
    | ItemReference
)
