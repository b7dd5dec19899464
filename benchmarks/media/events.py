"""What a Realtime server says, as JSON, complete enough for strict clients. Audio deltas are put together by hand."""

from __future__ import annotations

from itertools import count
from typing import Any

import msgspec

encode = msgspec.json.Encoder().encode
_numbers = count(1)


def new_id(prefix: str) -> str:
    """An id that is unique in this process."""
    return f"{prefix}_{next(_numbers):08d}"


def event(kind: str, **fields: Any) -> bytes:
    """One server event."""
    return encode({"type": kind, "event_id": new_id("event"), **fields})


def session(kind: str, settings: dict[str, Any]) -> bytes:
    """`session.created` or `session.updated` with the whole configuration."""
    return event(kind, session={"type": "realtime", "object": "realtime.session", "id": "sess_bench", **settings})


def audio_head(response_id: str, item_id: str) -> bytes:
    """The beginning of an audio delta; base64 and `AUDIO_TAIL` follow."""
    return (
        b'{"type":"response.output_audio.delta","event_id":"event_audio","response_id":"' + response_id.encode() + b'",'
        b'"item_id":"' + item_id.encode() + b'","output_index":0,"content_index":0,"delta":"'
    )


AUDIO_TAIL = b'"}'


def spoken_item(item_id: str, status: str, text: str | None = None) -> dict[str, Any]:
    """An agent's message."""
    content = [] if text is None else [{"type": "output_audio", "transcript": text}]
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": content,
    }


def call_item(item_id: str, call_id: str, name: str, arguments: str, status: str) -> dict[str, Any]:
    """A function call."""
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "function_call",
        "status": status,
        "name": name,
        "call_id": call_id,
        "arguments": arguments,
    }


def heard_item(item_id: str) -> dict[str, Any]:
    """What the caller said, before it is transcribed."""
    return {
        "id": item_id,
        "object": "realtime.item",
        "type": "message",
        "role": "user",
        "status": "completed",
        "content": [{"type": "input_audio", "transcript": None}],
    }


def response(
    response_id: str, status: str, metadata: dict[str, str] | None, output: list[dict[str, Any]]
) -> dict[str, Any]:
    """A response as it stands."""
    body: dict[str, Any] = {
        "id": response_id,
        "object": "realtime.response",
        "status": status,
        "status_details": None,
        "output": output,
        "conversation_id": "conv_bench",
        "output_modalities": ["audio"],
        "max_output_tokens": "inf",
        "metadata": metadata,
        "usage": None,
    }
    if status == "cancelled":
        body["status_details"] = {"type": "cancelled", "reason": "turn_detected"}
    if status != "in_progress":
        body["usage"] = {
            "total_tokens": 260,
            "input_tokens": 200,
            "output_tokens": 60,
            "input_token_details": {"text_tokens": 150, "audio_tokens": 50, "cached_tokens": 128, "image_tokens": 0},
            "output_token_details": {"text_tokens": 20, "audio_tokens": 40},
        }
    return body
